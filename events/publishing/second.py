"""The second pair of eyes: what one person alone does not put out, by the rule of the event."""

from django.utils.translation import gettext as _

from events.models import Post
from events.models.attribution import Basis
from events.models.event import SecondEditor
from events.publishing.ledger import Ledger
from events.publishing.words import Refused, Words


def check_second_editor(ledger: Ledger, post: Post, words: Words) -> None:
    """Raise Refused when the event wants somebody else to put these words of `post` out.

    `post` is the unsaved new one, the draft, or the public post that is revised; its stored
    attributions are those before these words. A deed without a person, as commands and importers
    do it, is exempt.
    """
    rule = ledger.event.second_editor
    if ledger.by is None or rule == SecondEditor.NEVER:
        return
    unnamed = _count_unnamed(words)
    # Whoever adds an unnamed source has written that much of the post, whose ever it is.
    adds = unnamed > 0 and unnamed > _count_stored(post)
    # One on hold is out, too: what is wrong there is for its own author to mend.
    if post.published_at is not None:
        if adds:
            raise Refused(
                _(
                    "An unnamed source needs a second editor. Write what is new as a post of its own and submit it: "
                    "somebody else publishes it."
                ),
                "attributions",
            )
        return
    wrote = ledger.by.pk in (post.created_by_id, post.submitted_by_id)
    if rule == SecondEditor.ALWAYS and wrote:
        raise Refused(_("Every post of this event needs a second editor. Submit it: somebody else publishes it."))
    if unnamed and (wrote or adds):
        raise Refused(
            _("A post with an unnamed source needs a second editor. Submit it: somebody else publishes it."),
            "attributions",
        )


def _count_unnamed(words: Words) -> int:
    return sum(named.basis == Basis.UNNAMED for named in words.attributions)


def _count_stored(post: Post) -> int:
    if post._state.adding:
        return 0
    return post.attributions.filter(basis=Basis.UNNAMED).count()
