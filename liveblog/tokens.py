"""A script's tokens: a pattern alone would take the half of a string or of a template for a comment."""

import re
from collections.abc import Iterator

_TOKEN = re.compile(
    r"""(?P<space>\s+)|(?P<comment>//[^\n]*|/\*.*?\*/)|(?P<string>"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*')"""
    r"""|(?P<word>[\w$]+)|(?P<mark>\+\+|--|.)""",
    re.DOTALL,
)
_PATTERN = re.compile(r"/(?![/*])(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\n\[])+/\w*")
#: A template, or what is left of it after a `}`, up to its end or to the next `${`.
_TEMPLATE = re.compile(r"[`}](?:\\.|\$(?!\{)|[^`\\$])*(?:`|\$\{)", re.DOTALL)
#: After these words a slash begins a regular expression; after other words, and after these marks, it divides.
_BEFORE_PATTERN = frozenset("await case delete do else in instanceof new of return throw typeof void yield".split())
_BEFORE_DIVISION = frozenset((")", "]", "}", "++", "--"))


def pieces(source: str) -> Iterator[tuple[str, str]]:
    """The script's tokens as (kind, text); their texts joined are the script again.

    Kinds: space, comment, string, word, mark, pattern (a regular expression), template. A template
    comes in the parts between its `${…}`. Raises ``ValueError`` where one has no end.
    """
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
