"""Run every test: `python -m tests`, which is what `make test` does.

Two processes side by side, since the browser's event loop and pytest-asyncio's clash in one,
and since both mostly wait. Each has a database of its own. What publishing rests on is then
tried on SQLite too, which is what the demo runs on.

`python -m tests faults` is `make test-faults`: every fault, those too that take a minute, in
more processes, since they wait even more.
"""

import os
import subprocess
import sys
import tempfile
from typing import IO

from tests import services

BROWSER = ["tests/browser"]
REST = ["tests", "--ignore=tests/browser"]
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


def run_tests(further: list[str]) -> list[int]:
    """Run all but the slow faults; return each part's code."""
    further = [*QUICK, *further]
    with tempfile.TemporaryFile("w+") as aside, tempfile.TemporaryDirectory() as folder:
        given = [*BROWSER, *further]
        browser = start(given, services.database_for("browser"), aside) if services.chromium() else None
        codes = [start([*REST, *further], services.database_for("rest")).wait()]
        print("\nOn SQLite:", flush=True)
        codes.append(start([*ON_SQLITE, *further], f"sqlite:///{folder}/suite.sqlite3").wait())
        if browser is not None:
            codes.append(browser.wait())
            aside.seek(0)
            print("\nIn a browser:", aside.read(), sep="\n", flush=True)
    return codes


def run_faults(further: list[str]) -> list[int]:
    """Run every fault, slow ones too; return each part's code."""
    codes = []
    with tempfile.TemporaryDirectory() as folder:
        parts = {name: part for name, part in FAULTS.items() if name != "browser" or services.chromium()}
        running = {}
        for name, part in parts.items():
            output = open(f"{folder}/{name}", "w+")  # noqa: SIM115 - closed with the process
            running[name] = start([*part, *further], services.database_for(f"faults_{name}"), output), output
        for name, (process, output) in running.items():
            codes.append(process.wait())
            output.seek(0)
            print(f"\nFaults, {name}:", output.read(), sep="\n", flush=True)
            output.close()
    return codes


def main() -> int:
    """Run all parts; return 0 when all is well, else the first code that says otherwise."""
    print(*services.found(), sep="\n", flush=True)
    asked = sys.argv[1:]
    codes = run_faults(asked[1:]) if asked[:1] == ["faults"] else run_tests(asked)
    return next((code for code in codes if code), 0)


if __name__ == "__main__":
    raise SystemExit(main())
