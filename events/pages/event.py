"""The live page, and its older, filtered and turned ones."""

from datetime import datetime, timedelta

from django.db.models import Q
from django.template.loader import render_to_string
from django.utils import translation

from events import render, steady
from events.arguments import CURSOR, View
from events.models import Event, Stream
from events.models.event import Visibility
from events.models.post import EPOCH, PostQuerySet
from events.pages import linked
from events.pages.page import PAGE, Page, event_picture, rows, scripted, tag


def event_page(event_pk: int, view: View) -> Page:
    """The live page, or an older, filtered or turned one. Raises ``Stream.DoesNotExist``."""

    def build(stream: Stream) -> tuple[Event, str]:
        event = Event.objects.select_related("lead_picture").get(pk=event_pk)
        return event, _html(event, stream, view)

    stream, (event, html) = steady.read(event_pk, build)
    etag = tag(stream.epoch, stream.sequence, view.query())
    return Page(html, etag, stream.epoch, stream.sequence, event)


def is_for_machines(event: Event) -> bool:
    """Whether search engines may list the event: public, and no rehearsal or replay."""
    return event.indexed and event.visibility == Visibility.PUBLIC


def place_of(cursor: str) -> tuple[datetime, int] | None:
    """The place in the column that a cursor names: time, then first sequence; None for no cursor."""
    match = CURSOR.fullmatch(cursor)
    return (EPOCH + timedelta(microseconds=int(match[1])), int(match[2])) if match else None


def window(posts: PostQuerySet, cursor: str, *, oldest_first: bool = False) -> PostQuerySet:
    """Those beyond the cursor, in their order: a keyset, stable while posts come in."""
    if place := place_of(cursor):
        at, first = place
        beyond = (
            Q(sort_at__gt=at) | Q(sort_at=at, first_sequence__gt=first)
            if oldest_first
            else Q(sort_at__lt=at) | Q(sort_at=at, first_sequence__lt=first)
        )
        posts = posts.filter(beyond)
    return posts.oldest() if oldest_first else posts.newest()


def _html(event: Event, stream: Stream, view: View) -> str:
    shown = _matching(event, view)
    oldest_first = view.order_by == "oldest"
    # What machines read of the event is read off the first page, with some posts more.
    told = is_for_machines(event) and view.is_head and not view.show
    found = list(
        window(shown, view.cursor, oldest_first=oldest_first).for_readers()[: linked.UPDATES if told else PAGE + 1]
    )
    posts = found[:PAGE]
    edge = posts[-1].order if len(found) > PAGE else ""
    picture = event_picture(event)
    with translation.override(event.language):
        context = {
            "event": event,
            "stream": stream,
            "view": view,
            "rows": rows(event, posts, oldest_first=oldest_first, dated=oldest_first or bool(view.cursor)),
            "parts": render.parts_html(event),
            "keys_total": event.posts.published().keys().count(),
            # As many as can be read: of those taken back the sentences alone stand in the column.
            "all_total": stream.readable,
            "older": view.query(cursor=edge) if edge else "",
            "edge": edge,
            # Where a page that goes on from another begins.
            "near_edge": posts[0].order if posts and view.cursor else "",
            "first": view.cursor,
            "newest_page": event.get_absolute_url() + view.query(cursor=""),
            "newest_first": event.get_absolute_url() + view.query(order_by="newest", cursor=""),
            "oldest_first": event.get_absolute_url() + view.query(order_by="oldest", cursor=""),
            "here": event.get_absolute_url() + view.query(),
            "last": event.posts.last_said().first(),
            "for_machines": is_for_machines(event),
            "card": picture,
            "linked": linked.live_blog(event, found, picture) if told else "",
            **scripted(event),
        }
        return render_to_string("reader/event.html", context)


def _matching(event: Event, view: View) -> PostQuerySet:
    posts: PostQuerySet = event.posts.visible()
    return posts.published().keys() if view.show == "key" else posts
