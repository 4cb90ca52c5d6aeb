"""What is removed for good: blanked wherever it stands, and noted outside the database.

A backup from before still holds the words; `manage.py replay_removals` takes them out of it again.
"""

import json
import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from django.conf import settings
from django.contrib.admin.models import LogEntry
from django.db import transaction
from django.db.models import Q

from events.models import Autosave, Deed, Picture, Post, Revision, SummaryLine
from events.publishing.ledger import Ledger

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Removal:
    """One line of the ledger. It names the post, or the picture, and holds none of its words."""

    event: str
    at: str
    post: str = ""
    picture: str = ""


def blank(ledger: Ledger, post: Post) -> None:
    """Take every word out of a post, of its history, and of what the desk and the admin keep of it; note it."""
    post.headline = post.body = post.html = post.byline = post.key_label = post.note = post.sent_back_reason = ""
    post.attributions.all().delete()
    post.corrections.all().delete()
    Revision.objects.filter(post=post).update(headline="", body="", attributions=[])
    # Of few words a digest tells them to whoever guesses.
    Deed.objects.filter(post=post).update(before=None, digest="")
    _blank_summary(ledger, post)
    composed = Q(composer=post.pk) | Q(content__post=post.pk)
    Autosave.objects.filter(event=ledger.event).filter(composed).delete()
    blank_log(post.pk)
    transaction.on_commit(partial(note, post, ledger.event.slug, ledger.now), robust=True)


def blank_log(post: str) -> None:
    """Take a post's words out of the admin's own log, which calls it by its headline and names whom it quotes."""
    logged = LogEntry.objects.filter(content_type__app_label="events", content_type__model="post", object_id=post)
    logged.update(object_repr=post, change_message="")


def _blank_summary(ledger: Ledger, post: Post) -> None:
    """Take out what the summary says of it, and what is kept of summaries before: all may repeat it."""
    SummaryLine.objects.filter(event=ledger.event, post=post).delete()
    Deed.objects.filter(event=ledger.event, verb="summarise").update(before=None)
    logged = LogEntry.objects.filter(content_type__app_label="events", content_type__model="event")
    # The admin writes the model's name there, untranslated, and the line itself.
    lines = logged.filter(object_id=str(ledger.event.pk), change_message__contains='"summary line"')
    lines.update(change_message="")


def note(post: Post, event: str, at: datetime) -> None:
    """Add a post's removal to the ledger."""
    _write({"post": post.pk, "event": event, "at": at.isoformat()})


def note_picture(picture: Picture, event: str, at: datetime) -> None:
    """Add a picture's removal to the ledger: by its name, which says nothing of it."""
    _write({"picture": picture.name, "event": event, "at": at.isoformat()})


def _write(removal: dict[str, str]) -> None:
    """Add a line to the ledger. What cannot be noted is said in the log: it is gone all the same."""
    line = json.dumps(removal)
    try:
        settings.REMOVALS_FILE.parent.mkdir(parents=True, exist_ok=True)
        # One write, so that two processes never mix their lines.
        with settings.REMOVALS_FILE.open("a", encoding="utf-8") as ledger:
            ledger.write(line + "\n")
    except OSError:
        log.critical("A removal could not be noted in %s; write it there: %s", settings.REMOVALS_FILE, line)


def noted() -> Iterator[Removal]:
    """Every removal in the ledger, the earliest first. Raises OSError without it, ValueError for nonsense."""
    with settings.REMOVALS_FILE.open(encoding="utf-8") as ledger:
        for number, line in enumerate(ledger, start=1):
            try:
                given = json.loads(line)
                what = "picture" if "picture" in given else "post"
                yield Removal(given["event"], given["at"], **{what: given[what]})
            except (ValueError, KeyError, TypeError) as error:
                raise ValueError(f"Line {number} of {settings.REMOVALS_FILE} is no removal: {line[:80]!r}.") from error
