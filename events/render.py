"""From records to the pieces of html that page, frame, embed and feed share.

A piece depends on its post or its event and on nothing else: no reader, no request,
no clock. The same records make the same bytes in every process.
"""

from collections.abc import Callable, Iterable
from typing import Any

from django.template.loader import render_to_string
from django.utils import translation

from events.compiled import Compiled
from events.models import Event, Post
from events.models.post import Kind

#: The pieces of an event that are not posts, in the order in which they stand.
PARTS = ("header", "summary", "pinned", "keys")
#: Key events that the list on top shows.
KEYS_SHOWN = 30


def post_html(post: Post) -> str:
    """Return the whole `<article>`, in the event's language.

    `post` comes from ``Post.objects.for_readers()``; otherwise each piece costs queries.
    """
    with translation.override(post.event.language):
        return render_to_string("reader/_post.html", {"post": post, "event": post.event}).strip()


def part_html(event: Event, name: str) -> str:
    """Return one of `PARTS` in the event's language, empty when it has nothing to show."""
    with translation.override(event.language):
        return render_to_string(f"reader/_{name}.html", {"event": event, **_CONTEXT[name](event)}).strip()


def parts_html(event: Event, names: Iterable[str] = PARTS) -> dict[str, str]:
    """Return the named parts, `{name: html}`, in the order of `PARTS`."""
    wanted = set(names)
    return {name: part_html(event, name) for name in PARTS if name in wanted}


#: The post that changed last in a way that readers are told of.
_LOUDEST = Compiled(
    lambda event: (
        Post.objects.filter(event=event)
        .published()
        .exclude(kind=Kind.BACKGROUND)
        .order_by("-significant_at", "-first_sequence")
        .only("significant_at")[:1]
    )
)


#: The newest event that goes on from another.
_NEXT = Compiled(lambda event: Event.objects.filter(continues=event).order_by("-starts_at", "-pk")[:1])


def _header(event: Event) -> dict[str, Any]:
    loudest = _LOUDEST.first(event.pk)
    before, after = event.continues if event.continues_id else None, _NEXT.first(event.pk)
    return {
        "updated": loudest and loudest.significant_at,
        "before": before if before and event.may_name(before) else None,
        "after": after if after and event.may_name(after) else None,
    }


def _summary(event: Event) -> dict[str, Any]:
    return {"lines": list(event.summary_lines.select_related("post"))}


def _pinned(event: Event) -> dict[str, Any]:
    if event.pinned_id is None:
        return {"post": None}
    return {"post": Post.objects.published().for_readers().filter(pk=event.pinned_id).first()}


def _keys(event: Event) -> dict[str, Any]:
    keys = event.posts.published().keys()
    posts = list(keys.newest().prefetch_related("attributions")[:KEYS_SHOWN])
    # The page counts them all; where they fit into the list, no query need.
    return {"posts": posts, "total": len(posts) if len(posts) < KEYS_SHOWN else keys.count()}


_CONTEXT: dict[str, Callable[[Event], dict[str, Any]]] = {
    "header": _header,
    "summary": _summary,
    "pinned": _pinned,
    "keys": _keys,
}
