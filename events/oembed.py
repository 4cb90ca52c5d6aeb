"""An event as oEmbed 1.0 has it: what a page needs to show it that was given its address alone."""

import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit
from xml.sax.saxutils import escape

from django.conf import settings
from django.http import QueryDict
from django.urls import Resolver404, resolve, reverse
from django.utils import translation
from django.utils.html import format_html
from django.utils.translation import gettext as _

from events import cards
from events.models import Event, Post
from events.templatetags import newsroom

#: Pixels, unless less is asked for.
WIDTH, HEIGHT = 600, 640
#: Seconds that whoever asks may keep the answer.
CACHE_AGE = 300
FORMATS = ("json", "xml")
#: The pages that can be embedded, by the names of their addresses.
_PAGES = ("reader:event", "reader:post", "embed:event")
_PIXELS = re.compile(r"[0-9]{1,5}", re.ASCII)


@dataclass(frozen=True)
class Asked:
    """What is asked for: the slug and the post of an address of ours, and how large at most."""

    slug: str
    post: str
    width: int
    height: int
    #: Pixels that a picture may have, across and down.
    room: tuple[int, int]

    @classmethod
    def of(cls, query: QueryDict) -> "Asked | None":
        """Read `url=`, `maxwidth=` and `maxheight=`; None for an address that is none of ours."""
        found = _resolved(query.get("url", ""))
        if found is None:
            return None
        slug, post = found
        across, down = query.get("maxwidth", ""), query.get("maxheight", "")
        room = _at_most(across, cards.WIDTH), _at_most(down, cards.HEIGHT)
        return cls(slug, post, _at_most(across, WIDTH), _at_most(down, HEIGHT), room)


def told(event: Event, post: Post | None, asked: Asked) -> dict[str, Any]:
    """The answer, in the names of the standard; `post` where its own address was asked for."""
    with translation.override(event.language):
        page = settings.SITE_URL + (post.get_absolute_url() if post else event.get_absolute_url())
        title = newsroom.label(post) if post else event.title
        standing = newsroom.standing(post) if post else ""
        frame = settings.SITE_URL + reverse("embed:event", args=[event.slug])
        about = _("Live: %(title)s") % {"title": event.title}
        return {
            "version": "1.0",
            "type": "rich",
            "title": title,
            "author_name": settings.SITE_NAME,
            "author_url": f"{settings.SITE_URL}/",
            "provider_name": settings.SITE_NAME,
            "provider_url": f"{settings.SITE_URL}/",
            "cache_age": CACHE_AGE,
            "width": asked.width,
            "height": asked.height,
            **_thumbnail(event, post, asked),
            # No script: WordPress keeps these two elements alone.
            "html": format_html(
                '<blockquote lang="{}" dir="{}">{}<a href="{}">{}</a></blockquote>'
                '<iframe src="{}" title="{}" width="{}" height="{}" loading="lazy" style="border:0"'
                ' allow="fullscreen; web-share; clipboard-write"></iframe>',
                *(event.language, event.direction, f"{standing} " if standing else "", page, title),
                *(frame, about, asked.width, asked.height),
            ),
        }


def _thumbnail(event: Event, post: Post | None, asked: Asked) -> dict[str, Any]:
    """The lead picture or the share picture, as large as fits into what was asked for; nothing where none does."""
    if post is None and event.lead_picture and (fitting := event.lead_picture.largest(*asked.room)):
        address = settings.SITE_URL + fitting.url
        return {"thumbnail_url": address, "thumbnail_width": fitting.width, "thumbnail_height": fitting.height}
    card = cards.of_post(post) if post else cards.of_event(event)
    if not cards.can_draw(card):
        post, card = None, cards.of_event(event)
    for width in cards.WIDTHS:
        height = cards.HEIGHT * width // cards.WIDTH
        if width <= asked.room[0] and height <= asked.room[1] and cards.can_draw(card):
            name, at = ("reader:card", [event.slug, post.pk]) if post else ("reader:event_card", [event.slug])
            path = reverse(name, args=[*at, card.version])
            query = "" if width == cards.WIDTH else f"?width={width}"
            address = f"{settings.SITE_URL}{path}{query}"
            return {"thumbnail_url": address, "thumbnail_width": width, "thumbnail_height": height}
    return {}


def as_xml(answer: dict[str, Any]) -> str:
    """The answer as the standard's XML."""
    rows = "".join(f"<{name}>{escape(str(value))}</{name}>" for name, value in answer.items())
    return f'<?xml version="1.0" encoding="utf-8" standalone="yes"?>\n<oembed>{rows}</oembed>\n'


def _resolved(address: str) -> tuple[str, str] | None:
    """The slug, and the post's id or nothing, of an address on this site."""
    if len(address) > 500:
        return None
    try:
        parts = urlsplit(address)
        home = urlsplit(settings.SITE_URL)
        if (parts.scheme, parts.netloc.lower()) not in {(scheme, home.netloc) for scheme in ("http", "https")}:
            return None
        match = resolve(parts.path)
    except (ValueError, Resolver404):
        return None
    if match.view_name not in _PAGES:
        return None
    return match.kwargs["slug"], match.kwargs.get("post_id", "")


def _at_most(given: str, usual: int) -> int:
    """The usual number of pixels, or less where less is asked for; nonsense asks for nothing."""
    return min(int(given), usual) if _PIXELS.fullmatch(given) and int(given) else usual
