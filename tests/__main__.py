"""Run every test: `python -m tests`, which is what `make test` does.

Two processes side by side, since the browser's event loop and pytest-asyncio's clash in one,
and since both mostly wait. Each has a database of its own.
"""

import os
import subprocess
import sys
import tempfile
from typing import IO

from tests import services

HALVES = {
    "browser": ["tests/browser"],
    "rest": ["tests", "--ignore=tests/browser"],
}


def start(name: str, arguments: list[str], output: IO[str] | None) -> subprocess.Popen[str]:
    """Start pytest for one half; its output goes to `output`, or to ours."""
    environment = os.environ | {"DATABASE_URL": services.database_for(name)}
    if name == "browser":
        environment["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    return subprocess.Popen(
        [sys.executable, "-m", "pytest", *arguments, *sys.argv[1:]], env=environment, stdout=output, text=True
    )


def main() -> int:
    """Run both halves; return 0 when all is well, else the first half's code that is not."""
    print(*services.found(), sep="\n", flush=True)
    with tempfile.TemporaryFile("w+") as aside:
        browser = start("browser", HALVES["browser"], aside) if services.chromium() else None
        rest = start("rest", HALVES["rest"], None)
        codes = [rest.wait()]
        if browser is not None:
            codes.append(browser.wait())
            aside.seek(0)
            print("\nIn a browser:", aside.read(), sep="\n", flush=True)
    return next((code for code in codes if code), 0)


if __name__ == "__main__":
    raise SystemExit(main())
