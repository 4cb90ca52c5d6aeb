"""One open reader's socket: how a ready message gets onto it without ever waiting for it.

Two kinds. `OpenSocket` (`opened.py`) writes prepared bytes to the transport, where the
server hands it over. `PlainSocket` goes through ASGI's own `send`, which works under every
server and in tests. Neither keeps a queue: a reader who is too slow is skipped, and told
once that they are behind; who stays too slow is closed, and so is, where that can be seen,
who is slow again and again.
"""

import asyncio
import contextlib
import time
from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable
from functools import cached_property
from typing import Any, Protocol

from websockets.frames import Frame as WireFrame
from websockets.frames import Opcode

from events.live import metrics
from events.live.codes import SLOW

Send = Callable[[dict[str, Any]], Awaitable[None]]

#: The key under which our server's protocol offers a `Handover` in ``scope["extensions"]``.
EXTENSION = "liveblog.wire"
#: Seconds that a close may take before the connection is cut.
CLOSE_SECONDS = 2.0
#: How many times within so many seconds a reader may be found too slow. Each time costs a
#: fetch over HTTP; more of them than one in ten seconds is what polling would cost, and
#: polling needs no socket. (Ten seconds is also how long they may be stuck once.)
SLOW_TIMES, SLOW_WINDOW = 6, 60.0


class Handover(Protocol):
    """What our server offers beside ASGI: the connection itself."""

    def hand_over(self, behind: "Callable[[], Message]") -> "Socket | None":
        """Give the connection to a socket that lives without the application's task; None when it is gone."""


class Message:
    """One text for many sockets; its wire form is made once, when the first needs it.

    Of an update it knows when it was committed (Unix seconds, if that is known), when it
    reached this process (monotonic seconds), and where the event stood before it (epoch, sequence).
    """

    def __init__(
        self,
        text: str,
        *,
        committed: float | None = None,
        heard: float | None = None,
        before: tuple[str, int] | None = None,
    ) -> None:
        self.text = text
        self.committed, self.heard, self.before = committed, heard, before

    @cached_property
    def wire(self) -> bytes:
        """The whole websocket frame (RFC 6455; a server's is unmasked, so it serves every socket)."""
        return wire_frame(Opcode.TEXT, self.text.encode())


def wire_frame(opcode: Opcode, payload: bytes) -> bytes:
    """One whole websocket frame as a server sends it."""
    return WireFrame(opcode, payload).serialize(mask=False)


class Socket(ABC):
    """What both kinds share: what was missed, since when, and the way to an end."""

    __slots__ = ("_behind", "_held", "_slow_from", "_slow_times", "ending", "missed", "slow_since")

    #: Whether it goes on without the application's task, and says itself when it is gone.
    alone = False

    def __init__(self, behind: Callable[[], Message]) -> None:
        self._behind = behind
        #: Held back until hello and catch-up are through.
        self._held = True
        self.missed = False
        #: When the reader was first found too slow (monotonic seconds), None while they keep up.
        self.slow_since: float | None = None
        self._slow_from, self._slow_times = 0.0, 0
        #: Done when the connection has ended or was cut; None before `end`.
        self.ending: asyncio.Future[None] | None = None

    @abstractmethod
    async def first(self, message: Message) -> None:
        """Send one of the messages before the live ones, in order."""

    def release(self) -> bool:
        """Let live messages through from now on; return whether some were missed meanwhile."""
        self._held = False
        missed, self.missed = self.missed, False
        return missed

    @abstractmethod
    def offer(self, message: Message) -> None:
        """Put a message on its way, or remember that it was missed. Never waits."""

    @abstractmethod
    def abort(self) -> None:
        """Cut the connection, where the server lets us."""

    def _drained(self) -> None:
        """The reader keeps up again: say once that they are behind."""
        self.slow_since = None
        if self._held or self.ending is not None:
            return
        if self.missed:
            self.missed = False
            self.offer(self._behind())

    def _found_slow(self) -> None:
        """The reader does not keep up from now on; close who is so again and again."""
        now = time.monotonic()
        self.slow_since = now
        if now - self._slow_from > SLOW_WINDOW:
            self._slow_from, self._slow_times = now, 0
        self._slow_times += 1
        if self._slow_times >= SLOW_TIMES:
            self.end_slow("often")

    def end_slow(self, why: str) -> None:
        """Close for being too slow; `why` is for the count of such."""
        if self.ending is None:
            metrics.slow_closed.labels(why).inc()
            self.end(SLOW)

    def end(self, code: int, last: str = "") -> asyncio.Future[None]:
        """Say `last`, close with `code`, and cut what does not close in time.

        What is returned is done when the connection has ended or was cut.
        """
        if self.ending is None:
            self.ending = self._end(code, last)
        return self.ending

    @abstractmethod
    def _end(self, code: int, last: str) -> asyncio.Future[None]:
        """Begin the end, as `end` says; called once."""


class PlainSocket(Socket):
    """Through ASGI's `send`: one at a time, and never a second while one is under way.

    Nobody is closed here for being slow often. A send begins with the next turn of the loop, so
    a second update in the same turn finds it under way with the quickest of readers; and no
    buffer is to be seen that could tell the one from the other. Who is stuck is closed all the same.
    """

    def __init__(self, send: Send, behind: Callable[[], Message]) -> None:
        super().__init__(behind)
        self._send = send
        self._sending: asyncio.Task[None] | None = None

    async def first(self, message: Message) -> None:
        """Send one of the messages before the live ones, in order."""
        await self._send({"type": "websocket.send", "text": message.text})

    def offer(self, message: Message) -> None:
        """Send a message, or remember that it was missed."""
        if self._held or self.ending is not None:
            self.missed = True
        elif self._sending is None:
            self._sending = asyncio.get_running_loop().create_task(self._send_one(message))
        else:
            self.missed = True
            if self.slow_since is None:
                self.slow_since = time.monotonic()

    async def _send_one(self, message: Message) -> None:
        try:
            # A closed socket is the door's business: it hears of it from `receive`.
            with contextlib.suppress(Exception):
                await self._send({"type": "websocket.send", "text": message.text})
        finally:
            self._sending = None
        self._drained()

    def _end(self, code: int, last: str) -> asyncio.Future[None]:
        return asyncio.get_running_loop().create_task(self._say_and_close(code, last))

    async def _say_and_close(self, code: int, last: str) -> None:
        # A reader that is gone already, or whose buffer is full, is cut: nothing is owed to either.
        try:
            async with asyncio.timeout(CLOSE_SECONDS):
                if self._sending is not None:
                    await asyncio.shield(self._sending)
                if last:
                    await self.first(Message(last))
                await self._send({"type": "websocket.close", "code": code})
        except Exception:  # noqa: BLE001 - each server has its own exception for a closed socket
            self.abort()

    def abort(self) -> None:
        """Give up the send under way: all that plain ASGI allows."""
        if self._sending is not None:
            self._sending.cancel()


def make(scope: dict[str, Any], send: Send, behind: Callable[[], Message]) -> Socket | None:
    """The best kind of socket that this server allows; None when the reader is gone already."""
    offered: Handover | None = (scope.get("extensions") or {}).get(EXTENSION)
    return PlainSocket(send, behind) if offered is None else offered.hand_over(behind)
