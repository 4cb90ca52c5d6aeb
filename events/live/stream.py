"""One event in this process's memory: where it is, its last updates, its open sockets."""

import asyncio
import logging
import time
from collections import deque
from enum import Enum
from typing import Any

import orjson

from events import frames
from events.live import metrics
from events.live.copies import Shelf
from events.live.replies import Replies
from events.live.ring import LENGTH, Ring
from events.live.sockets import Message, Socket

log = logging.getLogger(__name__)

#: Sockets written to before the loop gets a turn, so that no handshake waits behind all of them.
SLICE = 500
#: Bytes beyond which a heal is not pushed at everybody: they fetch it, with jitter.
MAX_HEAL = 64 * 1024
#: Messages that may wait behind a fan-out as they are. More than these go out as one that says the same:
#: else a burst is told ever later, and what was withdrawn meanwhile is told first.
MOST_WAITING = 4

#: Seconds for which others wait for a fan-out. In a burst it may never end.
DRAIN_SECONDS = 0.5


class Taken(Enum):
    """What became of a message from the layer."""

    NEW = "new"
    #: New, and about the event itself: it may have become private.
    TURN = "turn"
    #: New, and a post that was too large for a frame: readers fetch its words.
    BARE = "bare"
    OLD = "old"
    #: Another text than the one that we know under its number: the history has forked.
    FORKED = "forked"
    STRANGE = "strange"


class EventStream:
    """Epoch, sequence, ring and sockets of one event.

    The sequence comes from the database (`begun`, `heal`) or from a frame whose `after` it
    has (`take`), and from nowhere else.
    """

    def __init__(self, event: int, epoch: str, sequence: int) -> None:
        self.event = event
        self.epoch = epoch
        self.sequence = sequence
        self.ring = Ring(sequence)
        #: Pages of before this sequence are of no use.
        self.reset_sequence = 0
        self.shelf = Shelf()
        self.replies = Replies()
        #: In the order in which they came, which is how they lie in memory: going through 8,000 of them
        #: in the order of a set costs a tenth more.
        self.sockets: dict[Socket, None] = {}
        #: Those of them that are desks' own, which are no readers.
        self.desks: set[Socket] = set()
        #: Monotonic seconds since when nobody reads, None while somebody does.
        self.idle_since: float | None = time.monotonic()
        #: Seconds that the last update took from commit to the write to the last socket, where that is known.
        self.delay: float | None = None
        #: What was taken from the layer lately: the hash of each text by its sequence.
        self._texts: dict[int, int] = {}
        self._outbox: deque[Message] = deque()
        self._pump: asyncio.Task[None] | None = None

    @classmethod
    def begun(cls, event: int, answer: dict[str, Any]) -> "EventStream":
        """A stream where a catch-up answer ends, which can hand on what the answer brought."""
        if answer["reset"]:
            return cls(event, answer["epoch"], answer["sequence"])
        stream = cls(event, answer["epoch"], answer["after"])
        stream._keep(answer)
        stream.sequence = answer["sequence"]
        return stream

    @property
    def position(self) -> tuple[str, int]:
        """Where the event is: epoch and sequence."""
        return self.epoch, self.sequence

    @property
    def readers(self) -> int:
        """How many read by sockets here, desks apart."""
        return len(self.sockets) - len(self.desks)

    def add(self, socket: Socket, *, desk: bool = False) -> None:
        """Let a socket hear what comes; that of a `desk` is no reader's."""
        self.sockets[socket] = None
        if desk:
            self.desks.add(socket)
        self.idle_since = None

    def discard(self, socket: Socket) -> None:
        """Forget a socket."""
        self.sockets.pop(socket, None)
        self.desks.discard(socket)
        if not self.sockets and self.idle_since is None:
            self.idle_since = time.monotonic()

    def touch(self) -> None:
        """Somebody reads without a socket: the event is worth keeping."""
        if self.idle_since is not None:
            self.idle_since = time.monotonic()

    def behind(self) -> Message:
        """What a reader is told who missed something."""
        return Message(frames.dump(frames.behind(*self.position)))

    def take(self, message: dict[str, Any]) -> Taken:
        """Take the layer's message if it is the next update, and pass it on."""
        text = message["frame"]
        frame = orjson.loads(text)
        after, sequence, action = frame["after"], frame["sequence"], frame["action"]
        if message["epoch"] != self.epoch or frame["type"] != "update" or sequence != after + 1:
            return Taken.STRANGE
        if sequence <= self.sequence:
            return Taken.OLD if self._texts.get(sequence, hash(text)) == hash(text) else Taken.FORKED
        if after != self.sequence:
            return Taken.STRANGE
        self.ring.add(frame, len(text.encode()))
        if frame.get("reset"):
            self.reset_sequence = sequence
        self._texts[sequence] = hash(text)
        while next(iter(self._texts)) <= sequence - LENGTH:
            del self._texts[next(iter(self._texts))]
        arrived = _arrived(text, message.get("at"), "layer", self.position)
        self.sequence = sequence
        self.post(arrived)
        if action == "event":
            return Taken.TURN
        return Taken.BARE if frames.is_bare(frame) else Taken.NEW

    def fill(self, answer: dict[str, Any]) -> bool:
        """Take what an update's frame was too small for, for those who come back.

        False when the event has moved since the question: what was answered may be old.
        """
        if (answer["epoch"], answer["sequence"]) != self.position or answer["reset"]:
            return False
        self.ring.fill(answer["updates"], answer["parts"])
        return True

    def heal(self, answer: dict[str, Any], committed: float | None = None) -> None:
        """Take what the database answered for our own sequence, as one `updates` frame for all.

        `committed` is when the last of it was (Unix seconds), if that is known.
        """
        before = self.position
        if answer["epoch"] == self.epoch and answer["sequence"] < self.sequence:
            # The layer has brought more while the database was asked.
            return
        if answer["reset"]:
            self.epoch, self.sequence = answer["epoch"], answer["sequence"]
            self.ring, self._texts, self.reset_sequence = Ring(self.sequence), {}, 0
        elif answer["epoch"] != self.epoch or answer["sequence"] <= self.sequence:
            return
        else:
            self._keep(answer)
            self.sequence = answer["sequence"]
        text = frames.dump(answer)
        text = text if len(text.encode()) <= MAX_HEAL else self.behind().text
        self.post(_arrived(text, committed, "look", before))

    def _keep(self, answer: dict[str, Any]) -> None:
        """Put an answer's updates into the ring. What came as a frame meanwhile is there already."""
        for item in answer["updates"]:
            if item["sequence"] > self.sequence:
                self.ring.add(item, len(item["html"].encode()) + 300)
        if answer["parts"]:
            size = sum(len(html.encode()) for html in answer["parts"].values())
            # At the answer's end, or beside the post that stands there.
            last = next((item for item in answer["updates"] if item["sequence"] == answer["sequence"]), None)
            frame = last or {"type": "update", "action": "event", "sequence": answer["sequence"]}
            self.ring.add({**frame, "parts": answer["parts"]}, size + 300)

    def answer(self, after: int, epoch: str) -> dict[str, Any] | None:
        """The catch-up answer out of memory, None when only the database can tell."""
        if epoch != self.epoch:
            return frames.answer(epoch=self.epoch, after=after, sequence=self.sequence, reset=True)
        if after >= self.sequence:
            return frames.answer(epoch=self.epoch, after=after, sequence=after)
        if after < self.reset_sequence:
            return frames.answer(epoch=self.epoch, after=after, sequence=self.sequence, reset=True)
        found = self.ring.since(after)
        if found is None:
            return None
        return frames.merge(found, after=after, sequence=self.sequence, epoch=self.epoch)

    def post(self, message: Message) -> None:
        """Send a message to every socket, after those before it; return at once."""
        self._outbox.append(message)
        if self._pump is None or self._pump.done():
            self._pump = asyncio.get_running_loop().create_task(self._fan_out())

    async def _fan_out(self) -> None:
        """Empty the outbox, in slices. No reader is ever awaited."""
        while self._outbox:
            message = self._next()
            for count, socket in enumerate(list(self.sockets), start=1):
                try:
                    socket.offer(message)
                except Exception:  # noqa: BLE001 - one broken socket is not the others' affair
                    log.debug("A socket broke while it was written to.", exc_info=True)
                    self.discard(socket)
                    socket.abort()
                if count % SLICE == 0:
                    await asyncio.sleep(0)
            self._note_written(message)
            await asyncio.sleep(0)

    def _next(self) -> Message:
        """The next message of the outbox; when many wait, one that brings readers as far as all of them."""
        if len(self._outbox) <= MOST_WAITING:
            return self._outbox.popleft()
        waiting = list(self._outbox)
        self._outbox.clear()
        updates = [(message.before, message) for message in waiting if message.before is not None]
        if not updates:
            return waiting[-1]
        ((epoch, after), first), (_before, last) = updates[0], updates[-1]
        answer = self.answer(after, epoch)
        text = frames.dump(answer) if answer else ""
        if not text or len(text.encode()) > MAX_HEAL:
            text = self.behind().text
        metrics.merged.inc(len(waiting))
        return Message(text, committed=last.committed, heard=first.heard)

    def _note_written(self, message: Message) -> None:
        """Note how long an update took, once it is written to the last of the sockets."""
        if not self.sockets or message.heard is None:
            return
        metrics.to_socket.observe(time.monotonic() - message.heard)
        if message.committed is not None:
            self.delay = max(0.0, time.time() - message.committed)

    async def drained(self) -> None:
        """Return when all that was posted has been written or skipped, or goes on for long."""
        if self._pump is not None and not self._pump.done():
            await asyncio.wait([self._pump], timeout=DRAIN_SECONDS)

    async def end(self, code: int, last: str) -> None:
        """Say `last` to every socket and close it with `code`."""
        await self.drained()
        for count, socket in enumerate(list(self.sockets), start=1):
            socket.end(code, last)
            if count % SLICE == 0:
                await asyncio.sleep(0)

    def end_slow(self, seconds: float) -> None:
        """Close the sockets that have not kept up for so long."""
        limit = time.monotonic() - seconds
        for socket in list(self.sockets):
            if socket.slow_since is not None and socket.slow_since < limit:
                socket.end_slow("stuck")


def _arrived(text: str, committed: float | None, way: str, before: tuple[str, int]) -> Message:
    """An update's message, noted as having arrived now by `way`, at an event that stood at `before`."""
    if committed is not None:
        # Another machine's clock may be ahead of ours.
        metrics.to_hub.labels(way).observe(max(0.0, time.time() - committed))
    return Message(text, committed=committed, heard=time.monotonic(), before=before)
