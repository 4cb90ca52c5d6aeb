"""Deeds on posts that wait for their time."""

from datetime import datetime

from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from events import publishing
from events.forms.deeds.deed import Deed, Wish
from events.forms.deeds.repeated import once_more
from events.models import Post
from events.models.event import EventState
from events.models.post import Kind, PostState
from events.publishing import Done, Refused


def soon(wish: Wish) -> Done:
    """Publish when the event's send delay is over."""
    check_delay()
    return publishing.send(wish.event, **wish.going_out())


def check_delay() -> None:
    """Raise Refused where nothing would go out when a send delay is over."""
    if not publishing.is_beating(publishing.CLOCK):
        raise Refused(
            _("The clock is not running, so nothing can be held back by the send delay."),
            # Not a field of the composer: the desk offers to publish without the delay.
            "clock",
        )


def when_out(done: Done) -> str:
    """When a post goes out that was scheduled, in words."""
    post = done.post
    if post is None or post.state in (PostState.PUBLISHED, PostState.WITHDRAWN):
        return _published(post)
    if post.state != PostState.SCHEDULED or post.due_at is None:
        return _("Somebody has stopped it meanwhile: it waits among the drafts.")
    if post.sending:
        return _("Goes out in %(seconds)d s.") % {"seconds": post.event.send_delay}
    event, due = post.event, post.due_at.astimezone(post.event.tz)
    given = {"time": f"{due:%H:%M}", "day": f"{due:%d %B %Y}", "zone": event.zone_name or event.zone}
    return _("Scheduled for %(time)s (%(zone)s) on %(day)s.") % given


def _published(post: Post | None) -> str:
    """That it is out; in passing, that it names no source: that is allowed, and should surprise nobody."""
    bare = post is not None and post.kind != Kind.CORRECTION and not post.attributions.exists()
    if _is_paused(post):
        return (
            _("Published with no source named, while the coverage is paused.")
            if bare
            else _("Published, while the coverage is paused.")
        )
    return _("Published, with no source named.") if bare else _("Published.")


def _is_paused(post: Post | None) -> bool:
    return post is not None and post.event.state == EventState.PAUSED


def check_clock() -> None:
    """Raise Refused where nothing that is scheduled would go out."""
    if not publishing.is_beating(publishing.CLOCK):
        raise Refused(
            _(
                "The clock is not running: a scheduled post would not go out. "
                "Save a draft, and ask whoever runs this site to start “manage.py clock”."
            )
        )


def _schedule(wish: Wish) -> Done:
    check_clock()
    return publishing.schedule(wish.event, at=_wall_time(wish.text("due_at")), **wish.going_out())


def _wall_time(typed: str) -> datetime:
    """A time as it was typed, on the event's own clocks; publishing knows which instant that is."""
    try:
        moment = parse_datetime(typed)
    except ValueError:
        moment = None
    if moment is None or timezone.is_aware(moment):
        raise Refused(_("Write the day and the time at which it goes out, such as 2027-03-18 14:00."), "due_at")
    return moment


DEEDS = {
    "schedule": Deed(once_more(_schedule), when_out),
    "unschedule": Deed(
        lambda wish: publishing.unschedule(wish.present(), by=wish.by, key=wish.key),
        gettext_lazy("Back among the drafts: it does not go out by itself."),
    ),
}
