"""What goes into a deed and what comes out of it."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _

from events import text
from events.models import Attribution, Post, Revision, Source
from events.models.attribution import Basis, QuoteForm, Verb
from events.models.post import Kind, Precision, Standing
from events.models.summary import Knowing

_BECAUSE = re.compile(r"^because (?:of )?", re.IGNORECASE)


class Refused(Exception):
    """The rules of the trade say no.

    `message` is a sentence for whoever tried, `field` the form field that it is about,
    empty when it is about the whole deed. `row` says which of the attributions is meant,
    counted from 0, where it is one of them.
    """

    def __init__(self, message: str, field: str = "", row: int | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.field = field
        self.row = row


class Busy(Refused):
    """Somebody else's deed held the event for too long; the same can be tried again."""


class Conflict(Refused):
    """Somebody else changed these words since they were loaded: both texts are to be shown.

    `revision` holds the words as they stand. That of a post which no reader has seen is stored
    nowhere; its words have an `imprint`, by which whoever has read them may store over them.
    """

    def __init__(
        self, post: Post, revision: Revision, base: Revision | None = None, imprint: str = "", message: str = ""
    ) -> None:
        changed = _("Somebody changed this post while you were writing. Both texts are below; nothing is lost.")
        super().__init__(message or changed)
        self.post = post
        self.revision = revision
        #: What the editor began from.
        self.base = base
        self.imprint = imprint


def public_line(note: str) -> str:
    """One line for readers, empty for none; raise Refused for what has no room."""
    note = text.line(note)
    if len(note) > 300:
        raise Refused(_("The public sentence is too long: there is room for 300 characters."), "note")
    return note


@contextmanager
def of_row(row: int) -> Iterator[None]:
    """Say of whatever is refused within that it is about this attribution."""
    try:
        yield
    except Refused as refused:
        refused.row = row
        raise


@dataclass(frozen=True, kw_only=True)
class Named:
    """One attribution as somebody typed it; the fields are those of `Attribution`.

    Name, role, organisation and speaker type are copied from `source` where they are
    not given.
    """

    source: Source | None = None
    basis: str = Basis.ON_RECORD
    as_named: str = ""
    as_role: str = ""
    as_organisation: str = ""
    speaker_type: str = ""
    verb: str = Verb.SAID
    medium: str = ""
    place: str = ""
    said_at: datetime | None = None
    said_precision: str = Precision.MINUTE
    link: str = ""
    quote: str = ""
    quote_form: str = QuoteForm.VERBATIM
    language: str = ""
    translated_by: str = ""
    described_as: str = ""
    reason_unnamed: str = ""

    def check_fits(self) -> None:
        """Raise Refused for what an attribution has no room or no word for."""
        for field in Attribution._meta.fields:
            value: Any = getattr(self, field.name, None)
            given: dict[str, Any] = {"field": field.verbose_name}
            if isinstance(value, str) and field.max_length and len(value) > field.max_length:
                given["room"] = field.max_length
                raise Refused(
                    _("“%(field)s” is too long: there is room for %(room)d characters.") % given, "attributions"
                )
            if field.choices and value not in dict(field.flatchoices) and not (field.blank and value == ""):
                raise Refused(_("“%(value)s” is no “%(field)s”.") % (given | {"value": value}), "attributions")

    def flaws(self) -> Iterator[tuple[str, str]]:
        """What is wrong where it names nobody, or names whom it must not: each field, and a sentence."""
        told = ("described_as", "reason_unnamed")
        if self.basis == Basis.UNNAMED:
            if self.source is not None or self.as_named:
                yield "source", _("An unnamed source is described, never named: take the name out.")
            for field in told:
                if not getattr(self, field).strip():
                    yield field, _("Say how to describe the unnamed source, and why there is no name.")
        else:
            for field in told:
                if getattr(self, field):
                    yield field, _("Only an unnamed source is described: choose that basis, or take this out.")
            if self.source is None and not self.as_named and self.basis not in (Basis.WITNESSED, Basis.DOCUMENT):
                yield "source", _("Choose the source, or write the name to show.")
        if self.link and not self.link.startswith(("https://", "http://")):
            yield "link", _("A link begins with https:// or http://.")

    def record(self, post: Post, position: int) -> Attribution:
        """The unsaved row, with what is shown copied from the source."""
        source = self.source
        given: dict[str, Any] = {name: getattr(self, name) for name in self.__dataclass_fields__}
        if source is not None:
            given["as_named"] = self.as_named or source.name
            given["as_role"] = self.as_role or source.role
            given["as_organisation"] = self.as_organisation or source.organisation
            given["speaker_type"] = self.speaker_type or source.speaker_type
        for name, value in given.items():
            if isinstance(value, str) and name not in ("quote", "link"):
                given[name] = text.line(value)
        # It stands behind “not named:”, which says so already.
        given["reason_unnamed"] = _BECAUSE.sub("", given["reason_unnamed"])
        given["quote"] = text.strip_bidi(self.quote).strip()
        return Attribution(post=post, position=position, **given)


@dataclass(frozen=True, kw_only=True)
class Words:
    """All that a composer holds. `body` is html as the editor made it, not yet clean."""

    headline: str = ""
    body: str = ""
    kind: str = Kind.NEWS
    byline: str = ""
    standing: str = Standing.REPORTED
    key_event: bool = False
    key_label: str = ""
    occurred_at: datetime | None = None
    occurred_precision: str = Precision.MINUTE
    attributions: tuple[Named, ...] = ()

    @cached_property
    def html(self) -> str:
        """The body as readers may see it."""
        return text.clean(self.body)

    def settled(self) -> "Words":
        """These words with clean lines and html, made before the lock; raise Refused for what could not be stored."""
        words = replace(
            self,
            headline=text.line(self.headline),
            byline=text.line(self.byline),
            key_label=text.line(self.key_label),
            attributions=tuple(replace(named, quote=text.unquoted(named.quote)) for named in self.attributions),
        )
        words._check_sizes()
        words._check_choices()
        for row, named in enumerate(words.attributions):
            with of_row(row):
                named.check_fits()
                for _field, sentence in named.flaws():
                    raise Refused(sentence, "attributions")
        words.html  # noqa: B018 - made now, outside the event's lock
        return words

    def check_said(self) -> None:
        """Raise Refused when there is nothing here that a reader could read."""
        quoted = any(named.quote.strip() for named in self.attributions)
        if not (self.headline or quoted or text.plain(self.body)):
            raise Refused(_("Write a headline or a text first: this post is empty."), "body")

    def _check_sizes(self) -> None:
        size = len(self.body.encode("utf-8", "replace"))
        if size > text.MAX_BODY:
            raise Refused(
                _("This text is too long: %(size)d KB, and a post has room for %(room)d KB.")
                % {"size": -(-size // 1024), "room": text.MAX_BODY // 1024},
                "body",
            )
        for field, room in (("headline", 200), ("byline", 200), ("key_label", 60)):
            if len(getattr(self, field)) > room:
                raise Refused(
                    _("This is too long: %(size)d characters, and there is room for %(room)d.")
                    % {"size": len(getattr(self, field)), "room": room},
                    field,
                )

    def _check_choices(self) -> None:
        for field, known in (("kind", Kind), ("standing", Standing), ("occurred_precision", Precision)):
            if getattr(self, field) not in known.values:
                raise Refused(
                    _("“%(value)s” is not one of: %(known)s.")
                    % {"value": getattr(self, field), "known": ", ".join(known.values)},
                    field,
                )


@dataclass(frozen=True, kw_only=True)
class Marks:
    """What is said about a public post beside its words: `stand` and `mark` change it and leave its revision."""

    standing: str
    key_event: bool
    key_label: str

    @property
    def key(self) -> tuple[bool, str]:
        """The two of the key event; without one there is no label."""
        return self.key_event, self.key_label if self.key_event else ""


@dataclass(frozen=True, kw_only=True)
class Line:
    """One line of the summary."""

    text: str
    knowing: str = Knowing.KNOWN
    post: Post | None = None


@dataclass(frozen=True)
class Done:
    """What a deed did.

    `sequence` is None when nothing public changed, `repeated` says that the same key had
    been used before and nothing was done now, `entry` is a correction's own post. `over` is
    the revision that a correction replaced without waiting, though its editor had not seen it;
    `unpinned` stood on top until this post took its place.
    """

    post: Post | None
    sequence: int | None
    repeated: bool = False
    entry: Post | None = None
    over: Revision | None = None
    unpinned: Post | None = None


def required_line(note: str, missing: str) -> str:
    """One line of public text; raise Refused, at `note`, with `missing` when there is none."""
    note = public_line(note)
    if not note:
        raise Refused(missing, "note")
    return note
