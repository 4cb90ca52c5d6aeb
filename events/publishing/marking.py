"""What is said about a post without touching its words: mark, move, stand."""

from datetime import datetime

from django.contrib.auth.models import User
from django.utils.translation import gettext as _

from events import text
from events.models import Post, StandingChange
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
        assert present.sort_at is not None
        ledger.before = {"sort_at": present.sort_at.isoformat()}
        present.sort_at = sort_at
        return Done(present, ledger.record("move", present, parts=parts_of(ledger.event, present)))

    return perform(post.event_id, "move", by=by, key=key, act=act)


def stand(post: Post, *, by: User | None, standing: str, key: str = "", at: datetime | None = None) -> Done:
    """Say whether it is so: one of `Standing`. Each change is kept, with its time; what is so already is left."""
    if standing not in Standing.values:
        raise Refused(_("“%(value)s” is no standing.") % {"value": standing}, "standing")

    def act(ledger: Ledger) -> Done:
        present = public_post(ledger, post)
        if present.standing == standing:
            return Done(present, None)
        ledger.before, ledger.detail = {"standing": present.standing}, standing
        present.standing = standing
        StandingChange.objects.create(post=present, standing=standing, by=ledger.by, at=at or ledger.now)
        return Done(present, ledger.record("stand", present, parts=parts_of(ledger.event, present)))

    return perform(post.event_id, "stand", by=by, key=key, act=act)
