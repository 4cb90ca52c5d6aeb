"""What every page of an event is made with: its name, what it knows, its rows."""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.urls import reverse

from events import cards, client_words, headers, render, separators
from events.models import Event, Post
from events.models.event import EventState

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


def shared(event: Event) -> dict[str, Any]:
    """What every page of an event knows: the site, and the event's address."""
    return {
        "site_name": settings.SITE_NAME,
        "site_url": settings.SITE_URL,
        "address": settings.SITE_URL + reverse("reader:event", args=[event.slug]),
    }


def scripted(event: Event) -> dict[str, Any]:
    """The same for a page with scripts: with the release, and the client's words in the active language."""
    words = json.dumps(client_words.words(), ensure_ascii=False, separators=(",", ":"))
    return {**shared(event), "release": settings.RELEASE, "words": words}


def quiet_since(event: Event, last: datetime | None, now: datetime) -> datetime | None:
    """When something was said last, if LIVE is said and that is too long ago for it; None otherwise."""
    if event.state != EventState.LIVE or last is None:
        return None
    return last if now - last >= timedelta(minutes=settings.LIVE_MINUTES) else None


def card(drawn: cards.Card, name: str, *at: str) -> dict[str, Any] | None:
    """The share picture as a page tells of it, at the address `name` with these parts; None where there is none."""
    if not cards.can_draw(drawn):
        return None
    path = reverse(name, args=[*at, drawn.version])
    return {"path": path, "width": cards.WIDTH, "height": cards.HEIGHT, "alt": drawn.alt, "type": "image/png"}


def event_picture(event: Event) -> dict[str, Any] | None:
    """What is shown of an event where it is shared: its lead picture, else one of its words; as for `card`."""
    if event.lead_picture is None:
        return card(cards.of_event(event), "reader:event_card", event.slug)
    whole = event.lead_picture.whole
    size = {"width": whole.width, "height": whole.height}
    return {"path": whole.url, **size, "alt": event.picture_alt, "type": "image/jpeg"}


def rows(
    event: Event, posts: list[Post], *, oldest_first: bool = False, dated: bool = False, fold_pinned: bool = True
) -> list[dict[str, Any]]:
    """The posts as they stand in the column, each with the lines before it.

    `dated`: it begins with its day, as what does not begin with the newest does. `fold_pinned` is for
    pages that show the pinned post at the top: the one in the column is a line there.
    """
    moments = [post.published_at for post in posts if post.published_at]
    lines = separators.interleave(moments, event.tz, oldest_first=oldest_first, dated=dated)
    return [
        {
            "post": post,
            "html": render.post_html(post),
            "separators": [*before, separators.pinned()] if fold_pinned and post.pk == event.pinned_id else before,
        }
        for post, before in zip(posts, lines, strict=True)
    ]
