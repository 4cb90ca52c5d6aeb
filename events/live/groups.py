"""The hub's one channel on the layer, and the groups that it is in."""

import asyncio
import contextlib
import time
from collections.abc import Callable
from typing import Any

from channels.layers import get_channel_layer

from events.live import channel

#: Seconds that joining or leaving may take; a frozen Redis is asked again later.
PATIENCE = 1.0
#: Seconds after which every group is joined afresh: the in-memory layer forgets its members in a day.
AFRESH = 600.0


class Groups:
    """Wanted and joined groups of one channel with a fixed name.

    Fixed, because each failed ``new_channel()`` would leak a queue. Joining goes on in the
    background until it works: a layer that is away keeps nobody waiting.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self._wanted: dict[int, Callable[[], None]] = {}
        self._joined: dict[int, float] = {}
        self._changed = asyncio.Event()

    async def receive(self) -> dict[str, Any]:
        """The next message. Must not be cancelled while the hub runs."""
        message: dict[str, Any] = await get_channel_layer().receive(self.name)
        return message

    def join(self, event: int, then: Callable[[], None]) -> None:
        """Hear of an event from now on; `then` is called when the layer has agreed."""
        self._wanted[event] = then
        self._changed.set()

    def leave(self, event: int) -> None:
        """Hear of an event no longer."""
        self._wanted.pop(event, None)
        self._changed.set()

    async def keep(self) -> None:
        """Bring the layer in step with what is wanted, for ever."""
        while True:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(60 if self._is_whole() else 1):
                    await self._changed.wait()
            self._changed.clear()
            # A layer that does not answer: the look serves the readers, and we try again.
            with contextlib.suppress(Exception):
                await self._step()

    def _is_whole(self) -> bool:
        return self._wanted.keys() == self._joined.keys()

    async def _step(self) -> None:
        layer, stale = get_channel_layer(), time.monotonic() - AFRESH
        for event in [event for event in self._wanted if self._joined.get(event, stale) <= stale]:
            async with asyncio.timeout(PATIENCE):
                await layer.group_add(channel.group_name(event), self.name)
            self._joined[event] = time.monotonic()
            if event in self._wanted:
                self._wanted[event]()
        for event in [event for event in self._joined if event not in self._wanted]:
            async with asyncio.timeout(PATIENCE):
                await layer.group_discard(channel.group_name(event), self.name)
            del self._joined[event]

    async def leave_all(self) -> None:
        """Leave every group, when the hub ends."""
        self._wanted.clear()
        with contextlib.suppress(Exception):
            await self._step()
