"""What machines read of an event: a `LiveBlogPosting` of schema.org, as JSON-LD."""

import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils.safestring import SafeString, mark_safe

from events import text
from events.models import Correction, Event, Post
from events.templatetags import newsroom

#: Updates told of, the newest.
UPDATES = 30
#: Characters of a headline and of a body; what is longer stands on the page.
HEADLINE = 110
BODY = 1500
#: What could end the element, begin another, or break a line of a script (JSON itself allows all of them).
_ESCAPED = {ord(char): f"\\u{ord(char):04X}" for char in "<>&\u2028\u2029"}


def live_blog(event: Event, posts: Iterable[Post], picture: dict[str, Any] | None = None) -> SafeString:
    """The event as JSON for a `<script type="application/ld+json">`, in the active language.

    `posts` come from ``for_readers()``, newest first; of the withdrawn ones nothing is told.
    `picture` is the event's as `pages.page.event_picture` tells of it.
    """
    shown = [post for post in posts if post.is_public][:UPDATES]
    begun = event.opened_at or event.starts_at
    address = settings.SITE_URL + event.get_absolute_url()
    told = {
        "@context": "https://schema.org",
        "@type": "LiveBlogPosting",
        "@id": address,
        "url": address,
        "mainEntityOfPage": address,
        "headline": text.short(event.title, HEADLINE),
        "description": event.standfirst,
        "image": _image(event, picture) if picture else "",
        "inLanguage": event.language,
        "coverageStartTime": newsroom.iso(begun),
        "coverageEndTime": newsroom.iso(event.ended_at) if event.state == "ended" else "",
        "datePublished": newsroom.iso(begun or _latest(shown, "published_at")),
        "dateModified": newsroom.iso(_latest(shown, "significant_at") or begun),
        "author": _house(),
        "publisher": _house(),
        "liveBlogUpdate": [_update(post) for post in shown],
    }
    return mark_safe(json.dumps(_filled(told), ensure_ascii=False, separators=(",", ":")).translate(_ESCAPED))  # noqa: S308


def _image(event: Event, picture: dict[str, Any]) -> dict[str, Any]:
    """An `ImageObject`; whose it is and what it tells only of a picture that somebody has taken."""
    address = settings.SITE_URL + picture["path"]
    told = {"@type": "ImageObject", "url": address, "width": picture["width"], "height": picture["height"]}
    if event.lead_picture_id:
        told |= {"caption": event.picture_caption or event.picture_alt, "creditText": event.picture_credit}
    return _filled(told)


def _update(post: Post) -> dict[str, Any]:
    address = settings.SITE_URL + post.get_absolute_url()
    quotes = [row.quote for row in post.attributions.all() if row.quote]
    body = "\n".join(part for part in (newsroom.standing(post), *quotes, text.plain(post.html)) if part)
    return _filled(
        {
            "@type": "BlogPosting",
            "@id": address,
            "url": address,
            "headline": text.short(newsroom.label(post), HEADLINE),
            "datePublished": newsroom.iso(post.published_at),
            "dateModified": newsroom.iso(post.significant_at),
            "author": {"@type": "Person", "name": post.byline} if post.byline else _house(),
            "articleBody": _cut(body),
            "correction": [_correction(note) for note in post.corrections.all() if note.note],
        }
    )


def _correction(note: Correction) -> dict[str, Any]:
    return {"@type": "CorrectionComment", "text": note.note, "datePublished": newsroom.iso(note.at)}


def _house() -> dict[str, Any]:
    return {"@type": "NewsMediaOrganization", "name": settings.SITE_NAME, "url": f"{settings.SITE_URL}/"}


def _latest(posts: list[Post], name: str) -> datetime | None:
    return max((moment for post in posts if (moment := getattr(post, name))), default=None)


def _filled(told: dict[str, Any]) -> dict[str, Any]:
    """Without what is not known."""
    return {name: value for name, value in told.items() if value not in ("", [], {}, None)}


def _cut(body: str) -> str:
    """A body as it is, in its lines; one that is too long as one line."""
    return body if len(body) <= BODY else text.short(body, BODY)
