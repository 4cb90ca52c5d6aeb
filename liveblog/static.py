"""Static files on their way out: hashed names, modules that find each other, no comments.

Comments in scripts and styles are for us. A tokenizer takes them out, since a pattern alone
would take the half of a string, a template or a regular expression for one.
"""

import re
from collections.abc import Iterator
from typing import Any

from django.core.files.base import ContentFile
from servestatic.storage import CompressedManifestStaticFilesStorage

_TOKEN = re.compile(
    r"""(?P<space>\s+)|(?P<comment>//[^\n]*|/\*.*?\*/)|(?P<string>"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*')"""
    r"""|(?P<word>[\w$]+)|(?P<mark>\+\+|--|.)""",
    re.DOTALL,
)
_PATTERN = re.compile(r"/(?![/*])(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\n\[])+/\w*")
#: A template, or what is left of it after a `}`, up to its end or to the next `${`.
_TEMPLATE = re.compile(r"[`}](?:\\.|\$(?!\{)|[^`\\$])*(?:`|\$\{)", re.DOTALL)
_IN_WORD = re.compile(r"[\w$#]")
#: No statement ends after these: what follows may stand on the same line.
_GOES_ON = frozenset(("", "{", "(", "[", ",", ";", "?", ":", "=", ">", "&", "|"))
#: After these words a slash begins a regular expression; after other words, and after these marks, it divides.
_BEFORE_PATTERN = frozenset("await case delete do else in instanceof new of return throw typeof void yield".split())
_BEFORE_DIVISION = frozenset((")", "]", "}", "++", "--"))
_STYLE = re.compile(r"""(?P<keep>"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*')|(?P<comment>/\*.*?\*/)""", re.DOTALL)
_INDENT = re.compile(r"\n\s+")


def strip_script(source: str) -> str:
    """Return a script without comments and needless space; strings, templates and patterns stay as they are.

    Lines stay apart wherever the end of one may end a statement. One thing it does not know:
    a regular expression right after `if (…)` looks like a division.
    """
    out = [""]
    gap = ""
    for kind, piece in _pieces(source):
        if kind in ("space", "comment"):
            # A comment parts words as a space does, and ends a line if it goes over one.
            gap = "\n" if "\n" in gap + piece else " "
            continue
        out += [gap if _needs_gap(out[-1], gap, piece) else "", piece]
        gap = ""
    return "".join(out) + "\n"


def _needs_gap(last: str, gap: str, piece: str) -> bool:
    """Whether the space or the end of line between two tokens says something."""
    if gap == "\n":
        return last not in _GOES_ON and piece[0] not in "})]"
    return bool(_IN_WORD.match(last[-1:]) and _IN_WORD.match(piece)) or (last[-1:] in "+-/" and piece[0] in "+-/")


def _pieces(source: str) -> Iterator[tuple[str, str]]:
    """The script's tokens, each with its kind; a template comes in the parts between its `${…}`."""
    at, last = 0, ""
    #: For each `${` that we are in: how many braces are open in it.
    holes: list[int] = []
    while match := _TOKEN.match(source, at):
        kind, piece = str(match.lastgroup), match[0]
        if piece == "`" or (piece == "}" and holes and not holes[-1]):
            template = _TEMPLATE.match(source, at)
            if template is None:
                raise ValueError(f"A template has no end: {source[at : at + 40]!r}")
            if piece == "}":
                holes.pop()
            kind, piece = "template", template[0]
            if piece.endswith("${"):
                holes.append(0)
        elif piece == "/" and _may_begin_pattern(last) and (pattern := _PATTERN.match(source, at)):
            kind, piece = "pattern", pattern[0]
        elif holes and piece in ("{", "}"):
            holes[-1] += 1 if piece == "{" else -1
        at += len(piece)
        if kind not in ("space", "comment"):
            last = piece
        yield kind, piece


def _may_begin_pattern(last: str) -> bool:
    """Whether a slash after the token `last` begins a regular expression."""
    if last in _BEFORE_PATTERN or not last or last.endswith("${"):
        return True
    is_value = last[-1].isalnum() or last[-1] in "_$\"'`/"
    return not is_value and last not in _BEFORE_DIVISION


def strip_style(source: str) -> str:
    """Return a style sheet without comments and indentation."""
    return _INDENT.sub("\n", _STYLE.sub(lambda match: match["keep"] or "", source)).strip() + "\n"


class Storage(CompressedManifestStaticFilesStorage):
    """Hashed and compressed, with modules rewritten and our own comments taken out."""

    support_js_module_import_aggregation = True
    #: Other people's files keep their comments: their licences stand there.
    ours = re.compile(r"^(js|css)/[^/]+\.(js|css)$")

    def post_process(self, paths: dict[str, Any], dry_run: bool = False, **options: Any) -> Any:
        """Strip our files where `collectstatic` has put them, then hash everything."""
        for name in paths if not dry_run else ():
            if not self.ours.match(name):
                continue
            with self.open(name) as file:
                source = file.read().decode()
            stripped = strip_script(source) if name.endswith(".js") else strip_style(source)
            self.delete(name)
            self.save(name, ContentFile(stripped.encode()))
            paths[name] = (self, name)
        yield from super().post_process(paths, dry_run, **options)
