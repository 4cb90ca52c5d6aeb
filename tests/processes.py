"""Real processes for tests: servers, a private Redis, a committed database."""

import asyncio
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest
from psycopg import sql

from tests import services
from tests.services import ROOT, answers, free_port

#: Seconds that a process may take until it answers.
START_SECONDS = 30


def environment(database_url: str, redis_url: str | None = None, **further: str) -> dict[str, str]:
    """The environment of a process of ours. All those of one database are one installation, at whatever address."""
    return {
        **os.environ,
        "DEBUG": "true",
        "DATABASE_URL": database_url,
        "REDIS_URL": redis_url or "",
        "REDIS_PREFIX": urlsplit(database_url).path,
        "PYTHONUNBUFFERED": "1",
        **further,
    }


class Process:
    """A server that can be ended, killed, frozen and started again on the same port."""

    def __init__(self, command: list[str], port: int, env: dict[str, str]) -> None:
        self.command, self.port, self.env = command, port, env
        self.url = f"http://127.0.0.1:{port}"
        self.ws_url = f"ws://127.0.0.1:{port}"
        self._log = tempfile.NamedTemporaryFile(prefix="process-", suffix=".log")  # noqa: SIM115 - lives as long as we
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def log(self) -> str:
        """All that it has said so far."""
        return Path(self._log.name).read_text(encoding="utf-8", errors="replace")

    def start(self) -> None:
        """Start it; the answer is not waited for."""
        self._process = subprocess.Popen(
            self.command, cwd=ROOT, env=self.env, stdout=self._log, stderr=subprocess.STDOUT
        )

    def is_ready(self) -> bool:
        """Whether it answers."""
        return answers(self.port)

    def wait_ready(self) -> None:
        """Wait until it answers; raise AssertionError with its log when it does not."""
        limit = time.monotonic() + START_SECONDS
        while not self.is_ready():
            assert self._process is not None and self._process.poll() is None, f"It ended:\n{self.log}"
            assert time.monotonic() < limit, f"It does not answer:\n{self.log}"
            time.sleep(0.05)

    def signal(self, number: int) -> None:
        """Send it a signal."""
        assert self._process is not None
        self._process.send_signal(number)

    def freeze(self) -> None:
        """Stop it in its tracks: its connections stay open and say nothing."""
        self.signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """Let it go on."""
        self.signal(signal.SIGCONT)

    def kill(self) -> None:
        """End it without a word."""
        self.signal(signal.SIGKILL)
        self.wait()

    def terminate(self) -> int:
        """Ask it to end; return its exit code."""
        self.signal(signal.SIGTERM)
        return self.wait()

    def wait(self) -> int:
        """Wait for its end, at most 20 seconds; return its exit code."""
        assert self._process is not None
        return self._process.wait(20)

    def restart(self) -> None:
        """Start it again after its end, and wait until it answers."""
        self.start()
        self.wait_ready()

    def close(self) -> None:
        """Make sure that nothing of it stays."""
        if self._process is not None and self._process.poll() is None:
            self._process.kill()
            self._process.wait(10)
        self._log.close()


class Server(Process):
    """`manage.py serve`, or the same with a pen."""

    def is_ready(self) -> bool:
        """Whether `/readyz` says so."""
        try:
            with urllib.request.urlopen(f"{self.url}/readyz", timeout=3) as response:
                return bool(response.status == 200)
        except (URLError, OSError):
            return False

    def pen(self, verb: str, **order: Any) -> dict[str, Any]:
        """Do a deed inside this process (only with a pen)."""
        body = json.dumps({"verb": verb, **order}).encode()
        with urllib.request.urlopen(f"{self.url}/pen", data=body, timeout=60) as response:
            answer: dict[str, Any] = json.load(response)
        assert "error" not in answer, answer["error"]
        return answer

    async def write(self, verb: str, **order: Any) -> dict[str, Any]:
        """The same, from a test that is asynchronous."""
        return await asyncio.to_thread(self.pen, verb, **order)


@contextmanager
def serve(
    database_url: str, redis_url: str | None = None, port: int | None = None, *, pen: bool = False, **further: str
) -> Iterator[Server]:
    """A real server process on a free port, ready; gone afterwards. `further` is environment."""
    port = port or free_port()
    command = ["-m", "tests.pen", "serve"] if pen else ["manage.py", "serve"]
    further = {"SITE_URL": f"http://127.0.0.1:{port}"} | further
    env = environment(database_url, redis_url, PORT=str(port), HOST="127.0.0.1", **further)
    server = Server([sys.executable, *command], port, env)
    server.start()
    try:
        server.wait_ready()
        yield server
    finally:
        server.close()


@contextmanager
def newsroom(database_url: str, redis_url: str | None = None, **further: str) -> Iterator[Server]:
    """A server with a pen and a live event `call`."""
    with serve(database_url, redis_url, pen=True, **further) as server:
        server.pen("begin")
        yield server


def write_elsewhere(database_url: str, redis_url: str | None, verb: str, **order: Any) -> dict[str, Any]:
    """Do a deed in a process of its own, as a management command does."""
    command = [sys.executable, "-m", "tests.pen", json.dumps({"verb": verb, **order})]
    done = subprocess.run(
        command, cwd=ROOT, env=environment(database_url, redis_url), capture_output=True, text=True, timeout=30
    )
    assert done.returncode == 0, done.stderr
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


@contextmanager
def redis(*, started: bool = True) -> Iterator[Process]:
    """A private Redis that may be stopped and frozen; its address is `address(it)`."""
    program = services.redis_program()
    if not program:
        # `services` has said so as well, and with CI=true it has failed.
        pytest.skip("No redis-server is installed.")
    port = free_port()
    command = [program, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
    process = Process(command, port, dict(os.environ))
    try:
        if started:
            process.restart()
        yield process
    finally:
        process.close()


def address(process: Process) -> str:
    """The private Redis's REDIS_URL."""
    return f"redis://127.0.0.1:{process.port}/0"


def _on_server(statement: str, *names: str) -> None:
    """Run a statement about databases on the tests' PostgreSQL."""
    parts = urlsplit(os.environ["DATABASE_URL"])
    url = urlunsplit(parts._replace(scheme="postgresql", path="/postgres"))
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))


@contextmanager
def migrated() -> Iterator[str]:
    """The address of a committed database with all tables and nothing in them, to be copied."""
    given = os.environ["DATABASE_URL"]
    with tempfile.TemporaryDirectory() as folder:
        if given.startswith("sqlite"):
            url = f"sqlite:///{folder}/empty.sqlite3"
            _migrate(url)
            yield url
            return
        name = f"live_empty_{os.getpid()}"
        _on_server("DROP DATABASE IF EXISTS {} WITH (FORCE)", name)
        _on_server("CREATE DATABASE {}", name)
        try:
            url = urlunsplit(urlsplit(given)._replace(path=f"/{name}"))
            _migrate(url)
            yield url
        finally:
            _on_server("DROP DATABASE IF EXISTS {} WITH (FORCE)", name)


def _migrate(url: str) -> None:
    command = [sys.executable, "manage.py", "migrate", "--verbosity", "0"]
    subprocess.run(command, cwd=ROOT, env=environment(url), check=True, timeout=60)


@contextmanager
def copied(empty: str) -> Iterator[str]:
    """The address of a copy of a database made by `migrated`, gone afterwards."""
    name = f"live_copy_{os.getpid()}_{free_port()}"
    if empty.startswith("sqlite"):
        with tempfile.TemporaryDirectory() as folder:
            shutil.copy(empty.removeprefix("sqlite:///"), f"{folder}/copy.sqlite3")
            yield f"sqlite:///{folder}/copy.sqlite3"
        return
    _on_server("CREATE DATABASE {} TEMPLATE {}", name, urlsplit(empty).path[1:])
    try:
        yield urlunsplit(urlsplit(empty)._replace(path=f"/{name}"))
    finally:
        _on_server("DROP DATABASE IF EXISTS {} WITH (FORCE)", name)
