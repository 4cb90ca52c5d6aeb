"""`manage.py seed`: event files into events."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from events import seeding
from events.management.plainly import plainly


class Command(BaseCommand):
    """Reads every file first; only when none has a mistake is any of them loaded."""

    help = "Loads event files (default: all of seeds/) whole, at their own times. Loading twice changes nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        """Files, and whether to stop before writing."""
        parser.add_argument("files", nargs="*", type=Path, metavar="FILE")
        parser.add_argument("--dry-run", action="store_true", help="Read and check the files, and write nothing.")

    def handle(self, *_args: Any, files: list[Path], dry_run: bool, verbosity: int, **_options: Any) -> None:
        """Load, and say in a line for each file what was done. Exit code 1: a file has mistakes."""
        scripts, mistakes = [], []
        for path, name in named(files):
            try:
                scripts.append(seeding.read(path, name))
            except seeding.Mistaken as mistaken:
                mistakes += mistaken.mistakes
        if mistakes:
            raise CommandError("\n".join([*mistakes, "Nothing was loaded."]), returncode=1)
        for script in scripts:
            if dry_run:
                self.stdout.write(f"{script.name}: no mistakes; {len(script.steps)} steps. Nothing was written.")
                continue
            try:
                with plainly():
                    loaded = seeding.load(script)
            except seeding.Mistaken as mistaken:
                raise CommandError(str(mistaken), returncode=1) from mistaken
            if verbosity:
                self.stdout.write(loaded.sentence)


def named(files: list[Path]) -> list[tuple[Path, str]]:
    """The files to read, each with what sentences call it. Raises CommandError when there are none."""
    if files:
        return [(path, str(path)) for path in files]
    found = sorted((settings.BASE_DIR / "seeds").glob("*.yaml"))
    if not found:
        raise CommandError("There is no event file in seeds/.", returncode=2)
    return [(path, f"seeds/{path.name}") for path in found]
