"""One hub a process: hears of updates once, and passes them to each of its readers.

Updates come by two ways. The channel layer brings them at once, and may lose them without
a word. The look (`look.py`) asks the database every second or so, and heals what was lost.
A reader never owns a channel, a query or a thread: the hub has one channel, and two threads with a
connection each, one for what readers ask and one for the look.
"""

import asyncio
import contextlib
import logging
import time
from collections.abc import Callable, Coroutine
from functools import partial
from typing import Any
from uuid import uuid4

from django.conf import settings

from events import frames
from events.live import channel, counts, database, metrics
from events.live.counts import Counts, Readers
from events.live.database import Database, Head
from events.live.desks import Desks
from events.live.groups import Groups
from events.live.look import Look
from events.live.patience import Complaint, quieten
from events.live.pings import Pings
from events.live.questions import Questions
from events.live.sockets import Message, Socket
from events.live.stream import EventStream, Taken

log = logging.getLogger(__name__)

#: Seconds that an event is kept after its last reader left.
LINGER = 30.0
#: Updates that a stream knows from the beginning.
WARM = 50
#: Messages kept for an event that is being loaded; the rest the look finds.
EARLY = 50
#: Times that what a frame was too small for is asked for, while its event moves on.
FILLS = 3
#: Seconds that a reader may be too slow before we close.
SLOW_SECONDS = 10.0


class Hub:
    """The process-local fan-out. Everything here runs on one loop; `current` finds it."""

    def __init__(self, renew: Callable[[int, str], Any] | None = None) -> None:
        self.loop = asyncio.get_running_loop()
        self.questions = Questions(Database())
        #: The look's own, lest it wait behind what readers ask.
        self.looked = Database()
        self.groups = Groups(f"hub.{uuid4().hex}")
        self.streams: dict[int, EventStream] = {}
        self.pings = Pings()
        self.desks = Desks(self.groups)
        self.counts = Counts(self.groups.name, self.streams)
        #: Whether a server's lifespan holds us; otherwise we end with the last reader.
        self.held = False
        #: Whether we are about to end, and whether another process has our place already.
        self.draining = self.relieved = False
        #: Whether our database has answered once (`health.why_not`).
        self.was_ready = False
        self.look = Look(self.streams, self.looked, forget=self._forget, renew=renew)
        self._by_slug: dict[str, EventStream] = {}
        #: What the layer brought of events that are being loaded.
        self._early: dict[int, list[dict[str, Any]]] = {}
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._running = False

    # Beginning and end

    def start(self) -> None:
        """Begin to listen and to look."""
        if self._running:
            return
        self._running = True
        quieten("channels_redis.pubsub")
        channel.attach(self.loop)
        jobs = {"announce": channel.send_for_ever, "listen": self._listen, "join": self.groups.keep}
        jobs |= {"echo": self.groups.echo, "look": self.look.keep, "pulse": self._pulse, "ping": self.pings.keep}
        jobs |= {"housekeeping": self._keep_house, "counts": self.counts.keep}
        self.groups.join(channel.HUBS, then=lambda: None)
        for name, job in jobs.items():
            self._keep_running(name, job)

    def _keep_running(self, name: str, job: Callable[[], Coroutine[Any, Any, None]]) -> None:
        """Run a job for ever: when it dies, it is started again a second later."""

        def died(task: asyncio.Task[None]) -> None:
            if self._running:
                error = None if task.cancelled() else task.exception()
                log.error("The live floor's task “%s” died and is started again.", name, exc_info=error)
                self.loop.call_later(1.0, self._keep_running, name, job)

        if self._running:
            self._tasks[name] = self.loop.create_task(job(), name=f"live-{name}")
            self._tasks[name].add_done_callback(died)

    async def stop(self) -> None:
        """End all tasks and give the database back. Sockets are the server's to close."""
        if not self._running:
            return
        self._running = False
        channel.detach()
        tasks = [*self._tasks.values(), *self.questions.tasks]
        for task in tasks:
            task.cancel()
        await asyncio.wait([asyncio.gather(*tasks, return_exceptions=True)], timeout=2)
        await self.groups.leave_all()
        await asyncio.gather(self.questions.database.close(), self.looked.close())
        self.streams.clear()
        self._by_slug.clear()

    # Readers

    def known(self, slug: str) -> EventStream | None:
        """The stream at an address, if it is in memory."""
        return self._by_slug.get(slug)

    async def find(self, slug: str) -> EventStream | None:
        """The stream at an address, loaded once however many ask; None when it is not readable."""
        stream = self._by_slug.get(slug)
        if stream is None:
            stream = await self.questions.once(("find", slug), partial(self._load, slug))
        return stream

    async def _load(self, slug: str) -> EventStream | None:
        head = await self.questions.ask(database.find_head, slug, rare=True)
        if head is None:
            return None
        if head.event not in self.streams:
            await self._begin(head)
        stream = self.streams[head.event]
        self._by_slug[slug] = stream
        return stream

    async def _begin(self, head: Head) -> None:
        """Have the event's stream in memory. Joined first, so that what is published while we read is not lost."""
        event, group = head.event, channel.group_name(head.event)
        self._early.setdefault(event, [])
        self.groups.join(group, then=partial(self.suspect, event))
        # Whoever comes back after a restart was here a moment ago: what they missed is read once.
        ask = partial(self.questions.ask, frames.catch_up, event, max(0, head.sequence - WARM), head.epoch)
        try:
            answer = await self.questions.once(("begin", event), ask)
        except BaseException:
            if event not in self.streams:
                self._early.pop(event, None)
                self.groups.leave(group)
            raise
        # Under another of its addresses it may have been loaded meanwhile: there is one stream an event.
        if event not in self.streams:
            self.streams[event] = EventStream.begun(event, answer)
            for message in self._early.pop(event, ()):
                self._take(message)

    async def catch_up(self, stream: EventStream, after: int, epoch: str) -> dict[str, Any]:
        """What a reader at `after` needs: from memory, else from the database, asked once for all.

        Raises Busy, which says when to come back.
        """
        if after > stream.sequence and epoch == stream.epoch:
            self.look.doubt(stream.event)
        answer, by = stream.answer(after, epoch), "ring"
        if answer is None:
            by = "database"
            ask = partial(self.questions.ask, frames.catch_up, stream.event, after, epoch, rare=True)
            answer = await self.questions.once(("catch up", stream.event, after, epoch), ask)
        if answer["sequence"] > after or answer["reset"]:
            metrics.healed.labels(by).inc()
        return answer

    def readers(self, event_pk: int) -> Readers:
        """Who reads an event now, in all processes: sockets and pollers. From any thread."""
        return self.counts.readers(event_pk)

    def delay(self, event_pk: int) -> float | None:
        """Seconds of an event's last update from commit to the last write; None when unknown. From any thread."""
        return self.counts.delay(event_pk)

    async def leave(self, stream: EventStream, socket: Socket) -> None:
        """A reader has gone."""
        stream.discard(socket)
        await self.end_when_idle()

    async def end_when_idle(self) -> None:
        """End once nobody is left, unless a server's lifespan holds us."""
        if not self.held and not self.desks and not any(stream.sockets for stream in self.streams.values()):
            await self.stop()

    # Listening

    async def _listen(self) -> None:
        """Take messages from the layer. One that cannot be read costs itself alone."""
        complaint = Complaint(log, "A message from the channel layer could not be read.")
        while True:
            # Never cancelled nor timed while we run: the layer would unsubscribe.
            try:
                self._take(await self.groups.receive())
                complaint.over()
            except Exception:  # noqa: BLE001 - corrupt bytes, a lost connection: the look heals either
                complaint.make()
                self.look.suspect(*self.streams)
                await asyncio.sleep(0.05)

    def _take(self, message: dict[str, Any]) -> None:
        others = {counts.KIND: self.counts.take, channel.DESK: self.desks.take}
        if (take := others.get(message["type"])) is not None:
            take(message)
            return
        stream = self.streams.get(message["event"])
        if (early := self._early.get(message["event"])) is not None and len(early) < EARLY:
            early.append(message)
        taken = stream.take(message) if stream is not None else Taken.OLD
        if taken is Taken.FORKED:
            self.look.forked(message["event"])
        elif taken in (Taken.STRANGE, Taken.TURN):
            self.suspect(message["event"])
        elif taken is Taken.BARE and stream is not None:
            self._tasks[f"fill {stream.event}"] = self.loop.create_task(self._fill(stream))

    async def _fill(self, stream: EventStream) -> None:
        """Ask once for what a frame was too small for, not for each reader who comes back."""
        after, epoch = stream.sequence - 1, stream.epoch
        for _try in range(FILLS):
            # A page's question, which everybody shares; when it fails, readers ask for themselves.
            with contextlib.suppress(Exception):
                if stream.fill(await self.questions.ask(frames.catch_up, stream.event, after, epoch)):
                    return
            await asyncio.sleep(1.0)

    def suspect(self, event: int) -> None:
        """Look at once: this event may have moved without our hearing of it."""
        self.look.suspect(event)

    # Housekeeping

    def _drop_idle(self) -> None:
        limit = time.monotonic() - LINGER
        for stream in list(self.streams.values()):
            if stream.idle_since is not None and stream.idle_since < limit:
                self._forget(stream)

    def _forget(self, stream: EventStream) -> None:
        self.streams.pop(stream.event, None)
        self._by_slug = {slug: other for slug, other in self._by_slug.items() if other is not stream}
        self.groups.leave(channel.group_name(stream.event))

    async def _keep_house(self) -> None:
        """Each second: forget idle events, note what is measured, close who is stuck."""
        while True:
            await asyncio.sleep(1.0)
            self._drop_idle()
            self._note()
            for stream in list(self.streams.values()):
                stream.end_slow(SLOW_SECONDS)

    async def _pulse(self) -> None:
        """Say where each event is, every so often."""
        last = time.monotonic()
        while True:
            await asyncio.sleep(min(1.0, settings.PULSE_SECONDS))
            if time.monotonic() - last >= settings.PULSE_SECONDS:
                last = time.monotonic()
                for stream in list(self.streams.values()):
                    stream.post(Message(frames.dump(frames.pulse(*stream.position))))

    def _note(self) -> None:
        """Bring the metrics up to date that nobody counts one by one."""
        self.counts.note()
        metrics.layer_up.set(self.groups.hears())
        metrics.note_lost(channel.lost)


_hub: Hub | None = None


def current(renew: Callable[[int, str], Any] | None = None) -> Hub:
    """Return this loop's hub, started. A hub of an earlier loop, or one that has ended, is left behind."""
    global _hub  # noqa: PLW0603 - one hub a process is the point
    if _hub is None or not _hub._running or _hub.loop is not asyncio.get_running_loop():  # noqa: SLF001
        _hub = Hub(renew)
        _hub.start()
    return _hub


def held() -> Hub | None:
    """The hub that a server's lifespan holds, or None where nobody would end one."""
    return _hub if _hub is not None and _hub.held and _hub._running else None  # noqa: SLF001
