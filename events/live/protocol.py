"""Uvicorn's websocket protocol as far as the door: then an `OpenSocket` takes the connection over.

Uvicorn takes this class by import path. It does the handshake and runs the application;
under ``scope["extensions"]`` the application finds it, and may ask for the connection.
"""

import asyncio
from collections.abc import Callable

from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.http11 import Request

from events.live.codes import TALKED
from events.live.opened import OpenSocket
from events.live.sockets import CLOSE_SECONDS, EXTENSION, Message


class _Given(asyncio.Transport):
    """In the place of a transport that has another owner: Uvicorn may close it as it likes."""

    def is_closing(self) -> bool:
        """So that nothing more is written."""
        return True

    def close(self) -> None:
        """Nothing to close."""

    def abort(self) -> None:
        """Nothing to cut."""


_GIVEN = _Given()


class ReaderProtocol(WebSocketsSansIOProtocol):
    """A websocket that can be taken over after its handshake, and cut before."""

    def handle_connect(self, event: Request) -> None:
        """Offer ourselves to the application before its first step. A bad handshake has no scope."""
        super().handle_connect(event)
        scope = getattr(self, "scope", None)
        if scope is not None:
            # The task that runs the application starts after this: nothing has read the scope yet.
            scope["extensions"][EXTENSION] = self

    def hand_over(self, behind: Callable[[], Message]) -> OpenSocket | None:
        """Give the connection away, once it is open; None when it is not, or no more.

        Uvicorn forgets it, and so does all that only a conversation needs.
        """
        if not self.handshake_complete or self.close_sent or self.disconnected or self.transport.is_closing():
            return None
        talked = not self.queue.empty()
        if self.read_paused:
            self.transport.resume_reading()
        self.stop_keepalive()
        self.connections.discard(self)
        opened = OpenSocket(self.transport, self.connections, behind)
        self.transport = _GIVEN
        self._withdraw()
        self._end_parser()
        if talked:
            opened.end(TALKED)
        return opened

    def abort(self) -> None:
        """Cut the connection: ``close`` would wait for a buffer that nobody empties."""
        self.transport.abort()

    def on_task_complete(self, task: asyncio.Task[None]) -> None:
        """The application has left: what does not close in time is cut."""
        super().on_task_complete(task)
        self._withdraw()
        if not self.disconnected and self.transport is not _GIVEN:
            self.loop.call_later(CLOSE_SECONDS, self.transport.abort)

    def connection_lost(self, exc: Exception | None) -> None:
        """The connection has gone before it was handed over."""
        super().connection_lost(exc)
        self._end_parser()

    # Two circles, which would keep all of a handshake until the garbage collector comes, and it comes seldom.

    def _withdraw(self) -> None:
        """Offer ourselves no longer: the scope is ours, and has us in it."""
        self.scope["extensions"].pop(EXTENSION, None)

    def _end_parser(self) -> None:
        """End the generator that reads for the connection, and holds the connection that holds it."""
        self.conn.parser.close()

    def keepalive_timeout(self) -> None:
        """A ping was not answered: cut, since a close would wait as well."""
        super().keepalive_timeout()
        self.abort()
