"""What readers can be told, gathered from templates, modules and choices."""

import ast
import re
from collections.abc import Iterator
from typing import NamedTuple

from django.utils import dates
from django.utils.translation import override
from django.utils.translation.template import templatize

from events.models.attribution import Verb
from events.models.correction import CorrectionKind
from events.models.post import Kind, Standing
from events.models.summary import Knowing
from tests.services import ROOT

#: Rooms whose sentences no reader sees: the desk, the admin and the deeds speak English.
NOT_THEIRS = {
    "admin", "desk", "forms", "live", "management", "migrations", "models", "publishing", "seeding", "uploads.py",
}  # fmt: skip
#: The templates that readers see.
FOLDERS = ("reader", "embed", "feeds", "oembed")
CHOICES = (Kind, Standing, Verb, CorrectionKind, Knowing)
#: Our calls of gettext: where the context stands among the strings, if anywhere, and how many follow it.
_CALLS = {"_": (0, 1), "gettext": (0, 1), "ngettext": (0, 2), "_forms": (0, 2), "pgettext": (1, 1), "npgettext": (1, 2)}
#: What publishing writes into a post for readers, in the event's language.
_PUBLISHED = ("Correction to “%(headline)s”", "Correction")


class Message(NamedTuple):
    """One thing that can be said: `one`, with a plural also `other`; `context` where the words alone do not tell."""

    one: str
    other: str = ""
    context: str = ""


def of_readers() -> set[Message]:
    """Everything that a reader can see."""
    found = {Message(text) for text in _PUBLISHED}
    for path in (ROOT / "events").rglob("*.py"):
        if NOT_THEIRS.isdisjoint(path.relative_to(ROOT).parts):
            found |= set(_in_python(path.read_text(encoding="utf-8")))
    for folder in FOLDERS:
        for path in (ROOT / "templates" / folder).rglob("*.*"):
            found |= set(_in_template(path.read_text(encoding="utf-8")))
    found |= {Message(str(label)) for choices in CHOICES for label in choices.labels if label != "—"}
    return found | set(_names_of_days())


def _names_of_days() -> Iterator[Message]:
    """Weekdays and months are Django's, and our catalogues say them again: some of Django's are misspelt."""
    with override("en"):
        for name in (*dates.WEEKDAYS.values(), *dates.MONTHS.values()):
            yield Message(str(name))


def _in_template(source: str) -> Iterator[Message]:
    # Django makes calls of gettext of the tags, and blanks of the rest, a line for a line.
    for call in re.finditer(
        r"\b(?:_|n?p?gettext)\((?:[^()'\"]|'(?:\\.|[^'\\])*'|\"(?:\\.|[^\"\\])*\")*\)", templatize(source)
    ):
        yield from _in_python(call[0])


def _in_python(source: str) -> Iterator[Message]:
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name) or node.func.id not in _CALLS:
            continue
        context, count = _CALLS[node.func.id]
        given = [arg.value for arg in node.args if isinstance(arg, ast.Constant) and isinstance(arg.value, str)]
        if len(given) >= context + count:
            one, *other = given[context : context + count]
            yield Message(one, *other, context=given[0] if context else "")
