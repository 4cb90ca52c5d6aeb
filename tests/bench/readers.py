"""The bench's end of a crowd: a load client in a process of its own, on the readers' core."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from tests.bench import machine
from tests.services import ROOT


class Readers:
    """Orders to one crowd."""

    def __init__(self, process: subprocess.Popen[str], port: int, path: str) -> None:
        self._process, self.port, self.path = process, port, path

    def tell(self, do: str, **order: Any) -> None:
        """Give an order; `hear` takes the answer."""
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps({"do": do, "port": self.port, "path": self.path, **order}) + "\n")
        self._process.stdin.flush()

    def hear(self) -> dict[str, Any]:
        """The next answer."""
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError("The load client ended.")
        answer: dict[str, Any] = json.loads(line)
        return answer

    def do(self, do: str, **order: Any) -> dict[str, Any]:
        """An order and its answer."""
        self.tell(do, **order)
        return self.hear()

    def open(self, count: int, **order: Any) -> dict[str, Any]:
        """Open so many further readers; raise RuntimeError when they cannot be had."""
        answer = self.do("open", count=count, **order)
        if answer["opened"] < count:
            raise RuntimeError(
                f"Of {count} readers only {answer['opened']} could be opened at {self.path}. {answer['refused']}"
            )
        return answer

    def watch(self, mark: str, expect: int, seconds: float = 30) -> None:
        """Be ready for a message with this mark in it; `hear` tells when it came."""
        self.do("watch", mark=mark, expect=expect, seconds=seconds)


@contextmanager
def readers(port: int, path: str) -> Iterator[Readers]:
    """A load client for one address; gone afterwards, with all its connections."""
    with machine.started_on(machine.cores()[1]):
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.bench.crowd"],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
    try:
        yield Readers(process, port, path)
    finally:
        process.kill()
        process.wait(10)
