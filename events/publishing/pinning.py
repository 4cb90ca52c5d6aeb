"""What is held at the top: pin, unpin, and the end of a pin that has one."""

from collections.abc import Iterator
from datetime import UTC, datetime

from django.contrib.auth.models import User
from django.utils.translation import gettext as _

from events.models import Event, Post
from events.publishing.ledger import Ledger, perform
from events.publishing.posts import public_post
from events.publishing.words import Busy, Done, Refused


def pin(event: Event, *, post: Post, by: User | None, until: datetime | None = None, key: str = "") -> Done:
    """Hold one post at the top, in the place of the one before; at `until` the clock takes it from there.

    Raises Refused, at `pinned_until`, for an end that is past.
    """
    if post.event_id != event.pk:
        raise Refused(_("This post belongs to another event."))

    def act(ledger: Ledger) -> Done:
        if until is not None and until <= ledger.now:
            now = f"{ledger.now.astimezone(ledger.event.tz):%H:%M:%S}"
            raise Refused(_("This time is past: it is %(now)s there now.") % {"now": now}, "pinned_until")
        return _hold_on_top(ledger, "pin", public_post(ledger, post), until)

    return perform(event.pk, "pin", by=by, key=key, act=act)


def unpin(event: Event, *, by: User | None, key: str = "") -> Done:
    """Hold nothing at the top."""

    def act(ledger: Ledger) -> Done:
        return _hold_on_top(ledger, "unpin", None, None)

    return perform(event.pk, "unpin", by=by, key=key, act=act)


def lapse(now: datetime) -> Iterator[Done]:
    """Take from the top what is pinned no longer than `now`; what a freeze or an embargo keeps there waits.

    Yields after each, so that whoever is told to end can end between two. Done in two processes at
    once it does nothing twice: the key is made of the event and the moment.
    """
    over = Event.objects.filter(pinned__isnull=False, pinned_until__lte=now, frozen=False)
    for event in over.exclude(embargo_until__gt=now).order_by("pinned_until", "pk"):
        try:
            done = _lapse(event, now)
        except (Busy, Refused, Event.DoesNotExist):
            # In the next round, or somebody has decided meanwhile.
            continue
        if not done.repeated and done.sequence is not None:
            yield done


def _lapse(event: Event, now: datetime) -> Done:
    def act(ledger: Ledger) -> Done:
        until, pinned = ledger.event.pinned_until, ledger.event.pinned_id
        if pinned is None or until is None or until > now:
            return Done(None, None)
        ledger.about, ledger.detail = pinned, "its time was over"
        return _hold_on_top(ledger, "unpin", None, None)

    assert event.pinned_until is not None
    moment = f"{event.pinned_until.astimezone(UTC):%Y%m%dT%H%M%S.%f}"
    return perform(event.pk, "unpin", by=None, key=f"lapse-{event.pinned_id}-{moment}", act=act)


def _hold_on_top(ledger: Ledger, verb: str, post: Post | None, until: datetime | None) -> Done:
    ledger.keep_pin()
    ledger.put_on_top(post, until=until)
    return Done(post, ledger.record(verb, parts=frozenset({"pinned"})))
