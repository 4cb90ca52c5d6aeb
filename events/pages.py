"""From an event to the bytes of its page: a pure function of (event, sequence, release).

No reader, no cookie, no clock, no Host. The same address at the same sequence gives the
same bytes in every process.
"""

import json
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db.models import Q
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from events import client_words, headers, render, separators, steady, text
from events.arguments import CURSOR, View
from events.models import Event, Post, Stream
from events.models.event import Visibility
from events.models.post import EPOCH, Kind, PostQuerySet

#: Posts on one page.
PAGE = 20


@dataclass(frozen=True)
class Page:
    """A page and where in the event's history it stands."""

    html: str
    #: Its ETag: a name of all that its bytes depend on.
    tag: str
    epoch: str
    sequence: int
    #: The event at that moment.
    event: Event


def tag(epoch: str, sequence: int, what: str) -> str:
    """The ETag of a page of an event; `what` is the view's query or the post's id."""
    return headers.tag(epoch, sequence, settings.RELEASE, what)


def event_page(event_pk: int, view: View) -> Page:
    """The live page, or an older, filtered or turned one. Raises ``Stream.DoesNotExist``."""

    def build(stream: Stream) -> tuple[Event, str]:
        event = Event.objects.get(pk=event_pk)
        return event, _event_html(event, stream, view)

    stream, (event, html) = steady.read(event_pk, build)
    etag = tag(stream.epoch, stream.sequence, view.query())
    return Page(html, etag, stream.epoch, stream.sequence, event)


def post_page(post: Post, *, status: int = 200) -> Page:
    """One post in context: with its neighbours and the way to the live page."""

    def build(stream: Stream) -> tuple[Event, str]:
        found = Post.objects.for_readers().get(pk=post.pk)
        return found.event, _post_html(found, stream, status)

    stream, (event, html) = steady.read(post.event_id, build)
    etag = tag(stream.epoch, stream.sequence, post.pk)
    return Page(html, etag, stream.epoch, stream.sequence, event)


def home_page() -> str:
    """All listed events by their state."""
    events = list(Event.objects.listed().order_by("-starts_at", "-pk"))
    if settings.DEBUG:
        # Who tries the demo should find it.
        events += Event.objects.filter(visibility=Visibility.REHEARSAL).order_by("-pk")
    titles = {"live": _("Live now"), "upcoming": _("Coming up"), "ended": _("Ended")}
    groups = [
        {"name": name, "title": titles[name], "events": [event for event in events if event.state in states]}
        for name, states in _HOME.items()
    ]
    context = {"groups": groups, "nothing": not events, "site_name": settings.SITE_NAME, "site_url": settings.SITE_URL}
    return render_to_string("reader/home.html", context)


#: The groups of the home page, and the states in each.
_HOME = {"live": ("live", "paused"), "upcoming": ("upcoming",), "ended": ("ended",)}


def _event_html(event: Event, stream: Stream, view: View) -> str:
    shown = _matching(event, view)
    total = shown.count()
    posts = list(_window(shown, view).for_readers()[: PAGE + 1])
    more = len(posts) > PAGE
    posts = posts[:PAGE]
    edge = posts[-1].order if posts and more else ""
    last = event.posts.published().exclude(kind=Kind.BACKGROUND).newest().values_list("published_at", flat=True).first()
    with translation.override(event.language):
        context = {
            "event": event,
            "stream": stream,
            "view": view,
            "rows": rows(event, posts, oldest_first=view.order_by == "oldest"),
            "parts": render.parts_html(event),
            "total": total,
            "keys_total": event.posts.published().keys().count(),
            "all_total": event.posts.visible().count() if view.show else total,
            "older": view.query(cursor=edge) if edge else "",
            "edge": edge,
            "newest_edge": posts[0].order if posts and view.cursor else "",
            "first": view.cursor,
            "newest_page": event.get_absolute_url() + view.query(cursor=""),
            "newest_first": event.get_absolute_url() + view.query(order_by="newest", cursor=""),
            "oldest_first": event.get_absolute_url() + view.query(order_by="oldest", cursor=""),
            "here": event.get_absolute_url() + view.query(),
            "last": last,
            **shared(event),
        }
        return render_to_string("reader/event.html", context)


def _post_html(post: Post, stream: Stream, status: int) -> str:
    event = post.event
    around = event.posts.published().exclude(pk=post.pk)
    with translation.override(event.language):
        context = {
            "event": event,
            "stream": stream,
            "post": post,
            "status": status,
            "description": text.plain(post.html).replace("\n", " ")[:200] or event.standfirst,
            "html": render.post_html(post) if post.is_public or post.has_tombstone else "",
            "newer": reversed(around.filter(sort_at__gte=post.sort_at).oldest().for_readers()[:2]),
            "older": around.filter(sort_at__lt=post.sort_at).newest().for_readers()[:2],
            **shared(event),
        }
        return render_to_string("reader/post.html", context)


def shared(event: Event) -> dict[str, Any]:
    """What every page of an event knows: the site, the release, the client's words."""
    return {
        "site_name": settings.SITE_NAME,
        "site_url": settings.SITE_URL,
        "release": settings.RELEASE,
        "words": json.dumps(client_words.words(), ensure_ascii=False, separators=(",", ":")),
    }


def rows(event: Event, posts: list[Post], *, oldest_first: bool = False) -> list[dict[str, Any]]:
    """The posts as they stand in the column, each with the lines before it."""
    moments = [post.published_at for post in posts if post.published_at]
    lines = separators.interleave(moments, event.tz, oldest_first=oldest_first)
    return [
        {"post": post, "html": render.post_html(post), "separators": before}
        for post, before in zip(posts, lines, strict=True)
    ]


def _matching(event: Event, view: View) -> PostQuerySet:
    posts: PostQuerySet = event.posts.visible()
    return posts.published().keys() if view.show == "key" else posts


def _window(posts: PostQuerySet, view: View) -> PostQuerySet:
    """Those beyond the cursor, in the view's order: a keyset, stable while posts come in."""
    oldest = view.order_by == "oldest"
    if match := CURSOR.fullmatch(view.cursor):
        at, first = EPOCH + timedelta(microseconds=int(match[1])), int(match[2])
        beyond = (
            Q(sort_at__gt=at) | Q(sort_at=at, first_sequence__gt=first)
            if oldest
            else Q(sort_at__lt=at) | Q(sort_at=at, first_sequence__lt=first)
        )
        posts = posts.filter(beyond)
    return posts.oldest() if oldest else posts.newest()
