"""What is said about a post without touching its words: mark, move, stand, pin, unpin."""

from datetime import datetime

from django.contrib.auth.models import User
from django.utils.translation import gettext as _

from events import text
from events.models import Event, Post, StandingChange
from events.models.post import EPOCH, Standing
from events.publishing.ledger import Ledger, perform
from events.publishing.posts import parts_of, public_post
from events.publishing.words import Done, Refused


def mark(post: Post, *, by: User | None, key_event: bool, key_label: str = "", key: str = "") -> Done:
    """Make a post a key event, or one no longer; `key_label` is what the list on top says."""
    label = text.line(key_label)
    if len(label) > 60:
        raise Refused(_("The label is too long: there is room for 60 characters."), "key_label")

    def act(ledger: Ledger) -> Done:
        present = public_post(ledger, post)
        ledger.before = {"key_event": present.key_event, "key_label": present.key_label}
        present.key_event, present.key_label = key_event, label
        return Done(present, ledger.record("mark", present, parts=parts_of(ledger.event, present) | {"keys"}))

    return perform(post.event_id, "mark", by=by, key=key, act=act)


def move(post: Post, *, by: User | None, sort_at: datetime, key: str = "") -> Done:
    """Give a post another place in the column; when it was published stays as it is."""
    if sort_at < EPOCH:
        raise Refused(_("A post's place in time lies after 1970."), "sort_at")

    def act(ledger: Ledger) -> Done:
        if sort_at > ledger.now:
            raise Refused(_("A post's place in time does not lie in the future."), "sort_at")
        present = public_post(ledger, post)
        present.sort_at = sort_at
        return Done(present, ledger.record("move", present, parts=parts_of(ledger.event, present)))

    return perform(post.event_id, "move", by=by, key=key, act=act)


def stand(post: Post, *, by: User | None, standing: str, key: str = "", at: datetime | None = None) -> Done:
    """Say whether it is so: one of `Standing`. Each change is kept, with its time."""
    if standing not in Standing.values:
        raise Refused(_("“%(value)s” is no standing.") % {"value": standing}, "standing")

    def act(ledger: Ledger) -> Done:
        present = public_post(ledger, post)
        present.standing = standing
        StandingChange.objects.create(post=present, standing=standing, by=ledger.by, at=at or ledger.now)
        return Done(present, ledger.record("stand", present, parts=parts_of(ledger.event, present)))

    return perform(post.event_id, "stand", by=by, key=key, act=act)


def pin(event: Event, *, post: Post, by: User | None, until: datetime | None = None, key: str = "") -> Done:
    """Hold one post at the top, in the place of the one before; `until` ends that."""
    if post.event_id != event.pk:
        raise Refused(_("This post belongs to another event."))

    def act(ledger: Ledger) -> Done:
        return _hold_on_top(ledger, "pin", public_post(ledger, post), until)

    return perform(event.pk, "pin", by=by, key=key, act=act)


def unpin(event: Event, *, by: User | None, key: str = "") -> Done:
    """Hold nothing at the top."""

    def act(ledger: Ledger) -> Done:
        return _hold_on_top(ledger, "unpin", None, None)

    return perform(event.pk, "unpin", by=by, key=key, act=act)


def _hold_on_top(ledger: Ledger, verb: str, post: Post | None, until: datetime | None) -> Done:
    ledger.keep_pin()
    ledger.event.pinned, ledger.event.pinned_until = post, until
    ledger.event.pinned_at = ledger.now if post is not None else None
    ledger.event.save(update_fields=["pinned", "pinned_at", "pinned_until"])
    return Done(post, ledger.record(verb, parts=frozenset({"pinned"})))
