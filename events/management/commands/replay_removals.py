"""`manage.py replay_removals`: by hand, after a backup was restored."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from events import publishing
from events.live import channel
from events.management.plainly import plainly
from events.models import Picture, Post
from events.models.picture import path_of
from events.models.post import Withdrawal
from events.publishing.removals import noted


class Command(BaseCommand):
    """Removes again what was removed after the backup was made: it brought the words back."""

    help = "Removes again what the ledger of removals (REMOVALS_FILE) names: after a backup was restored."

    def add_arguments(self, parser: CommandParser) -> None:
        """Whether to do it."""
        parser.add_argument("--dry-run", action="store_true", help="Only say what would be removed.")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Remove what came back, and say how many. Exit code 2: the ledger is not there, or cannot be read."""
        ledger = settings.REMOVALS_FILE
        with plainly():
            try:
                removals = list(noted())
            except FileNotFoundError as error:
                raise CommandError(
                    f"There is no {ledger}: nothing was ever removed, or the servers note it elsewhere. "
                    "Check REMOVALS_FILE.",
                    returncode=2,
                ) from error
            except (ValueError, OSError) as error:
                raise CommandError(str(error), returncode=2) from error
            self.stdout.write(f"Read {ledger}.")
            names = {removal.post for removal in removals if removal.post}
            back = Post.objects.filter(pk__in=names).exclude(withdrawal=Withdrawal.REMOVE)
            for post in back:
                if not options["dry_run"]:
                    publishing.remove(post, by=None)
                self.stdout.write(post.pk)
            count = len(back)
            done = "would be removed again" if options["dry_run"] else "removed again"
            if names or not removals:
                self.stdout.write(f"{count} of {len(names)} {done}." if names else "The ledger names no removal.")
            self._pictures({removal.picture for removal in removals if removal.picture}, done, options["dry_run"])
            channel.flush()

    def _pictures(self, names: set[str], done: str, dry_run: bool) -> None:
        """The same for pictures. A backup of the files may bring back one that the database knows to be removed."""
        known = Picture.objects.filter(file__in=map(path_of, names))
        back = [one for one in known if one.removed_at is None or one.file.storage.exists(one.file.name)]
        for picture in back:
            if not dry_run:
                publishing.remove_picture(picture, by=None)
            self.stdout.write(picture.name)
        if names:
            self.stdout.write(f"{len(back)} of {len(names)} pictures {done}.")
