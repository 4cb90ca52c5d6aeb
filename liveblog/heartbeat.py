"""How it is noticed that a server's event loop hangs: a task on the loop says again and again that it lives.

A worker says so to its supervisor, down the lifeline, and is killed when it falls silent. A
server by itself has a thread that listens, and ends the process: whatever started it (systemd,
Compose) starts it again.
"""

import asyncio
import faulthandler
import logging
import os
import signal
import threading
import time
from collections.abc import Callable

from liveblog import lifeline

log = logging.getLogger(__name__)

#: Seconds between two signs of life.
BEAT = 2.0
#: Seconds of silence after which a loop is given up. A loop that has too much to do is late by a second or two.
SILENT = 20.0
#: Seconds in which a new server must get as far as its first signs of life and its port.
READY_SECONDS = 60.0
#: Seconds between two looks of whoever listens, and what a longer gap counts for.
LOOK, STEP = 0.5, 1.0
#: Seconds that the last words may take: the log itself may be what hangs.
LAST_WORDS = 2.0
#: The exit code of a process that gave itself up.
HUNG = 70
#: Makes a server of ours write to its standard error where each of its threads is.
WHERE = signal.SIGUSR2


class Awake:
    """Seconds that whoever looks has been awake, by their own looks.

    A machine that was suspended, or a process that was stopped and goes on, finds that much time
    has passed and nothing was heard: a gap between two looks counts for `STEP` at most.
    """

    def __init__(self) -> None:
        self._last, self._seconds = time.monotonic(), 0.0

    def look(self) -> float:
        """Look at the clock; return the seconds until now."""
        now = time.monotonic()
        self._seconds += min(STEP, now - self._last)
        self._last = now
        return self._seconds


class Watchdog:
    """Ends this process when its event loop hangs. Raises nothing; `rest` when the loop ends in good order."""

    def __init__(self) -> None:
        self._heard, self._over = threading.Event(), threading.Event()

    def start(self) -> None:
        """Listen from now on, in a thread."""
        threading.Thread(target=self._listen, name="watchdog", daemon=True).start()

    def hear(self) -> None:
        """A sign of life."""
        self._heard.set()

    def rest(self) -> None:
        """Listen no more."""
        self._over.set()

    def _listen(self) -> None:
        awake = Awake()
        heard, patience = awake.look(), READY_SECONDS
        while not self._over.wait(LOOK):
            now = awake.look()
            if self._heard.is_set():
                self._heard.clear()
                heard, patience = now, SILENT
            elif now - heard > patience:
                _give_up(now - heard)


def _give_up(seconds: float) -> None:
    """End this process, with a word if that can be had."""
    words = threading.Timer(LAST_WORDS, os._exit, (HUNG,))
    words.daemon = True
    words.start()
    log.error("The event loop has been silent for %.0f s: this process ends. Where it hangs:", seconds)
    faulthandler.dump_traceback(all_threads=True)
    os._exit(HUNG)


def tell_where() -> None:
    """Write where each thread is to standard error on `WHERE`, whatever hangs."""
    faulthandler.register(WHERE, all_threads=True)


async def beat(watchdog: Watchdog | None) -> None:
    """Say to the parent and to the watchdog that this loop lives, for ever; at its end the watchdog rests."""
    listeners: list[Callable[[], None]] = [lambda: lifeline.say(lifeline.ALIVE)]
    if watchdog is not None:
        listeners.append(watchdog.hear)
    try:
        while True:
            for tell in listeners:
                tell()
            await asyncio.sleep(BEAT)
    finally:
        if watchdog is not None:
            watchdog.rest()
