"""What the bench measures ours with: a database of its own, a private Redis, collected files, the server."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from tests import processes, services
from tests.bench import machine
from tests.bench.candidates import Ours
from tests.services import ROOT, free_port


class World:
    """The parts that every subject needs. `notes` are sentences for the table."""

    def __init__(self, database_url: str, redis_url: str, static_root: str, quick: bool) -> None:
        self.database_url, self.redis_url, self.quick = database_url, redis_url, quick
        self._static_root = static_root
        self.notes: list[str] = []

    def environment(self, **further: str) -> dict[str, str]:
        """A process's environment, as in earnest: without DEBUG."""
        return processes.environment(
            self.database_url,
            self.redis_url,
            **{
                "DEBUG": "false",
                "SECRET_KEY": "only for the bench, and of no use elsewhere",
                "STATIC_ROOT": self._static_root,
                "LOG_LEVEL": "WARNING",
                **further,
            },
        )

    def run(self, *arguments: str, seconds: float = 300) -> str:
        """Run a Python module to its end; return what it said."""
        command = [sys.executable, *arguments]
        done = subprocess.run(
            command, cwd=ROOT, env=self.environment(), capture_output=True, text=True, timeout=seconds, check=False
        )
        if done.returncode:
            raise RuntimeError(f"{' '.join(arguments)} failed:\n{done.stderr}")
        return done.stdout

    def seed(self, slug: str, posts: int = 0) -> None:
        """Make a live, public event with so many posts."""
        self.run("-m", "tests.bench.seed", slug, str(posts))

    def server(self, **further: str) -> processes.Server:
        """Our server, on the servers' core, not yet started. `further` is environment."""
        port = free_port()
        env = self.environment(PORT=str(port), HOST="127.0.0.1", SITE_URL=f"http://127.0.0.1:{port}", **further)
        return processes.Server([sys.executable, "-m", "tests.bench.ours"], port, env)

    @contextmanager
    def ours(self, slug: str, posts: int = 0) -> Iterator[Ours]:
        """Our server with one event that it serves; gone afterwards.

        It takes readers as fast as it can: they are not what is measured.
        """
        self.seed(slug, posts)
        server = self.server(ACCEPT_RATE="100000")
        try:
            start(server)
            yield candidate(server, slug)
        finally:
            server.close()


def start(server: processes.Server) -> None:
    """Start it on its core, and wait until it answers."""
    with machine.started_on(machine.cores()[0]):
        server.start()
    server.wait_ready()


def candidate(server: processes.Server, slug: str) -> Ours:
    """Our server as one of the candidates, with `slug` as its event."""
    assert server._process is not None  # noqa: SLF001
    ours = Ours("ours", server.port, f"/ws/events/{slug}/", server._process.pid)  # noqa: SLF001
    ours.event = slug
    return ours


@contextmanager
def world(quick: bool) -> Iterator[World]:
    """Make all that, and take it away again."""
    with ExitStack() as stack:
        empty = stack.enter_context(processes.migrated())
        database_url = stack.enter_context(processes.copied(empty))
        static_root = stack.enter_context(tempfile.TemporaryDirectory(prefix="bench-static-"))
        redis_url = ""
        if services.redis_program():
            with machine.started_on(machine.cores()[1]):
                redis_url = processes.address(stack.enter_context(processes.redis()))
        made = World(database_url, redis_url, static_root, quick)
        made.run("manage.py", "collectstatic", "--no-input", "--verbosity", "0")
        if os.environ["DATABASE_URL"].startswith("sqlite"):
            made.notes.append("No PostgreSQL was found: these figures are SQLite's, which production does not use.")
        yield made
