"""What one deed at the desk is made of."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import Any

from django.contrib.auth.models import User
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from events import permissions, publishing, text
from events.forms.words import words_from
from events.models import Event, Post
from events.publishing import Done, Marks, Refused
from events.templatetags import headings


class Forbidden(Exception):
    """What this user may not do; the message says who may."""


class Right(Enum):
    """Who may do a deed."""

    #: Who writes, to their own unpublished posts; an editor to any.
    WRITE = "write"
    #: Whoever publishes.
    PUBLISH = "publish"
    #: Whoever steers the event.
    STEER = "steer"


@dataclass(frozen=True, kw_only=True)
class Wish:
    """One deed that somebody asked for."""

    event: Event
    by: User
    key: str
    content: dict[str, Any]
    post: Post | None

    def text(self, name: str) -> str:
        """A field that is text, empty when it is not there."""
        value = self.content.get(name, "")
        return value if isinstance(value, str) else ""

    def flag(self, name: str) -> bool:
        """A field that is true or false."""
        return self.content.get(name) is True

    def number(self, name: str) -> int:
        """A field that is a whole number, typed or chosen; 0 when it is not there, -1 for nonsense."""
        value = self.content.get(name, 0)
        if value in ("", None, False):
            return 0
        given = str(value)
        return int(given) if given.isascii() and given.isdecimal() and len(given) < 9 else -1

    def words(self) -> publishing.Words:
        """What the composer holds."""
        return words_from(self.event, self.content.get("words"), self.post)

    def revision(self) -> int:
        """The revision that the editor began from; -1, which is none, for nonsense."""
        value = self.content.get("revision")
        return value if isinstance(value, int) else -1

    def over(self) -> dict[str, Any]:
        """What publishing is told of the public post that other words replace, as its editor loaded it."""
        given = {"revision": self.revision(), "held": self.flag("held"), "was": self.was()}
        return given | {"by": self.by, "key": self.key}

    def was(self) -> Marks | None:
        """What the editor loaded beside the words; None for whoever does not say."""
        was = self.content.get("was")
        if not isinstance(was, dict):
            return None
        key_event = was.get("key_event") is True
        return Marks(standing=str(was.get("standing")), key_event=key_event, key_label=str(was.get("key_label") or ""))

    def pin(self) -> bool:
        """Whether it goes on top: as whoever steers wishes, and for others what was promised to a scheduled post."""
        promised = self.post is not None and self.post.pin_when_out
        return self.flag("pin") and (promised or permissions.may_steer(self.by, self.event))

    def began(self) -> str:
        """The imprint of the draft that the editor began from; empty for whoever does not say."""
        return self.text("began")

    def going_out(self) -> dict[str, Any]:
        """What publishing is told of the composer's post however it goes out: now, held back, or at its time."""
        return {
            "words": self.words(),
            "by": self.by,
            "post": self.post,
            "began": self.began(),
            "pin": self.pin(),
            "pin_minutes": self.number("pin_minutes"),
            "key": self.key,
        }

    def present(self) -> Post:
        """The post that it is about; raise Refused when none was named."""
        if self.post is None:
            raise Refused(_("This post is not there any more. Load the page again; your text is kept."))
        return self.post


@dataclass(frozen=True)
class Deed:
    """How a verb is done, who may, and the sentence once it is done."""

    do: Callable[[Wish], Done]
    said: str | Promise | Callable[[Done], str]
    right: Right = Right.PUBLISH

    def sentence(self, done: Done) -> str:
        """What the desk says."""
        said = self.said(done) if callable(self.said) else str(self.said)
        if done.unpinned is None:
            return said
        title = text.short(headings.titled(done.unpinned), 80)
        return _("%(said)s “%(title)s” is no longer pinned.") % {"said": said, "title": title}

    def check_allowed(self, event: Event, by: User, post: Post | None) -> None:
        """Raise Forbidden unless this user may do this to this post."""
        if self.right is Right.WRITE:
            if not permissions.may_submit(by, event) or (post is not None and not permissions.may_edit(by, post)):
                raise Forbidden(_("Only its author and the editors may write to this post."))
            return
        may = permissions.may_steer if self.right is Right.STEER else permissions.may_publish
        if not may(by, event):
            raise Forbidden(_("Only an editor may do this. You may save a draft, or submit it."))
