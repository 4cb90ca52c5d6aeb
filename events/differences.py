"""What differs between two plain texts, by words."""

import re
from collections.abc import Iterator
from difflib import SequenceMatcher

#: Words with the space behind them, so that the pieces together are the text.
_PIECES = re.compile(r"\s*\S+|\s+$")


def words(before: str, after: str) -> list[tuple[str, str]]:
    """Return the steps from one text to the other: ``(kind, piece)``, kind one of ``same``, ``del``, ``ins``.

    The pieces of ``same`` and ``del`` together are the first text, those of ``same`` and ``ins`` the second.
    """
    return list(_steps(_PIECES.findall(before), _PIECES.findall(after)))


def _steps(one: list[str], two: list[str]) -> Iterator[tuple[str, str]]:
    for tag, a, b, c, d in SequenceMatcher(None, one, two, autojunk=False).get_opcodes():
        if tag == "equal":
            yield "same", "".join(one[a:b])
            continue
        if a < b:
            yield "del", "".join(one[a:b])
        if c < d:
            yield "ins", "".join(two[c:d])
