"""Words that are not public yet: saved, submitted, thrown away. No sequence, no frame."""

from django.contrib.auth.models import User
from django.db.models import Q
from django.utils.translation import gettext as _

from events.models import Autosave, Event, Post
from events.models.post import PostState
from events.publishing.earlier import check_imprint, digest
from events.publishing.ledger import Ledger, perform
from events.publishing.posts import draft_to_publish, write, write_attributions
from events.publishing.removals import blank_log
from events.publishing.second import written
from events.publishing.words import Done, Refused, Words


def save_draft(
    event: Event,
    *,
    words: Words,
    by: User | None,
    post: Post | None = None,
    began: str = "",
    submit: bool = False,
    keep: bool = False,
    key: str = "",
) -> Done:
    """Keep words for later, or with `submit` hand them to the editors.

    `post` is the draft or submission to write to; without it a new one is made. A draft
    may be empty, a submission may not. `began` is the `imprint` of the words that the editor
    began from: over others Conflict is raised. With `keep` only the words change: what is submitted
    stays so, with whoever has claimed it, and what is scheduled keeps its time and its pin.
    """
    words = words.settled()
    if submit:
        words.check_said()

    def act(ledger: Ledger) -> Done:
        draft = _unpublished(ledger, post) if post else Post(event=ledger.event, created_by=ledger.by)
        if keep and draft.state != PostState.DRAFT:
            return _change_words(ledger, draft, words, began)
        if post is not None:
            check_imprint(draft, began, words)
        new = written(draft, words)
        write(draft, words)
        draft.wait_no_more()
        draft.state = PostState.SUBMITTED if submit else PostState.DRAFT
        if submit:
            draft.submitted_by, draft.handed_at, draft.sent_back_reason = ledger.by, ledger.now, ""
        else:
            draft.claimed_by = None
        draft.save()
        ledger.detail = ", ".join([*(["submitted"] if submit else []), *new])
        write_attributions(draft, words)
        return Done(draft, None)

    return perform(event.pk, "draft", by=by, key=key, act=act, digest=digest(words, submit))


def _change_words(ledger: Ledger, waiting: Post, words: Words, began: str) -> Done:
    """Store other words of what is submitted or scheduled; raise Refused for those that could not stand there."""
    words.check_said()
    if waiting.state == PostState.SCHEDULED:
        waiting = draft_to_publish(ledger, waiting, words, began)
    else:
        check_imprint(waiting, began, words)
    new = written(waiting, words)
    write(waiting, words)
    waiting.save()
    write_attributions(waiting, words)
    ledger.detail = ", ".join([f"{waiting.state} as before", *new])
    return Done(waiting, None)


def delete_draft(post: Post, *, by: User | None, key: str = "") -> Done:
    """Throw a draft or submission away. What was ever public is withdrawn, never deleted.

    Its words stay in no log, and in no composer of whoever throws it away. What somebody else is writing
    there is theirs; `remove` takes that too.
    """

    def act(ledger: Ledger) -> Done:
        ledger.about = post.pk
        _unpublished(ledger, post).delete()
        blank_log(post.pk)
        mine = Autosave.objects.filter(event=ledger.event, by=ledger.by)
        mine.filter(Q(composer=post.pk) | Q(content__post=post.pk)).delete()
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
