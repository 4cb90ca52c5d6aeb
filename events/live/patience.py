"""Troubles that last are told once, not every second."""

import logging
import sys
import time

from django.db import InterfaceError, OperationalError

#: Seconds between two mentions of one lasting trouble.
AGAIN = 60.0
#: What is raised where a server does not answer.
AWAY = (OSError, OperationalError, InterfaceError)


class Complaint:
    """One trouble: told when it begins, once a minute while it lasts, and when it is over."""

    def __init__(self, log: logging.Logger, words: str) -> None:
        self._log, self._words = log, words
        self._told: float | None = None

    def make(self) -> None:
        """Mention the trouble with the present exception, unless that was done lately.

        A server that is away is no fault of ours: that takes a line, anything else is told with its traceback.
        """
        now, error = time.monotonic(), sys.exception()
        if self._told is not None and now - self._told <= AGAIN:
            return
        self._told = now
        if isinstance(error, AWAY):
            self._log.warning("%s (%s)", self._words, (str(error).strip() or type(error).__name__).splitlines()[0])
        else:
            self._log.warning(self._words, exc_info=True)

    def over(self) -> None:
        """The trouble is over; say so if it was told."""
        if self._told is not None:
            self._told = None
            self._log.warning("Over: %s", self._words)


class _Seldom(logging.Filter):
    """Lets a logger's same line through once a minute, without its traceback."""

    def __init__(self) -> None:
        super().__init__()
        self._last: dict[str, float] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether the record may be written."""
        now, key = time.monotonic(), str(record.msg)
        if now - self._last.get(key, -AGAIN) < AGAIN:
            return False
        self._last[key] = now
        if record.exc_info and record.exc_info[1]:
            record.msg = f"{record.msg} ({record.exc_info[1]})"
            record.exc_info = record.exc_text = None
        return True


def quieten(name: str) -> None:
    """Keep a library's logger from writing a traceback each second while Redis is away."""
    logger = logging.getLogger(name)
    if not any(isinstance(known, _Seldom) for known in logger.filters):
        logger.addFilter(_Seldom())
