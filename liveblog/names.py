"""The names in a script: which it declares, which it uses, and shorter ones for those that nobody else sees.

No parser: the tokens and the brackets around them tell what a word is, for scripts as prettier
writes them. Where they do not, the word is `UNSURE`, and its name is left as it is.
"""

import itertools
import re
from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from liveblog.tokens import pieces

#: What a word can be: made at the top of the module, made further in, read, or the name of a property alone; made or
#: read by the name of a property, as in `const { a } = b` and `c({ a })`.
DECLARED, BOUND, READ, PROPERTY = "declared", "bound", "read", "property"
PICKED, SHORTHAND, UNSURE = "picked", "shorthand", "unsure"
_CLOSING = {"(": ")", "[": "]", "{": "}"}
#: A bracket after these holds no parameters.
_STATEMENTS = frozenset(("if", "for", "while", "switch", "with"))
_WORDS = frozenset(
    "as async await break case catch class const continue default delete do else export extends false finally for "
    "from function if import in instanceof let new null of return static super switch this throw true try typeof "
    "undefined var void while with yield".split()
)
#: After a block these go on with its statement.
_GO_ON = frozenset("as catch else finally from in instanceof of while".split())
#: Where a word is also a property's name.
_DOUBLE = (PICKED, SHORTHAND)
#: How many times as often as there a word must stand for a short name to be a gain: the long one compresses well.
GAIN = 4
#: What every window has and a script may also call its own: where such a word is read, it may be either.
_WINDOW = frozenset(
    "close closed event external find focus frames history length location name navigation open opener origin parent "
    "performance print screen scroll self status stop top".split()
)
_LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
_NAME = re.compile(r"[A-Za-z_$][\w$]*")


class Word(NamedTuple):
    """A name where it stands: the index of its token, and what it is there."""

    at: int
    name: str
    role: str


class _Script:
    """The tokens that say something, and the bracket that each stands in."""

    def __init__(self, source: str) -> None:
        self.all = list(pieces(source))
        self.places = [at for at, (kind, _piece) in enumerate(self.all) if kind not in ("space", "comment")]
        self.kinds = [self.all[at][0] for at in self.places]
        self.tokens = [self.all[at][1] for at in self.places]
        #: For each token the index of the bracket around it, -1 at the top; for each bracket that of its end.
        self.around: list[int] = []
        self.ends: dict[int, int] = {}
        self._match()
        #: Tokens of patterns that name what is declared: at the top; and further in, for parameters, by `catch`.
        self.outer: set[int] = set()
        self.inner: set[int] = set()
        self._bind()

    def _match(self) -> None:
        opened: list[int] = []
        for at, (kind, token) in enumerate(zip(self.kinds, self.tokens, strict=True)):
            if opened and (kind == "template" and token[0] == "}" or kind == "mark" and token in ")]}"):
                self.ends[opened.pop()] = at
            self.around.append(opened[-1] if opened else -1)
            if kind == "template" and token.endswith("${") or kind == "mark" and token in _CLOSING:
                opened.append(at)

    def parted(self) -> list[int]:
        """For each token the piece that it belongs to: a statement at the top, or a member of a class there.

        Where that is not sure, two pieces are one.
        """
        pieces: list[int] = []
        #: The piece under way at the top, and in each class that stands there.
        current = {-1: 0}
        for at, token in enumerate(self.tokens):
            home, around = -1, self.around[at]
            while around != -1:
                home, around = around, self.around[around]
            if not self._is_class(home):
                home = -1
            # What stands before it, if that is in no bracket further in.
            before = self.token(at - 1) if at and self.around[at] == self.around[at - 1] == home else ""
            is_new = before == ";" or before == "}" and self.kinds[at] == "word" and token not in _GO_ON
            if home not in current or is_new:
                current[home] = at
            pieces.append(current[home])
        return pieces

    def token(self, at: int) -> str:
        return self.tokens[at] if 0 <= at < len(self.tokens) else ""

    def _bind(self) -> None:
        for at, token in enumerate(self.tokens):
            if self.kinds[at] == "word" and token in ("const", "let", "var") and self.token(at - 1) != ".":
                (self.outer if self.around[at] == -1 else self.inner).update(self._declared_after(at))
            elif token == "(" and self._has_parameters(at):
                self.inner.update(range(at + 1, self.ends[at]))
            elif self.kinds[at] == "word" and self.tokens[at + 1 : at + 3] == ["=", ">"]:
                self.inner.add(at)

    def _declared_after(self, at: int) -> Iterator[int]:
        """What the declarators of a statement name, before the `=` of each."""
        around, is_name = self.around[at], True
        while (at := at + 1) < len(self.tokens) and self.around[at] >= around:
            if self.around[at] == around:
                if self.tokens[at] in (";", "of", "in") or at == self.ends.get(around):
                    return
                is_name = self.tokens[at] == "," or is_name and self.tokens[at] != "="
            if is_name:
                yield at

    def _has_parameters(self, at: int) -> bool:
        after = self.ends.get(at, len(self.tokens))
        is_arrow = self.tokens[after + 1 : after + 3] == ["=", ">"]
        return is_arrow or self.token(after + 1) == "{" and self.token(at - 1) not in _STATEMENTS

    def _is_class(self, at: int) -> bool:
        """Whether the members of a class stand in this bracket."""
        return self.token(at) == "{" and "class" in (self.token(at - 2), self.token(at - 4))

    def role(self, at: int) -> str:
        """What the word at this token is."""
        before, after, around = self.token(at - 1), self.token(at + 1), self.around[at]
        is_in_braces = self.token(around) == "{"
        if before == "#" or before == "." and self.token(at - 2) != ".":
            return PROPERTY
        if is_in_braces and before in ("{", ",") and after == ":":
            return PROPERTY
        if before in ("function", "class") or before == "*" and self.token(at - 2) == "function":
            return DECLARED if around == -1 else BOUND
        if after == "(" and self.token(self.ends.get(at + 1, -2) + 1) == "{":
            return PROPERTY
        if self._is_class(around):
            return UNSURE
        # What a pattern takes where there is nothing (`{ a = b }`) is read.
        if (at in self.inner or at in self.outer) and before != "=":
            if is_in_braces and before in ("{", ",") and after in (",", "}", "="):
                return PICKED
            return DECLARED if at in self.outer and around == -1 else BOUND
        return SHORTHAND if is_in_braces and before in ("{", ",") and after in (",", "}") else READ


def words(source: str) -> list[Word]:
    """Every name in a script with what it is there. A pattern's names are `BOUND` or `PICKED`, also at the top."""
    return list(_words(_Script(source)))


def _words(script: _Script) -> Iterator[Word]:
    for at, token in enumerate(script.tokens):
        if script.kinds[at] == "word" and _NAME.fullmatch(token) and token not in _WORDS:
            yield Word(script.places[at], token, script.role(at))


def declared(source: str) -> set[str]:
    """The names that a module declares at its top, those of a pattern (`const { a } = b;`) too."""
    script = _Script(source)
    found = {at: script.role(at) for at, kind in enumerate(script.kinds) if kind == "word"}
    return {
        script.tokens[at]
        for at, role in found.items()
        if script.tokens[at] not in _WORDS and (role == DECLARED or role in (BOUND, PICKED) and at in script.outer)
    }


def strays(source: str) -> set[str]:
    """The names that a module reads and does itself neither declare nor bind, the browser's own among them."""
    found = words(source)
    own = {word.name for word in found if word.role in (DECLARED, BOUND, PICKED)}
    return {word.name for word in found if word.role in (READ, SHORTHAND)} - own


def shorten(source: str) -> str:
    """Return a whole program with short names for what it makes, the most used first.

    One name has one short name, wherever it is made: so nobody needs to know which of two is meant. Two
    names share one where no statement at the top, and no member of a class there, has both.
    Where it is also that of a property, `{ long }` becomes `{ long:a }`. A name stays where that would
    be no gain, where it is unsure, or may be the window's: there a word would need a parser to be told
    apart. Properties, methods and strings are never touched.
    """
    short = shortened(source)
    tokens = [piece for _kind, piece in pieces(source)]
    for word in words(source):
        if word.name in short and word.role != PROPERTY:
            tokens[word.at] = f"{word.name}:" * (word.role in _DOUBLE) + short[word.name]
    return "".join(tokens)


def shortened(source: str) -> dict[str, str]:
    """Which names `shorten` changes, and into what."""
    script = _Script(source)
    found = list(_words(script))
    piece_of = dict(zip(script.places, script.parted(), strict=True))
    roles: dict[str, Counter[str]] = {}
    #: The pieces that have a name; all that are made at the top have one together.
    where: dict[str, set[int]] = {name: {-1} for name in declared(source)}
    for word in found:
        roles.setdefault(word.name, Counter())[word.role] += 1
        where.setdefault(word.name, set()).add(piece_of[word.at])
    uses = {name: sum(has.values()) - has[PROPERTY] for name, has in roles.items() if _is_worth_it(name, has)}
    free = _free(set(roles))
    #: Short names, and the pieces that have them already.
    taken: dict[str, set[int]] = {}
    short = {}
    for name in sorted(uses, key=lambda name: -uses[name]):
        short[name] = next((one for one, has in taken.items() if not has & where[name]), "") or next(free)
        taken.setdefault(short[name], set()).update(where[name])
    return short


def _is_worth_it(name: str, has: Counter[str]) -> bool:
    """Whether a name with so many words of each role is the script's own, and its file is smaller with a short one."""
    is_own = has[DECLARED] or name not in _WINDOW and (has[BOUND] or has[PICKED])
    double = sum(has[role] for role in _DOUBLE)
    return bool(is_own and not has[UNSURE] and len(name) > 1 and sum(has.values()) - has[PROPERTY] > GAIN * double)


def _free(taken: set[str]) -> Iterator[str]:
    """Names of one and two letters that nobody uses for anything."""
    pairs = itertools.chain(_LETTERS, map("".join, itertools.product(_LETTERS, repeat=2)))
    return (name for name in pairs if name not in taken and name not in _WORDS)
