"""How alike two texts are, by their words."""

import re
import unicodedata

#: From this share of the shorter text's words on, two texts may be about the same thing.
#: One event's posts share its names and its verbs: seven words of ten are no sign yet.
ALIKE = 0.85
_WORD = re.compile(r"\w+")


def words_of(text: str) -> frozenset[str]:
    """The words of a plain text, without case, accents or punctuation; "of" and "to" say nothing, and are left out."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    found = _WORD.findall("".join(char for char in plain if not unicodedata.combining(char)))
    return frozenset(word for word in found if len(word) > 2 or not word.isascii() or word.isdigit())


def likeness(one: str, other: str) -> float:
    """The share of the shorter text's words that the other has too: 0 to 1.

    Fewer than four words say too little: they count only when the other has no more.
    """
    ours, theirs = words_of(one), words_of(other)
    shorter = min(len(ours), len(theirs))
    if shorter < 4:
        return float(bool(ours) and ours == theirs)
    return len(ours & theirs) / shorter


def alike(one: str, other: str) -> bool:
    """Whether two texts may be about the same thing."""
    return likeness(one, other) >= ALIKE
