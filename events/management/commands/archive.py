"""`manage.py archive EVENT --output DIR`: every public record of an event, and its lead picture."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from events import archive
from events.management.plainly import event_at, plainly


class Command(BaseCommand):
    """Writes archive.json, archive.html and the lead picture. Nothing in them that no reader could see."""

    help = "Writes an event's public records as archive.json, and as archive.html to be read without a network."

    def add_arguments(self, parser: CommandParser) -> None:
        """The event and the folder."""
        parser.add_argument("event", metavar="EVENT", help="The event's address, such as trump-putin-call.")
        parser.add_argument("--output", metavar="DIR", type=Path, required=True, help="A folder; made where needed.")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Write, and say what was written. Exit code 2: no such event; 1: the folder cannot be written to."""
        with plainly():
            event = event_at(options["event"])
            made = archive.files(event)
        folder: Path = options["output"]
        try:
            folder.mkdir(parents=True, exist_ok=True)
            for name, content in made.items():
                (folder / name).write_bytes(content)
        except OSError as error:
            raise CommandError(f"“{folder}” cannot be written to: {error.strerror}.", returncode=1) from error
        self.stdout.write(f"“{event}”: {', '.join(str(folder / name) for name in made)}.")
