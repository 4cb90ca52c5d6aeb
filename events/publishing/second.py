"""The second pair of eyes: what one person alone does not put out, by the rule of the event.

Whoever has written to a draft is one of its authors. The log of deeds says who that was: each deed that
stores words of a draft notes `written` there.
"""

from collections.abc import Sequence
from dataclasses import replace

from django.contrib.auth.models import User
from django.utils.translation import gettext as _

from events import text
from events.models import Attribution, Event, Post
from events.models.attribution import Basis
from events.models.event import SecondEditor
from events.models.post import PostState
from events.publishing.earlier import is_same
from events.publishing.ledger import Ledger
from events.publishing.weighing import is_slip
from events.publishing.words import Named, Refused, Words

#: What the log says of a deed that stored words of a draft.
NEW_WORDS, NEW_UNNAMED = "new words", "an unnamed source"
#: The deeds that store them.
_WRITING = ("draft", "schedule", "send")


def check_second_editor(ledger: Ledger, post: Post, words: Words) -> None:
    """Raise Refused when the event wants somebody else to put these words of `post` out.

    `post` is the unsaved new one, the draft, or the public post that is revised; its stored
    attributions are those before these words. A deed without a person, as commands and importers
    do it, is exempt.
    """
    rule = ledger.event.second_editor
    if ledger.by is None or rule == SecondEditor.NEVER:
        return
    # One on hold is out, too: what is wrong there is for its own author to mend.
    if post.published_at is not None:
        if _new_unnamed(post, words, quotes=False):
            raise Refused(
                _(
                    "An unnamed source needs a second editor. Write what is new as a post of its own and submit it: "
                    "somebody else publishes it."
                ),
                "attributions",
            )
        return
    wrote = ledger.by.pk in (post.created_by_id, post.submitted_by_id)
    added = set(written(post, words)) | _wrote_before(ledger, post)
    if rule == SecondEditor.ALWAYS and (wrote or NEW_WORDS in added):
        raise Refused(_next(_("Every post of this event needs a second editor."), post, words))
    unnamed = any(named.basis == Basis.UNNAMED for named in words.attributions)
    if unnamed and (wrote or NEW_UNNAMED in added):
        raise Refused(_next(_("A post with an unnamed source needs a second editor."), post, words), "attributions")


def _next(why: str, post: Post, words: Words) -> str:
    """The refusal, what becomes of the post, and where the rule is."""
    waits = post.state == PostState.SUBMITTED and not written(post, words)
    then = (
        _("It is submitted, and waits in the inbox until another editor publishes it.")
        if waits
        else _("Submit it: somebody else publishes it.")
    )
    return f"{why} {then} {_('The rule is the event’s (Event…, “Posts that need a second editor”).')}"


def barred(event: Event, by: User, posts: Sequence[Post]) -> set[str]:
    """The ids of those drafts that this editor may not put out as they are stored: another one has to."""
    rule = event.second_editor
    if rule == SecondEditor.NEVER:
        return set()
    always = rule == SecondEditor.ALWAYS
    asked = [post for post in posts if always or any(row.basis == Basis.UNNAMED for row in post.attributions.all())]
    if not asked:
        return set()
    deeds = event.deeds.filter(post__in=asked, by=by, verb__in=_WRITING).values_list("post_id", "detail")
    wrote = {pk for pk, detail in deeds if (NEW_WORDS if always else NEW_UNNAMED) in detail.split(", ")}
    return {post.pk for post in asked if post.pk in wrote or by.pk in (post.created_by_id, post.submitted_by_id)}


def written(post: Post, words: Words) -> list[str]:
    """What these words add to a stored draft: `NEW_WORDS`, `NEW_UNNAMED`, or nothing. Ask before they are stored.

    A new draft has its author in `created_by`. Kind and key event are no words.
    """
    if post._state.adding or is_same(post, replace(words, kind=post.kind, key_event=post.key_event)):
        return []
    return [NEW_WORDS, *([NEW_UNNAMED] if _new_unnamed(post, words, quotes=True) else [])]


def _wrote_before(ledger: Ledger, post: Post) -> set[str]:
    """What the log says that this editor has written to the draft."""
    if post._state.adding:
        return set()
    deeds = post.deeds.filter(by=ledger.by, verb__in=_WRITING)
    details = deeds.values_list("detail", flat=True)
    return {one for one in (NEW_WORDS, NEW_UNNAMED) if any(one in detail.split(", ") for detail in details)}


def _new_unnamed(post: Post, words: Words, *, quotes: bool) -> bool:
    """Whether there is an unnamed source in these words that the post, as stored, has not: spelling makes no other.

    With `quotes` also one who says something else there.
    """
    given = [_told(named, quotes) for named in words.attributions if named.basis == Basis.UNNAMED]
    if not given or post._state.adding:
        return bool(given)
    stored = [_told(row, quotes) for row in post.attributions.filter(basis=Basis.UNNAMED)]
    for one in given:
        same = next((was for was in stored if is_slip(was, one)), None)
        if same is None:
            return True
        stored.remove(same)
    return False


def _told(named: Named | Attribution, quotes: bool) -> str:
    """Who it is, as readers are told, and what is quoted."""
    return text.line(f"{named.described_as}: {named.quote}" if quotes else named.described_as)
