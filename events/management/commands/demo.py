"""`manage.py demo`: a seed file played as a newsroom would have posted it."""

import argparse
import math
import signal
import threading
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError, close_old_connections

from events import seeding
from events.live import channel
from events.management.plainly import first_line, plainly
from events.publishing import Refused
from events.seeding.script import Step

DEFAULT = "trump-putin-call.yaml"
SPEEDS = "1 is a step every 15 to 30 s, 10 is ten times as fast."
_DONE = {
    "post": "published", "revise": "revised", "correct": "corrected", "pin": "pinned", "summary": "summed up",
    "open": "went live", "pause": "paused",
}  # fmt: skip


def speed(value: str) -> float:
    """A number above nought, for argparse."""
    try:
        number = float(value)
    except ValueError:
        number = math.nan
    if not 0 < number < math.inf:
        raise argparse.ArgumentTypeError(f"“{value}” is no speed. {SPEEDS}")
    return number


class Command(BaseCommand):
    """Plays into `<slug>-demo`; a start empties that event and gives it a new epoch."""

    help = "Plays a seed file into an event of its own, <slug>-demo, at today's times. Only with DEBUG."

    def add_arguments(self, parser: CommandParser) -> None:
        """The file, and how fast."""
        parser.add_argument("file", nargs="?", type=Path, metavar="FILE", help=f"Default: seeds/{DEFAULT}.")
        parser.add_argument("--speed", type=speed, default=1.0, help=SPEEDS)
        parser.add_argument("--once", action="store_true", help="End after the last step instead of staying idle.")

    def handle(self, *_args: Any, file: Path | None, speed: float, once: bool, **_options: Any) -> None:
        """Play, then stay until a signal ends it."""
        if not settings.DEBUG:
            raise CommandError("The demo plays only with DEBUG on: it empties an event at each start.", returncode=2)
        path, name = (file, str(file)) if file else (settings.BASE_DIR / "seeds" / DEFAULT, f"seeds/{DEFAULT}")
        over = threading.Event()
        if threading.current_thread() is threading.main_thread():
            signal.signal(signal.SIGTERM, lambda *_signal: over.set())
            signal.signal(signal.SIGINT, lambda *_signal: over.set())
        try:
            with plainly():
                show = seeding.stage(seeding.read(path, name))
        except seeding.Mistaken as mistaken:
            raise CommandError(str(mistaken), returncode=1) from mistaken
        self.stdout.write(f"Rehearsal: {show.event.get_absolute_url()}, {len(show.steps)} steps to come.")
        self._play(show, speed, over)
        if not over.is_set() and not once:
            self.stdout.write("Rehearsal: all is played; the page stays live.")
            over.wait()

    def _play(self, show: seeding.Show, speed: float, over: threading.Event) -> None:
        """Each step after its wait, until the last, a signal, or somebody else's rehearsal."""
        for seconds, step in show.waits(speed):
            if over.wait(seconds):
                return
            close_old_connections()
            try:
                self._do(show, step)
            except seeding.Overtaken:
                raise CommandError("Another demo has begun this rehearsal anew; this one ends.", returncode=1) from None

    def _do(self, show: seeding.Show, step: Step) -> None:
        """One step. What cannot be done is said and left out: the show goes on."""
        try:
            show.do(step)
        except (Refused, DatabaseError) as error:
            # Somebody tries the desk on the rehearsal, or the database is away for a moment.
            self.stderr.write(f"Rehearsal: {step.verb} {step.post} was left out: {first_line(error)}")
        else:
            self.stdout.write(f"Rehearsal: {_DONE[step.verb]} {step.post}".rstrip())
        finally:
            channel.flush()
