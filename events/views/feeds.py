"""Feeds of one event and of all, in three forms."""

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.views.decorators.http import require_safe

from events import feeds, headers
from events.arguments import View
from events.models import Event
from events.views import kept
from events.views.public import Moved, answer, find_event, moved, unchanged


@require_safe
def event(request: HttpRequest, slug: str, form: str) -> HttpResponseBase:
    """The newest posts of one event, or its key events."""
    show = View.of(request.GET).show
    try:
        found = find_event(slug)
    except Moved as elsewhere:
        there = reverse(f"feeds:event_{form}", args=[elsewhere.event.slug])
        return moved(there + View(show=show).query())
    return _feed(request, found, form, show)


@require_safe
def site(request: HttpRequest, form: str) -> HttpResponseBase:
    """The newest posts of all events that are listed."""
    return _feed(request, None, form, View.of(request.GET).show)


def _feed(request: HttpRequest, event: Event | None, form: str, show: str) -> HttpResponseBase:
    spot = feeds.spot(event)
    etag = spot.tag(form, show)
    given = headers.public("data", etag)
    known = unchanged(request, given)
    if known is not None:
        return known

    def write() -> tuple[str, datetime]:
        feed = feeds.read(event, show, spot)
        return feeds.FORMS[form].write(feed), feed.modified

    text, modified = kept.made(etag, write)
    return answer(request, HttpResponse(text, content_type=feeds.FORMS[form].media_type), given, modified)
