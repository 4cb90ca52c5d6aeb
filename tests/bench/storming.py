"""The crowd's part in a storm: readers of a killed server come back to the restarted one."""

import heapq
import itertools
import json
import random
import time
from typing import Any

#: Seconds within which somebody who was refused or cut tries again.
AGAIN = (0.5, 3.0)


class _Return:
    """Who is still out, who waits for when, and who has caught up."""

    def __init__(self, crowd: Any, order: dict[str, Any]) -> None:
        self.crowd, self.order = crowd, order
        self.target: int = order["target"]
        self.caught_up: list[float] = []
        self.tries = self.behind = 0
        self._done: set[int] = set()
        self._number = itertools.count()
        self.due: list[tuple[float, int]] = []

    def wait(self, when: float) -> None:
        """Let somebody come back at `when`."""
        heapq.heappush(self.due, (when, next(self._number)))

    def on_text(self, reader: Any, text: bytes) -> None:
        """The answer to `after=` tells whether this reader has all."""
        if id(reader) in self._done or b'"type":"hello"' in text[:40]:
            return
        frame = json.loads(text)
        if frame["type"] == "updates" and frame["sequence"] >= self.target:
            self._done.add(id(reader))
            self.caught_up.append(time.monotonic())
        elif frame["type"] == "behind":
            # Fetching is coming back: the socket answers like the catch-up address does.
            self.behind += 1
            self.crowd.drop(reader)

    def on_lost(self, reader: Any) -> None:
        """Refused or cut: again, with jitter."""
        if id(reader) not in self._done:
            self.wait(time.monotonic() + random.uniform(*AGAIN))


def come_back(crowd: Any, order: dict[str, Any], request: bytes) -> dict[str, Any]:
    """Bring `count` readers back, each at a random moment of `jitter` seconds; note when all are caught up."""
    storm = _Return(crowd, order)
    began = time.monotonic()
    for _reader in range(order["count"]):
        storm.wait(began + random.uniform(0, order["jitter"]))
    crowd.on_text, crowd.on_lost = storm.on_text, storm.on_lost
    kept: list[Any] = []
    try:
        while len(storm.caught_up) < order["count"] and time.monotonic() < began + order["seconds"]:
            now = time.monotonic()
            while storm.due and storm.due[0][0] <= now:
                heapq.heappop(storm.due)
                kept.append(crowd.connect(order))
                storm.tries += 1
            crowd.turn(0.005, lambda reader: crowd.shake(reader, request))
    finally:
        crowd.on_text = crowd.on_lost = None
    times = sorted(storm.caught_up)
    return {
        "caught_up": len(times),
        "seconds": (times[-1] - began) if times else None,
        "tries": storm.tries,
        "behind": storm.behind,
    }
