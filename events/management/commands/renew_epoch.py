"""`manage.py renew_epoch`: by hand, after a backup was restored."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from events import publishing
from events.management.plainly import event_at, plainly
from events.models import Event


class Command(BaseCommand):
    """Begins a new history; open pages notice within seconds and take everything anew.

    A restored backup counts on from an earlier number, and gives numbers that readers know
    to other posts. Processes that see the number fall begin a new history by themselves;
    they cannot see it when as much was published before they looked again.
    """

    help = "Begins a new history of an event, so that open pages take it anew: after a backup was restored."

    def add_arguments(self, parser: CommandParser) -> None:
        """Some events or all of them."""
        which = parser.add_mutually_exclusive_group(required=True)
        which.add_argument(
            "events", nargs="*", default=[], metavar="EVENT", help="Events' addresses, such as trump-putin-call."
        )
        which.add_argument("--all", action="store_true", dest="all_events", help="Every event.")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Renew each on its own, and say what was done. Exit code 2: no such event; the first one is named."""
        refused: list[CommandError] = []
        with plainly():
            if options["all_events"]:
                for event in self._every():
                    self.stdout.write(_renew(event))
            for address in options["events"]:
                try:
                    self.stdout.write(_renew(event_at(address)))
                except CommandError as error:
                    refused.append(error)
        if refused:
            raise refused[0]

    def _every(self) -> list[Event]:
        events = list(Event.objects.order_by("pk"))
        if not events:
            raise CommandError("There is no event yet.", returncode=2)
        return events


def _renew(event: Event) -> str:
    """Compare and set, and a sentence about it."""
    if publishing.renew_epoch(event, seen=event.stream.epoch):
        return f"“{event}” begins a new history: open pages take it anew within seconds."
    return f"“{event}” was given a new history by somebody else at this moment; nothing was left to do."
