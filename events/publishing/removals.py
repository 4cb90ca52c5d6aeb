"""What was removed for good, noted outside the database: a backup from before still holds the words."""

import json
import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from events.models import Post

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Removal:
    """One line of the ledger. It names the post and holds none of its words."""

    post: str
    event: str
    at: str


def note(post: Post, event: str, at: datetime) -> None:
    """Add a removal to the ledger. What cannot be noted is said in the log: the words are gone all the same."""
    line = json.dumps({"post": post.pk, "event": event, "at": at.isoformat()})
    try:
        settings.REMOVALS_FILE.parent.mkdir(parents=True, exist_ok=True)
        # One write, so that two processes never mix their lines.
        with settings.REMOVALS_FILE.open("a", encoding="utf-8") as ledger:
            ledger.write(line + "\n")
    except OSError:
        log.critical("A removal could not be noted in %s; write it there: %s", settings.REMOVALS_FILE, line)


def noted() -> Iterator[Removal]:
    """Every removal in the ledger, the earliest first. Raises ValueError for a line that is none."""
    if not settings.REMOVALS_FILE.exists():
        return
    with settings.REMOVALS_FILE.open(encoding="utf-8") as ledger:
        for number, line in enumerate(ledger, start=1):
            try:
                given = json.loads(line)
                yield Removal(given["post"], given["event"], given["at"])
            except (ValueError, KeyError, TypeError) as error:
                raise ValueError(f"Line {number} of {settings.REMOVALS_FILE} is no removal: {line[:80]!r}.") from error
