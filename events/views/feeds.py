"""Feeds of one event and of all, in three forms."""

from datetime import datetime

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.utils.http import http_date
from django.views.decorators.http import require_safe

from events import feeds, headers
from events.arguments import View
from events.models import Event
from events.views.kept import KEEP
from events.views.public import Moved, dress, find_event, unchanged


@require_safe
def event(request: HttpRequest, slug: str, form: str) -> HttpResponseBase:
    """The newest posts of one event, or its key events."""
    show = View.of(request.GET).show
    try:
        found = find_event(slug)
    except Moved as moved:
        there = reverse(f"feeds:event_{form}", args=[moved.event.slug])
        return HttpResponsePermanentRedirect(there + View(show=show).query())
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
    kept: tuple[str, datetime] | None = cache.get(etag)
    if kept is None:
        feed = feeds.read(event, show, spot)
        kept = feeds.FORMS[form].write(feed), feed.modified
        cache.set(etag, kept, KEEP)
    text, modified = kept
    given["Last-Modified"] = http_date(modified.timestamp())
    response = HttpResponse(text, content_type=feeds.FORMS[form].media_type)
    answer = get_conditional_response(request, etag=etag, last_modified=int(modified.timestamp()), response=response)
    return dress(response if answer is None else answer, given)
