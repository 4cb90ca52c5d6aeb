"""Run every test: `python -m tests`, which is what `make test` does.

In parts side by side, since most of them wait: the browser's event loop and pytest-asyncio's
clash in one process, and what starts servers mostly waits for them. Each part has a database
of its own. What publishing rests on is tried on SQLite too, which is what the demo runs on.

`python -m tests faults` is `make test-faults`: every fault, those too that take a minute.
`python -m tests all` runs those beside the rest, as CI does.
"""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import IO, NamedTuple

import pytest

from tests import services
from tests.services import ROOT

#: Parts that run at once: more than there are cores.
PLACES = 5
QUICK = ["-m", "not slow_fault"]
SLOW = ["-m", "slow_fault"]
_FAULTS = "tests/faults"
_BROWSER = "tests/browser"
#: The desk's half of what runs in a browser.
_DESK = [
    f"{_BROWSER}/test_{name}.py"
    for name in (
        "access changing desk desk_looks desk_room ending find focus inbox keyboard keys outbox past preview schedule "
        "summary together under_way"
    ).split()
]
#: The files that start servers of ours. What is named is not left out by pytest's hook.
_SERVERS = sorted(
    str(path.relative_to(ROOT))
    for path in (ROOT / "tests").glob("test_*.py")
    if "processes" in path.read_text() and not services.lacks(path.name)
)
_ON_SQLITE = ["tests/test_publishing.py", "tests/test_convergence.py", "tests/test_editors.py", "tests/test_hub.py"]


class Part(NamedTuple):
    """What one pytest process runs."""

    name: str
    arguments: list[str]
    on_sqlite: bool = False


def _without(paths: list[str]) -> list[str]:
    return [f"--ignore={path}" for path in paths]


def suite() -> list[Part]:
    """All but the slow faults, those first that take longest."""
    parts = []
    if services.chromium():
        firefox = ["tests/firefox"] if services.firefox() else []
        parts += [
            Part("readers in a browser", [_BROWSER, *firefox, *_without(_DESK), *QUICK]),
            Part("the desk in a browser", [*_DESK, *QUICK]),
        ]
    apart = [_BROWSER, "tests/firefox", _FAULTS, *_SERVERS]
    return [
        *parts,
        Part("with servers", _SERVERS),
        Part("the rest", ["tests", *_without(apart)]),
        Part("with faults", [_FAULTS, *QUICK]),
        Part("on SQLite", _ON_SQLITE, on_sqlite=True),
    ]


def faults(which: list[str]) -> list[Part]:
    """The faults that pytest's arguments `which` choose, in parts that take about as long."""
    parts = {
        "redis": [f"{_FAULTS}/test_redis.py"],
        "postgres": [f"{_FAULTS}/test_postgres.py"],
        "processes": [f"{_FAULTS}/test_{name}.py" for name in ("processes", "ends", "editors")],
    }
    parts["rest"] = [_FAULTS, *_without([path for paths in parts.values() for path in paths])]
    if services.chromium():
        parts["browser"] = [f"{_BROWSER}/test_faults.py"]
    return [
        Part(f"faults, {name}", [*paths, *which])
        for name, paths in parts.items()
        if not services.lacks(Path(paths[0]).name)
    ]


class Run:
    """A part under way."""

    def __init__(self, part: Part, further: list[str]) -> None:
        self.part = part
        self._began = time.monotonic()
        self._output: IO[str] = tempfile.TemporaryFile("w+")  # noqa: SIM115 - closed with the process
        self._folder = tempfile.TemporaryDirectory()
        name = "".join(letter if letter.isalpha() else "_" for letter in part.name)
        database = f"sqlite:///{self._folder.name}/suite.sqlite3" if part.on_sqlite else services.database_for(name)
        environment = os.environ | {"DATABASE_URL": database, "PYTHONUNBUFFERED": "1"}
        if any(argument.startswith(_BROWSER) for argument in part.arguments):
            environment["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
        self._process = subprocess.Popen(
            [sys.executable, "-m", "pytest", *part.arguments, *further],
            env=environment,
            stdout=self._output,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def ended(self) -> bool:
        """Whether it has ended."""
        return self._process.poll() is not None

    def tell(self) -> int:
        """Show what it said; return its code."""
        code = self._process.wait()
        self._output.seek(0)
        print(f"\n{self.part.name.capitalize()} ({time.monotonic() - self._began:.0f} s):", flush=True)
        print(self._output.read(), flush=True)
        # A part in which nothing was asked for is well too.
        return 0 if code == pytest.ExitCode.NO_TESTS_COLLECTED else code

    def close(self) -> None:
        """End it, if it has not ended."""
        self._process.kill()
        self._process.wait()
        self._output.close()
        self._folder.cleanup()


def run(parts: list[Part], further: list[str]) -> list[int]:
    """Run the parts, so many at a time; return the code of each."""
    codes: list[int] = []
    running: list[Run] = []
    waiting = list(parts)
    try:
        while running or waiting:
            while waiting and len(running) < PLACES:
                running.append(Run(waiting.pop(0), further))
            for one in [one for one in running if one.ended()]:
                codes.append(one.tell())
                running.remove(one)
                one.close()
            time.sleep(0.2)
    finally:
        for one in running:
            one.close()
    return codes


def main() -> int:
    """Run what is asked for; return 0 when all is well, else the first code that says otherwise."""
    print(*services.found(), sep="\n", flush=True)
    asked = sys.argv[1:]
    if asked[:1] == ["faults"]:
        codes = run(faults([]), asked[1:])
    elif asked[:1] == ["all"]:
        codes = run([*suite(), *faults(SLOW)], asked[1:])
    else:
        codes = run(suite(), asked)
    return next((code for code in codes if code), 0)


if __name__ == "__main__":
    raise SystemExit(main())
