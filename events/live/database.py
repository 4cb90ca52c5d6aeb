"""The live floor's own way to the database: a thread, a connection beside the pool, timeouts.

A database that does not answer then holds up such a thread alone, and no request. A hub has two of them.
"""

import asyncio
import contextlib
import copy
import logging
import os
import socket
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, NamedTuple, TypeVar

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, InterfaceError, OperationalError, connections
from django.db.models import Q

from events.models import Event, Stream, Update

log = logging.getLogger(__name__)
T = TypeVar("T")

#: Milliseconds that one question may take.
STATEMENT_TIMEOUT = 3000
#: Seconds after which a question is ended from outside: the statement's own timeout is the server's, which
#: may have fallen silent behind a connection that looks well.
QUESTION_SECONDS = 8.0
#: Seconds within which a question fails whose connection had died before it: it is put once more.
STALE_SECONDS = 1.0
#: Seconds that the last question may take when the hub ends.
CLOSE_SECONDS = 2.0


class Head(NamedTuple):
    """Where an event is, as the database says."""

    event: int
    epoch: str
    sequence: int


class Database:
    """Runs synchronous questions in its own thread, one after the other."""

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="live-database")
        self._version: int | None = None
        #: When the question under way began (monotonic seconds), None between two.
        self._began: float | None = None
        #: The descriptor of its connection while a question is under way and the connection open, else -1.
        #: A number that has been closed may be anybody's a moment later.
        self._descriptor = -1
        #: The next look at the question under way.
        self._next_watch: asyncio.TimerHandle | None = None
        #: Questions that are being answered or wait for it.
        self.waiting = 0

    async def ask(self, question: Callable[..., T], *args: Any) -> T:
        """Run `question` in the thread. Raises what it raises; the connection is then closed."""
        loop = asyncio.get_running_loop()
        asked = loop.run_in_executor(self._thread, self._run, question, args)
        self.waiting += 1
        if self._next_watch is None:
            self._next_watch = loop.call_later(QUESTION_SECONDS, self._watch, loop)
        # When the answer is there, not when who asked has gone.
        asked.add_done_callback(self._answered)
        return await asked

    def _answered(self, _asked: asyncio.Future[Any]) -> None:
        self.waiting -= 1
        if not self.waiting and self._next_watch is not None:
            self._next_watch.cancel()
            self._next_watch = None

    def _watch(self, loop: asyncio.AbstractEventLoop) -> None:
        """End the question under way once it takes too long; look again each second while any waits."""
        self._next_watch = loop.call_later(1.0, self._watch, loop)
        # A question whose connection is not open yet has `connect_timeout` to end it.
        if self._began is None or self._descriptor < 0 or time.monotonic() - self._began <= QUESTION_SECONDS:
            return
        log.warning("The database has been silent for %.0f seconds: its connection is cut.", QUESTION_SECONDS)
        # Nothing else wakes a thread that waits for a silent server: it reads the end, and raises.
        with contextlib.suppress(OSError), socket.socket(fileno=os.dup(self._descriptor)) as end:
            end.shutdown(socket.SHUT_RDWR)

    def _run(self, question: Callable[..., T], args: tuple[Any, ...]) -> T:
        _prepare()
        began, was_open = time.monotonic(), connections[DEFAULT_DB_ALIAS].connection is not None
        try:
            return self._put(question, args)
        except (OperationalError, InterfaceError):
            if not was_open or time.monotonic() - began > STALE_SECONDS:
                raise
        # The connection had died while nobody asked: a new one may well do.
        return self._put(question, args)

    def _put(self, question: Callable[..., T], args: tuple[Any, ...]) -> T:
        self._began = time.monotonic()
        try:
            self._descriptor = _descriptor()
            return question(*args)
        except BaseException:
            self._descriptor = -1
            self._version = None
            connections[DEFAULT_DB_ALIAS].close()
            raise
        finally:
            self._began, self._descriptor = None, -1

    def moved(self) -> bool:
        """Whether somebody else may have written since the last call. In the thread.

        SQLite says so in microseconds; elsewhere the answer is always yes.
        """
        connection = connections[DEFAULT_DB_ALIAS]
        if connection.vendor != "sqlite":
            return True
        with connection.cursor() as cursor:
            version: int = cursor.execute("PRAGMA data_version").fetchone()[0]
        moved, self._version = version != self._version, version
        return moved

    def forget(self) -> None:
        """Take the next `moved` for a yes."""
        self._version = None

    async def close(self) -> None:
        """Close the connection and end the thread; a question that does not end is left behind."""
        closed = self._thread.submit(lambda: connections[DEFAULT_DB_ALIAS].close())
        self._thread.shutdown(wait=False)
        await asyncio.wait([asyncio.wrap_future(closed)], timeout=CLOSE_SECONDS)


def _prepare() -> None:
    """Give this thread a connection of its own, outside the pool, with timeouts."""
    if getattr(connections[DEFAULT_DB_ALIAS], "live_floor", False):
        return
    connection = connections.create_connection(DEFAULT_DB_ALIAS)
    connection.settings_dict = copy.deepcopy(connection.settings_dict)
    if connection.vendor == "postgresql":
        options = connection.settings_dict["OPTIONS"]
        options.pop("pool", None)
        options |= {
            "connect_timeout": 3,
            "tcp_user_timeout": 5000,
            "options": f"{options.get('options', '')} -c statement_timeout={STATEMENT_TIMEOUT}".strip(),
        }
    connection.live_floor = True  # type: ignore[attr-defined]
    connections[DEFAULT_DB_ALIAS] = connection


def _descriptor() -> int:
    """The file descriptor of this thread's connection, which is opened for it; -1 where there is none."""
    connection = connections[DEFAULT_DB_ALIAS]
    if connection.vendor != "postgresql":
        return -1
    connection.ensure_connection()
    descriptor: int = connection.connection.fileno()
    return descriptor


def find_head(slug: str) -> Head | None:
    """The head of the readable event at an address, present or former; None when there is none."""
    found = (
        Stream.objects.filter(event__in=Event.objects.readable())
        .filter(Q(event__slug=slug) | Q(event__addresses__slug=slug))
        .values_list("event", "epoch", "sequence")
        .first()
    )
    return Head(*found) if found else None


def read_heads(database: Database, events: Iterable[int], anyway: bool) -> dict[int, Head] | None:
    """The heads of the readable events among `events`; None when nothing can have changed.

    One query for all of them, and one where there are none: whether the database answers is
    worth knowing before somebody reads. With `anyway`, also where SQLite says that nothing changed.
    """
    moved, events = database.moved(), list(events)
    if not moved and not anyway:
        return None
    if not events:
        is_ready()
        return {}
    rows = Stream.objects.filter(event__in=Event.objects.readable().filter(pk__in=events))
    return {row[0]: Head(*row) for row in rows.values_list("event", "epoch", "sequence")}


def made_at(event: int, sequence: int) -> float | None:
    """When an update was made, in Unix seconds; None when there is none of that sequence."""
    made = Update.objects.filter(event=event, sequence=sequence).values_list("at", flat=True).first()
    return made.timestamp() if made else None


def is_ready() -> bool:
    """Whether the database answers and has our tables."""
    Stream.objects.exists()
    return True


def look_seconds() -> float:
    """Seconds between two looks."""
    return float(settings.LOOK_SECONDS)
