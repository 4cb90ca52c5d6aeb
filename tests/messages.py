"""What readers can be told, gathered from the sources; and a catalogue, read without gettext's tools."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from django.utils.translation.template import templatize

from events.models.attribution import Verb
from events.models.correction import CorrectionKind
from events.models.post import Kind, Standing
from events.models.summary import Knowing
from tests.services import ROOT

#: The modules whose sentences readers see.
MODULES = ("events/pages.py", "events/separators.py", "events/client_words.py", "events/templatetags/newsroom.py")
CHOICES = (Kind, Standing, Verb, CorrectionKind, Knowing)
_CALLS = {"_": 1, "gettext": 1, "ngettext": 2, "_forms": 2}
_STRING = r"""(?:u?'(?:\\.|[^'\\])*'|u?"(?:\\.|[^"\\])*")"""
_IN_TEMPLATE = re.compile(rf"(?:gettext|_)\(({_STRING})\)")


def of_readers() -> set[tuple[str, ...]]:
    """Every string that a reader can see, `(one,)` or `(one, other)`."""
    found = {("Correction: %(headline)s",), ("Correction",)}
    for name in MODULES:
        found |= set(_in_module(ROOT / name))
    for folder in ("reader", "embed"):
        for path in (ROOT / "templates" / folder).glob("*.html"):
            found |= {(ast.literal_eval(text),) for text in _IN_TEMPLATE.findall(templatize(path.read_text()))}
    return found | {(label,) for choices in CHOICES for label in choices.labels if label != "—"}


def _in_module(path: Path) -> Iterator[tuple[str, ...]]:
    for node in ast.walk(ast.parse(path.read_text())):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
            continue
        given = [arg.value for arg in node.args if isinstance(arg, ast.Constant) and isinstance(arg.value, str)]
        count = _CALLS.get(node.func.id)
        if count and len(given) >= count:
            yield tuple(given[:count])


@dataclass
class Entry:
    """One message of a catalogue: its id or two, its translations, its flags."""

    ids: list[str] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    flags: str = ""


def read_po(path: Path) -> list[Entry]:
    """Read a .po file: the entries in their order, the header first."""
    entries = []
    for block in path.read_text().strip().split("\n\n"):
        entry, into = Entry(), None
        for line in block.splitlines():
            if line.startswith("#,"):
                entry.flags += line
            elif match := re.match(r"(msgid|msgid_plural|msgstr(?:\[\d\])?) (\".*\")$", line):
                into = entry.texts if match[1].startswith("msgstr") else entry.ids
                into.append(ast.literal_eval(match[2]))
            elif line.startswith('"') and into:
                into[-1] += ast.literal_eval(line)
        if entry.ids:
            entries.append(entry)
    return entries
