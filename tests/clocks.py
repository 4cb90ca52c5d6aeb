"""A real clock beside the test's own database."""

import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

from django.db import connection

from events import publishing
from events.models import Event
from tests import processes


def here() -> str:
    """The address of the database that the test itself writes to."""
    name = str(connection.settings_dict["NAME"])
    given = os.environ["DATABASE_URL"]
    return f"sqlite:///{name}" if given.startswith("sqlite") else urlsplit(given)._replace(path=f"/{name}").geturl()


class Clock(processes.Process):
    """`manage.py clock`."""

    def is_ready(self) -> bool:
        """Whether it has given a sign of life; of the test's own database only."""
        return publishing.is_beating(publishing.CLOCK)


@contextmanager
def clock(database: str = "", redis_url: str | None = None) -> Iterator[Clock]:
    """A clock that runs; gone afterwards."""
    env = processes.environment(database or here(), redis_url)
    process = Clock([sys.executable, "manage.py", "clock"], 0, env)
    process.start()
    try:
        yield process
    finally:
        process.close()


def until(condition: Callable[[], bool], process: Clock, seconds: float = 90.0) -> None:
    """Wait until the condition holds; raise AssertionError with the clock's log when it never does."""
    limit = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < limit, f"Waited in vain:\n{process.log}"
        time.sleep(0.01)


def out(event: Event) -> int:
    """How many posts of an event are out."""
    return event.posts.published().count()
