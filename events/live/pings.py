"""Pings for all open sockets of a process, by one task: who does not answer is cut."""

import asyncio

from websockets.frames import Opcode

from events.live.opened import OpenSocket
from events.live.sockets import wire_frame

#: Seconds between two pings of one reader, and those that an answer may take.
EVERY, PATIENCE = 15, 10
_PING = wire_frame(Opcode.PING, b"")


class Pings:
    """The sockets in as many groups as there are seconds between two pings.

    Each second one group is pinged, and the one pinged `PATIENCE` seconds ago is asked for
    its answers: no timer for each reader, and never all of them at once.
    """

    def __init__(self) -> None:
        self._groups: list[set[OpenSocket]] = [set() for _second in range(EVERY)]
        self._now = 0

    def add(self, socket: OpenSocket) -> None:
        """Ping this one from now on, first in `EVERY` seconds."""
        socket.group = self._now
        self._groups[self._now].add(socket)

    def discard(self, socket: OpenSocket) -> None:
        """Ping it no longer."""
        self._groups[socket.group].discard(socket)

    def turn(self) -> None:
        """One second's work."""
        self._now = (self._now + 1) % EVERY
        for socket in list(self._groups[self._now - PATIENCE]):
            socket.cut_if_silent()
        for socket in self._groups[self._now]:
            socket.ping(_PING)

    async def keep(self) -> None:
        """Ping for ever."""
        while True:
            await asyncio.sleep(1)
            self.turn()
