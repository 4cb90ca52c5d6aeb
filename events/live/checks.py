"""Who may be at a desk is asked of the thread that readers' events are loaded by, so it is asked by few at once.

Anybody can knock with an invented cookie, as often as they like: readers must not stand
behind that, and editors should not.
"""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable

#: Questions of desks that may stand in the database's row, among those of readers.
AT_ONCE = 2
#: Desks at the door that may wait for their turn, and those of one address. The others come back.
WAITING, WAITING_PER_ADDRESS = 32, 4
#: Seconds for which who was not let in goes on to take one of the address's places.
PENANCE = 1.0


class Busy(Exception):
    """So many wait at the door that one more would only wait."""


class Checks:
    """The questions of one process's desks, answered in their turn. An answer is a close code, 0 for a welcome."""

    def __init__(self) -> None:
        self._turns = asyncio.Semaphore(AT_ONCE)
        self._waiting = 0
        self._by_address: Counter[str] = Counter()

    async def ask(self, question: Callable[[], Awaitable[int]]) -> int:
        """The answer, when it is our turn. Raises what `question` raises."""
        await self._turns.acquire()
        asked = asyncio.ensure_future(question())
        # When the answer is there, not when who asked has gone: until then it stands in the row.
        asked.add_done_callback(lambda _asked: self._turns.release())
        return await asyncio.shield(asked)

    async def knock(self, address: str, question: Callable[[], Awaitable[int]]) -> int:
        """The same for somebody at the door, from `address` (empty when it is not known). Raises Busy."""
        if self._waiting >= WAITING or (address and self._by_address[address] >= WAITING_PER_ADDRESS):
            raise Busy
        self._waiting += 1
        self._by_address[address] += 1
        penance = PENANCE
        try:
            code = await self.ask(question)
            penance = PENANCE if code else 0.0
            return code
        finally:
            self._waiting -= 1
            asyncio.get_running_loop().call_later(penance, self._leave, address)

    def _leave(self, address: str) -> None:
        self._by_address[address] -= 1
        if self._by_address[address] <= 0:
            del self._by_address[address]
