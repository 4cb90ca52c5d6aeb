"""Catch-up answers as messages for the socket, made once however many come back at once.

After a restart next door thousands of readers ask from the same few places within seconds.
To merge the ring for each of them costs more than the whole handshake.
"""

from typing import NamedTuple

from events.live.sockets import Message

#: Answers kept at once. Readers who come back together come from a handful of places.
LENGTH = 64


class Reply(NamedTuple):
    """A message, and where a reader stands with it: epoch and sequence."""

    message: Message
    position: tuple[str, int]


class Replies:
    """One event's answers by where the reader stands, for as long as the event stands still."""

    def __init__(self) -> None:
        self._position = ("", -1)
        self._kept: dict[tuple[int, str], Reply] = {}

    def get(self, position: tuple[str, int], after: int, epoch: str) -> Reply | None:
        """The answer to a reader at `after` in `epoch` while the event is at `position` (epoch, sequence)."""
        if position != self._position:
            # Words that were withdrawn meanwhile go with all others.
            self._position, self._kept = position, {}
        reply = self._kept.pop((after, epoch), None)
        if reply is not None:
            # Asked for last, dropped last: places that somebody makes up do not fill the room.
            self._kept[after, epoch] = reply
        return reply

    def put(self, position: tuple[str, int], after: int, epoch: str, reply: Reply) -> None:
        """Keep an answer that was asked for at `position`, unless the event has moved since."""
        if position != self._position:
            return
        self._kept[after, epoch] = reply
        if len(self._kept) > LENGTH:
            del self._kept[next(iter(self._kept))]
