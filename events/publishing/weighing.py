"""What a change of words weighs: whether it can be mere spelling. `weigh` is pure, over plain text.

Names are told by their capitals, so in scripts without capitals a changed name asks nothing;
numbers, days and negations are seen in English and Arabic.
"""

import re
from collections.abc import Iterable
from difflib import SequenceMatcher

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from events import text
from events.models import Attribution, Post
from events.publishing.words import Named, Refused, Words

NUMBER, DATE, NAME, NOT, QUOTATION, INSIDE = "number", "date", "name", "not", "quotation", "inside"
# Of a post, beside its words.
SOURCE, STANDING, LABEL = "source", "standing", "label"

_NAMES = {
    NUMBER: gettext_lazy("a number"),
    DATE: gettext_lazy("a date"),
    NAME: gettext_lazy("a name"),
    NOT: gettext_lazy("a “not”"),
    QUOTATION: gettext_lazy("a quotation"),
    SOURCE: gettext_lazy("a source"),
    STANDING: gettext_lazy("whether it is confirmed"),
    LABEL: gettext_lazy("the label of a key event"),
}
_WORD = re.compile(r"[^\W\d_]+(?:['’\-][^\W\d_]+)*")
# With what makes another amount of it: a sign, a currency, per cent.
_DIGITS = re.compile(r"(?:(?<!\w)[-−])?[$€£¥]?\d+(?:[.,:/]\d+)*%?")
_QUOTED = re.compile(r"“([^“”]+)”|\"([^\"]+)\"|«([^«»]+)»|„([^„“”]+)[“”]|‘((?:[^‘’]|’(?=\w))+)’(?!\w)")
_SENTENCE_END = frozenset(".!?:…\n")
_COUNTS = frozenset(
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred thousand million billion "
    "trillion dozen dozens half twice".split()
)
_DAYS = frozenset(
    "january february march april june july august september october november december monday tuesday wednesday "
    "thursday friday saturday sunday today yesterday tomorrow tonight اليوم أمس غدا".split()
)
_NOTS = frozenset("not no never none nor neither nothing nobody without cannot لا لم لن ليس ليست غير بدون".split())
# Common words that begin sentences: no names.
_COMMON = frozenset(
    "a an and as at but by for from he her his how i if in it its more new now of on or our she so some that the "
    "their there these they this those to we what when where which while who why with you".split()
)


def weigh(before: str, after: str) -> frozenset[str]:
    """Say which weighty things differ between two plain texts: of the six names above.

    `INSIDE` is a change within a quotation that stands in both; `QUOTATION` one that came or went.
    """
    found = set()
    if _DIGITS.findall(before) != _DIGITS.findall(after) or _those(before, _COUNTS) != _those(after, _COUNTS):
        found.add(NUMBER)
    if _those(before, _DAYS) != _those(after, _DAYS) or _month_of_may(before) != _month_of_may(after):
        found.add(DATE)
    if _negations(before) != _negations(after):
        found.add(NOT)
    if _names_differ(before, after):
        found.add(NAME)
    return frozenset(found | _quotations(before, after))


def _words(plain: str) -> list[str]:
    return [word.casefold() for word in _WORD.findall(plain)]


def _those(plain: str, known: frozenset[str]) -> list[str]:
    return [word for word in _words(plain) if word in known]


def _month_of_may(plain: str) -> int:
    """How often the month is named; “may” is mostly a verb."""
    return len(re.findall(r"\bMay\b(?=\s+\d)|(?<=\d )May\b|(?<=\bin )May\b", plain))


def _negations(plain: str) -> int:
    return sum(word in _NOTS or word.endswith(("n't", "n’t")) for word in _words(plain))


def _capitals(plain: str) -> list[tuple[str, bool]]:
    """Each word with a capital, in order: its small form, and whether it begins a sentence."""
    found = []
    for match in _WORD.finditer(plain):
        if not match[0][0].isupper():
            continue
        ahead = plain[: match.start()].rstrip(" \t“\"«„'(‘")
        starts = not ahead or ahead[-1] in _SENTENCE_END
        word = match[0].casefold()
        if (
            word not in _DAYS
            and word != "may"
            and not (starts and (word in _COMMON or word in _NOTS or word in _COUNTS))
        ):
            found.append((word, starts))
    return found


def _names_differ(before: str, after: str) -> bool:
    one, two = _capitals(before), _capitals(after)
    small_one, small_two = _small(before), _small(after)
    steps = SequenceMatcher(
        None, [word for word, _at in one], [word for word, _at in two], autojunk=False
    ).get_opcodes()
    return any(
        any(_is_name(word, starts, small_two, after) for word, starts in one[a:b])
        or any(_is_name(word, starts, small_one, before) for word, starts in two[c:d])
        for step, a, b, c, d in steps
        if step != "equal"
    )


def _small(plain: str) -> frozenset[str]:
    """The words that are written without a capital."""
    return frozenset(word for word in _WORD.findall(plain) if word[0].islower())


def _is_name(word: str, starts: bool, small: frozenset[str], other: str) -> bool:
    """Whether a capitalised word that the other text lacks in this place is a name."""
    if word in small:
        return False
    # What begins a sentence has a capital anyway: misspelt it is like a word of the other text.
    return not starts or not any(_alike(word, there) for there in _words(other))


def _alike(one: str, two: str) -> bool:
    """Whether one is a slip of the other: letters that changed places, one wrong letter in a long word.

    Two short names are as near to each other as a slip is to its word, so a short word must be a common one.
    """
    if one == two:
        return False
    enough = 0.65 if one in _COMMON or two in _COMMON else 0.9
    return sorted(one) == sorted(two) or SequenceMatcher(None, one, two, autojunk=False).ratio() >= enough


def is_slip(before: str, after: str) -> bool:
    """Whether two lines are the same but for spelling: the same words in number and order, some of them misspelt."""
    one, two = before.casefold().split(), after.casefold().split()
    if len(one) != len(two) or weigh(before, after):
        return False
    return all(old == new or _alike(old, new) for old, new in zip(one, two, strict=True))


def _quotations(before: str, after: str) -> set[str]:
    one, two = _quoted(before), _quoted(after)
    gone, came = [q for q in one if q not in two], [q for q in two if q not in one]
    if any(SequenceMatcher(None, old, new, autojunk=False).ratio() >= 0.5 for old in gone for new in came):
        return {INSIDE}
    return {QUOTATION} if gone or came else set()


def _quoted(plain: str) -> list[str]:
    return [text.line(next(part for part in match if part)) for match in _QUOTED.findall(plain)]


def check_said_which(post: Post, words: Words, change: str, asked: bool) -> None:
    """Raise Refused at `change` when new words weigh more than the kind of change that was said.

    Until the editor was `asked`, nothing weighty passes for spelling; within quotation marks
    nothing passes but a correction.
    """
    found = weigh(_as_read(post.headline, post.html, post.attributions.all()), _as_new(words))
    found |= _beside(post, words)
    if INSIDE in found:
        raise Refused(_("This changes what stands inside quotation marks: that is a correction."), "change")
    if found and change == "typo" and not asked:
        named = ", ".join(str(_NAMES[one]) for one in _NAMES if one in found)
        raise Refused(
            _("This changes %(what)s. Say what kind of change it is: readers are told nothing of spelling.")
            % {"what": named},
            "change",
        )


def _beside(post: Post, words: Words) -> frozenset[str]:
    """What weighs beside the words: who said it, on what basis, whether it is so, what the list of key events says."""
    rows = list(post.attributions.all())
    new = [row.record(post, at) for at, row in enumerate(words.attributions)]
    found = set()
    if [row.basis for row in rows] != [row.basis for row in new]:
        found.add(SOURCE)
    elif _speakers(rows) != _speakers(new):
        found.add(NAME)
    if post.standing != words.standing:
        found.add(STANDING)
    if post.key_event and words.key_event and post.key_label != words.key_label:
        found.add(LABEL)
    return frozenset(found)


def _as_new(words: Words) -> str:
    return _as_read(words.headline, text.clean(words.body), words.attributions)


def _as_read(headline: str, html: str, rows: Iterable[Attribution | Named]) -> str:
    """All words of a post as one plain text, its quotations in their marks."""
    quotes = [f"“{row.quote}”" for row in rows if row.quote]
    return "\n".join([headline, text.plain(html), *quotes])


def _speakers(rows: Iterable[Attribution]) -> list[tuple[str, str]]:
    """Who is said to have said it, each with what they are called where they go unnamed."""
    return [(row.as_named, row.described_as) for row in rows]
