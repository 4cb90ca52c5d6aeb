"""What every public view does: find the event, answer, or say that the reader has it already."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils.cache import get_conditional_response
from django.utils.http import http_date

from events import headers
from events.models import Event, EventAddress


class Moved(Exception):
    """The event has another address now."""

    def __init__(self, event: Event) -> None:
        super().__init__(event.slug)
        self.event = event


def find_event(slug: str, *, for_partners: bool = False) -> Event:
    """The readable event at this address; raise Moved for a former address, Http404 for none.

    With `for_partners` also one that partners alone may show: their frames catch up too.
    """
    readable = Event.objects.readable()
    if not for_partners:
        readable = readable.exclude(visibility="partners")
    event = readable.select_related("stream").filter(slug=slug).first()
    if event is not None:
        return event
    former = get_object_or_404(EventAddress.objects.select_related("event"), slug=slug, event__in=readable)
    raise Moved(former.event)


def unchanged(request: HttpRequest, given: dict[str, str]) -> HttpResponseBase | None:
    """Word that the reader has what these headers go with; None when they have not."""
    answer = get_conditional_response(request, etag=given["ETag"])
    return dress(answer, given) if answer is not None and answer.status_code == 304 else None


def answer(
    request: HttpRequest, response: HttpResponse, given: dict[str, str], modified: datetime | None = None
) -> HttpResponseBase:
    """The response, or word that the reader has it; both with the same headers. `modified` is for `Last-Modified`."""
    stamp = int(modified.timestamp()) if modified else None
    if stamp is not None:
        given = given | {"Last-Modified": http_date(stamp)}
    conditional = get_conditional_response(request, etag=given["ETag"], last_modified=stamp, response=response)
    return dress(response if conditional is None else conditional, given)


def moved(there: str, kind: headers.Kind = "short") -> HttpResponseBase:
    """The way to where it is now. Kept as briefly as a page: the address may have another event one day."""
    given = headers.public(kind)
    # A frame in a sandbox fetches by this way too.
    return dress(HttpResponsePermanentRedirect(there), given | {"Access-Control-Allow-Origin": "*"})


def dress(response: HttpResponseBase, given: dict[str, str]) -> Any:
    """Put these headers on the response, and return it."""
    for name, value in given.items():
        response.headers[name] = value
    return response
