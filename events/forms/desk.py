"""The desk's deeds: from what the browser sent to one call of `publishing`."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import User
from django.utils.translation import gettext as _

from events import permissions, publishing
from events.forms.words import words_from
from events.models import Event, Post
from events.publishing import Done, Line, Refused

#: Deeds on the event as a whole.
STEERING = frozenset({"open", "pause", "end", "pin", "unpin", "summarise"})
#: Deeds that a contributor may do to their own posts.
WRITING = frozenset({"draft", "submit", "delete"})


class Forbidden(Exception):
    """What this user may not do; the message says who may."""


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

    def words(self) -> publishing.Words:
        """What the composer holds."""
        return words_from(self.event, self.content.get("words"))

    def revision(self) -> int:
        """The revision that the editor began from; -1, which is none, for nonsense."""
        value = self.content.get("revision")
        return value if isinstance(value, int) else -1

    def present(self) -> Post:
        """The post that it is about; raise Refused when none was named."""
        if self.post is None:
            raise Refused(_("This post is not there any more. Load the page again; your text is kept."))
        return self.post


def _draft(wish: Wish) -> Done:
    return publishing.save_draft(wish.event, words=wish.words(), by=wish.by, post=wish.post, key=wish.key)


def _submit(wish: Wish) -> Done:
    return publishing.save_draft(wish.event, words=wish.words(), by=wish.by, post=wish.post, submit=True, key=wish.key)


def _publish(wish: Wish) -> Done:
    return publishing.publish(
        wish.event, words=wish.words(), by=wish.by, post=wish.post, key=wish.key, pin=wish.flag("pin")
    )


def _revise(wish: Wish) -> Done:
    change = wish.text("change") or "typo"
    given: dict[str, Any] = {"words": wish.words(), "revision": wish.revision(), "by": wish.by, "key": wish.key}
    if change == "correction":
        return publishing.correct(wish.present(), note=wish.text("note"), **given)
    return publishing.revise(wish.present(), change=change, note=wish.text("note"), **given)


def _mark(wish: Wish) -> Done:
    return publishing.mark(
        wish.present(), by=wish.by, key=wish.key, key_event=wish.flag("key_event"), key_label=wish.text("key_label")
    )


def _summarise(wish: Wish) -> Done:
    rows = wish.content.get("lines")
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise Refused(_("The summary could not be read."), "lines")
    lines = [
        Line(text=str(row.get("text", "")), knowing=str(row.get("knowing", "known")), post=_rests_on(wish.event, row))
        for row in rows[:20]
    ]
    return publishing.summarise(wish.event, lines=lines, by=wish.by, key=wish.key)


def _rests_on(event: Event, row: dict[str, Any]) -> Post | None:
    """The post that a line of the summary leads to."""
    if not row.get("post"):
        return None
    post = Post.objects.filter(event=event, pk=str(row["post"])).first()
    if post is None:
        raise Refused(_("A line of the summary leads to a post that is not in this event."), "lines")
    return post


#: Verb in the address -> what it does.
DEEDS: dict[str, Callable[[Wish], Done]] = {
    "draft": _draft,
    "submit": _submit,
    "delete": lambda wish: publishing.delete_draft(wish.present(), by=wish.by, key=wish.key),
    "publish": _publish,
    "revise": _revise,
    "hold": lambda wish: publishing.hold(wish.present(), by=wish.by, key=wish.key),
    "withdraw": lambda wish: publishing.withdraw(wish.present(), by=wish.by, note=wish.text("note"), key=wish.key),
    "retract": lambda wish: publishing.retract(wish.present(), by=wish.by, note=wish.text("note"), key=wish.key),
    "restore": lambda wish: publishing.restore(wish.present(), by=wish.by, key=wish.key),
    "undo": lambda wish: publishing.undo(wish.present(), by=wish.by, key=wish.key),
    "mark": _mark,
    "pin": lambda wish: publishing.pin(wish.event, post=wish.present(), by=wish.by, key=wish.key),
    "unpin": lambda wish: publishing.unpin(wish.event, by=wish.by, key=wish.key),
    "summarise": _summarise,
    "open": lambda wish: publishing.open(wish.event, by=wish.by, key=wish.key),
    "pause": lambda wish: publishing.pause(wish.event, by=wish.by, note=wish.text("note"), key=wish.key),
    "end": lambda wish: publishing.end(wish.event, by=wish.by, key=wish.key),
}


def perform(verb: str, event: Event, by: User, content: Any) -> Done:
    """Do what the desk asked for, once for each ``content["key"]``.

    Raises Forbidden when this user may not, Refused (or Conflict) when the rules say no.
    """
    if not isinstance(content, dict):
        raise Refused(_("The desk sent something that we cannot read. Load the page again; your text is kept."))
    post = None
    if content.get("post"):
        post = Post.objects.select_related("event").filter(event=event, pk=str(content["post"])).first()
        if post is None and not verb == "delete":
            raise Refused(_("This post is not there any more. Your text is still here: publish it as a new one."))
    _check_allowed(verb, event, by, post)
    key = content.get("key")
    wish = Wish(event=event, by=by, key=key if isinstance(key, str) else "", content=content, post=post)
    return DEEDS[verb](wish)


def _check_allowed(verb: str, event: Event, by: User, post: Post | None) -> None:
    """Raise Forbidden unless this user may do this to this post."""
    if verb in WRITING:
        if not permissions.may_submit(by, event) or (post is not None and not permissions.may_edit(by, post)):
            raise Forbidden(_("Only its author and the editors may write to this post."))
        return
    allowed = permissions.may_steer(by, event) if verb in STEERING else permissions.may_publish(by, event)
    if not allowed:
        raise Forbidden(_("Only an editor may do this. You may save a draft, or submit it."))
