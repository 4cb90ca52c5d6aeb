"""Run every test: `python -m tests`, which is what `make test` does.

Four processes side by side: the browser's event loop and pytest-asyncio's clash in one, and
what starts servers mostly waits for them. Each has a database of its own. What publishing
rests on is then tried on SQLite too, which is what the demo runs on.

`python -m tests faults` is `make test-faults`: every fault, those too that take a minute, in
more processes, since they wait even more; with `-m slow_fault` those alone that this leaves out.
"""

import os
import subprocess
import sys
import tempfile
from typing import IO

import pytest

from tests import services
from tests.services import ROOT

BROWSER = ["tests/browser"]
if services.firefox():
    BROWSER.append("tests/firefox")
#: The files that start servers of ours, and the rest.
SERVERS = [
    *sorted(
        str(path.relative_to(ROOT)) for path in (ROOT / "tests").glob("test_*.py") if "processes" in path.read_text()
    ),
]
REST = [
    "tests",
    *(f"--ignore=tests/{name}" for name in ("browser", "firefox", "faults")),
    *(f"--ignore={path}" for path in SERVERS),
]
ON_SQLITE = ["tests/test_publishing.py", "tests/test_convergence.py", "tests/test_editors.py", "tests/test_hub.py"]
QUICK = ["-m", "not slow_fault"]
_HERE = "tests/faults"
#: Parts that take about as long; each mostly waits.
FAULTS = {
    "redis": [f"{_HERE}/test_redis.py"],
    "postgres": [f"{_HERE}/test_postgres.py"],
    "browser": ["tests/browser/test_faults.py"],
    "processes": [f"{_HERE}/test_{name}.py" for name in ("processes", "ends", "editors")],
}
FAULTS["rest"] = [_HERE, *(f"--ignore={path}" for part in FAULTS.values() for path in part)]


def start(arguments: list[str], database: str, output: IO[str] | None = None) -> subprocess.Popen[str]:
    """Start pytest on a database of its own; its output goes to `output`, or to ours."""
    environment = os.environ | {"DATABASE_URL": database}
    if arguments[0].startswith("tests/browser"):
        environment["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    return subprocess.Popen([sys.executable, "-m", "pytest", *arguments], env=environment, stdout=output, text=True)


class Aside:
    """Parts that run at the same time; what each says is shown when it has ended."""

    def __init__(self) -> None:
        self._parts: dict[str, tuple[subprocess.Popen[str], IO[str]]] = {}

    def __enter__(self) -> "Aside":
        return self

    def __exit__(self, *_error: object) -> None:
        for process, output in self._parts.values():
            process.kill()
            output.close()

    def start(self, name: str, arguments: list[str]) -> None:
        """Start a part on a database of its own."""
        output = tempfile.TemporaryFile("w+")  # noqa: SIM115 - closed with the process
        database = services.database_for("".join(letter if letter.isalpha() else "_" for letter in name))
        self._parts[name] = start(arguments, database, output), output

    def wait(self) -> list[int]:
        """Wait for all and show what they said; return their codes."""
        codes = []
        for name, (process, output) in self._parts.items():
            code = process.wait()
            # A part in which nothing was asked for is well too.
            codes.append(0 if code == pytest.ExitCode.NO_TESTS_COLLECTED else code)
            output.seek(0)
            print(f"\n{name.capitalize()}:", output.read(), sep="\n", flush=True)
        return codes


def run_tests(further: list[str]) -> list[int]:
    """Run all but the slow faults; return each part's code."""
    further = [*QUICK, *further]
    parts = {"in a browser": BROWSER} if services.chromium() else {}
    parts |= {"with servers": SERVERS, "with faults": [_HERE]}
    with Aside() as aside:
        for name, part in parts.items():
            aside.start(name, [*part, *further])
        codes = [start([*REST, *further], services.database_for("rest")).wait()]
        with tempfile.TemporaryDirectory() as folder:
            print("\nOn SQLite:", flush=True)
            codes.append(start([*ON_SQLITE, *further], f"sqlite:///{folder}/suite.sqlite3").wait())
        return [*codes, *aside.wait()]


def run_faults(further: list[str]) -> list[int]:
    """Run every fault, slow ones too; return each part's code."""
    with Aside() as aside:
        for name, part in FAULTS.items():
            if name != "browser" or services.chromium():
                aside.start(f"faults, {name}", [*part, *further])
        return aside.wait()


def main() -> int:
    """Run all parts; return 0 when all is well, else the first code that says otherwise."""
    print(*services.found(), sep="\n", flush=True)
    asked = sys.argv[1:]
    codes = run_faults(asked[1:]) if asked[:1] == ["faults"] else run_tests(asked)
    return next((code for code in codes if code), 0)


if __name__ == "__main__":
    raise SystemExit(main())
