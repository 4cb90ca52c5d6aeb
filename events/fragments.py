"""An event as words alone, for a partner's server to put into its own page (ESI, SSI): no script, its own style."""

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation

from events import headers, steady
from events.arguments import Choices
from events.models import Event, Stream
from events.pages import Page


def tag(epoch: str, sequence: int, choices: Choices) -> str:
    """The ETag of what the bytes depend on."""
    return headers.tag("fragment", epoch, sequence, settings.RELEASE, choices.query)


def fragment(event_pk: int, choices: Choices) -> Page:
    """The newest posts, or key events, as one `<section>`. Raises ``Stream.DoesNotExist``."""

    def build(stream: Stream) -> tuple[Event, str]:
        event = Event.objects.get(pk=event_pk)
        return event, _html(event, choices)

    stream, (event, html) = steady.read(event_pk, build)
    return Page(html, tag(stream.epoch, stream.sequence, choices), stream.epoch, stream.sequence, event)


def _html(event: Event, choices: Choices) -> str:
    """The section, in the event's language; its links are whole, since it stands on another site."""
    posts = event.posts.published().keys() if choices.show else event.posts.published()
    with translation.override(event.language):
        context = {
            "event": event,
            "lines": list(event.summary_lines.select_related("post")),
            "posts": list(posts.newest().for_readers()[: choices.posts]),
            "site_name": settings.SITE_NAME,
        }
        html = render_to_string("embed/fragment.html", context)
    return html.replace(' href="/', f' href="{settings.SITE_URL}/')
