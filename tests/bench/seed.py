"""`python -m tests.bench.seed SLUG POSTS`: a live, public event with so many posts in it; `--count SLUG` counts them.

The first twenty go through the publishing code, unannounced, as importers do it; beyond
them their rows are multiplied, so that ten thousand take seconds.
"""

import json
import os
import sys
from datetime import timedelta
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "liveblog.settings")
django.setup()

from django.db import connection, transaction  # noqa: E402

from events import publishing  # noqa: E402
from events.live import channel  # noqa: E402
from events.models import Event, Post, Revision, Stream, Update  # noqa: E402
from events.models.post import new_post_id  # noqa: E402
from tests import cast  # noqa: E402

#: How many are published; the rest are their copies.
PUBLISHED = 20


def seed(slug: str, posts: int) -> None:
    """Make the event and its posts."""
    event = cast.event(slug)
    with publishing.importing(), transaction.atomic():
        for number in range(min(posts, PUBLISHED)):
            body = f"<p>{'The two are on the line, and a spokesman says that it goes well. ' * (1 + number % 5)}</p>"
            words = publishing.Words(headline=f"Post {number}", body=body, key_event=number % 20 == 0)
            publishing.publish(event, words=words, by=None)
    if posts > PUBLISHED:
        with transaction.atomic():
            _multiply(event, posts - PUBLISHED)
        # As PostgreSQL does by itself within a minute of so many new rows.
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")


def publish(slug: str, posts: int) -> None:
    """Publish further posts, as an editor elsewhere."""
    event = Event.objects.get(slug=slug)
    for number in range(posts):
        cast.post(event, f"Meanwhile {number}")
    channel.flush()


def _multiply(event: Event, further: int) -> None:
    """Add copies of the published rows, each with a sequence of its own, before the event's first hour."""
    stream = Stream.objects.select_for_update().get(event=event)
    patterns = list(event.posts.order_by("sequence").prefetch_related("revisions"))
    rows: list[tuple[Post, Update, Revision]] = []
    for number in range(further):
        pattern = patterns[number % len(patterns)]
        stream.sequence += 1
        at = pattern.published_at - timedelta(hours=1, seconds=further - number)
        post = _copy(pattern, id=new_post_id(), sequence=stream.sequence, first_sequence=stream.sequence)
        post.published_at = post.sort_at = post.significant_at = at
        # As many key events as in the small event: the list of them is no part of the question.
        post.key_event = False
        update = Update(event=event, sequence=stream.sequence, action="publish", verb="publish", version=1, at=at)
        update.post = post
        rows.append((post, update, _copy(pattern.revisions.all()[0], id=None, post=post, at=at)))
    for model, column in zip((Post, Update, Revision), zip(*rows, strict=True), strict=True):
        model.objects.bulk_create(column, batch_size=1000)
    stream.readable += further
    stream.save()


def _copy(row: Any, **changed: Any) -> Any:
    """The same row with some fields changed, not yet stored."""
    fields = row._meta.concrete_fields  # noqa: SLF001
    values = {field.attname: getattr(row, field.attname) for field in fields if field.name not in changed}
    return type(row)(**values, **changed)


def count(slug: str) -> dict[str, int]:
    """How many posts the event has, and how far its sequence is from one without holes."""
    event = Event.objects.get(slug=slug)
    sequences = list(event.updates.order_by("sequence").values_list("sequence", flat=True))
    whole = list(range(1, event.stream.sequence + 1))
    holes = len(set(whole) ^ set(sequences)) + len(sequences) - len(set(sequences))
    return {"deeds": event.posts.filter(state="published", version=1).count(), "holes": holes}


if __name__ == "__main__":
    if sys.argv[1] == "--count":
        print(json.dumps(count(sys.argv[2])))
    elif sys.argv[1] == "--publish":
        publish(sys.argv[2], int(sys.argv[3]))
    else:
        seed(sys.argv[1], int(sys.argv[2]))
