"""Bar 6: readers that do not keep up, beside those that do.

Two events in one process with equally many good readers; the second has slow ones besides:
1 % that never read and 5 % that read 1 KB a second, with small receive buffers. First
larger updates go to both, until the slow ones are past the transport's mark; then twenty
fan-outs of the usual size to each, in turns. The good readers' p99 is compared. The slow
ones are gone when the process has closed their sockets: counted in /proc, not asked of it.
"""

import statistics
import time
from contextlib import ExitStack
from typing import Any

from tests.bench import machine
from tests.bench.candidates import Ours
from tests.bench.readers import Readers, readers
from tests.bench.table import Found, number, ratio
from tests.bench.world import World

GOOD, ROUNDS, QUICK_GOOD, QUICK_ROUNDS = 3000, 20, 40, 2
#: Larger updates: so many, of so many letters. They fill the kernel's buffers (64 KB) and the transport's.
FILLING, FILL_LETTERS, RECEIVE_BUFFER = 12, 11_000, 4096
#: Seconds to wait for the slow ones' end.
PATIENCE = 45.0
FREE, BESET = "good", "beset"


def measure(world: World) -> Found:
    """Open, fill, compare, wait for the end."""
    count, rounds = (QUICK_GOOD, QUICK_ROUNDS) if world.quick else (GOOD, ROUNDS)
    never, trickle = max(1, count // 100), max(1, count // 20)
    with ExitStack() as stack:
        world.seed(BESET)
        ours = stack.enter_context(world.ours(FREE))
        good = {slug: stack.enter_context(readers(ours.port, f"/ws/events/{slug}/")) for slug in (FREE, BESET)}
        slow = stack.enter_context(readers(ours.port, f"/ws/events/{BESET}/"))
        for crowd in good.values():
            crowd.open(count)
        # Both events have had all sizes before anything is counted.
        _rounds(ours, good, count, 2, FILL_LETTERS)
        files = machine.open_files(ours.pid)
        slow.open(never, read="never", receive_buffer=RECEIVE_BUFFER)
        slow.open(trickle, read="trickle", receive_buffer=RECEIVE_BUFFER)
        watch = _Watch(ours.pid, files, never + trickle)
        _rounds(ours, good, count, FILLING, FILL_LETTERS, watch)
        times = _rounds(ours, good, count, rounds, 0, watch)
        _still_beset(machine.open_files(ours.pid) - files, never + trickle)
        watch.until_gone()
        kept = {slug: crowd.do("count")["open"] for slug, crowd in good.items()}
    found = _judge(times, watch.peak / (never + trickle), watch.gone, count)
    if set(kept.values()) != {count}:
        found.notes.append(
            f"Of {count} good readers there remained {kept[FREE]} without slow ones and {kept[BESET]} with."
        )
    return found


def _still_beset(left: int, slow: int) -> None:
    """Raise RuntimeError when hardly a slow reader was left at the end: then good readers were compared with good."""
    if left < max(1, slow // 2):
        raise RuntimeError(f"Of {slow} slow readers only {left} were still open when the comparison ended.")


class _Watch:
    """What the slow readers cost the process, and when the last of them was closed."""

    def __init__(self, pid: int, files: int, slow: int) -> None:
        self._pid, self._files, self._slow = pid, files, slow
        self._began, self._memory = time.monotonic(), machine.rss_kb(pid)
        #: KB that the process has grown at most.
        self.peak = 0.0
        #: Seconds until all were closed, None while some are open.
        self.gone: float | None = None

    def look(self) -> None:
        """Look once."""
        self.peak = max(self.peak, machine.rss_kb(self._pid) - self._memory)
        if self.gone is None and machine.open_files(self._pid) <= self._files:
            self.gone = time.monotonic() - self._began

    def until_gone(self) -> None:
        """Look until all are closed, or until it has been too long."""
        while self.gone is None and time.monotonic() < self._began + PATIENCE:
            self.look()
            time.sleep(0.1)


def _rounds(
    ours: Ours, good: dict[str, Readers], count: int, rounds: int, letters: int, watch: _Watch | None = None
) -> dict[str, list[float]]:
    """Publish to each event in turns; milliseconds to the good readers' 99th."""
    times: dict[str, list[float]] = {slug: [] for slug in good}
    for at in range(rounds):
        for slug in (FREE, BESET) if at % 2 else (BESET, FREE):
            mark = f"{slug}-{letters}-{at}-{time.monotonic()}"
            good[slug].watch(mark, count)
            told = ours.do("publish", event=slug, mark=mark, size=letters)
            heard: dict[str, Any] = good[slug].hear()
            if heard["received"] != count:
                raise RuntimeError(f"{heard['received']} of {count} good readers of “{slug}” have the update.")
            times[slug].append((heard["p99"] - told["handed"]) * 1000)
            if watch:
                watch.look()
    return times


def _judge(times: dict[str, list[float]], grown: float, gone: float | None, count: int) -> Found:
    found = Found()
    medians = {slug: statistics.median(values) for slug, values in times.items()}
    rise = ratio(medians[BESET], medians[FREE])
    found.figures["slow"] = {"without": medians[FREE], "with": medians[BESET], "kb": grown, "gone": gone}
    heads = ["good readers", "p99 ms without", "p99 ms with slow ones", "KB a slow socket", "gone after s"]
    row = [f"{count:,}", number(medians[FREE]), number(medians[BESET]), number(grown), number(gone)]
    found.tables.append(("Slow readers: 1 % never read, 5 % read 1 KB a second", heads, [row]))
    found.most(6, "the others' p99 with slow readers by that without", rise, 1.2, "×")
    found.most(6, "process memory a slow socket", grown, 100, " KB")
    # Counted from when they came: the first ping and the mark come later, so in truth it is less.
    found.most(6, "seconds until the slow ones are gone", gone if gone is not None else PATIENCE, 30, " s")
    return found
