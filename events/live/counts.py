"""How many read an event now, and how late they are, over all processes.

Each process tells the others every few seconds, in one group of the layer, and each keeps
what the others told for as long as three words of theirs. Where nobody reads nothing is
told: one last word says so, and then a process is silent. It still listens, which costs
nothing, so that whoever is asked can answer at once.
"""

import asyncio
import contextlib
import logging
import time
from typing import Any, NamedTuple

from channels.layers import get_channel_layer

from events.live import channel, metrics
from events.live.stream import EventStream

log = logging.getLogger(__name__)

#: Seconds between two words of a process, and those for which its last word counts.
EVERY, KEPT = 5.0, 15.0
#: Seconds for which a catch-up request counts as a reader who polls.
POLL_SECONDS = 15
#: Seconds that telling may take.
SEND_TIMEOUT = 0.5
#: The type of these messages on the layer.
KIND = "live.counts"


class Readers(NamedTuple):
    """Who reads an event: open sockets, those of desks apart, and catch-up requests in the last 15 seconds."""

    sockets: int = 0
    pollers: int = 0


class _Word(NamedTuple):
    """What another process said: when (monotonic seconds), and of each event its readers and delay."""

    at: float
    rows: dict[int, tuple[int, int, float | None]]


class _Requests:
    """Requests in the last `POLL_SECONDS`, by the second. Of who asks nothing is kept."""

    __slots__ = ("_by_second", "_second")

    def __init__(self) -> None:
        self._by_second = [0] * POLL_SECONDS
        self._second = int(time.monotonic())

    def add(self) -> None:
        self._turn()
        self._by_second[self._second % POLL_SECONDS] += 1

    def total(self) -> int:
        self._turn()
        return sum(self._by_second)

    def _turn(self) -> None:
        now = int(time.monotonic())
        for second in range(max(self._second, now - POLL_SECONDS) + 1, now + 1):
            self._by_second[second % POLL_SECONDS] = 0
        self._second = now


class Counts:
    """One process's part in it; `name` is the hub's on the layer."""

    def __init__(self, name: str, streams: dict[int, EventStream]) -> None:
        self._name = name
        self._streams = streams
        self._polls: dict[int, _Requests] = {}
        self._others: dict[str, _Word] = {}
        self._told = False

    def polled(self, event: int) -> None:
        """Count a catch-up request over HTTP. Called for each one, of a readable event only."""
        requests = self._polls.get(event)
        if requests is None:
            requests = self._polls[event] = _Requests()
        requests.add()

    def readers(self, event: int) -> Readers:
        """Who reads it in all processes now. From any thread."""
        rows = [word.rows[event] for word in self._fresh() if event in word.rows]
        mine = self._mine(event)
        return Readers(mine.sockets + sum(row[0] for row in rows), mine.pollers + sum(row[1] for row in rows))

    def delay(self, event: int) -> float | None:
        """Seconds of its last update from commit to the last write, in the slowest process. From any thread.

        None when no process with open sockets knows.
        """
        stream = self._streams.get(event)
        delays = [stream.delay if stream else None]
        delays += [word.rows[event][2] for word in self._fresh() if event in word.rows]
        return max((delay for delay in delays if delay is not None), default=None)

    def note(self) -> None:
        """Bring the gauges up to date, and forget who polls no more. Each second."""
        self._polls = {event: requests for event, requests in self._polls.items() if requests.total()}
        metrics.readers.labels("socket").set(sum(len(stream.sockets) for stream in self._streams.values()))
        metrics.readers.labels("polling").set(sum(requests.total() for requests in self._polls.values()))

    def take(self, message: dict[str, Any]) -> None:
        """Take another process's word."""
        if message["hub"] == self._name:
            return
        rows = {event: (sockets, pollers, delay) for event, sockets, pollers, delay in message["rows"]}
        # Processes come and go: whoever said nothing lately is dropped, here and where it is read.
        self._others = {name: word for name, word in self._others.items() if _is_fresh(word)}
        self._others[message["hub"]] = _Word(time.monotonic(), rows)

    async def keep(self) -> None:
        """Tell the others, for ever."""
        while True:
            await asyncio.sleep(EVERY)
            await self.tell()

    async def tell(self) -> None:
        """Tell the others once, unless nobody reads and they know it. Never raises."""
        events = {event for event, stream in self._streams.items() if stream.sockets} | set(self._polls)
        if not events and not self._told:
            return
        rows = []
        for event in events:
            stream = self._streams.get(event)
            rows.append([event, *self._mine(event), stream.delay if stream and stream.sockets else None])
        # A layer that is away: the others go by what they heard, and soon by nothing.
        with contextlib.suppress(Exception):
            async with asyncio.timeout(SEND_TIMEOUT):
                word = {"type": KIND, "hub": self._name, "rows": rows}
                await get_channel_layer().group_send(channel.HUBS, word)
                self._told = bool(rows)

    def _mine(self, event: int) -> Readers:
        stream, requests = self._streams.get(event), self._polls.get(event)
        return Readers(stream.readers if stream else 0, requests.total() if requests else 0)

    def _fresh(self) -> list[_Word]:
        return [word for word in list(self._others.values()) if _is_fresh(word)]


def _is_fresh(word: _Word) -> bool:
    return time.monotonic() - word.at < KEPT
