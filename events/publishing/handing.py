"""What goes from hand to hand before it is public: claim, send back; and the desk's own notes. No frame, no reader."""

from django.contrib.auth.models import User
from django.utils.translation import gettext as _

from events import text
from events.models import Post
from events.models.post import PostState
from events.publishing.ledger import Ledger, perform
from events.publishing.posts import post_now
from events.publishing.words import Done, Refused

#: Characters of a reason, and of a note on a post.
MAX_REASON = 300
MAX_NOTE = 2000


def claim(post: Post, *, by: User, over: bool = False, key: str = "") -> Done:
    """Say that one works on a submission; `over` takes it from whoever has claimed it before.

    Without it a submission that somebody else has claimed raises Refused at the field `claimed`.
    """

    def act(ledger: Ledger) -> Done:
        present = _submitted(ledger, post)
        holder = present.claimed_by
        if holder is not None and holder.pk != by.pk and not over:
            raise Refused(_("%(name)s has claimed this already.") % {"name": _name(holder)}, "claimed")
        present.claimed_by = by
        present.save(update_fields=["claimed_by"])
        return Done(present, None)

    return perform(post.event_id, "claim", by=by, key=key, act=act)


def unclaim(post: Post, *, by: User | None, key: str = "") -> Done:
    """Leave a submission to whoever wants it."""

    def act(ledger: Ledger) -> Done:
        present = _submitted(ledger, post)
        holder = present.claimed_by
        if holder is not None and by is not None and holder.pk != by.pk:
            raise Refused(_("%(name)s has claimed this, and not you.") % {"name": _name(holder)})
        present.claimed_by = None
        present.save(update_fields=["claimed_by"])
        return Done(present, None)

    return perform(post.event_id, "unclaim", by=by, key=key, act=act)


def send_back(post: Post, *, by: User | None, reason: str, key: str = "") -> Done:
    """Make a submission its author's draft again, with the reason that they read."""
    reason = text.line(reason)
    if not reason:
        raise Refused(_("Write why it comes back: its author reads it."), "reason")
    if len(reason) > MAX_REASON:
        raise Refused(
            _("The reason is too long: there is room for %(room)d characters.") % {"room": MAX_REASON}, "reason"
        )

    def act(ledger: Ledger) -> Done:
        present = _submitted(ledger, post)
        present.state, present.claimed_by = PostState.DRAFT, None
        present.sent_back_reason, present.handed_at = reason, ledger.now
        present.save(update_fields=["state", "claimed_by", "sent_back_reason", "handed_at"])
        return Done(present, None)

    return perform(post.event_id, "send_back", by=by, key=key, act=act)


def note(post: Post, *, by: User | None, note: str, seen: str | None = None, key: str = "") -> Done:
    """Keep a note on a post for the desk alone, in the place of the one before; empty takes it away.

    `seen` is the one that its author began from: over another one Refused is raised, at `seen`.
    """
    note = text.strip_bidi(note).strip()
    if len(note) > MAX_NOTE:
        raise Refused(_("The note is too long: there is room for %(room)d characters.") % {"room": MAX_NOTE}, "note")

    def act(ledger: Ledger) -> Done:
        present = post_now(ledger, post)
        if seen is not None and present.note not in (seen, note):
            raise Refused(_("Somebody else has changed this note meanwhile."), "seen")
        present.note = note
        present.save(update_fields=["note"])
        return Done(present, None)

    return perform(post.event_id, "note", by=by, key=key, act=act)


def _submitted(ledger: Ledger, post: Post) -> Post:
    """The submission as it is now; raise Refused when it is none any more."""
    present = Post.objects.select_related("claimed_by").filter(pk=post.pk, event=ledger.event).first()
    if present is None:
        raise Refused(_("Somebody has deleted this submission meanwhile."))
    if present.state != PostState.SUBMITTED:
        raise Refused(_("This is no submission any more: somebody has published it, or put it back among the drafts."))
    return present


def _name(user: User) -> str:
    return user.get_short_name() or user.get_username()
