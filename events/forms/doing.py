"""From the plain form of a post to one deed."""

from collections.abc import Callable
from typing import Any

from django.contrib.auth.models import User
from django.utils.translation import gettext as _

from events import permissions, publishing
from events.forms.deeds.schedule import check_clock
from events.forms.post import PostForm
from events.forms.twins import check_twins
from events.models import Post
from events.publishing import Done, Refused, Words

#: What whoever writes may do too; all else is for those who publish.
WRITING = ("draft", "submit", "note")


def do(form: PostForm, words: Words, by: User, *, over: str = "") -> Done:
    """Do what the form says. Raises Refused for what this user may not, and for what the rules forbid.

    `over` says which words the editor has read beside their own text, as the browser sent it: their
    revision or, of what was never public, their imprint.
    """
    post, given = form.instance, form.cleaned_data
    if not permissions.may_submit(by, post.event):
        raise Refused(_("You may not write in this event."), "event")
    if given["deed"] not in WRITING and not permissions.may_publish(by, post.event):
        raise Refused(_("You may submit this post; an editor publishes it."), "deed")
    shared = {"by": by, "key": given["key"]}
    if given["deed"] in _ALONE:
        return _ALONE[given["deed"]](post, given, shared)
    stored = None if post._state.adding else post
    kept = {"post": stored, "began": over or given["began"], **shared}
    if given["deed"] in ("draft", "submit"):
        submit = given["deed"] == "submit"
        return publishing.save_draft(post.event, words=words, submit=submit, **kept)
    if given["deed"] == "publish":
        # What was done already is answered, not asked about.
        if not given["asked"] and not post.event.deeds.filter(key=given["key"]).exists():
            check_twins(post.event, by, words, stored)
        return publishing.publish(post.event, words=words, **kept, **_pin(post))
    if given["deed"] == "schedule":
        return _schedule(post, words, given, kept)
    revision = int(over) if over.isdecimal() else given["revision"] or 0
    changed = {"words": words, "revision": revision, "note": given["sentence"], "held": given["held"], **shared}
    # Whoever has read both texts means all of their own.
    changed["was"] = None if over else form.was()
    if given["deed"] == "correction":
        return publishing.correct(post, **changed)
    return publishing.revise(post, change=given["deed"], asked=given["asked"], **changed)


def _schedule(post: Post, words: Words, given: dict[str, Any], kept: dict[str, Any]) -> Done:
    check_clock()
    if given["due_at"] is None:
        raise Refused(_("Write the day and the time at which it goes out."), "due_at")
    return publishing.schedule(post.event, words=words, at=given["due_at"], **kept, **_pin(post))


def _pin(post: Post) -> dict[str, Any]:
    """The pin that a scheduled post has been promised: the form has no field for it, and so takes none away."""
    return {"pin": post.pin_when_out, "pin_minutes": post.pin_minutes}


def _move(post: Post, given: dict[str, Any], shared: dict[str, Any]) -> Done:
    if given["sort_at"] is None:
        raise Refused(_("Write the day and the time of its place in the column."), "sort_at")
    return publishing.move(post, sort_at=given["sort_at"], **shared)


#: Deeds that take nothing of the typed words: deed -> (post, what the form gives, by and key) -> what was done.
_ALONE: dict[str, Callable[[Post, dict[str, Any], dict[str, Any]], Done]] = {
    "withdraw": lambda post, given, shared: publishing.withdraw(
        post, note=given["sentence"], replaced_by=given["instead"], **shared
    ),
    "retract": lambda post, given, shared: publishing.retract(post, note=given["sentence"], **shared),
    "hold": lambda post, _given, shared: publishing.hold(post, **shared),
    "restore": lambda post, _given, shared: publishing.restore(post, **shared),
    "send_back": lambda post, given, shared: publishing.send_back(post, reason=given["sentence"], **shared),
    "note": lambda post, given, shared: publishing.note(post, note=given["private"], **shared),
    "move": _move,
}
