"""The look: asks the database every second or so where our events are, and heals what was lost.

One query for all of a process's events. It makes the channel layer a mere hint, and is the
only way from another process where there is no Redis.
"""

import asyncio
import logging
import time
from collections.abc import Callable
from typing import Any

from events import frames
from events.live import database, metrics
from events.live.codes import GONE
from events.live.database import Database, Head
from events.live.patience import Complaint
from events.live.stream import EventStream

log = logging.getLogger(__name__)

#: Seconds between a sign of loss and the look: one look is for all signs that come together.
PAUSE = 0.03
#: So many pauses a gap has to close by itself: what was committed just before the look is announced just after it.
#: They are counted, and no clock is read: in a storm an announcement needs turns of a slow loop.
PATIENCE = 8
#: Seconds between two looks at once because of what readers say of themselves: anybody can invent a number.
DOUBT = 1.0


class Look:
    """Watches over a hub's streams. `forget` is called with one whose event is not readable any more."""

    def __init__(
        self,
        streams: dict[int, EventStream],
        asked: Database,
        *,
        forget: Callable[[EventStream], None],
        renew: Callable[[int, str], Any] | None,
    ) -> None:
        self._streams = streams
        self._database = asked
        self._forget = forget
        self._renew = renew
        self._below: dict[int, int] = {}
        self._suspects: set[int] = set()
        self._forked: set[int] = set()
        self._failed: set[int] = set()
        self._wake = asyncio.Event()
        self._doubted = -DOUBT
        self.trouble = Complaint(log, "The database does not answer the look; readers wait.")

    def suspect(self, *events: int) -> None:
        """Look at once: these events may have moved without our hearing of it."""
        self._suspects.update(events)
        self._wake.set()

    def doubt(self, event: int) -> None:
        """The same on a reader's word alone: seldom."""
        if (now := time.monotonic()) - self._doubted >= DOUBT:
            self._doubted = now
            self.suspect(event)

    def forked(self, event: int) -> None:
        """An older backup was restored, and what is published since bears numbers that we know already."""
        self._forked.add(event)
        self.suspect(event)

    async def keep(self) -> None:
        """Look every so often, and when something is strange, for ever."""
        while True:
            try:
                async with asyncio.timeout(database.look_seconds()):
                    await self._wake.wait()
                await asyncio.sleep(PAUSE)
            except TimeoutError:
                pass
            self._wake.clear()
            try:
                await self.once()
                metrics.database_silent.set(0)
                self.trouble.over()
            except Exception:  # noqa: BLE001 - the database is away: readers stay, and we ask again
                metrics.database_silent.set(1)
                self.trouble.make()
                self._database.forget()
                await asyncio.sleep(0.5)

    async def once(self) -> None:
        """One look at all our events, and the healing of those that moved."""
        known = {event: (stream.epoch, stream.sequence) for event, stream in self._streams.items()}
        suspects = set(self._suspects)
        heads = await self._database.ask(database.read_heads, self._database, known, bool(suspects))
        # Only now: what got no answer is asked again.
        self._suspects -= suspects
        if heads is None:
            metrics.head_minus_served.set(0)
            return
        await self._wait_for_announced(heads)
        metrics.head_minus_served.set(self._behind(heads))
        # One event that cannot be read costs itself alone: it is the last to be tried next time.
        for event in sorted(known, key=self._failed.__contains__):
            stream = self._streams.get(event)
            if stream is None:
                continue
            self._failed.add(event)
            await self._tend(stream, heads.get(event), known[event], "suspect" if event in suspects else "look")
            self._failed.discard(event)
        metrics.head_minus_served.set(self._behind(heads))

    async def _wait_for_announced(self, heads: dict[int, Head]) -> None:
        """Return when we have all that the database had, or when what we still have not is lost."""
        for _pause in range(PATIENCE):
            if not self._behind(heads):
                return
            await asyncio.sleep(PAUSE)

    def _behind(self, heads: dict[int, Head]) -> int:
        """By how many updates the event is behind that is furthest, of which the database has said this."""
        behind = [head.sequence - self._streams[pk].sequence for pk, head in heads.items() if pk in self._streams]
        return max(0, *behind, 0)

    async def _tend(self, stream: EventStream, head: Head | None, known: tuple[str, int], why: str) -> None:
        """See to one event; `head` is what the database says, `known` where we were before we asked."""
        epoch, sequence = known
        if head is None or head.epoch != epoch:
            # Whoever renews it first renews it for all processes.
            self._forked.discard(stream.event)
            self._below.pop(stream.event, None)
        is_forked = stream.event in self._forked
        if head is None:
            await self._end(stream)
        elif is_forked:
            await self._begin_anew(stream.event, epoch)
            self._forked.discard(stream.event)
        elif head.epoch != epoch or head.sequence > stream.sequence:
            await self._heal(stream)
            metrics.healed.labels(why).inc()
        else:
            await self._watch_restored(stream, head, sequence)

    async def _heal(self, stream: EventStream) -> None:
        """Bring a stream up to the database, and its readers with it."""
        more = True
        while more:
            answer = await self._database.ask(frames.catch_up, stream.event, stream.sequence, stream.epoch)
            # Only an update itself knows when it was made: a post that was moved or marked keeps its times.
            made = await self._database.ask(database.made_at, stream.event, answer["sequence"])
            stream.heal(answer, made)
            more = answer["more"]

    async def _watch_restored(self, stream: EventStream, head: Head, known: int) -> None:
        """An older backup was restored: the database is below what we knew before we asked, twice running."""
        below = self._below.pop(stream.event, 0) + 1
        if head.sequence >= known:
            return
        if below < 2:
            self._below[stream.event] = below
            self.suspect(stream.event)
            return
        await self._begin_anew(stream.event, head.epoch)

    async def _begin_anew(self, event: int, epoch: str) -> None:
        """Renew the epoch, unless another process was quicker; the next look finds the new one."""
        if self._renew is None:
            return
        log.warning("Event %s is not what its readers have: a new epoch begins.", event)
        await self._database.ask(self._renew, event, epoch)
        self.suspect(event)

    async def _end(self, stream: EventStream) -> None:
        """The event is not readable any more: say so and close."""
        self._forget(stream)
        await stream.end(GONE, frames.dump(frames.gone()))
