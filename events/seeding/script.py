"""An event file as it was understood."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from events.models import Source
from events.publishing import Named, Words


@dataclass(frozen=True)
class Said:
    """One attribution; its source is a name within the file until there is a row."""

    named: Named
    source: str = ""


@dataclass(frozen=True)
class Told:
    """One line of the summary; `post` is a name within the file, or empty."""

    text: str
    knowing: str
    post: str = ""


@dataclass(frozen=True, kw_only=True)
class Step:
    """One deed of the timeline.

    `verb` is one of those in `reading.VERBS`; `post` the name of the post that it is
    about, or empty; `line` where it stands in the file.
    """

    verb: str
    at: datetime
    line: int
    post: str = ""
    words: Words = field(default_factory=Words)
    said: tuple[Said, ...] = ()
    note: str = ""
    change: str = ""
    lines: tuple[Told, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Script:
    """A whole file: the event's own fields, who speaks in it, and what was done when.

    `digest` is that of the file's bytes' meaning: 12 hexadecimal digits, which change
    with the file.
    """

    name: str
    digest: str
    event: dict[str, Any]
    rehearsal_notice: str
    #: What its rehearsal is called in lists; empty for what the event itself is.
    rehearsal_short_title: str
    sources: dict[str, Source]
    steps: tuple[Step, ...]
