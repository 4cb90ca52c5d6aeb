"""The desks that are open in this process, by event: who is to be woken when something changes."""

import asyncio
from typing import Any

from events.live import channel
from events.live.checks import Checks
from events.live.groups import Groups


class Desk:
    """One open desk: what has changed since it was last told, an alarm for it, and one for the door."""

    def __init__(self, event: int) -> None:
        self.event = event
        self.about: set[str] = set()
        self.wake = asyncio.Event()
        #: Somebody's login has ended: look whether this one's has.
        self.door = asyncio.Event()

    def tell(self, about: str) -> None:
        """Note that something changed; whoever waits for `wake` hears of it. `DOOR` is for nobody outside."""
        if about == channel.DOOR:
            self.door.set()
            return
        self.about.add(about)
        self.wake.set()

    def take(self) -> list[str]:
        """What has changed since the last time, once each."""
        about, self.about = sorted(self.about), set()
        self.wake.clear()
        return about


class Desks:
    """All desks of this process. The hub's one channel hears for them, so that each costs no subscription."""

    def __init__(self, groups: Groups) -> None:
        self._groups = groups
        self.checks = Checks()
        self._open: dict[int, set[Desk]] = {}

    def __bool__(self) -> bool:
        return bool(self._open)

    def add(self, event: int) -> Desk:
        """Let a desk in."""
        desk = Desk(event)
        if event not in self._open:
            self._open[event] = set()
            # What was said before the group was joined was not heard: ask for all of it.
            self._groups.join(channel.desk_group(event), then=lambda: self.tell(event, "timeline"))
        self._open[event].add(desk)
        return desk

    def discard(self, desk: Desk) -> None:
        """A desk has closed."""
        desks = self._open.get(desk.event, set())
        desks.discard(desk)
        if not desks and self._open.pop(desk.event, None) is not None:
            self._groups.leave(channel.desk_group(desk.event))

    def take(self, message: dict[str, Any]) -> None:
        """Pass a message of the channel layer to the event's desks."""
        self.tell(message["event"], message["about"])

    def tell(self, event: int, about: str) -> None:
        """Wake the event's desks."""
        for desk in self._open.get(event, ()):
            desk.tell(about)
