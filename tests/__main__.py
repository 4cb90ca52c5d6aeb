"""Run every test: `python -m tests`, which is what `make test` does.

Two processes side by side, since the browser's event loop and pytest-asyncio's clash in one,
and since both mostly wait. Each has a database of its own. What publishing rests on is then
tried on SQLite too, which is what the demo runs on.
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


def start(arguments: list[str], database: str, output: IO[str] | None = None) -> subprocess.Popen[str]:
    """Start pytest on a database of its own; its output goes to `output`, or to ours."""
    environment = os.environ | {"DATABASE_URL": database}
    if arguments == BROWSER:
        environment["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    return subprocess.Popen(
        [sys.executable, "-m", "pytest", *arguments, *sys.argv[1:]], env=environment, stdout=output, text=True
    )


def main() -> int:
    """Run all parts; return 0 when all is well, else the first code that says otherwise."""
    print(*services.found(), sep="\n", flush=True)
    with tempfile.TemporaryFile("w+") as aside, tempfile.TemporaryDirectory() as folder:
        browser = start(BROWSER, services.database_for("browser"), aside) if services.chromium() else None
        codes = [start(REST, services.database_for("rest")).wait()]
        print("\nOn SQLite:", flush=True)
        codes.append(start(ON_SQLITE, f"sqlite:///{folder}/suite.sqlite3").wait())
        if browser is not None:
            codes.append(browser.wait())
            aside.seek(0)
            print("\nIn a browser:", aside.read(), sep="\n", flush=True)
    return next((code for code in codes if code), 0)


if __name__ == "__main__":
    raise SystemExit(main())
