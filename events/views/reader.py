"""What readers get: events, posts, and what changed since.

Nothing here sees who asks: no session, no user, no cookie. Pages ignore arguments that they
do not know; the catch-up refuses them.
"""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe

from events import frames, headers, pages
from events.arguments import Nonsense, Place, View
from events.models import Event, EventAddress, Post
from events.models.post import PostState, Withdrawal
from events.views import kept


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


@require_safe
def home(request: HttpRequest) -> HttpResponseBase:
    """All events: live, upcoming, ended."""
    html = pages.home_page()
    return _page(request, html, headers.tag("home", html))


@require_safe
def event(request: HttpRequest, slug: str) -> HttpResponseBase:
    """The live page; older posts, key events only, oldest first."""
    view = View.of(request.GET)
    try:
        found = find_event(slug)
    except Moved as moved:
        return HttpResponsePermanentRedirect(moved.event.get_absolute_url() + view.query())
    etag = pages.tag(found.stream.epoch, found.stream.sequence, view.query())
    answer = get_conditional_response(request, etag=etag)
    if answer is not None and answer.status_code == 304:
        return _dress(answer, headers.public("page", etag))
    html, etag = kept.page(etag, lambda: pages.event_page(found.pk, view))
    return _page(request, html, etag)


@require_safe
def post(request: HttpRequest, slug: str, post_id: str) -> HttpResponseBase:
    """One post in context. 410 once it was withdrawn, with the sentence in its place."""
    try:
        found = find_event(slug)
    except Moved as moved:
        return HttpResponsePermanentRedirect(reverse("reader:post", args=[moved.event.slug, post_id]))
    entry = get_object_or_404(
        Post.objects.filter(event=found, state__in=(PostState.PUBLISHED, PostState.WITHDRAWN)).exclude(
            withdrawal=Withdrawal.UNDO
        ),
        pk=post_id,
    )
    is_gone = entry.state == PostState.WITHDRAWN and entry.withdrawal != Withdrawal.HOLD
    if is_gone:
        return _dress(HttpResponse(pages.post_page(entry, status=410).html, status=410), headers.public("short"))
    etag = pages.tag(found.stream.epoch, found.stream.sequence, post_id)
    html, etag = kept.page(etag, lambda: pages.post_page(entry))
    return _page(request, html, etag)


@require_safe
def updates(request: HttpRequest, slug: str) -> HttpResponseBase:
    """The catch-up: all that a page at `after` needs. Refuses what it does not understand."""
    try:
        place = Place.of(request.GET)
    except Nonsense as problem:
        return _json({"error": str(problem)}, status=400)
    try:
        found = find_event(slug, for_partners=True)
    except Moved as moved:
        found = moved.event
    except Http404:
        return _json({"error": "There is no such event."}, status=404)
    answer = frames.catch_up(found.pk, place.after, place.epoch)
    etag = frames.tag(answer, place.epoch)
    response = HttpResponse(frames.dump(answer), content_type="application/json")
    return _answer(request, response, headers.public("updates", etag))


def _page(request: HttpRequest, html: str, etag: str) -> HttpResponseBase:
    return _answer(request, HttpResponse(html), headers.public("page", etag))


def _answer(request: HttpRequest, response: HttpResponse, given: dict[str, str]) -> HttpResponseBase:
    """The response, or word that the reader has it; both with the same headers."""
    conditional = get_conditional_response(request, etag=given["ETag"], response=response)
    return _dress(response if conditional is None else conditional, given)


def _json(answer: dict[str, Any], *, status: int) -> HttpResponse:
    """An error in JSON; never cached, readable from anywhere."""
    response = JsonResponse(answer, status=status)
    response["Cache-Control"] = "no-store"
    response["Access-Control-Allow-Origin"] = "*"
    return response


def _dress(response: HttpResponseBase, given: dict[str, str]) -> Any:
    for name, value in given.items():
        response.headers[name] = value
    return response
