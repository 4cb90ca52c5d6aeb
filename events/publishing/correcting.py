"""A correction: the words put right, the sentence above them, and the entry that tells readers of it."""

from datetime import datetime

from django.contrib.auth.models import User
from django.utils import translation
from django.utils.translation import gettext as _

from events import text
from events.models import Correction, Event, Post
from events.models.correction import CorrectionKind
from events.models.post import Kind
from events.publishing.earlier import digest
from events.publishing.leading import tell_replaced
from events.publishing.ledger import Ledger, perform
from events.publishing.meanwhile import check_hold_known, with_marks
from events.publishing.posts import keep_revision, parts_of, public_post, put_out, rewrite, write, write_attributions
from events.publishing.words import Done, Marks, Words, required_line

#: Characters of a headline.
HEADLINE: int = Post._meta.get_field("headline").max_length or 0


def correct(
    post: Post,
    *,
    words: Words,
    revision: int,
    note: str,
    by: User | None,
    key: str = "",
    held: bool = False,
    was: Marks | None = None,
    at: datetime | None = None,
) -> Done:
    """Replace what was wrong, say so above the text, and tell readers in an entry of its own.

    `note` is the public sentence: what we said, what is right. Two updates, one deed:
    `Done.entry` is the short post that leads to the corrected one. A correction waits for no
    merge: words that came after `revision` stay in the history, and `Done.over` names them. `was` is
    what its editor loaded beside the words: what others have marked since stays.
    A post on hold is shown again, corrected; raises Asks unless its editor knew that it is `held`.
    """
    words = words.settled()
    words.check_said()
    note = correction_note(note)

    def act(ledger: Ledger) -> Done:
        moment = at or ledger.now
        wrong = public_post(ledger, post, held=True)
        check_hold_known(wrong, held)
        over = wrong.revisions.get(number=wrong.revision) if revision != wrong.revision else None
        right = with_marks(wrong, words, was, waits=False)
        parts = rewrite(ledger, wrong, right, wrong.revision, moment)
        wrong.significant_at = moment
        correction = Correction.objects.create(
            post=wrong, kind=CorrectionKind.CORRECTION, note=note, at=moment, by=ledger.by
        )
        sequence = ledger.record("correct", wrong, parts=parts)
        if "held" in (ledger.before or {}):
            tell_replaced(ledger, wrong)
        keep_revision(ledger, wrong, moment)
        correction.entry = _tell(ledger, wrong, note, moment)
        correction.save(update_fields=["entry"])
        return Done(wrong, sequence, entry=correction.entry, over=over)

    return perform(post.event_id, "correct", by=by, key=key, act=act, digest=digest(words, note))


def correction_note(note: str) -> str:
    """The public sentence of a correction; raise Refused when there is none."""
    return required_line(note, _("Write the correction: what we said, and what is right."))


def entry_words(wrong: Post, note: str) -> Words:
    """The words of the entry that tells readers of a correction."""
    return Words(kind=Kind.CORRECTION, headline=_title_of_entry(wrong.event, wrong), body=text.paragraphs(note))


def _tell(ledger: Ledger, wrong: Post, note: str, at: datetime) -> Post:
    """Publish the correction's own entry in the column."""
    words = entry_words(wrong, note)
    entry = Post(event=ledger.event, created_by=ledger.by)
    write(entry, words)
    put_out(ledger, entry, at)
    ledger.record("publish", entry, parts=parts_of(ledger.event, entry))
    write_attributions(entry, words)
    keep_revision(ledger, entry, at)
    return entry


def _title_of_entry(event: Event, wrong: Post) -> str:
    """Whose correction it is, in the event's language: in marks, since the headline need not be what was wrong."""
    with translation.override(event.language):
        if not wrong.headline:
            return _("Correction")
        title = _("Correction to “%(headline)s”")
        room = HEADLINE - len(title % {"headline": ""})
        fits = len(wrong.headline) <= room
        return title % {"headline": wrong.headline if fits else f"{wrong.headline[: room - 1].rstrip()}…"}
