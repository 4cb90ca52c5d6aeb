"""One server process of several, as its supervisor has it: started, heard, told and killed."""

import logging
import os
import socket
import subprocess
import time
from contextlib import suppress

from django.conf import settings

from liveblog import heartbeat
from liveblog.heartbeat import Awake
from liveblog.lifeline import SERVING, Lifeline

log = logging.getLogger(__name__)

#: Where workers keep their metrics for one another, as prometheus_client names it.
METRICS = "PROMETHEUS_MULTIPROC_DIR"
#: Seconds that a worker that is to be killed has to write where it hangs.
LAST_WORDS = 0.3


class Worker:
    """One server process."""

    def __init__(self, command: list[str], listener: socket.socket, metrics: str) -> None:
        self._line = Lifeline()
        self._said: set[str] = set()
        self._awake = Awake()
        #: When it last said anything, in the seconds of `_awake`.
        self._heard = 0.0
        self.born = time.monotonic()
        #: When it is killed if it has not ended, monotonic seconds.
        self.doomed: float | None = None
        given = {name: value for name, value in os.environ.items() if name not in settings.FROM_ENV_FILE}
        self._process = subprocess.Popen(
            [*command, "--socket", str(listener.fileno())],
            env={**given, **self._line.environment, METRICS: metrics},
            stdin=subprocess.DEVNULL,
            pass_fds=[listener.fileno(), self._line.descriptor],
            # Ctrl-C is for us: we pass it on.
            start_new_session=True,
        )
        self._line.started()
        self.pid = self._process.pid

    def has(self, word: str) -> bool:
        """Whether it has said that it is serving, or ready."""
        now, heard = self._awake.look(), self._line.heard()
        if SERVING in heard:
            log.info("Worker %d serves.", self.pid)
        if heard:
            self._heard = now
        self._said.update(heard)
        return word in self._said

    def age(self) -> float:
        """Seconds since its birth that we were awake in."""
        return self._awake.look()

    def hangs(self) -> str:
        """Why it is to be given up, in words; empty while all is well. To be asked at each look."""
        serves = self.has(SERVING)
        silent = self._awake.look() - self._heard
        if serves and silent > heartbeat.SILENT:
            return f"has been silent for {silent:.0f} s"
        if not serves and self.age() > heartbeat.READY_SECONDS:
            return f"does not serve after {self.age():.0f} s"
        return ""

    def ended(self) -> str:
        """How it ended, in words; empty while it lives."""
        code = self._process.poll()
        if code is None:
            return ""
        return f"signal {-code}" if code < 0 else f"exit code {code}"

    def tell(self, number: int, patience: float) -> None:
        """Tell it to end, once; it is killed when it has not in `patience` seconds."""
        if self.doomed is None:
            self.doomed = time.monotonic() + patience
            self._process.send_signal(number)

    def kill(self) -> None:
        """End it without a word, and wait for that."""
        self._process.kill()
        self._process.wait()

    def give_up(self) -> None:
        """Kill it; where its threads hang, it may say before."""
        self._process.send_signal(heartbeat.WHERE)
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(LAST_WORDS)
        self.kill()

    def close(self) -> None:
        """Let go of what tied it to us."""
        self._line.close()
