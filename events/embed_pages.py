"""From an event to the bytes of its embed: a pure function of (event, sequence, release, choices)."""

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation

from events import headers, pages, render, steady
from events.arguments import Choices
from events.models import Event, Stream
from events.pages import Page

#: Any site may frame the open embed.
ANYBODY = "*"


def tag(epoch: str, sequence: int, choices: Choices, ancestors: str = ANYBODY, style: str = "") -> str:
    """The ETag of what the bytes and the policy depend on."""
    return headers.tag("embed", epoch, sequence, settings.RELEASE, choices.query, ancestors, style)


def embed_page(event_pk: int, choices: Choices, ancestors: str = ANYBODY, style: str = "") -> Page:
    """The embed as a partner chose it, for `ancestors` to frame, in that partner's `style`.

    Raises ``Stream.DoesNotExist``.
    """

    def build(stream: Stream) -> tuple[Event, str]:
        event = Event.objects.get(pk=event_pk)
        return event, _html(event, stream, choices, style)

    stream, (event, html) = steady.read(event_pk, build)
    etag = tag(stream.epoch, stream.sequence, choices, ancestors, style)
    return Page(html, etag, stream.epoch, stream.sequence, event)


def _html(event: Event, stream: Stream, choices: Choices, style: str) -> str:
    """The whole page, in the event's language."""
    posts = event.posts.published().keys() if choices.show else event.posts.visible()
    shown = list(posts.newest().for_readers()[: choices.posts + 1])
    more, shown = len(shown) > choices.posts, shown[: choices.posts]
    with translation.override(event.language):
        context = {
            "event": event,
            "stream": stream,
            "choices": choices,
            "style": style,
            "scheme": "light dark" if choices.theme == "auto" else choices.theme,
            "rows": pages.rows(event, shown),
            "parts": render.parts_html(event),
            "edge": shown[-1].order if more else "",
            "last": event.posts.last_said().first(),
            **pages.scripted(event),
        }
        return render_to_string("embed/embed.html", context)
