"""The machine that measures: its cores, its limits, what it is."""

import os
import platform
import resource
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import metadata
from pathlib import Path

#: Open files that 8,000 readers and what surrounds them need in one process.
WANTED_FILES = 20_000


def raise_open_files() -> int:
    """Allow as many open files as we may have; return how many that is."""
    _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = max(hard, WANTED_FILES) if hard != resource.RLIM_INFINITY else WANTED_FILES
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, wanted))
    except (ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    return resource.getrlimit(resource.RLIMIT_NOFILE)[0]


def cores() -> tuple[int, int]:
    """The core for servers and the core for readers; the same one where there is only one."""
    allowed = sorted(os.sched_getaffinity(0))
    return allowed[0], allowed[1 % len(allowed)]


@contextmanager
def started_on(core: int) -> Iterator[None]:
    """Processes and threads started within stay on this core."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {core})
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


def cpu_seconds(pid: int) -> float:
    """Seconds of CPU that a process has used, its own and the kernel's for it (10 ms steps)."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def rss_kb(pid: int) -> float:
    """KB of memory that a process holds now."""
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1024


def open_files(pid: int) -> int:
    """How many files and sockets a process has open."""
    return len(os.listdir(f"/proc/{pid}/fd"))


def children(pid: int) -> list[int]:
    """The processes that a process has started."""
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def describe() -> dict[str, str]:
    """What measured: for the table."""
    model = next(
        (line.split(":")[1].strip() for line in Path("/proc/cpuinfo").read_text().splitlines() if "model name" in line),
        platform.machine(),
    )
    packages = ("django", "channels", "channels_redis", "uvicorn", "uvloop", "websockets")
    libraries = ", ".join(f"{name} {metadata.version(name)}" for name in packages)
    return {
        "processor": f"{model}, {len(os.sched_getaffinity(0))} cores",
        "system": f"{platform.system()} {platform.release().split('-')[0]}",
        "python": platform.python_version(),
        "libraries": libraries,
        "redis": first_line("redis-server", "--version"),
        "nginx": first_line("nginx", "-v"),
        "load before": f"{os.getloadavg()[0]:.1f}",
    }


def first_line(program: str, *arguments: str) -> str:
    """The first line that a program says of itself, or that it is missing."""
    path = shutil.which(program) or shutil.which(program, path="/usr/sbin:/sbin")
    if not path:
        return "not installed"
    said = subprocess.run([path, *arguments], capture_output=True, text=True, timeout=10, check=False)
    return (said.stdout or said.stderr).splitlines()[0].split(" sha=")[0]
