"""Uvicorn's websocket protocol, with a second door for prepared frames.

ASGI's `send` costs a coroutine, a frame and a copy for every reader. A server's frames are
unmasked, so one bytes object serves them all: this class offers its transport to the
application under ``scope["extensions"]``. Uvicorn takes it by import path.
"""

from collections.abc import Callable

from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.http11 import Request

from events.live.sockets import EXTENSION


class ReaderProtocol(WebSocketsSansIOProtocol):
    """A websocket whose transport can be written to, asked and cut."""

    on_drain: Callable[[], None] | None = None

    def handle_connect(self, event: Request) -> None:
        """Offer ourselves to the application before its first step. A bad handshake has no scope."""
        super().handle_connect(event)
        scope = getattr(self, "scope", None)
        if scope is not None:
            # The task that runs the application starts after this: nothing has read the scope yet.
            scope["extensions"][EXTENSION] = self

    def put(self, data: bytes) -> bool:
        """Write one whole frame; False when the reader is too slow, not there yet, or gone."""
        if not self.handshake_complete or self.close_sent or self.disconnected or self.transport.is_closing():
            return False
        # Cleared by `pause_writing`, when the transport's buffer is over its mark.
        if not self.writable.is_set():
            return False
        self.transport.write(data)
        return True

    def abort(self) -> None:
        """Cut the connection: ``close`` would wait for a buffer that nobody empties."""
        self.transport.abort()

    def resume_writing(self) -> None:
        """The reader has caught up with the buffer."""
        super().resume_writing()
        if self.on_drain is not None:
            self.on_drain()

    def connection_lost(self, exc: Exception | None) -> None:
        """Let the application's socket go with the connection."""
        self.on_drain = None
        super().connection_lost(exc)

    def keepalive_timeout(self) -> None:
        """A ping was not answered: cut, since a close would wait as well."""
        super().keepalive_timeout()
        self.abort()
