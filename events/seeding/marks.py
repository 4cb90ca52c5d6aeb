"""YAML with line marks: what a person wrote, and on which line.

The nodes are read, not the values: PyYAML would make a date of one time, a string of
another and a number of a third, and would forget where each stood.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import yaml

from events.models.post import Precision

_TIME = re.compile(r"(\d{4}-\d{2}-\d{2})(?:[T ](\d{2})(:\d{2})?(:\d{2})?)?(Z|[+-]\d{2}:?\d{2})?")
#: A file longer than this is no event file: bytes.
MAX_FILE = 5 * 1024 * 1024
#: Levels of lists and mappings; an event file has six, and PyYAML takes minutes over thousands.
MAX_DEPTH = 20


class Mistaken(Exception):
    """A file that cannot be loaded; `mistakes` are sentences, each with file and line."""

    def __init__(self, mistakes: list[str]) -> None:
        super().__init__("\n".join(mistakes))
        self.mistakes = mistakes


@dataclass
class Book:
    """The file being read, and what was found wrong in it so far."""

    name: str
    found: list[tuple[int, str]] = field(default_factory=list)

    def mistake(self, line: int, reason: str) -> None:
        """Note what is wrong on a line (counted from 1) and go on reading."""
        self.found.append((line, reason))

    def check(self) -> None:
        """Raise Mistaken with all that was found, in the order of the lines."""
        if self.found:
            raise Mistaken([f"{self.name}, line {line}: {reason}" for line, reason in sorted(set(self.found))])


def open_book(path: Path, name: str) -> tuple[Book, "Fields"]:
    """Read a file to its first mapping; raise Mistaken when it is no file, no UTF-8 or no YAML."""
    book = Book(name)
    try:
        with path.open("rb") as file:
            raw = file.read(MAX_FILE + 1)
    except OSError as error:
        raise Mistaken([f"{name}: cannot be read: {(error.strerror or 'no such file').lower()}."]) from None
    if len(raw) > MAX_FILE:
        raise Mistaken([f"{name}: is larger than 5 MB, which no event file is."])
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise Mistaken([f"{name}, line {line}: is not UTF-8."]) from None
    node = _compose(book, text)
    if not isinstance(node, yaml.MappingNode):
        raise Mistaken([f"{name}, line 1: an event file begins with “event:”, “sources:” and “timeline:”."])
    return book, Fields(node, book, "the file")


def _compose(book: Book, text: str) -> yaml.Node | None:
    """The tree of nodes; raise Mistaken for what is no YAML, or repeats itself by aliases."""
    depth = 0
    try:
        for token in yaml.parse(text, Loader=yaml.SafeLoader):
            depth += isinstance(token, yaml.CollectionStartEvent) - isinstance(token, yaml.CollectionEndEvent)
            if depth > MAX_DEPTH:
                raise Mistaken([f"{book.name}: is nested too deeply."])
            # Aliases of aliases make a tree of any size from a few lines.
            if isinstance(token, yaml.AliasEvent):
                line = token.start_mark.line + 1 if token.start_mark else 1
                raise Mistaken([f"{book.name}, line {line}: aliases (*{token.anchor}) are not read."])
        node: yaml.Node | None = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        if error.context_mark and "end of stream" in (error.problem or ""):
            # What was never closed is wrong where it began, not where the file ends.
            mark = error.context_mark
        line = mark.line + 1 if mark else 1
        raise Mistaken([f"{book.name}, line {line}: is not YAML: {error.problem or error.context}."]) from None
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        raise Mistaken([f"{book.name}, line {line}: has a character that YAML does not allow."]) from None
    return node


class Fields:
    """One mapping of the file, read field by field; what nobody asked for is unknown."""

    def __init__(self, node: yaml.MappingNode, book: Book, what: str) -> None:
        self.book = book
        self.what = what
        self.line = node.start_mark.line + 1
        self._values: dict[str, yaml.Node] = {}
        self._lines: dict[str, int] = {}
        self._asked: set[str] = set()
        for key, value in node.value:
            line = key.start_mark.line + 1
            name = key.value if isinstance(key, yaml.ScalarNode) else ""
            if not name:
                book.mistake(line, f"a field of {what} needs a name.")
            elif name in self._values:
                book.mistake(line, f"“{name}” stands twice in {what}.")
            else:
                self._values[name], self._lines[name] = value, line

    def __contains__(self, name: str) -> bool:
        return name in self._values

    def names(self) -> list[str]:
        """The names of all fields, in the order of the file."""
        return list(self._values)

    def line_of(self, name: str) -> int:
        """The line of a field, or of the mapping when it is not there."""
        return self._lines.get(name, self.line)

    def mistake(self, name: str, reason: str) -> None:
        """Note what is wrong with a field."""
        self.book.mistake(self.line_of(name), reason)

    def text(self, name: str, *, required: bool = False, default: str = "") -> str:
        """A field's text, without the line ends around it."""
        self._asked.add(name)
        node = self._values.get(name)
        if node is None:
            if required:
                self.book.mistake(self.line, f"“{name}” is missing in {self.what}.")
            return default
        if not isinstance(node, yaml.ScalarNode):
            self.mistake(name, f"“{name}” should be text.")
            return default
        value: str = "" if node.tag.endswith(":null") else node.value.strip()
        if required and not value:
            self.mistake(name, f"“{name}” is empty.")
        return value or default

    def choice(self, name: str, known: Iterable[str], default: str) -> str:
        """One of the known words."""
        value = self.text(name, default=default)
        words = list(known)
        if value not in words:
            self.mistake(name, f"“{value}” is no {name.replace('_', ' ')}; there are: {', '.join(words)}.")
            return default
        return value

    def flag(self, name: str, *, default: bool = False) -> bool:
        """True or false."""
        value = self.text(name, default="true" if default else "false").lower()
        if value not in ("true", "false"):
            self.mistake(name, f"“{name}” should be true or false.")
        return value == "true"

    def moment(self, name: str, zone: ZoneInfo, *, required: bool = False) -> tuple[datetime | None, str]:
        """A time and its precision, which is how much of it is written down.

        ``2025-03-18``, ``2025-03-18T14`` or ``2025-03-18T14:00``, with ``Z`` or ``+05:30``
        or, without either, in `zone`.
        """
        value = self.text(name, required=required)
        if not value:
            return None, Precision.MINUTE
        match = _TIME.fullmatch(value)
        try:
            if match is None:
                raise ValueError(value)
            day, hour, minute, second, offset = match.groups()
            moment = datetime.fromisoformat(f"{day}T{hour or '00'}{minute or ':00'}{second or ''}{offset or ''}")
        except ValueError:
            self.mistake(name, f"“{value}” is no time; write it as 2025-03-18T14:00Z, 2025-03-18T14 or 2025-03-18.")
            return None, Precision.MINUTE
        moment = moment if moment.tzinfo else moment.replace(tzinfo=zone)
        return moment, Precision.MINUTE if minute else Precision.HOUR if hour else Precision.DAY

    def rows(self, name: str, what: str) -> list["Fields"]:
        """A list of mappings; `what` names each in sentences."""
        self._asked.add(name)
        node = self._values.get(name)
        if node is None:
            return []
        if not isinstance(node, yaml.SequenceNode):
            self.mistake(name, f"“{name}” should be a list, each line of it beginning with “-”.")
            return []
        found = []
        for row in node.value:
            if isinstance(row, yaml.MappingNode):
                found.append(Fields(row, self.book, what))
            else:
                self.book.mistake(row.start_mark.line + 1, f"{what} should have fields, such as “name: value”.")
        return found

    def inner(self, name: str, what: str, *, required: bool = False) -> "Fields | None":
        """A field that is a mapping itself."""
        self._asked.add(name)
        node = self._values.get(name)
        if isinstance(node, yaml.MappingNode):
            return Fields(node, self.book, what)
        if node is not None:
            self.mistake(name, f"“{name}” should have fields of its own.")
        elif required:
            self.book.mistake(self.line, f"“{name}:” is missing in {self.what}.")
        return None

    def end(self) -> None:
        """Note each field that nobody asked for: most are typing mistakes."""
        for name in self._values:
            if name not in self._asked:
                self.mistake(name, f"{self.what} has no field “{name}”.")
