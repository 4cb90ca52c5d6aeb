"""Publish and revise: a post's words reach the readers."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta

from django.contrib.auth.models import User
from django.utils.translation import gettext as _

from events.models import Attribution, Correction, Event, Post, Revision, StandingChange, SummaryLine
from events.models.correction import CorrectionKind
from events.models.post import Kind, PostState, Standing, Withdrawal
from events.publishing.earlier import check_imprint, digest, facts_of, is_same
from events.publishing.leading import tell_replaced
from events.publishing.ledger import Ledger, perform
from events.publishing.meanwhile import check_current, check_hold_known, with_marks
from events.publishing.second import check_second_editor
from events.publishing.waited import Composed
from events.publishing.weighing import check_said_which
from events.publishing.words import Done, Marks, Refused, Words, public_line

HEADER = frozenset({"header"})
#: What the log says where the label of a key event was changed with the words.
NEW_LABEL = "another label"
#: How long after it went out a post can be changed without being asked what kind of change it is.
GRACE = timedelta(minutes=3)
#: Minutes for which a post can be pinned.
MOST_PINNED = 7 * 24 * 60


def publish(
    event: Event,
    *,
    words: Words,
    by: User | None,
    post: Post | None = None,
    began: str = "",
    key: str = "",
    at: datetime | None = None,
    pin: bool = False,
    pin_minutes: int = 0,
    composed: Composed | None = None,
) -> Done:
    """Publish new words, or the draft or submission `post` with these words.

    `at` is for importers: when it was published, if that was not now. `pin` puts it on top in the
    same deed, for `pin_minutes` where they are not 0. `composed` says when it was sent off, and is
    stored. `began` is the `imprint` of the draft's words that the editor began from. Raises Conflict
    over others, Asks for what waited too long, Refused for an empty post, a post that is public
    already, or a submission that names no source.
    """
    words = words.settled()
    words.check_said()

    def act(ledger: Ledger) -> Done:
        row = draft_to_publish(ledger, post, words, began)
        write(row, words)
        if composed is not None:
            composed.check_fresh(ledger.event)
            row.composed_at = composed.at
        if post is not None:
            write_attributions(row, words)
            return go_out(ledger, row, at or ledger.now, pin=pin, pin_minutes=pin_minutes)
        # They come before the post: references are checked when the deed is whole.
        new = write_attributions(row, words, new=True)
        return go_out(ledger, row, at or ledger.now, pin=pin, pin_minutes=pin_minutes, new=new)

    return perform(event.pk, "publish", by=by, key=key, act=act, digest=digest(words, pin, pin_minutes))


def go_out(
    ledger: Ledger,
    post: Post,
    at: datetime,
    *,
    pin: bool,
    pin_minutes: int = 0,
    new: Sequence[Attribution] | None = None,
) -> Done:
    """Show a post's stored words to the readers, as of `at`; `new` are the attributions of one never stored before."""
    put_out(ledger, post, at)
    parts = parts_of(ledger.event, post) | ({"pinned"} if pin else set())
    sequence = ledger.record("publish", post, parts=parts, new=new)
    if post.standing != Standing.REPORTED:
        # The first line of its history; readers see it once there is a second.
        StandingChange.objects.create(
            post=post, standing=post.standing, by=ledger.by, at=post.published_at or ledger.now
        )
    keep_revision(ledger, post, at, new)
    if pin:
        ledger.keep_pin()
        ledger.put_on_top(post, until=pin_end(ledger.now, pin_minutes))
    return Done(post, sequence)


def pin_end(now: datetime, minutes: int) -> datetime | None:
    """When a post that is pinned now leaves the top by itself; None for never. Raises Refused for nonsense."""
    if not 0 <= minutes <= MOST_PINNED:
        raise Refused(_("A post stays on top for a week at most, or until somebody unpins it."), "pin")
    return now + timedelta(minutes=minutes) if minutes else None


def draft_to_publish(ledger: Ledger, post: Post | None, words: Words, began: str = "") -> Post:
    """The row to publish: a new one, or the draft as it is now, if `began` is the imprint of its words."""
    if post is None:
        fresh = Post(event=ledger.event, created_by=ledger.by)
        check_second_editor(ledger, fresh, words)
        return fresh
    draft = Post.objects.filter(pk=post.pk, event=ledger.event).first()
    if draft is None:
        raise Refused(_("Somebody has deleted this draft meanwhile."))
    if draft.state in (PostState.PUBLISHED, PostState.WITHDRAWN):
        raise Refused(_("This post is public already: revise it, or restore it."))
    check_imprint(draft, began, words)
    anothers = draft.submitted_by_id is not None and (ledger.by is None or draft.submitted_by_id != ledger.by.pk)
    # Saved as a draft in between it is no less somebody else's.
    if (anothers or draft.state == PostState.SUBMITTED) and not words.attributions:
        raise Refused(
            _("Name a source, or say that we saw it ourselves, before you publish what was submitted."), "attributions"
        )
    check_second_editor(ledger, draft, words)
    return draft


def revise(
    post: Post,
    *,
    words: Words,
    revision: int,
    by: User | None,
    key: str = "",
    change: str = "typo",
    note: str = "",
    asked: bool = False,
    held: bool = False,
    was: Marks | None = None,
    at: datetime | None = None,
) -> Done:
    """Replace a public post's words; words that change nothing make no version.

    `revision` is the one that the editor began from: another one by now raises Conflict.
    `was` is what they loaded beside the words: what others have marked since stays.
    `change` is ``typo`` (readers see nothing), ``addition`` or ``clarification`` (which
    needs a `note`). A ``typo`` that weighs more raises Refused at the field `change`, until
    the editor was `asked`. `at` is for importers. What was wrong goes through `correct`.
    A post on hold is shown again with its new words; raises Asks unless its editor knew that it is `held`.
    """
    words = words.settled()
    words.check_said()
    note = note_of_change(change, note)

    def act(ledger: Ledger) -> Done:
        present = public_post(ledger, post, held=True)
        check_hold_known(present, held)
        check_current(present, revision)
        new = with_marks(present, words, was)
        if ledger.by is not None and not _is_news(ledger, present, new, change, asked):
            return Done(present, None)
        parts = rewrite(ledger, present, new, revision, at or ledger.now)
        if change != "typo":
            Correction.objects.create(post=present, kind=change, note=note, at=at or ledger.now, by=ledger.by)
        if change == CorrectionKind.ADDITION:
            present.significant_at = at or ledger.now
        ledger.detail = f"{change}, {ledger.detail}" if ledger.detail else change
        sequence = ledger.record("revise", present, parts=parts)
        if "held" in (ledger.before or {}):
            tell_replaced(ledger, present)
        keep_revision(ledger, present, at or ledger.now)
        return Done(present, sequence)

    return perform(post.event_id, "revise", by=by, key=key, act=act, digest=digest(words, change, note))


def note_of_change(change: str, note: str) -> str:
    """The public sentence of a revise; raise Refused for a change that is none of ours, or lacks its sentence."""
    if change not in ("typo", CorrectionKind.ADDITION, CorrectionKind.CLARIFICATION):
        raise Refused(_("Say what this change is: spelling, an addition or a clarification."), "change")
    note = public_line(note)
    if change == CorrectionKind.CLARIFICATION and not note:
        raise Refused(_("Write the sentence that clarifies: readers see it above the text."), "note")
    return note


def _is_news(ledger: Ledger, post: Post, words: Words, change: str, asked: bool) -> bool:
    """Whether somebody's words change the post; raise Refused for those that are not what they are said to be."""
    if change == "typo" and is_same(post, words):
        return False
    if change == CorrectionKind.ADDITION and is_same(post, words):
        raise Refused(_("Nothing is new here: readers would be told of an addition that is none."), "body")
    assert post.published_at is not None
    if ledger.now - post.published_at > GRACE:
        check_said_which(post, words, change, asked)
    return True


def public_post(ledger: Ledger, post: Post, *, held: bool = False) -> Post:
    """The post as it is now, under the lock; raise Refused unless readers see its words, or with `held` check them."""
    present = post_now(ledger, post)
    if present.state != PostState.PUBLISHED and not (held and present.withdrawal == Withdrawal.HOLD):
        raise Refused(_("This post is not public now."))
    return present


def post_now(ledger: Ledger, post: Post) -> Post:
    """The post as it is now, under the lock; raise Refused when it was a draft and is thrown away."""
    present = Post.objects.filter(pk=post.pk, event=ledger.event).first()
    if present is None:
        raise Refused(_("This post is not there any more."))
    return present


def rewrite(ledger: Ledger, post: Post, words: Words, revision: int, at: datetime) -> frozenset[str]:
    """Put new words on a public or held post, which is public then, and return the parts that change with it.

    Raises Conflict when `revision` is not the present one.
    """
    check_current(post, revision)
    check_second_editor(ledger, post, words)
    moments = {name: getattr(post, name) for name in ("revised_at", "significant_at")}
    kept = {name: moment.isoformat() if moment else None for name, moment in moments.items()}
    ledger.before = {"words": facts_of(post), **kept}
    if post.withdrawal == Withdrawal.HOLD:
        ledger.before["held"] = post.withdrawn_at.isoformat() if post.withdrawn_at else None
        show(post)
    if words.standing != post.standing:
        StandingChange.objects.create(post=post, standing=words.standing, by=ledger.by, at=at)
    before = parts_of(ledger.event, post)
    ledger.detail = NEW_LABEL if words.key_label != post.key_label else ""
    write(post, words)
    post.revised_at = at
    post.revision += 1
    write_attributions(post, words)
    return before | parts_of(ledger.event, post)


def show(post: Post) -> None:
    """Let readers see a held or withdrawn post's words again."""
    post.state, post.withdrawal = PostState.PUBLISHED, Withdrawal.NONE
    post.withdrawn_at, post.withdrawn_note, post.replaced_by = None, "", None


def write(post: Post, words: Words) -> None:
    """Copy a composer's words onto the row, body as written and html as shown."""
    for name in ("headline", "body", "kind", "byline", "standing", "key_event", "key_label"):
        setattr(post, name, getattr(words, name))
    post.occurred_at = words.occurred_at
    post.occurred_precision = words.occurred_precision
    post.html = words.html


def put_out(ledger: Ledger, post: Post, at: datetime) -> None:
    """Make it public as of `at`, which is set once and never edited."""
    if at > ledger.now + timedelta(minutes=1):
        raise Refused(_("A post cannot be published in the future: schedule it."))
    post.wait_no_more()
    post.state, post.due_at = PostState.PUBLISHED, None
    # An importer's zone is no part of the instant: a frame made of this row says what a later reading says.
    post.published_at = post.sort_at = post.significant_at = at.astimezone(UTC)
    post.revision = 1


def write_attributions(post: Post, words: Words, *, new: bool = False) -> list[Attribution]:
    """Store who said so, with names and roles as they are shown now; a `new` post has none to replace."""
    if not new:
        post.attributions.all().delete()
    rows = [named.record(post, position) for position, named in enumerate(words.attributions)]
    return Attribution.objects.bulk_create(rows)


def keep_revision(ledger: Ledger, post: Post, at: datetime, attributions: Iterable[Attribution] | None = None) -> None:
    """Keep the words as they stand now; the present revision is the one with the highest number.

    `attributions` are the post's, where they were just written.
    """
    rows = post.attributions.all() if attributions is None else attributions
    ledger.batch.insert(
        Revision(
            post=post,
            number=post.revision,
            headline=post.headline,
            body=post.body,
            attributions=[row.facts() for row in rows],
            by=ledger.by,
            at=at,
        )
    )


def parts_of(event: Event, post: Post) -> frozenset[str]:
    """The pieces of the page that may change when this post does."""
    parts = set(HEADER) if post.kind != Kind.BACKGROUND else set()
    if post.key_event:
        parts.add("keys")
    if event.pinned_id == post.pk:
        parts.add("pinned")
    if post.sequence is not None and SummaryLine.objects.filter(post=post.pk).exists():
        parts.add("summary")
    return frozenset(parts)
