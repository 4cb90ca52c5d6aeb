"""One post in context, whatever came after it."""

from typing import Any

from django.template.loader import render_to_string
from django.utils import translation

from events import cards, render, steady, text
from events.models import Event, Post, Stream
from events.pages.event import is_for_machines
from events.pages.page import PAGE, Page, card, event_picture, shared, tag
from events.templatetags import newsroom

#: Neighbours on each side.
NEAR = 3
#: Characters of a description.
DESCRIPTION = 200


def post_page(post: Post) -> Page:
    """One post with its neighbours and the way to the live page."""

    def build(_stream: Stream) -> tuple[Event, str]:
        found = Post.objects.for_readers().get(pk=post.pk)
        return found.event, _html(found)

    stream, (event, html) = steady.read(post.event_id, build)
    etag = tag(stream.epoch, stream.sequence, post.pk)
    return Page(html, etag, stream.epoch, stream.sequence, event)


def description(post: Post) -> str:
    """A post in the words of its own, at most so many as a preview shows; first of all, whether it is so."""
    said = [row.quote for row in post.attributions.all() if row.quote]
    return text.short(" ".join([newsroom.standing(post), *said, text.plain(post.html)]), DESCRIPTION)


def _card(post: Post) -> dict[str, Any] | None:
    """The post's picture, or its event's where nobody can draw its words."""
    event = post.event
    own = card(cards.of_post(post), "reader:card", event.slug, post.pk)
    return own or event_picture(event)


def _html(post: Post) -> str:
    event = post.event
    around = event.posts.published().exclude(pk=post.pk)
    newer = around.above(post)
    count = newer.count()
    older = list(around.below(post).newest().for_readers()[: NEAR + 1])
    with translation.override(event.language):
        context: dict[str, Any] = {
            "event": event,
            "post": post,
            "description": description(post) or event.standfirst,
            "html": render.post_html(post) if post.is_public or post.has_tombstone else "",
            "newer": reversed(newer.oldest().for_readers()[:NEAR]),
            "newer_total": count,
            # Only where the live page still shows it.
            "is_near_the_top": count < PAGE,
            "older": older[:NEAR],
            "older_page": f"{event.get_absolute_url()}?before={older[NEAR - 1].order}" if len(older) > NEAR else "",
            "card": _card(post) if post.is_public else None,
            "for_machines": is_for_machines(event),
            "replaced_by": post.replaced_by if post.replaced_by and post.replaced_by.is_public else None,
            **shared(event),
        }
        return render_to_string("reader/post.html", context)
