"""How alike two texts are, by their words; and two names."""

import re
import unicodedata

#: From this share of the shorter text's words on, two texts may be about the same thing.
#: One event's posts share its names and its verbs: seven words of ten are no sign yet.
ALIKE = 0.85
_WORD = re.compile(r"\w+")
#: The articles with which a name may begin.
_ARTICLE = re.compile(r"^\s*(?:(?:the|an?|les?|la|der|die|das|el|l[oa]s)\s+|al[\s-]\s*)(?=\w)", re.IGNORECASE)


def plain(text: str) -> list[str]:
    """The words of a text in their order, without case, accents or punctuation."""
    parted = unicodedata.normalize("NFKD", text.casefold())
    return _WORD.findall("".join(char for char in parted if not unicodedata.combining(char)))


def without_article(name: str) -> str:
    """A name without the article before it: “White House” of “The White House”; one that is all article stays."""
    return _ARTICLE.sub("", name)


def names_are_alike(one: str, other: str) -> bool:
    """Whether two names have the same letters, or one stands whole in the other: “Bloomberg”, “Bloomberg News”."""
    ours, theirs = plain(one), plain(other)
    if not ours or not theirs:
        return False
    shorter, longer = sorted((f" {' '.join(ours)} ", f" {' '.join(theirs)} "), key=len)
    return shorter in longer or "".join(ours) == "".join(theirs)


def words_of(text: str) -> frozenset[str]:
    """The words of a plain text, without case, accents or punctuation; "of" and "to" say nothing, and are left out."""
    return frozenset(word for word in plain(text) if len(word) > 2 or not word.isascii() or word.isdigit())


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
