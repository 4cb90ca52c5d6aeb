"""From an event file to a `Script`, or to all of its mistakes at once."""

import hashlib
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import timezone

from events.models import Event, Source
from events.models.event import Visibility
from events.models.source import SpeakerType
from events.seeding.marks import Book, Fields, open_book
from events.seeding.script import Script, Step
from events.seeding.steps import StepReader

_LINES = ("slug", "title", "short_title", "standfirst", "zone_name", "notice", "team_line", "coming_up")
#: What a rehearsal says in place of the event's own, and how many characters each has room for.
_REHEARSAL = {"rehearsal_notice": 300, "rehearsal_short_title": 60}


def read(path: Path, name: str = "") -> Script:
    """Return the file's script; raise Mistaken with every mistake in it.

    `name` is what sentences call the file. Nothing is written, and the database is not
    asked.
    """
    book, fields = open_book(path, name or str(path))
    zone, event, rehearsal = _event(fields)
    sources = _sources(fields)
    steps = _timeline(fields, book, zone, sources)
    fields.end()
    book.check()
    digest = hashlib.sha256(path.read_bytes()).hexdigest()[:12]
    return Script(name=book.name, digest=digest, event=event, sources=sources, steps=tuple(steps), **rehearsal)


def _event(fields: Fields) -> tuple[ZoneInfo, dict[str, Any], dict[str, str]]:
    """The event's zone, its fields, and what its rehearsal says in place of them."""
    given = fields.inner("event", "the event", required=True)
    if given is None:
        return ZoneInfo("UTC"), {}, dict.fromkeys(_REHEARSAL, "")
    event: dict[str, Any] = {name: given.text(name, required=name in ("slug", "title")) for name in _LINES}
    event["language"] = given.choice("language", [code for code, _name in settings.LANGUAGES], "en")
    event["visibility"] = given.choice("visibility", Visibility.values, Visibility.PUBLIC)
    event["indexed"] = given.flag("indexed", default=True)
    event["zone"] = given.text("zone", default="UTC")
    zone = ZoneInfo("UTC")
    if event["zone"] in available_timezones():
        zone = ZoneInfo(event["zone"])
    event["starts_at"] = given.moment("starts_at", zone)[0]
    event["zones"] = []
    for row in given.rows("zones", "a further zone"):
        event["zones"].append({"zone": row.text("zone", required=True), "name": row.text("name", required=True)})
        row.end()
    rehearsal = {name: given.text(name) for name in _REHEARSAL}
    given.end()
    _check_event(given, event, rehearsal)
    return zone, event, rehearsal


def _check_event(given: Fields, event: dict[str, Any], rehearsal: dict[str, str]) -> None:
    """Note what the records themselves would refuse, each at the field's line."""
    for name, room in _REHEARSAL.items():
        if len(rehearsal[name]) > room:
            given.mistake(name, f"“{name}” has room for {room} characters.")
    try:
        Event(**event).clean_fields(exclude=["created_by", "pinned", "continues"])
    except ValidationError as error:
        for name, messages in error.message_dict.items():
            # What is missing was noted when it was read.
            if event.get(name) or name not in ("slug", "title"):
                given.mistake(name, f"“{name}”: {messages[0]}")


def _sources(fields: Fields) -> dict[str, Source]:
    """Who speaks, by the name that the file gives them; rows that are not stored."""
    sources: dict[str, Source] = {}
    given = fields.inner("sources", "the sources")
    for name in given.names() if given else ():
        assert given is not None
        row = given.inner(name, f"source “{name}”")
        if row is None:
            continue
        sources[name] = source = Source(
            name=row.text("name", required=True),
            role=row.text("role"),
            organisation=row.text("organisation"),
            speaker_type=row.choice("speaker_type", SpeakerType.values, SpeakerType.OFFICIAL),
            link=row.text("link"),
        )
        row.end()
        try:
            source.clean_fields()
        except ValidationError as error:
            for field, messages in error.message_dict.items():
                if field != "name" or source.name:
                    row.mistake(field, f"“{field}”: {messages[0]}")
    return sources


def _timeline(fields: Fields, book: Book, zone: ZoneInfo, sources: dict[str, Source]) -> list[Step]:
    """The steps, in the order of the file, which must be that of their times."""
    reader = StepReader(zone, sources)
    if "timeline" not in fields:
        book.mistake(fields.line, "“timeline:” is missing in the file.")
    last = datetime(1970, 1, 1, tzinfo=UTC)
    steps = []
    for row in fields.rows("timeline", "a step of the timeline"):
        step = reader.step(row)
        if step is None:
            continue
        if step.at < last:
            row.mistake("at", "this time lies before that of the step above it; the timeline runs forward.")
        elif step.at > timezone.now():
            row.mistake("at", "this time lies in the future.")
        last = max(last, step.at)
        steps.append(step)
    if "timeline" in fields and not book.found and not any(step.verb == "post" for step in steps):
        fields.mistake("timeline", "there is no post in the timeline.")
    return steps
