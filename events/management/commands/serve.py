"""`manage.py serve`: the production server."""

import argparse
import os
import socket
import sys
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from liveblog import server
from liveblog.workers import CannotStart, Supervisor

#: The greatest number of workers: more is a typing mistake.
MOST = 128


class Command(BaseCommand):
    """Serves the site on HOST and PORT until it is told to end."""

    help = "The production server, on HOST and PORT (127.0.0.1:8000). SIGTERM drains it."

    def add_arguments(self, parser: CommandParser) -> None:
        """`--workers` starts a supervisor; `--socket` is how it starts each of its workers."""
        parser.add_argument(
            "--workers",
            type=_count,
            metavar="N",
            help="N processes on one socket, restarted when they die; SIGHUP replaces them one by one.",
        )
        parser.add_argument("--socket", type=int, help=argparse.SUPPRESS)

    def handle(self, *_args: Any, **options: Any) -> None:
        """Serve; a port that is taken, or files that were not collected, are one sentence and exit code 2."""
        if not settings.DEBUG and not (Path(settings.STATIC_ROOT) / "staticfiles.json").exists():
            raise CommandError("The static files are not collected: run manage.py collectstatic first.", returncode=2)
        if options["socket"] is not None:
            server.serve(socket.socket(fileno=options["socket"]), alone=False)
            return
        try:
            listener = server.listen(settings.HOST, settings.PORT)
        except server.CannotListen as error:
            raise CommandError(str(error), returncode=2) from error
        self.stdout.write(f"Serving on http://{settings.HOST}:{settings.PORT}")
        if options["workers"]:
            self._supervise(listener, options["workers"])
        else:
            server.serve(listener)

    def _supervise(self, listener: socket.socket, count: int) -> None:
        if count > 1 and not settings.REDIS_URL:
            self.stderr.write(
                "REDIS_URL is not set: what one worker publishes, the others find only by looking, half a second later."
            )
        # As we were called, so that a link to the newest release is followed anew by each worker.
        command = [sys.executable, os.path.abspath(sys.argv[0]), "serve"]
        try:
            Supervisor(count, command, listener).run()
        except CannotStart as error:
            raise CommandError(str(error), returncode=1) from error


def _count(text: str) -> int:
    """A number of workers; argparse makes a sentence of the error."""
    if not text.isascii() or not text.isdigit() or not 0 < int(text) <= MOST:
        raise argparse.ArgumentTypeError(f"“{text}” should be a number from 1 to {MOST}")
    return int(text)
