"""From the plain form of a post to one deed."""

from collections.abc import Callable
from typing import Any

from django.contrib.auth.models import User
from django.utils.translation import gettext as _

from events import permissions, publishing
from events.forms.deeds.schedule import check_clock, check_delay
from events.forms.post import PostForm
from events.forms.twins import check_twins
from events.forms.words import words_of
from events.models import Event, Post
from events.publishing import Asks, Done, Refused, Words

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
        return _publish(post, words, given, kept)
    if given["deed"] == "schedule":
        return _schedule(post, words, given, kept)
    revision = int(over) if over.isdecimal() else given["revision"] or 0
    changed = {"words": words, "revision": revision, "note": given["sentence"], "held": given["held"], **shared}
    # Whoever has read both texts means all of their own.
    changed["was"] = None if over else form.was()
    if given["deed"] == "correction":
        return publishing.correct(post, **changed)
    return publishing.revise(post, change=given["deed"], asked=given["asked"], **changed)


def _publish(post: Post, words: Words, given: dict[str, Any], kept: dict[str, Any]) -> Done:
    """Publish, held back by the send delay where the event has one; a clock that is not running is asked about."""
    before = post.event.deeds.filter(key=given["key"]).first()
    # What was done already is answered, not asked about.
    if before is None and not given["asked"]:
        check_twins(post.event, kept["by"], words, kept["post"])
    delayed = before.verb == "send" if before is not None else _is_held_back(post.event, sure=given["asked"])
    put_out = publishing.send if delayed else publishing.publish
    return put_out(post.event, words=words, **kept, **_pin(post))


def publish_as_it_is(post: Post, by: User) -> Done:
    """Publish what waits with the words that it has, as `do` would; what the form would ask is refused."""
    words = words_of(post)
    try:
        check_twins(post.event, by, words, post)
        put_out = publishing.send if _is_held_back(post.event) else publishing.publish
    except Asks as asks:
        raise Refused(_("%(question)s Open it to publish it all the same.") % {"question": asks.message}) from asks
    return put_out(post.event, words=words, by=by, post=post, began=publishing.imprint(post), **_pin(post))


def _is_held_back(event: Event, *, sure: bool = False) -> bool:
    """Whether what is published now waits for the event's send delay.

    Where no clock would send it Asks is raised, until somebody is `sure` that it goes out at once.
    """
    if not event.send_delay:
        return False
    try:
        check_delay()
    except Refused as refused:
        if not sure:
            raise Asks(refused.message, "clock") from refused
        return False
    return True


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
