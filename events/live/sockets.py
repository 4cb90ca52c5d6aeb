"""One open reader's socket: how a ready message gets onto it without ever waiting for it.

Two kinds. `FastSocket` writes prepared bytes to the transport, where the server offers
that. `PlainSocket` goes through ASGI's own `send`, which works under every server and in
tests. Neither keeps a queue: a reader who is too slow is skipped, and told once that they
are behind.
"""

import asyncio
import contextlib
import time
from collections.abc import Awaitable, Callable
from functools import cached_property
from typing import Any, Protocol

from websockets.frames import Frame as WireFrame
from websockets.frames import Opcode

Send = Callable[[dict[str, Any]], Awaitable[None]]

#: The key under which a server offers a `Wire` in ``scope["extensions"]``.
EXTENSION = "liveblog.wire"
#: Seconds that a close may take before the connection is cut.
CLOSE_SECONDS = 2.0


class Wire(Protocol):
    """What our server offers beside ASGI: the transport's own end of the socket."""

    on_drain: Callable[[], None] | None

    def put(self, data: bytes) -> bool:
        """Write one prepared websocket frame; return False when the reader is too slow or gone."""

    def abort(self) -> None:
        """Cut the connection at once."""


class Message:
    """One text for many sockets; its wire form is made once, when the first needs it."""

    def __init__(self, text: str) -> None:
        self.text = text

    @cached_property
    def wire(self) -> bytes:
        """The whole websocket frame (RFC 6455; a server's is unmasked, so it serves every socket)."""
        return WireFrame(Opcode.TEXT, self.text.encode()).serialize(mask=False)


class Socket:
    """What both kinds share: what was missed, since when, and the way to an end."""

    def __init__(self, send: Send, behind: Callable[[], Message]) -> None:
        self._send = send
        self._behind = behind
        #: Held back until hello and catch-up are through.
        self._held = True
        self.missed = False
        #: When the reader was first found too slow (monotonic seconds), None while they keep up.
        self.slow_since: float | None = None
        self.ending: asyncio.Task[None] | None = None

    async def first(self, text: str) -> None:
        """Send one of the messages before the live ones, in order."""
        await self._send({"type": "websocket.send", "text": text})

    def release(self) -> bool:
        """Let live messages through from now on; return whether some were missed meanwhile."""
        self._held = False
        missed, self.missed, self.slow_since = self.missed, False, None
        return missed

    def offer(self, message: Message) -> None:
        """Put a message on its way, or remember that it was missed. Never waits."""
        if self._held or self.ending is not None or not self._put(message):
            self.missed = True
            if self.slow_since is None:
                self.slow_since = time.monotonic()

    def _put(self, message: Message) -> bool:
        raise NotImplementedError

    def abort(self) -> None:
        """Cut the connection, where the server lets us."""

    def _drained(self) -> None:
        """The reader keeps up again: say once that they are behind."""
        if self._held or self.ending is not None:
            return
        if self.missed:
            self.missed, self.slow_since = False, None
            self.offer(self._behind())

    def end(self, code: int, last: str = "") -> asyncio.Task[None]:
        """Say `last`, close with `code`, and cut what does not close in time."""
        if self.ending is None:
            self.ending = asyncio.get_running_loop().create_task(self._end(code, last))
        return self.ending

    async def _end(self, code: int, last: str) -> None:
        # A reader that is gone already, or whose buffer is full, is cut: nothing is owed to either.
        try:
            async with asyncio.timeout(CLOSE_SECONDS):
                await self._settle()
                if last:
                    await self.first(last)
                await self._send({"type": "websocket.close", "code": code})
        except Exception:  # noqa: BLE001 - each server has its own exception for a closed socket
            self.abort()

    async def _settle(self) -> None:
        """Wait for a send under way."""


class PlainSocket(Socket):
    """Through ASGI's `send`: one at a time, and never a second while one is under way."""

    _sending: asyncio.Task[None] | None = None

    def _put(self, message: Message) -> bool:
        if self._sending is not None:
            return False
        self._sending = asyncio.get_running_loop().create_task(self._send_one(message))
        return True

    async def _send_one(self, message: Message) -> None:
        try:
            # A closed socket is the door's business: it hears of it from `receive`.
            with contextlib.suppress(Exception):
                await self._send({"type": "websocket.send", "text": message.text})
        finally:
            self._sending = None
        self._drained()

    async def _settle(self) -> None:
        if self._sending is not None:
            await asyncio.shield(self._sending)

    def abort(self) -> None:
        """Give up the send under way: all that plain ASGI allows."""
        if self._sending is not None:
            self._sending.cancel()


class FastSocket(Socket):
    """Prepared bytes straight to the transport."""

    def __init__(self, send: Send, behind: Callable[[], Message], wire: Wire) -> None:
        super().__init__(send, behind)
        self._wire = wire
        wire.on_drain = self._drained

    def _put(self, message: Message) -> bool:
        return self._wire.put(message.wire)

    def abort(self) -> None:
        """Cut the connection."""
        self._wire.abort()


def make(scope: dict[str, Any], send: Send, behind: Callable[[], Message]) -> Socket:
    """The best kind of socket that this server allows."""
    wire = (scope.get("extensions") or {}).get(EXTENSION)
    return FastSocket(send, behind, wire) if wire is not None else PlainSocket(send, behind)
