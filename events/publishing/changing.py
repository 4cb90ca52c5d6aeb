"""What readers no longer see of a post, and what they see again: hold, withdraw, retract, remove, undo, restore."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.contrib.auth.models import User
from django.db.models import Q
from django.utils import translation
from django.utils.translation import gettext as _

from events import text
from events.models import Correction, Deed, Post, Update
from events.models.correction import CorrectionKind
from events.models.post import PostState, Withdrawal
from events.publishing import removals
from events.publishing.leading import tell_replaced
from events.publishing.ledger import Ledger, perform
from events.publishing.posts import (
    parts_of,
    post_now,
    public_post,
    show,
)
from events.publishing.words import Done, Refused, public_line, required_line

#: How long a post can be taken back without a trace after it went out.
UNDO_WINDOW = timedelta(seconds=30)


def hold(post: Post, *, by: User | None, key: str = "") -> Done:
    """Take the words away while they are checked; readers see that we are checking."""
    return _take_down(post, "hold", Withdrawal.HOLD, by=by, key=key)


def withdraw(post: Post, *, by: User | None, note: str = "", replaced_by: Post | None = None, key: str = "") -> Done:
    """Withdraw what is wrong or was said twice; a sentence stays, and a link to what replaces it.

    Raises Refused, at `replaced_by`, for a post of another event or one that readers cannot read.
    """
    if replaced_by is not None and (replaced_by.event_id != post.event_id or replaced_by.pk == post.pk):
        raise Refused(_("Only another post of the same event can replace this one."), "replaced_by")

    def check(ledger: Ledger, present: Post) -> None:
        if replaced_by is not None:
            if not Post.objects.published().filter(pk=replaced_by.pk).exists():
                raise Refused(_("Readers cannot read that post: choose one that is public."), "replaced_by")
            ledger.detail = f"read instead: {replaced_by.pk}"

    with translation.override(post.event.language):
        note = text.after(_("This post was withdrawn."), note)
    return _take_down(
        post, "withdraw", Withdrawal.WITHDRAW, by=by, key=key, note=note, replaced_by=replaced_by, check=check
    )


def retract(post: Post, *, by: User | None, note: str, key: str = "") -> Done:
    """Stand by it no longer: the text goes, a dated sentence says so."""
    with translation.override(post.event.language):
        note = text.after(_("We no longer stand by this post."), note)
    note = required_line(note, _("Write why we no longer stand by this post."))
    return _take_down(post, "retract", Withdrawal.RETRACTION, by=by, key=key, note=note)


def undo(post: Post, *, by: User | None, key: str = "") -> Done:
    """Take back a post that has just gone out, without a trace; the words stay in the trash.

    Raises Refused once its window (`UNDO_WINDOW`) is over or when it was changed since.
    """
    return _take_down(post, "undo", Withdrawal.UNDO, by=by, key=key, check=_check_unseen)


def undo_entry(ledger: Ledger, entry: Post) -> None:
    """Take back the post that told of a correction, in the deed that takes back the correction itself.

    Raises Refused as `undo` does, and where readers do not see it any more.
    """
    present = public_post(ledger, entry)
    _check_unseen(ledger, present)
    _entry_down(ledger, present, "undo", Withdrawal.UNDO)


def _check_unseen(ledger: Ledger, post: Post) -> None:
    """Raise Refused for what did not go out just now, or was changed since."""
    last = Update.objects.filter(event=ledger.event, post=post).latest("sequence")
    if last.verb != "publish" or post.version != 1 or ledger.now - last.at > UNDO_WINDOW:
        raise Refused(_("It is too late to take this back unseen: withdraw it instead."))


def remove(post: Post, *, by: User | None, key: str = "") -> Done:
    """Remove for law, safety or privacy: no words stay anywhere, the history included.

    A ledger outside the database remembers it, so that a restored backup can be told (`removals.py`).
    What was never public goes altogether, with what anybody has of it in a composer.
    """
    if post.published_at is None:
        return perform(post.event_id, "remove", by=by, key=key, act=lambda ledger: _remove_unseen(ledger, post))

    def check(ledger: Ledger, present: Post) -> None:
        _remove_entries(ledger, present)
        # And an entry's own words stand above the post that it corrects.
        told = Correction.objects.filter(entry=present).select_related("post").first()
        if told is not None:
            told.delete()
            ledger.record("revise", told.post, parts=parts_of(ledger.event, told.post))
        removals.blank(ledger, present)

    return _take_down(post, "remove", Withdrawal.REMOVE, by=by, key=key, check=check, again=True)


def _remove_unseen(ledger: Ledger, post: Post) -> Done:
    """Remove a post that no reader has seen."""
    present = post_now(ledger, post)
    if present.published_at is not None:
        raise Refused(_("Somebody has published this post meanwhile: remove it once more."))
    ledger.about = present.pk
    removals.blank(ledger, present)
    # Not by the instance, which would forget its id before it is noted.
    Post.objects.filter(pk=present.pk).delete()
    return Done(None, None)


def _remove_entries(ledger: Ledger, post: Post) -> None:
    """Remove, in the same deed, what told readers of a post's corrections: it repeats its headline and its words.

    Those that were taken back wait in the trash, and only the deed still says which they were; one
    that was corrected itself has an entry in its turn.
    """
    keys = [f"{key}/entry" for key in post.deeds.filter(verb="correct").values_list("key", flat=True)]
    of_deeds = Q(pk__in=Deed.objects.filter(event=ledger.event, key__in=keys).values("post"))
    for entry in Post.objects.filter(Q(entry_of__post=post) | of_deeds, event=ledger.event):
        _remove_entries(ledger, entry)
        if entry.withdrawal != Withdrawal.REMOVE:
            _entry_down(ledger, entry, "remove", Withdrawal.REMOVE)


def _entry_down(ledger: Ledger, entry: Post, verb: str, withdrawal: Withdrawal) -> None:
    """Take down the post that told of a correction, within a deed on the corrected one."""
    parts = parts_of(ledger.event, entry)
    if withdrawal == Withdrawal.REMOVE:
        removals.blank(ledger, entry)
    _unpin(ledger, entry)
    entry.state, entry.withdrawal = PostState.WITHDRAWN, withdrawal
    entry.withdrawn_at, entry.withdrawn_note, entry.replaced_by = ledger.now, "", None
    ledger.record(verb, entry, parts=parts)
    tell_replaced(ledger, entry)


def _take_down(
    post: Post,
    verb: str,
    withdrawal: Withdrawal,
    *,
    by: User | None,
    key: str,
    note: str = "",
    replaced_by: Post | None = None,
    check: Callable[[Ledger, Post], None] | None = None,
    again: bool = False,
) -> Done:
    """Take a post's words from the readers. `again`: also from a post that is withdrawn already."""
    note = public_line(note)

    def act(ledger: Ledger) -> Done:
        present = post_now(ledger, post)
        if present.state != PostState.PUBLISHED and not (
            present.state == PostState.WITHDRAWN and (again or present.withdrawal == Withdrawal.HOLD)
        ):
            raise Refused(_("This post is not public now."))
        parts = parts_of(ledger.event, present)
        if check is not None:
            check(ledger, present)
        if verb in ("hold", "withdraw"):
            ledger.before = _withdrawn(present)
        _unpin(ledger, present)
        present.state, present.withdrawal = PostState.WITHDRAWN, withdrawal
        present.withdrawn_at, present.withdrawn_note, present.replaced_by = ledger.now, note, replaced_by
        if verb == "retract":
            Correction.objects.create(
                post=present, kind=CorrectionKind.RETRACTION, note=note, at=ledger.now, by=ledger.by
            )
        sequence = ledger.record(verb, present, parts=parts)
        tell_replaced(ledger, present)
        return Done(present, sequence)

    return perform(post.event_id, verb, by=by, key=key, act=act)


def restore(post: Post, *, by: User | None, key: str = "") -> Done:
    """Show a held or withdrawn post's words again, in their place, as a new version."""

    def act(ledger: Ledger) -> Done:
        present = post_now(ledger, post)
        if present.state != PostState.WITHDRAWN or present.withdrawal == Withdrawal.REMOVE:
            raise Refused(_("Only a post that was held or withdrawn can be restored."))
        retraction = present.corrections.filter(kind=CorrectionKind.RETRACTION)
        ledger.before = _withdrawn(present) | {
            "instead": present.replaced_by_id,
            "by": retraction.values_list("by", flat=True).first(),
        }
        show(present)
        retraction.delete()
        sequence = ledger.record("restore", present, parts=parts_of(ledger.event, present))
        tell_replaced(ledger, present)
        return Done(present, sequence)

    return perform(post.event_id, "restore", by=by, key=key, act=act)


def _withdrawn(post: Post) -> dict[str, Any]:
    """How a post was taken down, if it was: for whoever takes the next deed back."""
    at = post.withdrawn_at.isoformat() if post.withdrawn_at else None
    return {"withdrawal": post.withdrawal, "note": post.withdrawn_note, "at": at}


def _unpin(ledger: Ledger, post: Post) -> None:
    """What readers can no longer read is not held at the top."""
    if ledger.event.pinned_id == post.pk:
        ledger.keep_pin()
        ledger.put_on_top(None)
