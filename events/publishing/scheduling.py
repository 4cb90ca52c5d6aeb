"""Posts that wait for their time: scheduled by an editor, or held back by the event's send delay.

Nothing old goes out by itself: what has missed its minute, or whose event is not what it was
meant for, comes back to the desk and asks.
"""

import logging
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from django.contrib.auth.models import User
from django.db import InterfaceError, OperationalError
from django.utils.translation import gettext as _

from events import permissions
from events.models import Deed, Event, Post
from events.models.event import EventState
from events.models.post import Missed, PostState
from events.publishing.clocks import instant
from events.publishing.earlier import digest
from events.publishing.ledger import Ledger, perform
from events.publishing.posts import draft_to_publish, go_out, pin_end, write, write_attributions
from events.publishing.second import written
from events.publishing.words import Busy, Done, Refused, Words

log = logging.getLogger(__name__)

#: How late a post may go out by itself.
LATEST = timedelta(seconds=60)


class _Settled(Exception):
    """Somebody else has published, moved, stopped or deleted the post."""


class _Missed(Exception):
    """The post must not go out by itself any more."""

    def __init__(self, because: Missed) -> None:
        super().__init__(because)
        self.because = because


def schedule(
    event: Event,
    *,
    words: Words,
    by: User | None,
    at: datetime,
    post: Post | None = None,
    began: str = "",
    pin: bool = False,
    pin_minutes: int = 0,
    key: str = "",
) -> Done:
    """Keep new words, or the draft `post` with these words, until `at`; what is scheduled already gets another time.

    `at` is an instant, or without a zone a time on the event's own clocks. Raises Refused for a
    time that is past, that those clocks never show or show twice, and for what could not be
    published now; Conflict over other words than those that `began` is the imprint of.
    """
    words = words.settled()
    words.check_said()
    due = instant(event, at, "due_at")

    def act(ledger: Ledger) -> Done:
        _check_ahead(ledger.event, due, ledger.now)
        return _wait(ledger, post, words, due, began=began, pin=pin, pin_minutes=pin_minutes, sending=False)

    return perform(event.pk, "schedule", by=by, key=key, act=act, digest=digest(words, due, pin, pin_minutes))


def send(
    event: Event,
    *,
    words: Words,
    by: User | None,
    post: Post | None = None,
    began: str = "",
    pin: bool = False,
    pin_minutes: int = 0,
    key: str = "",
) -> Done:
    """Publish once the event's send delay is over; until then `unschedule` stops it unseen.

    Raises Refused for whatever could not be published now; Conflict over other words than those
    that `began` is the imprint of.
    """
    words = words.settled()
    words.check_said()

    def act(ledger: Ledger) -> Done:
        due = ledger.now + timedelta(seconds=ledger.event.send_delay)
        return _wait(ledger, post, words, due, began=began, pin=pin, pin_minutes=pin_minutes, sending=True)

    return perform(event.pk, "send", by=by, key=key, act=act, digest=digest(words, pin, pin_minutes))


def unschedule(post: Post, *, by: User | None, key: str = "") -> Done:
    """Put what waits, or has missed its time, back among the drafts; it remembers when it was due."""

    def act(ledger: Ledger) -> Done:
        present = Post.objects.filter(pk=post.pk, event=ledger.event).first()
        if present is None:
            raise Refused(_("Somebody has deleted this post meanwhile."))
        if present.state in (PostState.PUBLISHED, PostState.WITHDRAWN):
            raise Refused(_("It is too late to stop this post: it has just gone out. Withdraw it, or revise it."))
        if present.state != PostState.SCHEDULED:
            raise Refused(_("Somebody has put this post back among the drafts already."))
        present.state = PostState.DRAFT
        present.wait_no_more()
        present.save()
        return Done(present, None)

    return perform(post.event_id, "unschedule", by=by, key=key, act=act)


def publish_due(now: datetime) -> Iterator[Done]:
    """Publish whatever is due at `now`, and mark as missed what must not go out by itself.

    Yields after each post, so that whoever is told to end can end between two of them: a
    published one has a sequence, a missed one has none. Killed and begun anew, or done in two
    processes at once, it doubles nothing: the keys of its deeds are made of post and time.
    Raises OperationalError when the database is away; the rest is due the next time.
    """
    waiting = Post.objects.filter(state=PostState.SCHEDULED, due_at__lte=now, missed_at__isnull=True)
    for post in waiting.select_related("event").order_by("due_at", "pk"):
        try:
            done = _settle(post, now)
        except (_Settled, Busy, Event.DoesNotExist):
            # Nothing is left to do, or, when somebody else's post is being stored, in the next round.
            continue
        if not done.repeated:
            yield done


def _settle(post: Post, now: datetime) -> Done:
    """Publish one due post, or mark it as missed."""
    told = post.deeds.filter(verb__in=("schedule", "send")).select_related("by").order_by("-id").first()
    try:
        return _publish(post, told, now)
    except (_Settled, Busy, Event.DoesNotExist, OperationalError, InterfaceError):
        raise
    except _Missed as missed:
        because = missed.because
    except Refused:
        event = Event.objects.get(pk=post.event_id)
        because = _why_not(event, post, told, now) or Missed.REFUSED
    except Exception:
        # One post that breaks us must not keep the others from going out.
        log.exception("Post %s could not be published at its time.", post.pk)
        because = Missed.REFUSED
    return _miss(post, because)


def _publish(post: Post, told: Deed | None, now: datetime) -> Done:
    """Publish it in the name of who scheduled it. Raises _Settled or _Missed when it is not to go out."""

    def act(ledger: Ledger) -> Done:
        entry = _still_due(ledger, post)
        if because := _why_not(ledger.event, entry, told, now):
            raise _Missed(because)
        if told is not None and told.by is not None and not permissions.may_publish(told.by, ledger.event):
            # Switched off since, or no editor of this event any more: it does not go out in their name.
            raise _Missed(Missed.REFUSED)
        return go_out(ledger, entry, ledger.now, pin=entry.pin_when_out, pin_minutes=entry.pin_minutes)

    return perform(post.event_id, "publish", by=told.by if told else None, key=f"due-{_moment(post)}", act=act)


def _miss(post: Post, because: Missed) -> Done:
    """Keep it from going out by itself; the desk asks what is to become of it."""

    def act(ledger: Ledger) -> Done:
        present = _still_due(ledger, post)
        present.missed_at, present.missed_because = ledger.now, because
        present.save(update_fields=["missed_at", "missed_because"])
        return Done(present, None)

    return perform(post.event_id, "miss", by=None, key=f"missed-{_moment(post)}", act=act)


def _still_due(ledger: Ledger, post: Post) -> Post:
    """The post as it is now, if it still waits for the same time. Raises _Settled."""
    waiting = Post.objects.filter(state=PostState.SCHEDULED, due_at=post.due_at, missed_at__isnull=True)
    present = waiting.filter(pk=post.pk, event=ledger.event).first()
    if present is None:
        raise _Settled
    return present


def _why_not(event: Event, post: Post, told: Deed | None, now: datetime) -> Missed | None:
    """Why a due post must not go out by itself; None when it may."""
    assert post.due_at is not None
    if now - post.due_at > LATEST:
        return Missed.LATE
    if event.frozen:
        return Missed.FROZEN
    if event.embargo_until and event.embargo_until > now:
        return Missed.EMBARGO
    if event.state == EventState.LIVE:
        return None
    if post.sending and told is not None and not _has_stopped(event, told.at):
        # Published by hand a few seconds ago, in an event that was not live then either.
        return None
    return Missed(event.state)


def _has_stopped(event: Event, since: datetime) -> bool:
    """Whether the coverage was paused or ended since then."""
    return event.updates.filter(verb__in=("pause", "end"), at__gt=since).exists()


def _moment(post: Post) -> str:
    """The post and its time: what every process that publishes it makes the same key of."""
    assert post.due_at is not None
    return f"{post.pk}-{post.due_at.astimezone(UTC):%Y%m%dT%H%M%S.%f}"


def _wait(
    ledger: Ledger,
    post: Post | None,
    words: Words,
    due: datetime,
    *,
    began: str,
    pin: bool,
    pin_minutes: int,
    sending: bool,
) -> Done:
    """Store what will go out at `due`."""
    pin_end(due, pin_minutes)
    waiting = draft_to_publish(ledger, post, words, began)
    ledger.detail = ", ".join(written(waiting, words))
    write(waiting, words)
    waiting.wait_no_more()
    waiting.state, waiting.due_at = PostState.SCHEDULED, due
    waiting.pin_when_out, waiting.pin_minutes, waiting.sending = pin, pin_minutes if pin else 0, sending
    waiting.save()
    write_attributions(waiting, words)
    return Done(waiting, None)


def _check_ahead(event: Event, due: datetime, now: datetime) -> None:
    """Raise Refused for a time at which nothing would go out."""
    if due <= now:
        raise Refused(
            _("This time is past: it is %(now)s %(zone)s now. Choose a later one, or publish at once.")
            % {"now": f"{now.astimezone(event.tz):%H:%M:%S}", "zone": event.zone_name or event.zone},
            "due_at",
        )
    if event.embargo_until and due < event.embargo_until:
        raise Refused(
            _("“%(event)s” is under embargo until %(until)s: choose a later time.")
            % {"event": event, "until": f"{event.embargo_until.astimezone(event.tz):%H:%M on %d %B}"},
            "due_at",
        )
    if event.state == EventState.ENDED:
        raise Refused(
            _("“%(event)s” has ended, and nothing goes out by itself there: open it again first.") % {"event": event}
        )
