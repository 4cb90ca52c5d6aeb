"""The hub's one channel on the layer, and the groups that it is in, by their names on the layer."""

import asyncio
import contextlib
import time
from collections.abc import Callable
from typing import Any

from channels.layers import get_channel_layer

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
        self._wanted: dict[str, Callable[[], None]] = {}
        self._joined: dict[str, float] = {}
        self._changed = asyncio.Event()

    async def receive(self) -> dict[str, Any]:
        """The next message. Must not be cancelled while the hub runs."""
        message: dict[str, Any] = await get_channel_layer().receive(self.name)
        return message

    def join(self, group: str, then: Callable[[], None]) -> None:
        """Hear a group from now on; `then` is called when the layer has agreed."""
        self._wanted[group] = then
        self._changed.set()

    def leave(self, group: str) -> None:
        """Hear a group no longer."""
        self._wanted.pop(group, None)
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
        for group in [group for group in self._wanted if self._joined.get(group, stale) <= stale]:
            async with asyncio.timeout(PATIENCE):
                await layer.group_add(group, self.name)
            self._joined[group] = time.monotonic()
            if group in self._wanted:
                self._wanted[group]()
        for group in [group for group in self._joined if group not in self._wanted]:
            async with asyncio.timeout(PATIENCE):
                await layer.group_discard(group, self.name)
            del self._joined[group]

    async def leave_all(self) -> None:
        """Leave every group, when the hub ends."""
        self._wanted.clear()
        with contextlib.suppress(Exception):
            await self._step()
