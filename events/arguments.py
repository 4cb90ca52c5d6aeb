"""What the arguments of a public address ask for.

Pages leave out what makes no sense, so that every address shows something; the catch-up
refuses it, since a script that is misunderstood should hear so.
"""

import re
from dataclasses import dataclass, fields
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict

#: A cursor is the `order` of a post: microseconds, then its first sequence.
CURSOR = re.compile(r"(\d{17})-(\d{10})", re.ASCII)
#: Posts in an embed, and the most that a partner may ask for.
POSTS = 10
MOST_POSTS = 30
#: Characters of a question that are searched for.
QUESTION = 100
_AFTER = re.compile(r"[0-9]{1,15}", re.ASCII)


class Nonsense(ValueError):
    """Arguments that cannot be understood. The message is a sentence for whoever wrote them."""


@dataclass(frozen=True)
class View:
    """What part of the event a page shows."""

    #: `newest` or `oldest` first.
    order_by: str = "newest"
    #: `key` for key events only.
    show: str = ""
    #: The order from which on posts are shown, exclusive; empty for the beginning.
    cursor: str = ""

    @classmethod
    def of(cls, query: QueryDict) -> "View":
        """Read the arguments that we know, and leave out the rest."""
        oldest = query.get("order") == "oldest"
        cursor = query.get("from" if oldest else "before", "")
        return cls(
            order_by="oldest" if oldest else "newest",
            show="key" if query.get("show") == "key" else "",
            cursor=cursor if CURSOR.fullmatch(cursor) else "",
        )

    @property
    def is_head(self) -> bool:
        """Whether this is the newest page, of all posts or of key events: what most readers ask for."""
        return self.order_by == "newest" and not self.cursor

    def query(self, **changed: str) -> str:
        """The arguments of this view's address, with some changed: `?show=key`, or nothing."""
        given = {"order_by": self.order_by, "show": self.show, "cursor": self.cursor} | changed
        said = []
        if given["show"]:
            said.append(f"show={given['show']}")
        if given["order_by"] == "oldest":
            said.append("order=oldest")
        if given["cursor"]:
            said.append(f"{'from' if given['order_by'] == 'oldest' else 'before'}={given['cursor']}")
        return f"?{'&'.join(said)}" if said else ""


@dataclass(frozen=True)
class Search:
    """What is searched for in an event, and from where on what was found is shown."""

    question: str = ""
    #: The order from which on posts are shown, exclusive; empty for the newest.
    cursor: str = ""
    #: Whether more was asked than is searched for.
    cut: bool = False

    @classmethod
    def of(cls, query: QueryDict) -> "Search":
        """Read `q=` and `before=`, and leave out the rest."""
        asked = " ".join(query.get("q", "").split())
        cursor = query.get("before", "")
        kept = asked[:QUESTION]
        if len(asked) > QUESTION and " " in kept:
            # Half a word would find nothing.
            kept = kept.rpartition(" ")[0]
        return cls(
            question=kept,
            cursor=cursor if CURSOR.fullmatch(cursor) else "",
            cut=len(asked) > QUESTION,
        )

    @property
    def query(self) -> str:
        """The arguments that ask the same: `?q=…`, or nothing."""
        said = {"q": self.question, "before": self.cursor}
        return f"?{urlencode({name: value for name, value in said.items() if value})}" if self.question else ""


@dataclass(frozen=True)
class Left:
    """Where a reader left who asks what has changed since."""

    after: int
    #: Which history the place counts in; empty for the present one.
    epoch: str = ""

    @classmethod
    def of(cls, after: int, query: QueryDict) -> "Left":
        """The place in the path, and `epoch=` where it makes sense."""
        epoch = query.get("epoch", "")
        return cls(after, epoch if re.fullmatch(r"[0-9a-f]{12}", epoch, re.ASCII) else "")

    @property
    def query(self) -> str:
        """The arguments of this place's address: `?epoch=…`, or nothing."""
        return f"?epoch={self.epoch}" if self.epoch else ""


@dataclass(frozen=True)
class Choices:
    """What a partner may choose in the address of an embed."""

    posts: int = POSTS
    show: str = ""
    theme: str = "auto"
    mode: str = "fixed"

    @classmethod
    def of(cls, query: QueryDict) -> "Choices":
        """Read the arguments that we know, and leave out the rest."""
        posts = query.get("posts", "")
        given: dict[str, Any] = {}
        if re.fullmatch(r"[0-9]{1,2}", posts, re.ASCII) and 1 <= int(posts) <= MOST_POSTS:
            given["posts"] = int(posts)
        for name, known in (("show", ("key",)), ("theme", ("light", "dark")), ("mode", ("auto",))):
            if query.get(name) in known:
                given[name] = query[name]
        return cls(**given)

    @property
    def query(self) -> str:
        """The arguments that say the same: `?posts=3`, or nothing."""
        said = {row.name: getattr(self, row.name) for row in fields(self) if getattr(self, row.name) != row.default}
        return f"?{urlencode(said)}" if said else ""


@dataclass(frozen=True)
class Place:
    """Where a page stands that asks what has changed since."""

    after: int
    epoch: str

    @classmethod
    def of(cls, query: QueryDict) -> "Place":
        """Read `after=` and `epoch=`. Raises Nonsense."""
        unknown = sorted(set(query) - {"after", "epoch"})
        if unknown:
            raise Nonsense(f"This address takes after= and epoch=, and not {unknown[0][:40]}=.")
        after = query.get("after", "")
        if len(query.getlist("after")) != 1 or not _AFTER.fullmatch(after):
            raise Nonsense("after= is a sequence: 1 to 15 digits.")
        if len(query.getlist("epoch")) > 1 or len(query.get("epoch", "")) > 40:
            raise Nonsense("epoch= is the epoch of the page, once.")
        return cls(int(after), query.get("epoch", ""))
