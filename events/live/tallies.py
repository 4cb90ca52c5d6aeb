"""The files by which the processes of one supervisor share their numbers, and what becomes of those of the dead.

prometheus_client keeps the counters and histograms of a process that has ended, each in a file
of its own, since they belong to the sum. So every answer would read as many files more as
processes have ended, for as long as the supervisor lives. Its documentation knows no remedy; here
the supervisor adds them up into one, as nobody's. (The form of the files is the library's own:
`tests/test_tallies.py` holds us to it.)
"""

import fcntl
import logging
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from prometheus_client.mmap_dict import MmapedDict
from prometheus_client.multiprocess import mark_process_dead

log = logging.getLogger(__name__)

#: What is kept of processes that have ended, and the number under which: no process has it.
_KEPT, NOBODY = ("counter", "histogram"), 0
_LOCK = "lock"


@contextmanager
def reading(folder: str) -> Iterator[None]:
    """While all files are read: nothing is added up meanwhile, so that nothing counts twice, or not at all."""
    with (Path(folder) / _LOCK).open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_SH)
        yield


def fold(folder: str, pid: int) -> bool:
    """Add a dead process's numbers to those of the dead before it. False when somebody reads: try again."""
    mark_process_dead(pid, folder)
    with (Path(folder) / _LOCK).open("a") as lock:
        try:
            # Whoever reads may have been stopped: never waited for.
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        for kind in _KEPT:
            file = Path(folder) / f"{kind}_{pid}.db"
            if file.exists():
                _add(file, Path(folder) / f"{kind}_{NOBODY}.db")
                file.unlink()
    return True


def _add(file: Path, to: Path) -> None:
    """Add the values of one file to those of another. What cannot be read is left out: it would spoil each answer."""
    try:
        values = list(MmapedDict.read_all_values_from_file(str(file)))
    except (struct.error, RuntimeError, UnicodeDecodeError):
        # It died while it wrote the first bytes.
        log.warning("The numbers in %s cannot be read; they are left out.", file.name)
        return
    kept = MmapedDict(str(to))
    try:
        for key, value, _at, _place in values:
            kept.write_value(key, kept.read_value(key)[0] + value, 0.0)
    finally:
        kept.close()
