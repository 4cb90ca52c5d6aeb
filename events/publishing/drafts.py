"""Words that are not public yet: saved, submitted, thrown away. No sequence, no frame."""

from django.contrib.auth.models import User
from django.utils.translation import gettext as _

from events.models import Event, Post
from events.models.post import PostState
from events.publishing.ledger import Ledger, perform
from events.publishing.posts import write, write_attributions
from events.publishing.words import Done, Refused, Words


def save_draft(
    event: Event, *, words: Words, by: User | None, post: Post | None = None, submit: bool = False, key: str = ""
) -> Done:
    """Keep words for later, or with `submit` hand them to the editors.

    `post` is the draft or submission to write to; without it a new one is made. A draft
    may be empty, a submission may not.
    """
    words = words.settled()
    if submit:
        words.check_said()

    def act(ledger: Ledger) -> Done:
        draft = _unpublished(ledger, post) if post else Post(event=ledger.event, created_by=ledger.by)
        write(draft, words)
        draft.wait_no_more()
        draft.state = PostState.SUBMITTED if submit else PostState.DRAFT
        if submit:
            draft.submitted_by, draft.handed_at, draft.sent_back_reason = ledger.by, ledger.now, ""
        else:
            draft.claimed_by = None
        draft.save()
        ledger.detail = "submitted" if submit else ""
        write_attributions(draft, words)
        return Done(draft, None)

    return perform(event.pk, "draft", by=by, key=key, act=act)


def delete_draft(post: Post, *, by: User | None, key: str = "") -> Done:
    """Throw a draft or submission away. What was ever public is withdrawn, never deleted."""

    def act(ledger: Ledger) -> Done:
        ledger.about = post.pk
        _unpublished(ledger, post).delete()
        return Done(None, None)

    return perform(post.event_id, "delete", by=by, key=key, act=act)


def _unpublished(ledger: Ledger, post: Post) -> Post:
    """The draft as it is now; raise Refused when it has gone out or away meanwhile."""
    draft = Post.objects.filter(pk=post.pk, event=ledger.event).first()
    if draft is None:
        raise Refused(_("Somebody has deleted this draft meanwhile."))
    if draft.state in (PostState.PUBLISHED, PostState.WITHDRAWN):
        raise Refused(_("Somebody has published this post meanwhile: revise it instead."))
    return draft
