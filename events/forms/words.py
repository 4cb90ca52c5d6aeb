"""Between a composer and `publishing.Words`: JSON in, JSON out, and a stored post's words."""

from dataclasses import fields
from datetime import datetime
from typing import Any

from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from events import publishing, text
from events.models import Attribution, Event, Post, Source
from events.models.post import Withdrawal
from events.publishing import Named, Refused, Words, of_row

NAMED_FIELDS = tuple(field.name for field in fields(Named))
WORDS_FIELDS = tuple(field.name for field in fields(Words) if field.name != "attributions")
TIMES = ("said_at", "occurred_at")


def words_of(post: Post) -> Words:
    """The words that a stored post has now, its attributions included."""
    return Words(
        **{name: getattr(post, name) for name in WORDS_FIELDS},
        attributions=tuple(named_of(row) for row in post.attributions.select_related("source")),
    )


def named_of(row: Attribution) -> Named:
    """A stored attribution as somebody could have typed it."""
    return Named(**{name: getattr(row, name) for name in NAMED_FIELDS})


def words_from(event: Event, content: Any, post: Post | None = None) -> Words:
    """Read the JSON object of a composer, and of the stored `post` that it writes to.

    `content` has the fields of `Words`; times are local to the event, ``2025-03-18T14:00``. A time that
    stands as it was shown is the one that is stored, to the second. Raises Refused, naming the field,
    for what cannot be read.
    """
    if not isinstance(content, dict):
        raise Refused(_("The desk sent something that is no post. Load the page again; your text is kept."))
    stored = _stored(post)
    given = {name: _value(event, name, content[name], stored) for name in WORDS_FIELDS if name in content}
    rows = content.get("attributions", [])
    if not isinstance(rows, list) or len(rows) > 20:
        raise Refused(_("A post has room for twenty sources."), "attributions")
    named = []
    for number, row in enumerate(rows):
        with of_row(number):
            named.append(_named_from(event, row, stored))
    return Words(**given, attributions=tuple(named))


def _stored(post: Post | None) -> dict[str, list[datetime]]:
    """The times that a post has, by field, in the order of its sources."""
    if post is None:
        return {}
    said = [row.said_at for row in post.attributions.all() if row.said_at]
    return {"occurred_at": [post.occurred_at] if post.occurred_at else [], "said_at": said}


def _named_from(event: Event, row: Any, stored: dict[str, list[datetime]]) -> Named:
    if not isinstance(row, dict):
        raise Refused(_("One of the sources could not be read."), "attributions")
    given = {name: _value(event, name, row[name], stored) for name in NAMED_FIELDS if name in row and name != "source"}
    number = row.get("source")
    source = None
    if number not in (None, ""):
        source = Source.objects.filter(pk=number).first() if str(number).isdecimal() else None
        if source is None:
            name = text.line(str(row.get("label") or ""))[:160] or _("This source")
            sentence = _("“%(name)s” is not there any more: somebody has deleted this source. Choose another.")
            raise Refused(sentence % {"name": name}, "attributions")
    named = Named(source=source, **given)
    named.check_fits()
    return named


def _value(event: Event, name: str, value: Any, stored: dict[str, list[datetime]]) -> Any:
    """One field of a composer in the type that it has in `Words`; a time that is `stored` is taken from there."""
    if name == "key_event":
        return value in (True, "true", "on", "1")
    if name in TIMES:
        times = stored.get(name, [])
        moment = local_time(event, value, name, *times)
        if moment in times:
            times.remove(moment)
        return moment
    if value is None:
        return ""
    if not isinstance(value, str):
        raise Refused(_("“%(field)s” should be text.") % {"field": name}, name)
    return value.replace("\x00", "")


def local_time(event: Event, value: Any, field: str, *stored: datetime | None) -> datetime | None:
    """A time typed in the event's zone; None for nothing. What one of the `stored` times is shown as is that one.

    Raises Refused for nonsense, and for a time that the event's clocks never show, or show twice.
    """
    if value in (None, ""):
        return None
    shown = next((one for one in stored if one is not None and _plain(event, one) == value), None)
    if shown is not None:
        return shown
    try:
        moment = parse_datetime(str(value))
    except ValueError:
        moment = None
    if moment is None:
        raise Refused(_("Write a day and a time, such as 2025-03-18 14:00."), field)
    return publishing.instant(event, moment, field)


def as_json(post: Post) -> dict[str, Any]:
    """A stored post for the composer: what `words_from` reads, and what it is: id, state, revision, pin.

    `imprint` is that of the words; `began` is the same for what was never public, sent with what is written over it.
    """
    content = {name: _plain(post.event, getattr(post, name)) for name in WORDS_FIELDS}
    content["attributions"] = [attribution_json(post.event, row) for row in post.attributions.select_related("source")]
    held = post.withdrawal == Withdrawal.HOLD
    given = {"id": post.pk, "state": post.state, "held": held, "revision": post.revision, "pin": post.pin_when_out}
    given["pin_minutes"] = post.pin_minutes
    given["imprint"] = publishing.imprint(post)
    given["began"] = given["imprint"] if post.published_at is None else ""
    return given | {"words": content}


def attribution_json(event: Event, row: Attribution) -> dict[str, Any]:
    """A stored attribution for the composer; `label` names its source for the eye."""
    content = {name: _plain(event, getattr(row, name)) for name in NAMED_FIELDS if name != "source"}
    shown = (row.as_named, row.as_role, row.as_organisation)
    return content | {"source": row.source_id, "label": ", ".join(part for part in shown if part)}


def _plain(event: Event, value: Any) -> Any:
    if isinstance(value, datetime):
        return f"{value.astimezone(event.tz):%Y-%m-%dT%H:%M}"
    return value
