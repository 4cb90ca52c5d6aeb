"""`manage.py clean_posts`: after a release that changed what a post's text may hold."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from events import publishing, text
from events.live import channel
from events.management.plainly import plainly
from events.models import Post


class Command(BaseCommand):
    """Makes stored html anew where the policy has changed since; open pages have it at once."""

    help = "Cleans every post's text once more, by the policy of this release; says which posts it changed."

    def add_arguments(self, parser: CommandParser) -> None:
        """Whether to do it."""
        parser.add_argument("--dry-run", action="store_true", help="Only say what would be changed.")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Go through all posts, of all events; run again, it changes nothing."""
        count = changed = 0
        with plainly():
            for post in Post.objects.order_by("pk").iterator():
                count += 1
                if not publishing.needs_cleaning(post):
                    continue
                changed += 1
                if not options["dry_run"]:
                    publishing.clean_again(post)
                self.stdout.write(post.pk)
            channel.flush()
        done = "would be cleaned again" if options["dry_run"] else "cleaned again"
        self.stdout.write(f"{changed} of {count} posts {done} (policy {text.POLICY_VERSION}).")
