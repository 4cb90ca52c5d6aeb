"""The hub's one channel on the layer, and the groups that it is in, by their names on the layer."""

import asyncio
import contextlib
import logging
import time
from collections.abc import Callable
from typing import Any

from channels.layers import get_channel_layer

log = logging.getLogger(__name__)

#: Seconds that joining or leaving may take; a frozen Redis is asked again later.
PATIENCE = 1.0
#: Seconds after which every group is joined afresh: the in-memory layer forgets its members in a day.
AFRESH = 600.0
#: Seconds between two words of the hub to itself through the layer, and without hearing any
#: after which the layer's connections are made anew.
ECHO, SILENCE = 3.0, 10.0
_ECHO = "live.echo"


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
        self._hearing: asyncio.Task[dict[str, Any]] | None = None
        self._heard, self._proven = time.monotonic(), False

    def hears(self) -> bool:
        """Whether the layer brought something lately, our own words if nothing else."""
        return self._proven and time.monotonic() - self._heard < 2 * ECHO + PATIENCE

    async def receive(self) -> dict[str, Any]:
        """The next message for the hub. Must not be cancelled while the hub runs."""
        while True:
            self._hearing = asyncio.ensure_future(get_channel_layer().receive(self.name))
            try:
                message = await self._hearing
            except asyncio.CancelledError:
                if (task := asyncio.current_task()) and task.cancelling():
                    raise
                # Only the layer's queue has ended: `_begin_anew` made another.
                continue
            self._heard, self._proven = time.monotonic(), True
            if message.get("type") != _ECHO:
                return message

    async def echo(self) -> None:
        """Talk to ourselves through the layer, for ever; when nothing comes back, begin anew.

        A subscription whose connection died without a word (a proxy or a firewall that
        forgot it) looks like one on which nothing happens, and would look so for ever.
        """
        while True:
            # The layer delivers to a group even where joining its own channel failed.
            with contextlib.suppress(Exception):
                async with asyncio.timeout(PATIENCE):
                    await get_channel_layer().group_add(self.name, self.name)
                    await get_channel_layer().group_send(self.name, {"type": _ECHO})
            await asyncio.sleep(ECHO)
            if time.monotonic() - self._heard > SILENCE:
                await self._begin_anew()

    async def _begin_anew(self) -> None:
        """Close the layer's connections and join everything again."""
        log.info("Nothing comes back through the channel layer: its connections are made anew.")
        with contextlib.suppress(Exception):
            async with asyncio.timeout(3 * PATIENCE):
                await get_channel_layer().flush()
        self._heard, self._proven = time.monotonic(), False
        if self._hearing is not None:
            self._hearing.cancel()
        self._joined.clear()
        self._changed.set()

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
