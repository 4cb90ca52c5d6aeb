"""What a feed says: its entries, and what was taken back."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from events import headers, text
from events.arguments import View
from events.models import Event, Post, Stream
from events.models.event import EventState
from events.models.post import EPOCH, PostQuerySet, PostState, Withdrawal
from events.publishing.changing import UNDO_WINDOW
from events.templatetags import newsroom

#: Entries of a feed, and posts that it says are gone.
ENTRIES = 50
GONE = 50
#: Characters of a summary.
SUMMARY = 280
#: Characters that XML 1.0 has no way to write.
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True)
class Entry:
    """One post, as a feed tells of it."""

    id: str
    link: str
    title: str
    #: A few words without marks.
    summary: str
    html: str
    author: str
    kind: str
    language: str
    published: datetime
    updated: datetime


@dataclass(frozen=True)
class Gone:
    """A post that a feed may have told of, and tells of no more."""

    id: str
    at: datetime
    #: The public sentence, where there is one.
    note: str


@dataclass(frozen=True)
class Feed:
    """All that a feed says, in whatever form."""

    id: str
    title: str
    about: str
    #: The page that it is a feed of, and the path below which its three forms are.
    link: str
    #: The arguments of its address.
    query: str
    language: str
    entries: tuple[Entry, ...]
    gone: tuple[Gone, ...]
    updated: datetime
    #: When what it says changed last, for `Last-Modified`: what waits for its undo comes later than it was published.
    modified: datetime
    #: Nothing more will come.
    ended: bool


@dataclass(frozen=True)
class Spot:
    """Where the events of a feed stand, and what of it waits for its undo."""

    stands: tuple[tuple[int, str, int], ...]
    waiting: tuple[str, ...]

    def tag(self, *what: object) -> str:
        """The ETag of a feed at this spot."""
        return headers.tag("feed", settings.RELEASE, *self.stands, *self.waiting, *what)


def spot(event: Event | None) -> Spot:
    """Where one event stands, or all that are listed."""
    streams = Stream.objects.filter(event=event) if event else Stream.objects.filter(event__in=Event.objects.listed())
    waiting = _of(event).published().filter(published_at__gt=timezone.now() - UNDO_WINDOW)
    return Spot(
        tuple(streams.order_by("event").values_list("event", "epoch", "sequence")),
        tuple(waiting.order_by("pk").values_list("pk", flat=True)),
    )


def read(event: Event | None, show: str, at: Spot) -> Feed:
    """What the feed of an event, or of all listed ones, says at this spot; `show` is ``key`` or empty."""
    posts = _of(event).published().exclude(pk__in=at.waiting)
    if show == "key":
        posts = posts.keys()
    newest = posts.order_by("-published_at", "-first_sequence").for_readers()[:ENTRIES]
    with translation.override(event.language if event else settings.LANGUAGE_CODE):
        entries, gone = tuple(map(_entry, newest)), _gone(event)
        told = [*(row.updated for row in entries), *(row.at for row in gone)]
        # What waits for its undo comes later than it was published.
        came = [row.published + UNDO_WINDOW for row in entries]
        now = timezone.now()
        begun = (event.opened_at or event.created_at) if event else EPOCH
        return Feed(
            **_names(event, show),
            entries=entries,
            gone=gone,
            updated=max(told, default=begun),
            modified=max((moment for moment in (*told, *came) if moment <= now), default=begun),
        )


def _names(event: Event | None, show: str) -> dict[str, Any]:
    """What a feed is called, in the active language."""
    title = event.title if event else _("Live coverage: %(site)s") % {"site": settings.SITE_NAME}
    return {
        "id": _name(f"event/{event.pk}" if event else "events") + ("/key" if show else ""),
        "title": _written(_("%(title)s: key events") % {"title": title} if show else title),
        "about": _written(event.standfirst if event else ""),
        "link": settings.SITE_URL + (event.get_absolute_url() if event else "/"),
        "query": View(show=show).query(),
        "language": event.language if event else settings.LANGUAGE_CODE,
        "ended": event is not None and event.state == EventState.ENDED,
    }


def _of(event: Event | None) -> PostQuerySet:
    """The posts of an event, or of all that are listed."""
    posts: PostQuerySet = Post.objects.all()
    return posts.filter(event=event) if event else posts.filter(event__in=Event.objects.listed())


def _gone(event: Event | None) -> tuple[Gone, ...]:
    """What was withdrawn, held or removed: also what a feed told of before somebody took it back."""
    rows = _of(event).filter(state=PostState.WITHDRAWN).exclude(withdrawal=Withdrawal.UNDO)
    latest: Iterable[Any] = rows.order_by("-withdrawn_at").values_list("pk", "withdrawn_at", "withdrawn_note")[:GONE]
    return tuple(Gone(_name(f"post/{pk}"), at, _written(note)) for pk, at, note in latest)


def _entry(post: Post) -> Entry:
    assert post.published_at is not None and post.significant_at is not None
    event = post.event
    with translation.override(event.language):
        html = render_to_string("feeds/_entry.html", {"post": post, "event": event})
        moments = [post.published_at, post.significant_at, post.revised_at]
        moments += [note.at for note in post.corrections.all()]
        moments += [change.at for change in post.standing_changes.all()]
        return Entry(
            id=_name(f"post/{post.pk}"),
            link=settings.SITE_URL + post.get_absolute_url(),
            title=_written(newsroom.label(post)) or str(event),
            summary=_written(_summary(post)),
            html=_written(html).replace(' href="/', f' href="{settings.SITE_URL}/').strip(),
            author=_written(post.byline) or settings.SITE_NAME,
            kind=str(post.get_kind_display()),
            language=event.language,
            published=post.published_at,
            updated=max(moment for moment in moments if moment),
        )


def _name(what: str) -> str:
    """A name that stays when an address changes: a tag URI (RFC 4151)."""
    return f"tag:{urlsplit(settings.SITE_URL).hostname},2025:{what}"


def _summary(post: Post) -> str:
    """A few words of it, after whether it is so."""
    said = text.plain(post.html) or newsroom.label(post)
    return text.short(f"{newsroom.standing(post)} {said}", SUMMARY)


def _written(words: str) -> str:
    return _UNWRITABLE.sub("", words)
