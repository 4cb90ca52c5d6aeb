"""Undo: within its window a deed is taken back by the ordinary deeds that lead back."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.models import User
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from events.models import Deed, Event, Post, SummaryLine, Update
from events.models.correction import CorrectionKind
from events.models.event import EventState
from events.models.post import PostState, Withdrawal
from events.publishing.changing import UNDO_WINDOW, undo, undo_entry
from events.publishing.earlier import words_again
from events.publishing.leading import tell_replaced
from events.publishing.ledger import Ledger, perform
from events.publishing.posts import keep_revision, parts_of, public_post, rewrite
from events.publishing.words import Busy, Done, Refused

log = logging.getLogger(__name__)

#: For a deed that is being taken back at the end of its window.
SPARE = timedelta(minutes=1)


def takeback(event: Event, *, which: str, by: User | None, key: str = "") -> Done:
    """Take back what `by` did with the key `which`.

    Raises Refused when it is too late, when somebody has changed the same since, or for
    what cannot be taken back.
    """
    deed = Deed.objects.select_related("post").filter(event=event, key=which, by=by).first()
    if deed is None or not can_take_back(deed):
        raise Refused(_("This cannot be taken back."))
    key = key or f"{which}-back"
    if timezone.now() - deed.at > UNDO_WINDOW and not Deed.objects.filter(event=event, key=key).exists():
        raise Refused(_("It is too late to take this back unseen: change it instead."))
    return _BACK[deed.verb](deed, by, key)


def can_take_back(deed: Deed) -> bool:
    """Whether a deed of this kind can be taken back, were it done just now."""
    return deed.verb in _BACK and deed.sequence is not None and (deed.post_id is not None or deed.verb in _EVENT)


def forget_before(now: datetime) -> int:
    """Forget what stood before deeds that can be taken back no longer; return how many there were."""
    return Deed.objects.filter(before__isnull=False, at__lt=now - UNDO_WINDOW - SPARE).update(before=None)


def _unpublish(deed: Deed, by: User | None, key: str) -> Done:
    done = undo(_post(deed), by=by, key=key)
    _pin_again(deed, by, f"{key}-pin")
    return done


def _words_back(deed: Deed, by: User | None, key: str) -> Done:
    """The earlier words as a new version; the notes and the entry that came with the others go."""

    def act(ledger: Ledger) -> Done:
        present = public_post(ledger, _post(deed))
        _check_untouched(ledger, deed)
        before = _before(deed)
        words = words_again(before["words"])
        for note in present.corrections.filter(at=deed.at).exclude(entry=None).select_related("entry"):
            assert note.entry is not None
            undo_entry(ledger, note.entry)
        present.corrections.filter(at=deed.at).delete()
        present.standing_changes.filter(at=deed.at).delete()
        present.standing = words.standing
        parts = rewrite(ledger, present, words, present.revision, ledger.now)
        present.revised_at, present.significant_at = _moment(before["revised_at"]), _moment(before["significant_at"])
        if "held" in before:
            present.state, present.withdrawal = PostState.WITHDRAWN, Withdrawal.HOLD
            present.withdrawn_at = _moment(before["held"]) or ledger.now
        sequence = ledger.record("hold" if "held" in before else "revise", present, parts=parts)
        keep_revision(ledger, present, ledger.now)
        if "held" in before:
            tell_replaced(ledger, present)
        return Done(present, sequence)

    return perform(deed.event_id, "revise", by=by, key=key, act=act)


def _shown_again(deed: Deed, by: User | None, key: str) -> Done:
    """A withdrawn or held post as it was before: public, or held."""
    before = _before(deed)
    held = before["withdrawal"] == Withdrawal.HOLD

    def act(ledger: Ledger) -> Done:
        present = Post.objects.get(pk=deed.post_id, event=ledger.event)
        _check_untouched(ledger, deed)
        present.replaced_by = None
        present.withdrawn_note = before["note"]
        if held:
            present.withdrawal, present.withdrawn_at = Withdrawal.HOLD, _moment(before["at"])
            return Done(present, ledger.record("hold", present, parts=parts_of(ledger.event, present)))
        present.state, present.withdrawal, present.withdrawn_at = PostState.PUBLISHED, Withdrawal.NONE, None
        sequence = ledger.record("restore", present, parts=parts_of(ledger.event, present))
        tell_replaced(ledger, present)
        return Done(present, sequence)

    done = perform(deed.event_id, "hold" if held else "restore", by=by, key=key, act=act)
    _pin_again(deed, by, f"{key}-pin")
    return done


def _down_again(deed: Deed, by: User | None, key: str) -> Done:
    """A restored post as it was before: withdrawn, retracted, held, or taken back unseen."""
    before = _before(deed)
    withdrawal, verb = Withdrawal(before["withdrawal"]), _DOWN[before["withdrawal"]]

    def act(ledger: Ledger) -> Done:
        present = public_post(ledger, _post(deed))
        _check_untouched(ledger, deed)
        parts = parts_of(ledger.event, present)
        if ledger.event.pinned_id == present.pk:
            ledger.put_on_top(None)
        present.state, present.withdrawal = PostState.WITHDRAWN, withdrawal
        present.withdrawn_at, present.withdrawn_note = _moment(before["at"]), before["note"]
        present.replaced_by = Post.objects.filter(pk=before["instead"], event=ledger.event).first()
        if withdrawal == Withdrawal.RETRACTION:
            of, at = User.objects.filter(pk=before["by"]).first(), present.withdrawn_at or ledger.now
            present.corrections.create(kind=CorrectionKind.RETRACTION, note=before["note"], at=at, by=of)
        sequence = ledger.record(verb, present, parts=parts)
        tell_replaced(ledger, present)
        return Done(present, sequence)

    return perform(deed.event_id, verb, by=by, key=key, act=act)


def _set_back(
    deed: Deed, by: User | None, key: str, change: Callable[[Post, dict[str, Any]], None], *parts: str
) -> Done:
    """Give a public post back what the deed changed of it; `parts` of the page hang on that too."""

    def act(ledger: Ledger) -> Done:
        present = public_post(ledger, _post(deed))
        _check_untouched(ledger, deed)
        change(present, _before(deed))
        return Done(present, ledger.record(deed.verb, present, parts=parts_of(ledger.event, present) | {*parts}))

    return perform(deed.event_id, deed.verb, by=by, key=key, act=act)


def _standing_back(deed: Deed, by: User | None, key: str) -> Done:
    def change(present: Post, before: dict[str, Any]) -> None:
        present.standing = before["standing"]
        present.standing_changes.filter(at=deed.at).delete()

    return _set_back(deed, by, key, change)


def _place_back(deed: Deed, by: User | None, key: str) -> Done:
    def change(present: Post, before: dict[str, Any]) -> None:
        present.sort_at = _moment(before["sort_at"])

    return _set_back(deed, by, key, change)


def _mark_back(deed: Deed, by: User | None, key: str) -> Done:
    def change(present: Post, before: dict[str, Any]) -> None:
        present.key_event, present.key_label = before["key_event"], before["key_label"]

    return _set_back(deed, by, key, change, "keys")


def _pin_back(deed: Deed, by: User | None, key: str) -> Done:
    """What stood on top before, if readers can still see it."""
    earlier = _before(deed)["pin"]
    back = Post.objects.published().filter(event=deed.event_id, pk=earlier["post"]).first() if earlier else None
    verb = "pin" if back else "unpin"

    def act(ledger: Ledger) -> Done:
        untouched = ledger.event.pinned_id is None if deed.verb == "unpin" else ledger.event.pinned_at == deed.at
        if not untouched:
            raise Refused(_changed_since())
        return _put_on_top(ledger, verb, back, earlier)

    return perform(deed.event_id, verb, by=by, key=key, act=act)


def _pin_again(deed: Deed, by: User | None, key: str) -> None:
    """Hold on top again what a deed on a post has taken from there, unless something else is there by now.

    Where nothing may be put on top by now, as in a frozen event, what was taken back is so all the same.
    """
    earlier = (deed.before or {}).get("pin")
    if not earlier:
        return

    def act(ledger: Ledger) -> Done:
        back = Post.objects.published().filter(event=ledger.event, pk=earlier["post"]).first()
        if back is None or ledger.event.pinned_id is not None:
            return Done(None, None)
        return _put_on_top(ledger, "pin", back, earlier)

    try:
        perform(deed.event_id, "pin", by=by, key=key, act=act)
    except Busy:
        raise
    except Refused:
        log.info("What stood on top of event %s was not put back: it is closed.", deed.event_id)


def _put_on_top(ledger: Ledger, verb: str, post: Post | None, earlier: dict[str, Any] | None) -> Done:
    at, until = (_moment(earlier[name]) if earlier else None for name in ("at", "until"))
    ledger.put_on_top(post, at=at, until=until)
    return Done(post, ledger.record(verb, parts=frozenset({"pinned"})))


def _summary_back(deed: Deed, by: User | None, key: str) -> Done:
    def act(ledger: Ledger) -> Done:
        if ledger.event.summary_at != deed.at:
            raise Refused(_changed_since())
        before = _before(deed)
        there = set(Post.objects.filter(event=ledger.event).values_list("pk", flat=True))
        SummaryLine.objects.filter(event=ledger.event).delete()
        SummaryLine.objects.bulk_create(
            SummaryLine(
                event=ledger.event, position=position, text=text, knowing=knowing, post_id=pk if pk in there else None
            )
            for position, (text, knowing, pk) in enumerate(before["lines"])
        )
        ledger.event.summary_at = _moment(before["at"])
        ledger.event.save(update_fields=["summary_at"])
        return Done(None, ledger.record("summarise", parts=frozenset({"summary"})))

    return perform(deed.event_id, "summarise", by=by, key=key, act=act)


def _live_again(deed: Deed, by: User | None, key: str) -> Done:
    def act(ledger: Ledger) -> Done:
        turned = Update.objects.filter(event=ledger.event, verb__in=("open", "pause", "end"))
        if turned.filter(sequence__gt=deed.sequence).exists():
            raise Refused(_changed_since())
        ledger.event.state, ledger.event.pause_note = EventState.LIVE, ""
        ledger.event.save(update_fields=["state", "pause_note"])
        return Done(None, ledger.record("open", parts=frozenset({"header"})))

    return perform(deed.event_id, "open", by=by, key=key, act=act)


def _check_untouched(ledger: Ledger, deed: Deed) -> None:
    """Raise Refused when anybody has changed the deed's post after it."""
    if Update.objects.filter(event=ledger.event, post=deed.post_id, sequence__gt=deed.sequence).exists():
        raise Refused(_changed_since())


def _changed_since() -> str:
    return _("Somebody has changed this since: it is not taken back.")


def _post(deed: Deed) -> Post:
    assert deed.post is not None
    return deed.post


def _before(deed: Deed) -> dict[str, Any]:
    """What the deed has kept of what was there; gone once the post was removed by law."""
    if deed.before is None:
        raise Refused(_("This cannot be taken back."))
    return deed.before


def _moment(value: str | None) -> datetime | None:
    return parse_datetime(value) if value else None


_BACK: dict[str, Callable[[Deed, User | None, str], Done]] = {
    "publish": _unpublish,
    "revise": _words_back,
    "correct": _words_back,
    "withdraw": _shown_again,
    "hold": _shown_again,
    "restore": _down_again,
    "mark": _mark_back,
    "stand": _standing_back,
    "move": _place_back,
    "pin": _pin_back,
    "unpin": _pin_back,
    "summarise": _summary_back,
    "pause": _live_again,
}
#: By which deed a post is down so.
_DOWN = {
    Withdrawal.HOLD: "hold",
    Withdrawal.WITHDRAW: "withdraw",
    Withdrawal.RETRACTION: "retract",
    Withdrawal.UNDO: "undo",
}
_EVENT = frozenset({"pin", "unpin", "summarise", "pause"})
