"""Posts that wait for their time, and a clock's round over them."""

from datetime import datetime, timedelta

from django.utils import timezone

from events import publishing
from events.models import Event, Post
from tests import cast


def ahead(**more: float) -> datetime:
    """A time that is to come: in ten minutes, unless it is said otherwise."""
    return timezone.now() + timedelta(**(more or {"minutes": 10}))


def scheduled(event: Event, headline: str = "At its time", **more) -> Post:
    """Schedule a post."""
    given = {"words": cast.words(headline), "by": None, "at": ahead()} | more
    return publishing.schedule(event, **given).post


def set_back(post: Post, seconds: float = 1) -> Post:
    """Make it due so many seconds ago."""
    Post.objects.filter(pk=post.pk).update(due_at=timezone.now() - timedelta(seconds=seconds))
    post.refresh_from_db()
    return post


def round_of_the_clock() -> list[publishing.Done]:
    """Do what the clock does twice a second."""
    return list(publishing.publish_due(timezone.now()))


def outcome(post: Post) -> tuple[str, str]:
    """Its state as it is now, and why it missed its time."""
    post.refresh_from_db()
    return post.state, post.missed_because
