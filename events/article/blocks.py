"""From an event and its chosen posts to blocks: what is said, in which order, with no marks yet."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date as Day
from enum import Enum

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from events import text
from events.models import Attribution, Correction, Event, Post
from events.models.attribution import Basis, QuoteForm
from events.models.correction import CorrectionKind
from events.models.post import Kind, Withdrawal
from events.templatetags import newsroom

#: Kinds that a reader is told; news and quotations speak for themselves.
TOLD = (Kind.BACKGROUND, Kind.ANALYSIS, Kind.ELSEWHERE, Kind.CORRECTION)


class What(Enum):
    """What a block is; the writers decide how it looks."""

    DAY = "day"
    BREAK = "break"
    HEADLINE = "headline"
    TIME = "time"
    NOTE = "note"
    QUOTE = "quote"
    WORDS = "words"
    FACT = "fact"
    SOURCE = "source"
    BYLINE = "byline"
    PICTURE = "picture"


@dataclass(frozen=True)
class Block:
    """One block. `text` is plain, but of `WORDS`: that is html as `events.text` has cleaned it."""

    what: What
    text: str
    #: What goes before the text, such as "Correction, 14:10 GMT".
    label: str = ""
    #: Of a quotation: who said it, and how; of a picture, what stands below it.
    cite: str = ""
    #: A web address: of a source, or a picture's own.
    link: str = ""
    #: Of a time: the instant for machines; of a quotation: its language; of a picture: its pixels, as `1280x853`.
    mark: str = ""


@dataclass(frozen=True)
class Article:
    """A title and blocks, and what the writers must know of the event."""

    title: str
    language: str
    direction: str
    standfirst: str
    blocks: tuple[Block, ...]


def of(
    event: Event, posts: Iterable[Post], *, title: str = "", standfirst: str | None = None, picture: str = ""
) -> Article:
    """Make the article of these posts of the event, oldest first; `title` and `standfirst` in place of the event's.

    `picture` is where the lead picture is, if that is elsewhere than on our site.
    `posts` come from ``for_readers()``; of a withdrawn one there is the sentence that readers
    see, and of one that left no trace nothing.
    """
    shown = [post for post in posts if post.is_public or post.has_tombstone]
    with translation.override(event.language):
        return Article(
            title or event.title,
            event.language,
            event.direction,
            event.standfirst if standfirst is None else standfirst,
            (
                *_picture(event, picture),
                *([Block(What.BYLINE, event.team_line)] if event.team_line else []),
                *_column(event, sorted(shown, key=lambda post: post.order)),
            ),
        )


def _picture(event: Event, address: str) -> Iterator[Block]:
    """The lead picture, with its caption and whose it is."""
    if event.lead_picture is None:
        return
    whole = event.lead_picture.whole
    credit = _("Picture: %(credit)s") % {"credit": event.picture_credit} if event.picture_credit else ""
    yield Block(
        What.PICTURE,
        event.picture_alt,
        cite=" ".join(part for part in (event.picture_caption, credit) if part),
        link=address or settings.SITE_URL + whole.url,
        mark=f"{whole.width}x{whole.height}",
    )


def _column(event: Event, posts: list[Post]) -> Iterator[Block]:
    """The posts under the days of their places in time."""
    day: Day | None = None
    for post in posts:
        assert post.sort_at is not None
        post.event = event
        local = post.sort_at.astimezone(event.tz)
        if day is None or local.date() != day:
            day = local.date()
            yield Block(What.DAY, newsroom.date(local, event))
        elif not post.headline or not post.is_public:
            # Without a heading of its own it would read as the end of the one above.
            yield Block(What.BREAK, "")
        yield from _post(event, post, day)


def _post(event: Event, post: Post, day: Day) -> Iterator[Block]:
    if post.has_tombstone:
        yield _time(event, post, day)
        yield Block(What.FACT, _tombstone(event, post, day))
        return
    if post.headline:
        yield Block(What.HEADLINE, post.headline)
    yield _time(event, post, day)
    # That something was added, and not what, tells nobody who reads it whole.
    yield from (_note(event, note, day) for note in post.corrections.all() if note.note)
    named = list(post.attributions.all())
    for row in named:
        if row.quote:
            # A page of any other site sets no marks of its own.
            quote = _("“{quote}”").format(quote=text.unquoted(row.quote))
            yield Block(What.QUOTE, quote, cite=_speaker(row, post), link=row.link, mark=row.language)
    if post.html:
        yield Block(What.WORDS, post.html)
    yield from _facts(event, post, day)
    for row in named:
        if not row.quote:
            yield Block(What.SOURCE, f"{newsroom.sentence(row, post, dated=True)}.", link=row.link)
    if post.byline:
        yield Block(What.BYLINE, post.byline)


def _time(event: Event, post: Post, day: Day) -> Block:
    """When it was published, whether it is a key event, and its kind."""
    assert post.published_at is not None
    labels = [_("Key event")] if post.key_event and post.is_public else []
    if post.kind in TOLD and post.is_public:
        labels.append(str(post.get_kind_display()))
    said = newsroom.clock_on(post.published_at, event, day)
    return Block(What.TIME, said, label=" · ".join(labels), mark=newsroom.iso(post.published_at))


def _note(event: Event, note: Correction, day: Day) -> Block:
    kind = _("Added") if note.kind == CorrectionKind.ADDITION else note.get_kind_display()
    return Block(What.NOTE, note.note, label=f"{kind}{_(', ')}{newsroom.clock_on(note.at, event, day)}")


def _tombstone(event: Event, post: Post, day: Day) -> str:
    """The sentence in the place of a post's words."""
    at = newsroom.clock_on(post.withdrawn_at, event, day) if post.withdrawn_at else ""
    if post.withdrawal == Withdrawal.HOLD:
        said = _("We are checking this post.")
    elif post.withdrawal == Withdrawal.RETRACTION:
        said = _("We no longer stand by this post.")
    else:
        said = _("This post was withdrawn.")
    return " ".join(part for part in (said, post.withdrawn_note, at) if part)


def _facts(event: Event, post: Post, day: Day) -> Iterator[Block]:
    """When it happened, and whether it is so."""
    if happened := newsroom.occurred(post):
        yield Block(What.FACT, happened, label=_("Happened:"))
    changes = [
        f"{row.get_standing_display()} {newsroom.clock_on(row.at, event, day)}" for row in newsroom.standings(post)
    ]
    # How it came to stand as it does ends with how it stands: nothing is said twice.
    if changes:
        yield Block(What.FACT, _(", ").join(changes))
    elif doubt := newsroom.standing(post):
        yield Block(What.FACT, doubt)


def _speaker(row: Attribution, post: Post) -> str:
    """Who said a quotation, how, where and when: the words under it."""
    if row.basis == Basis.UNNAMED:
        who = _(", ").join(part for part in (row.described_as, row.reason_unnamed) if part)
    else:
        who = newsroom.who(row)
    told = f"{who}{_(', ')}{newsroom.told(row, post, dated=True)}"
    if row.quote_form == QuoteForm.TRANSLATED:
        by = _("translated by %(by)s") % {"by": row.translated_by} if row.translated_by else _("translated")
        return f"{told}{_(', ')}{by}"
    return f"{told}{_(', ')}{_('quoted in part')}" if row.quote_form == QuoteForm.PARTIAL else told
