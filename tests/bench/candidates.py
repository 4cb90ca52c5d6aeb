"""The ways to bring one message to many readers: each a server of its own that can be told to publish."""

import http.client
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from tests import processes
from tests.bench import machine
from tests.services import ROOT, free_port

NCHAN = Path("/usr/lib/nginx/modules/ngx_nchan_module.so")
NGINX = """
load_module {module};
worker_processes 1;
worker_rlimit_nofile {files};
daemon off;
master_process on;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{ worker_connections {connections}; }}
http {{
  access_log off;
  client_body_temp_path {folder}/body;
  proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi;
  scgi_temp_path {folder}/scgi;
  nchan_shared_memory_size 64M;
  tcp_nodelay on;
  server {{
    listen 127.0.0.1:{port} backlog=4096;
    location = /read {{
      nchan_subscriber websocket;
      nchan_channel_id event;
      nchan_websocket_ping_interval 15;
      nchan_subscriber_first_message newest;
    }}
    location = /publish {{ nchan_publisher http; nchan_channel_id event; nchan_message_timeout 5s; }}
  }}
}}
"""


class Candidate(ABC):
    """A running server: where its readers go, how it is told, and which process does the work."""

    def __init__(self, name: str, port: int, path: str, pid: int) -> None:
        self.name, self.port, self.path, self.pid = name, port, path, pid
        self._http: http.client.HTTPConnection | None = None

    @abstractmethod
    def publish(self, mark: str, text: str) -> float:
        """Hand one message over; return when it was handed (monotonic seconds)."""

    def post(self, path: str, body: bytes) -> bytes:
        """One POST on a connection that stays."""
        for _try in range(2):
            try:
                self._http = self._http or http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
                self._http.request("POST", path, body, {"Content-Type": "text/plain"})
                return self._http.getresponse().read()
            except (http.client.HTTPException, OSError):
                # The server closes what was idle for long.
                self._http = None
        raise ConnectionError(f"{self.name} does not answer")


class Ours(Candidate):
    """This project's server."""

    event = "bench"

    def do(self, deed: str, **order: Any) -> dict[str, Any]:
        """Do something inside the server's process."""
        answer: dict[str, Any] = json.loads(
            self.post("/bench/do", json.dumps({"do": deed, "event": self.event, **order}).encode())
        )
        if "error" in answer:
            raise RuntimeError(answer["error"])
        return answer

    def publish(self, mark: str, text: str) -> float:
        """Publish a real post; its frame is made by the publishing code."""
        self.last = self.do("publish", mark=mark)
        return self.last["handed"]


class Stock(Candidate):
    """A Channels consumer for each reader."""

    def publish(self, mark: str, text: str) -> float:
        """Send to the group."""
        return json.loads(self.post("/publish", text.encode()))["handed"]


class Nchan(Candidate):
    """Nginx with Nchan, in C."""

    def publish(self, mark: str, text: str) -> float:
        """Post it."""
        handed = time.monotonic()
        self.post("/publish", text.encode())
        return handed


class Bare(Candidate):
    """A loop of send() in C."""

    process: subprocess.Popen[bytes]

    def publish(self, mark: str, text: str) -> float:
        """Write it to the loop's standard input."""
        assert self.process.stdin is not None
        handed = time.monotonic()
        self.process.stdin.write(text.encode() + b"\n")
        self.process.stdin.flush()
        return handed


@contextmanager
def running(command: list[str], port: int, env: dict[str, str], **popen: Any) -> Iterator[subprocess.Popen[bytes]]:
    """A process on the servers' core that listens on `port`; gone afterwards."""
    with tempfile.TemporaryFile() as log:
        with machine.started_on(machine.cores()[0]):
            process = subprocess.Popen(command, cwd=ROOT, env=env, stdout=log, stderr=log, **popen)
        try:
            limit = time.monotonic() + processes.START_SECONDS
            while not processes.answers(port):
                if process.poll() is not None or time.monotonic() > limit:
                    log.seek(0)
                    raise RuntimeError(f"{command[0]} did not start: {log.read().decode(errors='replace')}")
                time.sleep(0.05)
            yield process
        finally:
            process.terminate()
            try:
                process.wait(15)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait(10)


@contextmanager
def stock(redis_url: str) -> Iterator[Stock]:
    """The stock consumer's server."""
    port = free_port()
    command = [sys.executable, "-m", "tests.bench.stock", str(port), redis_url]
    with running(command, port, dict(os.environ)) as process:
        yield Stock("stock", port, "/", process.pid)


@contextmanager
def nchan() -> Iterator[Nchan]:
    """Nginx with Nchan, one worker, its own configuration and folder."""
    port, files = free_port(), machine.raise_open_files()
    program = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin:/sbin")
    assert program
    with tempfile.TemporaryDirectory(prefix="bench-nchan-") as folder:
        config = Path(folder, "nginx.conf")
        config.write_text(NGINX.format(module=NCHAN, folder=folder, port=port, files=files, connections=files - 100))
        # The worker gives up root; it must be able to enter the folder.
        os.chmod(folder, 0o755)
        command = [program, "-e", f"{folder}/error.log", "-p", folder, "-c", str(config)]
        with running(command, port, dict(os.environ)) as process:
            # The port is open before the worker is there.
            while not (workers := machine.children(process.pid)):
                time.sleep(0.01)
            yield Nchan("nchan", port, "/read", workers[0])


@contextmanager
def bare() -> Iterator[Bare]:
    """The loop in C, compiled for this run."""
    port = free_port()
    compiler = shutil.which("cc")
    assert compiler
    with tempfile.TemporaryDirectory(prefix="bench-bare-") as folder:
        source = str(Path(__file__).with_name("bare.c"))
        subprocess.run([compiler, "-O2", "-o", f"{folder}/bare", source], check=True, timeout=60)
        with running([f"{folder}/bare", str(port)], port, dict(os.environ), stdin=subprocess.PIPE) as process:
            candidate = Bare("bare", port, "/", process.pid)
            candidate.process = process
            yield candidate


def others(stack: ExitStack, redis_url: str) -> tuple[list[Candidate], list[str]]:
    """Start what this machine has to compare with; what it lacks is said in a line each."""
    started: list[Candidate] = []
    missing: list[str] = []
    if NCHAN.exists() and shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin:/sbin"):
        started.append(stack.enter_context(nchan()))
    else:
        missing.append("Nchan: nginx with ngx_nchan_module is not installed; nothing is compared with it.")
    if shutil.which("cc"):
        started.append(stack.enter_context(bare()))
    else:
        missing.append("Bare loop: no C compiler is installed; nothing is compared with it.")
    if redis_url:
        started.append(stack.enter_context(stock(redis_url)))
    else:
        missing.append("Stock consumer and our Redis: no redis-server is installed; our updates stay in the process.")
    return started, missing
