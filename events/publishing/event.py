"""The event itself: made, opened, paused, ended, changed, summed up."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from events import text
from events.models import Event, EventAddress, Post, Stream, SummaryLine
from events.models.event import EventState, Visibility, new_epoch
from events.models.summary import Knowing
from events.publishing.earlier import digest
from events.publishing.ledger import Ledger, check_open, perform
from events.publishing.pictures import PICTURE_WORDS, check_picture
from events.publishing.ties import check_tie, may_lag, tell_ties
from events.publishing.words import Done, Line, Refused

#: Fields that may be changed, and those of them that no reader sees.
PRIVATE_FIELDS = frozenset({"frozen", "embargo_until", "send_delay", "second_editor", "only_named", "handover"})
PUBLIC_FIELDS = frozenset(
    {
        "slug", "title", "short_title", "standfirst", "language", "zone", "zone_name", "zones", "visibility",
        "starts_at", "notice", "indexed", "team_line", "coming_up", "continues",
        "lead_picture", "picture_alt", "picture_caption", "picture_credit",
    }
)  # fmt: skip
#: Fields that show on the pages of the events before and after this one.
TELLING = frozenset({"slug", "title", "visibility", "continues"})
#: Fields whose change makes every rendered post another one: the client takes the page again.
RESETTING = frozenset({"slug", "language", "zone", "zone_name"})


def create_event(*, by: User | None, **fields: Any) -> Event:
    """Make an event and its stream; `fields` are those of `Event`.

    Raises Refused, naming the field, for what does not fit.
    """
    event = Event(created_by=by, **fields)
    _check(event)
    now = timezone.now()
    if event.is_readable and event.embargo_until and event.embargo_until > now:
        raise Refused(
            _("An event under embargo begins as a private one: choose that, and show it later."), "visibility"
        )
    check_tie(event, None, now)
    with transaction.atomic():
        event.save()
        Stream.objects.create(event=event)
        tell_ties(event, event.continues, by=by)
    return event


def change(
    event: Event, *, by: User | None, key: str = "", seen: Mapping[str, Any] | None = None, **fields: Any
) -> Done:
    """Change an event's own fields, in one deed. What is as it was already is left alone.

    `seen` is what the editor began from: where somebody else has changed one of the fields
    since, Refused is raised at `seen`, and nothing is stored over theirs. An old address goes on
    leading to the event. Going public begins a new epoch, since what was imported before was
    never announced.
    """
    unknown = set(fields) - PUBLIC_FIELDS - PRIVATE_FIELDS
    if unknown:
        raise Refused(_("An event has no field “%(name)s” that can be changed.") % {"name": min(unknown)})

    if fields.get("lead_picture", True) is None:
        # What is said of a picture goes with it.
        fields |= dict.fromkeys(PICTURE_WORDS, "")

    def act(ledger: Ledger) -> Done:
        present = ledger.event
        changed = {name for name, value in fields.items() if getattr(present, name) != value}
        if not changed:
            return Done(None, None)
        if any(getattr(present, name) != (seen or {}).get(name, getattr(present, name)) for name in changed):
            raise Refused(_("Somebody else has changed this meanwhile."), "seen")
        was = _store(ledger, {name: fields[name] for name in changed})
        if not was.is_readable and present.is_readable:
            ledger.stream.epoch = new_epoch()
            ledger.stream.save(update_fields=["epoch"])
        ledger.detail = _said(present, changed)
        if not changed & PUBLIC_FIELDS and not may_lag(present, changed, ledger.now):
            return Done(None, None)
        if changed & TELLING:
            tell_ties(present, was.continues, present.continues, by=by)
        # Where partners alone have it now, or no longer, no post leads to its page, or each does.
        moved = was.is_readable and present.is_readable and was.has_page != present.has_page
        reset = bool(changed & RESETTING) or moved
        sequence = ledger.record("change", parts=frozenset({"header"}), reset=reset)
        return Done(None, sequence)

    return perform(event.pk, "change", by=by, key=key, act=act)


def _store(ledger: Ledger, fields: Mapping[str, Any]) -> Event:
    """Store these fields of the event, and return it as it was; raise Refused for what does not fit."""
    present, changed = ledger.event, set(fields)
    was = Event.objects.get(pk=present.pk)
    for name, value in fields.items():
        setattr(present, name, value)
    if changed & PUBLIC_FIELDS:
        _check_may_change(was, present, ledger.now)
    if "embargo_until" in changed and present.embargo_until and present.embargo_until <= ledger.now:
        raise Refused(_("This time is past: an embargo ends in the future."), "embargo_until")
    _check(present)
    if "continues" in changed:
        check_tie(present, was.continues, ledger.now)
    if "slug" in changed:
        EventAddress.objects.filter(slug=present.slug, event=present).delete()
        EventAddress.objects.get_or_create(slug=was.slug, event=present)
    present.save(update_fields=sorted(changed))
    return was


def _said(event: Event, changed: set[str]) -> str:
    """What the audit says of a change: the fields, and the values of those that decide who sees what."""
    told = {name: f"{name}={getattr(event, name)}" for name in ("visibility", "frozen", "embargo_until", "only_named")}
    return ", ".join(told.get(name, name) for name in sorted(changed))


def _check_may_change(was: Event, present: Event, now: datetime) -> None:
    """Raise Refused when a freeze or an embargo, as they were, forbids to show readers another top of the page."""
    if was.frozen:
        raise Refused(_("“%(event)s” is frozen: unfreeze it first.") % {"event": was})
    # What nobody can read may be prepared; to let it be read is what an embargo forbids.
    if present.is_readable:
        check_open(was, "show", now)


def _check(event: Event) -> None:
    """Raise Refused for the first field that does not fit."""
    for name in ("title", "short_title", "notice", "team_line", "coming_up", "zone_name", *PICTURE_WORDS):
        setattr(event, name, text.line(getattr(event, name)))
    check_picture(event)
    if EventAddress.objects.filter(slug=event.slug).exclude(event=event.pk).exists():
        raise Refused(_("Another event once had this address; links to it would lead here."), "slug")
    try:
        event.full_clean(exclude=["created_by", "pinned"])
    except ValidationError as error:
        field, messages = next(iter(error.message_dict.items()))
        raise Refused(str(messages[0]), "" if field == "__all__" else field) from error


def open(event: Event, *, by: User | None, key: str = "", at: datetime | None = None) -> Done:
    """Go live, for the first time, after a pause, or again after the end."""

    def act(ledger: Ledger) -> Done:
        present = ledger.event
        if present.state == EventState.LIVE:
            raise Refused(_("“%(event)s” is live already.") % {"event": present})
        present.opened_at = present.opened_at or at or ledger.now
        return _turn(ledger, "open", EventState.LIVE, ended_at=None, pause_note="")

    return perform(event.pk, "open", by=by, key=key, act=act)


def pause(event: Event, *, by: User | None, note: str = "", key: str = "") -> Done:
    """Pause the coverage; `note` is the public sentence, such as “We are back at six”."""
    note = text.line(note)
    if len(note) > 200:
        raise Refused(_("The sentence is too long: there is room for 200 characters."), "note")

    def act(ledger: Ledger) -> Done:
        if ledger.event.state != EventState.LIVE:
            raise Refused(_("Only a live event can be paused."))
        return _turn(ledger, "pause", EventState.PAUSED, ended_at=None, pause_note=note)

    return perform(event.pk, "pause", by=by, key=key, act=act)


def end(event: Event, *, by: User | None, key: str = "", at: datetime | None = None) -> Done:
    """End the coverage; `at` is for importers. Corrections still go out afterwards."""

    def act(ledger: Ledger) -> Done:
        if ledger.event.state == EventState.ENDED:
            raise Refused(_("“%(event)s” has ended already.") % {"event": ledger.event})
        return _turn(ledger, "end", EventState.ENDED, ended_at=at or ledger.now, pause_note="")

    return perform(event.pk, "end", by=by, key=key, act=act)


def _turn(ledger: Ledger, verb: str, state: EventState, *, ended_at: datetime | None, pause_note: str) -> Done:
    present = ledger.event
    present.state, present.ended_at, present.pause_note = state, ended_at, pause_note
    present.save(update_fields=["state", "ended_at", "pause_note", "opened_at"])
    return Done(None, ledger.record(verb, parts=frozenset({"header"})))


def summarise(
    event: Event,
    *,
    lines: Sequence[Line],
    by: User | None,
    key: str = "",
    at: datetime | None = None,
    seen: Sequence[Sequence[str | None]] | None = None,
) -> Done:
    """Replace the living summary with these lines, in this order.

    `seen` is what the editor began from, ``[text, knowing, post id or None]`` a line: where somebody
    else has changed it since, Refused is raised at `seen`.
    """
    rows = [
        SummaryLine(event=event, position=position, text=text.line(line.text), knowing=line.knowing, post=line.post)
        for position, line in enumerate(lines)
        if text.line(line.text)
    ]
    for row in rows:
        _check_line(row)

    def act(ledger: Ledger) -> Done:
        earlier, was = SummaryLine.objects.filter(event=event), ledger.event.summary_at
        kept = [[line.text, line.knowing, line.post_id] for line in earlier]
        if seen is not None and [list(line) for line in seen] != kept:
            raise Refused(_("Somebody else has changed the summary meanwhile."), "seen")
        ledger.before = {"lines": kept, "at": was.isoformat() if was else None}
        earlier.delete()
        SummaryLine.objects.bulk_create(rows)
        ledger.event.summary_at = at or ledger.now
        ledger.event.save(update_fields=["summary_at"])
        return Done(None, ledger.record("summarise", parts=frozenset({"summary"})))

    said = digest([[row.text, row.knowing, row.post_id] for row in rows])
    return perform(event.pk, "summarise", by=by, key=key, act=act, digest=said)


def _check_line(row: SummaryLine) -> None:
    """Raise Refused for a line of the summary that cannot stand there."""
    if len(row.text) > 300:
        raise Refused(_("A line of the summary has room for 300 characters."), "lines")
    if row.knowing not in Knowing.values:
        raise Refused(_("A line says what is known, not known or disputed."), "lines")
    if row.post is not None and row.post.event_id != row.event_id:
        raise Refused(_("A line of the summary leads to a post of the same event."), "lines")
    if row.post is not None and row.post.published_at is None:
        raise Refused(_("A line of the summary rests on a post that is not out yet: publish that first."), "lines")


def renew_epoch(event: Event, *, seen: str) -> bool:
    """Begin a new history unless somebody else has begun one since `seen`; return whether it was us."""
    return bool(Stream.objects.filter(event=event, epoch=seen).update(epoch=new_epoch()))


def empty_rehearsal(event: Event) -> None:
    """Throw away all posts of a rehearsal, and begin a new history at zero.

    Raises Refused for any other event: what was public is never deleted.
    """
    with transaction.atomic():
        stream = Stream.objects.select_for_update(no_key=True).get(event=event.pk)
        present = Event.objects.get(pk=event.pk)
        if present.visibility != Visibility.REHEARSAL:
            raise Refused(_("“%(event)s” is no rehearsal: its posts stay.") % {"event": present})
        present.pinned, present.summary_at, present.opened_at, present.ended_at = None, None, None, None
        present.state, present.pause_note = EventState.UPCOMING, ""
        present.save()
        present.summary_lines.all().delete()
        present.updates.all().delete()
        present.deeds.all().delete()
        Post.objects.filter(event=present).delete()
        stream.epoch, stream.sequence, stream.parts_sequence, stream.reset_sequence = new_epoch(), 0, 0, 0
        stream.readable = 0
        stream.save()
