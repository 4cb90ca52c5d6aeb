"""What others did to a public post while an editor had it open."""

from dataclasses import replace

from django.utils.translation import gettext as _

from events.models import Post
from events.models.post import Withdrawal
from events.publishing.earlier import both_texts
from events.publishing.waited import Asks
from events.publishing.words import Marks, Words


def check_current(post: Post, revision: int) -> None:
    """Raise Conflict unless `revision` is the present one."""
    if revision != post.revision:
        raise both_texts(post, revision)


def check_hold_known(post: Post, held: bool) -> None:
    """Raise Asks where a post is on hold and its editor, who would show it again, had not `held` it for so."""
    if held or post.withdrawal != Withdrawal.HOLD:
        return
    last = post.deeds.filter(verb="hold").select_related("by").order_by("-id").first()
    at = post.withdrawn_at.astimezone(post.event.tz) if post.withdrawn_at else None
    raise Asks(
        _("%(name)s put this post on hold at %(time)s: readers see that we are checking it. These words show it again.")
        % {"name": (last and last.by) or _("Somebody"), "time": f"{at:%H:%M}" if at else "—"},
        "held",
    )


def marks_of(post: Post | Words) -> Marks:
    """What is said about a post beside its words, as it stands or as it was typed."""
    return Marks(standing=post.standing, key_event=post.key_event, key_label=post.key_label)


def with_marks(post: Post, words: Words, was: Marks | None, *, waits: bool = True) -> Words:
    """These words with the marks that others have set meanwhile, where their editor left those that they loaded, `was`.

    None says nothing: the words' own are meant. Raises Conflict where both have changed the same,
    unless it `waits` for nobody, and theirs are replaced.
    """
    if was is None:
        return words
    mine, theirs = marks_of(words), marks_of(post)
    others = (was.standing != theirs.standing, was.key != theirs.key)
    changed = (mine.standing not in (was.standing, theirs.standing), mine.key not in (was.key, theirs.key))
    if waits and any(one and two for one, two in zip(others, changed, strict=True)):
        raise both_texts(post, post.revision)
    if not changed[0]:
        words = replace(words, standing=theirs.standing)
    return words if changed[1] else replace(words, key_event=theirs.key_event, key_label=theirs.key_label)
