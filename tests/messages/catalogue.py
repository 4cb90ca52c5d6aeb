"""A catalogue of one language, read and written without gettext's tools.

The .po file is for translators, the .mo file for gettext; both formats are those of the GNU
gettext manual, "The Format of PO Files" and "The Format of GNU MO Files".
"""

import ast
import re
import struct
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from tests.messages.gathering import Message
from tests.services import ROOT

#: Plural forms by the rules of Unicode (CLDR), as gettext writes them: `Intl.PluralRules` counts in the same way.
PLURALS = {
    "ar": (
        "nplurals=6; plural=n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : "
        "n%100>=3 && n%100<=10 ? 3 : n%100>=11 && n%100<=99 ? 4 : 5;"
    ),
    "hi": "nplurals=2; plural=n>1;",
}
_NAMES = {"ar": "Arabic", "hi": "Hindi"}
_OLD = "#~ "


@dataclass
class Entry:
    """One message and its translations: one, or one for each plural form; empty as long as nobody has written it."""

    message: Message
    texts: list[str] = field(default_factory=list)

    @property
    def is_whole(self) -> bool:
        """Whether every form is translated."""
        return bool(self.texts) and all(self.texts)


@dataclass
class Catalogue:
    """The messages of one language, and those that nobody says now: they may be said again."""

    language: str
    entries: list[Entry] = field(default_factory=list)
    old: list[Entry] = field(default_factory=list)

    @property
    def forms(self) -> int:
        """How many plural forms the language has."""
        return int(PLURALS[self.language].split("=")[1].split(";")[0])

    def missing(self) -> list[Message]:
        """What is not translated yet."""
        return [entry.message for entry in self.entries if not entry.is_whole]

    def follow(self, wanted: Iterable[Message]) -> None:
        """Hold just these messages: translations stay, and come back from among the old ones."""
        known = {entry.message: entry for entry in (*self.old, *self.entries)}
        self.entries = [known.pop(message, None) or self._empty(message) for message in sorted(wanted)]
        self.old = sorted((entry for entry in known.values() if any(entry.texts)), key=lambda entry: entry.message)

    def _empty(self, message: Message) -> Entry:
        return Entry(message, [""] * (self.forms if message.other else 1))


def path(language: str) -> Path:
    """The .po file of a language."""
    return ROOT / "locale" / language / "LC_MESSAGES" / "django.po"


def read(language: str) -> Catalogue:
    """The catalogue as it is on disk, or an empty one."""
    found = Catalogue(language)
    if path(language).exists():
        for block in path(language).read_text(encoding="utf-8").strip().split("\n\n"):
            is_old = block.startswith(_OLD)
            entry = _entry(block.replace(_OLD, ""))
            if entry.message.one:
                (found.old if is_old else found.entries).append(entry)
    return found


def _entry(block: str) -> Entry:
    given: dict[str, str] = {}
    name = ""
    for line in block.splitlines():
        if match := re.match(r'(msg\w+(?:\[\d\])?) (".*")$', line):
            name = match[1]
            given[name] = ast.literal_eval(match[2])
        elif line.startswith('"'):
            given[name] += ast.literal_eval(line)
    message = Message(given["msgid"], given.get("msgid_plural", ""), given.get("msgctxt", ""))
    return Entry(message, [text for name, text in given.items() if name.startswith("msgstr")])


def write(catalogue: Catalogue) -> None:
    """Put the catalogue on disk, and beside it what gettext reads."""
    file = path(catalogue.language)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text(catalogue), encoding="utf-8")
    file.with_suffix(".mo").write_bytes(compiled(catalogue))


def text(catalogue: Catalogue) -> str:
    """The .po file."""
    about = header(catalogue.language).splitlines(keepends=True)
    head = [f"# {_NAMES[catalogue.language]} for what readers see. The desk speaks English.", 'msgid ""', 'msgstr ""']
    blocks = ["\n".join([*head, *map(_quoted, about)]), *map(_block, catalogue.entries), *map(_dropped, catalogue.old)]
    return "\n\n".join(blocks) + "\n"


def header(language: str) -> str:
    """What a catalogue says of itself, a line each."""
    return (
        f"Project-Id-Version: liveblog\nLanguage: {language}\nMIME-Version: 1.0\n"
        "Content-Type: text/plain; charset=UTF-8\nContent-Transfer-Encoding: 8bit\n"
        f"Plural-Forms: {PLURALS[language]}\n"
    )


def _block(entry: Entry) -> str:
    one, other, context = entry.message
    lines = []
    if re.search(r"%\(\w+\)s", one):
        lines.append("#, python-format")
    elif re.search(r"\{\w+\}", one):
        lines.append("#, python-brace-format")
    if context:
        lines.append(f"msgctxt {_quoted(context)}")
    lines.append(f"msgid {_quoted(one)}")
    if not other:
        return "\n".join([*lines, f"msgstr {_quoted(entry.texts[0])}"])
    forms = [f"msgstr[{number}] {_quoted(text)}" for number, text in enumerate(entry.texts)]
    return "\n".join([*lines, f"msgid_plural {_quoted(other)}", *forms])


def _dropped(entry: Entry) -> str:
    return "\n".join(_OLD + line for line in _block(entry).splitlines() if not line.startswith("#,"))


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'


def compiled(catalogue: Catalogue) -> bytes:
    """The .mo file: a head of seven numbers, two tables of (length, offset), and the strings, each ended by a zero."""
    rows = [(b"", header(catalogue.language).encode())]
    for entry in catalogue.entries:
        if entry.is_whole:
            one, other, context = entry.message
            key = (f"{context}\x04" if context else "") + one + (f"\0{other}" if other else "")
            rows.append((key.encode(), "\0".join(entry.texts).encode()))
    rows.sort()
    tables, strings = [], b""
    start = 28 + 16 * len(rows)
    for column in (0, 1):
        for row in rows:
            tables += [len(row[column]), start + len(strings)]
            strings += row[column] + b"\0"
    return (
        struct.pack(f"<{7 + len(tables)}I", 0x950412DE, 0, len(rows), 28, 28 + 8 * len(rows), 0, start, *tables)
        + strings
    )
