"""The processes that `manage.py run` starts: started together, ended together."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import FrameType

from django.conf import settings

from liveblog.lifeline import Lifeline

#: Seconds that a child may take to end in good order before it is killed.
PATIENCE = 12.0
#: Seconds between two looks at the children.
LOOK = 0.2


class Died(Exception):
    """A child ended by itself. The message is a sentence that says which, and how."""


@dataclass
class Children:
    """Our own processes, by the name that sentences call them."""

    environment: Mapping[str, str]
    _running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    _lines: list[Lifeline] = field(default_factory=list)
    ending: bool = False

    def start(self, name: str, *arguments: str) -> None:
        """Start ``manage.py arguments`` as `name`, in a session of its own.

        In ours, Ctrl-C would reach it beside us, and some would end before the others. Should
        we be killed, the line between us ends it.
        """
        line = Lifeline()
        self._running[name] = subprocess.Popen(
            [sys.executable, str(settings.BASE_DIR / "manage.py"), *arguments],
            env={**os.environ, **self.environment, **line.environment},
            stdin=subprocess.DEVNULL,
            pass_fds=[line.descriptor],
            start_new_session=True,
        )
        line.started()
        self._lines.append(line)

    def watch(self, seconds: float | None = None) -> None:
        """Wait until told to end, or for so long. Raises Died when a child ends first."""
        until = None if seconds is None else time.monotonic() + seconds
        while not self.ending and (until is None or time.monotonic() < until):
            for name, child in self._running.items():
                if child.poll() is not None:
                    raise Died(f"The {name} has ended by itself ({_how(child.returncode)}).")
            time.sleep(LOOK)

    def await_port(self, host: str, port: int, seconds: float = 30.0) -> bool:
        """Wait until something listens there; return whether it does. Raises Died as `watch` does."""
        until = time.monotonic() + seconds
        while not self.ending and time.monotonic() < until:
            self.watch(LOOK)
            try:
                socket.create_connection((host, port), timeout=1).close()
            except OSError:
                continue
            return True
        return False

    def end(self) -> None:
        """End all of them, the last started first; kill what does not end in `PATIENCE` seconds."""
        for child in reversed(self._running.values()):
            if child.poll() is None:
                child.send_signal(signal.SIGTERM)
        until = time.monotonic() + PATIENCE
        for child in self._running.values():
            try:
                child.wait(max(0.1, until - time.monotonic()))
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()
        for line in self._lines:
            line.close()
        self._lines.clear()
        self._running.clear()

    @contextmanager
    def household(self) -> Iterator["Children"]:
        """Within, SIGINT, SIGTERM and SIGHUP mean: end. Behind it no child is left."""

        def told(_signal: int, _frame: FrameType | None) -> None:
            self.ending = True

        before = {number: signal.signal(number, told) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
        try:
            yield self
        finally:
            self.end()
            for number, handler in before.items():
                signal.signal(number, handler)


def why_not(host: str, port: int) -> str:
    """Why nothing of ours could listen on a port: a sentence, or empty when it could."""
    try:
        family, kind, protocol, _name, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    except OSError:
        return f"“{host}” is no address of this machine."
    with socket.socket(family, kind, protocol) as probe:
        # A port on which connections of a server that has ended linger is free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(address)
        except OSError as error:
            reason = (error.strerror or "cannot be had").lower()
            return f"Port {port} on {host} cannot be used: {reason}."
    return ""


def _how(code: int) -> str:
    """An exit code in words."""
    return f"signal {-code}" if code < 0 else f"exit code {code}"
