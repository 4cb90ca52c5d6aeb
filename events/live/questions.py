"""Readers' questions to the database: so many may wait, and what many ask is asked once."""

import asyncio
import random
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

from events.live import metrics
from events.live.database import Database

T = TypeVar("T")

#: Questions that may wait (one is answered in some 10 ms). Half of them are kept for pages, which are
#: everybody's: of addresses anybody can invent as many as they like.
MAX_WAITING = 16
#: Seconds between which those beyond are told to come back.
BUSY_SECONDS = (2, 8)


class Busy(Exception):
    """So many questions wait for the database that one more would only wait: come back in `seconds`."""

    def __init__(self) -> None:
        super().__init__()
        # Not everybody at the same moment.
        self.seconds = random.randint(*BUSY_SECONDS)


class Questions:
    """The row in which readers' questions wait for `database`, on the loop that runs now."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self._asked: dict[tuple[Any, ...], asyncio.Task[Any]] = {}

    async def ask(self, question: Callable[..., T], *args: Any, rare: bool = False) -> T:
        """Ask the database for a reader, `rare` for what hardly anybody else asks. Raises Busy when too many wait.

        Whoever answers over HTTP says 503 then, with ``Retry-After: {busy.seconds}`` and no-store.
        """
        if self.database.waiting >= (MAX_WAITING // 2 if rare else MAX_WAITING):
            metrics.refused.labels("busy").inc()
            raise Busy
        return await self.database.ask(question, *args)

    async def once(self, key: tuple[Any, ...], ask: Callable[[], Coroutine[Any, Any, T]]) -> T:
        """Single flight: those who ask the same while it is being answered share the answer."""
        task = self._asked.get(key)
        if task is None:
            task = self._asked[key] = asyncio.get_running_loop().create_task(ask())
            task.add_done_callback(lambda _task: self._asked.pop(key, None))
        answer: T = await asyncio.shield(task)
        return answer

    @property
    def tasks(self) -> list[asyncio.Task[Any]]:
        """Those under way, to be cancelled at the end."""
        return [*self._asked.values()]
