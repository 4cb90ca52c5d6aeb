"""`manage.py clock`: publishes scheduled posts when they are due, ends pins, and forgets what only undo needed."""

import logging
import signal
import threading
import time
from collections.abc import Iterator
from datetime import datetime
from itertools import chain
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import InterfaceError, OperationalError, close_old_connections, connections
from django.utils import timezone

from events import publishing
from events.live import channel
from events.live.patience import Complaint
from events.management.plainly import plainly
from events.publishing import Done

log = logging.getLogger(__name__)

#: Seconds between two rounds, between two signs of life, and until what undo kept is forgotten.
ROUND, BEAT, FORGET = 0.5, 3.0, 60.0


class Command(BaseCommand):
    """Looks twice a second for what is due, posts and ends of pins. Killed, it loses and doubles nothing.

    Two at once do no harm.

    Exit codes: 0 when it was told to end; 1 when the database has no tables, and with
    `--once` when it cannot be used.
    """

    help = (
        "Publishes scheduled posts when they are due, marks those that missed their time, ends pins. Keep one running."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """One round, or rounds for ever."""
        parser.add_argument("--once", action="store_true", help="Do one round, and end.")

    def handle(self, *_args: Any, once: bool, **_options: Any) -> None:
        """Do rounds until SIGTERM or SIGINT; the post under way is finished first."""
        self._over = threading.Event()
        if threading.current_thread() is threading.main_thread():
            for number in (signal.SIGTERM, signal.SIGINT):
                signal.signal(number, lambda *_signal: self._over.set())
        with plainly():
            if once:
                # No sign of life: nothing can be left to one who is gone again.
                for done in _due(timezone.now()):
                    self._tell(done)
                publishing.forget_before(timezone.now())
            else:
                self._keep()

    def _keep(self) -> None:
        """Rounds, also through a database that is away."""
        self._beaten, self._forgotten = -BEAT, -FORGET
        trouble = Complaint(log, "The database does not answer the clock; scheduled posts wait.")
        while not self._over.is_set():
            try:
                close_old_connections()
                self._round()
                trouble.over()
            except (OperationalError, InterfaceError) as error:
                if "no such table" in str(error):
                    # SQLite's way to say what is a ProgrammingError elsewhere: waiting does not help.
                    raise
                trouble.make()
                connections.close_all()
            self._over.wait(ROUND)

    def _round(self) -> None:
        """Whatever is due now, up to the order to end."""
        self._beat()
        for done in _due(timezone.now()):
            self._tell(done)
            if self._over.is_set():
                return
            self._beat()
        if time.monotonic() - self._forgotten >= FORGET:
            publishing.forget_before(timezone.now())
            self._forgotten = time.monotonic()

    def _beat(self) -> None:
        """A sign of life, unless there was one just now: without it the desk lets nothing wait for us."""
        if time.monotonic() - self._beaten >= BEAT:
            publishing.beat(publishing.CLOCK)
            self._beaten = time.monotonic()

    def _tell(self, done: Done) -> None:
        """Tell the readers of what is out, and the log of what became of the post."""
        channel.flush()
        if done.post is None:
            self.stdout.write("Clock: the time of a pin is over.")
            self.stdout.flush()
            return
        name = f"{done.post.pk} of “{done.post.event}”"
        if done.sequence is not None:
            self.stdout.write(f"Clock: published {name}")
        else:
            self.stdout.write(f"Clock: not published {name}. {done.post.get_missed_because_display()}")
        self.stdout.flush()


def _due(now: datetime) -> Iterator[Done]:
    """All that is to be done by itself at `now`."""
    return chain(publishing.publish_due(now), publishing.lapse(now))
