"""One step of a timeline: which deed, on which post, with which words."""

import re
from dataclasses import replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from events import text
from events.models import Attribution, Source
from events.models.attribution import Basis, QuoteForm, Verb
from events.models.correction import CorrectionKind
from events.models.event import EventState
from events.models.post import Kind, Standing
from events.models.source import SpeakerType
from events.models.summary import Knowing
from events.publishing import Named, Refused, Words
from events.seeding.marks import Fields
from events.seeding.script import Said, Step, Told

VERBS = ("open", "post", "revise", "correct", "pin", "summary", "pause", "end")
#: Where each turn leads the event.
_TURNS = {"open": EventState.LIVE, "pause": EventState.PAUSED, "end": EventState.ENDED}
_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")


class StepReader:
    """Reads the steps of one file in their order, and remembers what stands by now."""

    def __init__(self, zone: ZoneInfo, sources: dict[str, Source]) -> None:
        self.zone = zone
        self.sources = sources
        self.posts: dict[str, tuple[Words, tuple[Said, ...]]] = {}
        self.state = EventState.UPCOMING
        self._before = 0

    def step(self, row: Fields) -> Step | None:
        """The step that a row describes; None, and a mistake noted, when it describes none."""
        named = [verb for verb in VERBS if verb in row]
        if len(named) != 1:
            wanted = ", ".join(VERBS)
            row.book.mistake(row.line, f"a step of the timeline does one thing: one of {wanted}.")
            return None
        verb = named[0]
        self._before = len(row.book.found)
        at, _precision = row.moment("at", self.zone, required=True)
        read = {
            "post": self._post, "revise": self._rewrite, "correct": self._rewrite, "pin": self._pin,
            "summary": self._summary, "open": self._turn, "pause": self._turn, "end": self._turn,
        }[verb]  # fmt: skip
        step = read(row, verb, at or datetime(1970, 1, 1, tzinfo=self.zone))
        row.end()
        return step if at else None

    def _turn(self, row: Fields, verb: str, at: datetime) -> Step:
        note = row.text(verb, required=True)
        if verb != "pause":
            row.flag(verb)
            note = ""
        elif len(note) > 200:
            row.mistake(verb, "the sentence of a pause has room for 200 characters.")
        wrong = self.state == _TURNS[verb] or (verb == "pause" and self.state != EventState.LIVE)
        if wrong:
            row.mistake(verb, f"“{verb}” does not fit here: the event is {self.state} by now.")
        self.state = _TURNS[verb]
        return Step(verb=verb, at=at, line=row.line, note=note)

    def _post(self, row: Fields, verb: str, at: datetime) -> Step:
        name = row.text("post", required=True)
        if name and not _NAME.fullmatch(name):
            row.mistake("post", f"“{name}” is no name for a post: a–z, 0–9 and “-”, at most 40 characters.")
        elif name in self.posts:
            row.mistake("post", f"there is a post “{name}” already.")
        label = row.text("key_label")
        occurred_at, precision = row.moment("occurred_at", self.zone)
        words = Words(
            headline=row.text("headline"),
            body=_body(row),
            kind=row.choice("kind", [kind for kind in Kind.values if kind != Kind.CORRECTION], Kind.NEWS),
            byline=row.text("byline"),
            standing=row.choice("standing", Standing.values, Standing.REPORTED),
            key_event=row.flag("key_event", default=bool(label)),
            key_label=label,
            occurred_at=occurred_at,
            occurred_precision=precision,
        )
        return self._settle(row, Step(verb=verb, at=at, line=row.line, post=name, words=words), self._said(row))

    def _rewrite(self, row: Fields, verb: str, at: datetime) -> Step | None:
        """A revise or a correct: what it does not name stays as it was."""
        name = self._known(row, verb)
        if name is None:
            for field in ("at", "note", "change", "headline", "body", "html", "attributions", "key_label", "standing"):
                row.text(field) if field != "attributions" else row.rows(field, "an attribution")
            return None
        words, said = self.posts[name]
        words = replace(
            words,
            headline=row.text("headline", default=words.headline),
            body=_body(row) or words.body,
            key_label=row.text("key_label", default=words.key_label),
            standing=row.choice("standing", Standing.values, words.standing),
        )
        change = "" if verb == "correct" else row.choice("change", ("typo", "addition", "clarification"), "typo")
        needed = verb == "correct" or change == CorrectionKind.CLARIFICATION
        note = row.text("note", required=needed)
        if len(note) > 300:
            row.mistake("note", "“note” has room for 300 characters.")
        step = Step(verb=verb, at=at, line=row.line, post=name, words=words, note=note, change=change)
        return self._settle(row, step, self._said(row) if "attributions" in row else said)

    def _settle(self, row: Fields, step: Step, said: tuple[Said, ...]) -> Step:
        """The step with its attributions, if publishing would take its words."""
        words = step.words
        sound = len(row.book.found) == self._before
        if sound:
            # What was found wrong in an attribution already would only be said twice.
            named = (replace(one.named, source=self.sources.get(one.source)) for one in said)
            words = replace(words, attributions=tuple(named))
        try:
            settled = words.settled()
            if sound or not said:
                settled.check_said()
        except Refused as refused:
            row.mistake(refused.field, refused.message)
        if step.post:
            self.posts[step.post] = (step.words, said)
        return replace(step, said=said)

    def _pin(self, row: Fields, verb: str, at: datetime) -> Step | None:
        name = self._known(row, verb)
        return Step(verb=verb, at=at, line=row.line, post=name) if name else None

    def _summary(self, row: Fields, verb: str, at: datetime) -> Step:
        lines = []
        for given in row.rows("summary", "a line of the summary"):
            told = Told(
                text=given.text("text", required=True),
                knowing=given.choice("knowing", Knowing.values, Knowing.KNOWN),
                post=(self._known(given, "post") or "") if "post" in given else "",
            )
            if len(told.text) > 300:
                given.mistake("text", "a line of the summary has room for 300 characters.")
            given.end()
            lines.append(told)
        return Step(verb=verb, at=at, line=row.line, lines=tuple(lines))

    def _known(self, row: Fields, name: str) -> str | None:
        """The post that a field leads to; None, and a mistake noted, when it is not there yet."""
        post = row.text(name, required=True)
        if post and post not in self.posts:
            row.mistake(name, f"there is no post “{post}” above this line.")
        return post if post in self.posts else None

    def _said(self, row: Fields) -> tuple[Said, ...]:
        return tuple(self._attribution(given) for given in row.rows("attributions", "an attribution"))

    def _attribution(self, given: Fields) -> Said:
        source = given.text("source")
        lines: dict[str, Any] = {name: given.text(name) for name in _ATTRIBUTION_LINES}
        said_at, precision = given.moment("said_at", self.zone)
        named = Named(
            basis=given.choice("basis", Basis.values, Basis.ON_RECORD),
            speaker_type=given.choice("speaker_type", ["", *SpeakerType.values], ""),
            verb=given.choice("verb", Verb.values, Verb.SAID),
            said_at=said_at,
            said_precision=precision,
            quote_form=given.choice("quote_form", QuoteForm.values, QuoteForm.VERBATIM),
            **lines,
        )
        if source and source not in self.sources:
            given.mistake("source", f"there is no source “{source}” in this file.")
        speaker = source or named.as_named or named.described_as
        if named.quote and not speaker:
            given.mistake("quote", "a quote needs its speaker: name the source.")
        elif not speaker and named.basis not in (Basis.WITNESSED, Basis.DOCUMENT):
            given.book.mistake(given.line, "this attribution names nobody: give its source.")
        for name in _ATTRIBUTION_LINES:
            room = getattr(Attribution._meta.get_field(name), "max_length", 0)
            if len(lines[name]) > room:
                given.mistake(name, f"“{name}” has room for {room} characters.")
        given.end()
        return Said(named, source)


_ATTRIBUTION_LINES = (
    "as_named", "as_role", "as_organisation", "medium", "place", "link", "quote", "language", "translated_by",
    "described_as", "reason_unnamed",
)  # fmt: skip


def _body(row: Fields) -> str:
    """The html of a post: from plain text (`body`) or as it stands (`html`)."""
    plain, html = row.text("body"), row.text("html")
    if plain and html:
        row.mistake("html", "a post has a body or html, not both.")
    return html or text.paragraphs(plain)
