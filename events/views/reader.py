"""What readers get: events, posts, and what changed since.

Nothing here sees who asks: no session, no user, no cookie. Pages ignore arguments that they
do not know; the catch-up refuses them.
"""

import re
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe

from events import frames, headers, pages
from events.models import Event, EventAddress, Post
from events.models.post import PostState, Withdrawal
from events.pages import CURSOR, View

_AFTER = re.compile(r"[0-9]{1,15}", re.ASCII)


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
    return _answer(request, html, headers.tag("home", html))


@require_safe
def event(request: HttpRequest, slug: str) -> HttpResponseBase:
    """The live page; older posts, key events only, oldest first."""
    view = _view(request)
    try:
        found = find_event(slug)
    except Moved as moved:
        return HttpResponsePermanentRedirect(moved.event.get_absolute_url() + view.query())
    etag = _event_tag(found, view)
    answer = get_conditional_response(request, etag=etag)
    if answer is not None and answer.status_code == 304:
        return _dress(answer, headers.public("page", etag))
    page = pages.event_page(found.pk, view)
    etag = headers.tag(page.epoch, page.sequence, settings.RELEASE, view.query())
    return _answer(request, page.html, etag)


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
    page = pages.post_page(entry, status=410 if is_gone else 200)
    if is_gone:
        return _dress(HttpResponse(page.html, status=410), headers.public("short"))
    return _answer(request, page.html, headers.tag(page.epoch, page.sequence, settings.RELEASE, post_id))


@require_safe
def updates(request: HttpRequest, slug: str) -> HttpResponseBase:
    """The catch-up: all that a page at `after` needs. Refuses what it does not understand."""
    problem = _problem(request)
    if problem:
        return _json({"error": problem}, status=400)
    try:
        found = find_event(slug, for_partners=True)
    except Moved as moved:
        found = moved.event
    except Http404:
        return _json({"error": "There is no such event."}, status=404)
    after = int(request.GET["after"])
    answer = frames.catch_up(found.pk, after, request.GET.get("epoch", ""))
    etag = headers.tag(answer["epoch"], answer["sequence"], after, settings.RELEASE, request.GET.get("epoch", ""))
    response = _dress(
        HttpResponse(frames.dump(answer), content_type="application/json"), headers.public("updates", etag)
    )
    return get_conditional_response(request, etag=etag, response=response) or response


def _problem(request: HttpRequest) -> str:
    """What is wrong with a catch-up's arguments, in a sentence; empty when nothing is."""
    unknown = sorted(set(request.GET) - {"after", "epoch"})
    if unknown:
        return f"This address takes after= and epoch=, and not {unknown[0][:40]}=."
    if len(request.GET.getlist("after")) != 1 or not _AFTER.fullmatch(request.GET["after"]):
        return "after= is a sequence: 1 to 15 digits."
    if len(request.GET.getlist("epoch")) > 1 or len(request.GET.get("epoch", "")) > 40:
        return "epoch= is the epoch of the page, once."
    return ""


def _view(request: HttpRequest) -> View:
    """The view that an address asks for; what makes no sense is left out."""
    oldest = request.GET.get("order") == "oldest"
    cursor = request.GET.get("from" if oldest else "before", "")
    return View(
        order_by="oldest" if oldest else "newest",
        show="key" if request.GET.get("show") == "key" else "",
        cursor=cursor if CURSOR.fullmatch(cursor) else "",
    )


def _event_tag(found: Event, view: View) -> str:
    return headers.tag(found.stream.epoch, found.stream.sequence, settings.RELEASE, view.query())


def _answer(request: HttpRequest, html: str, etag: str) -> HttpResponseBase:
    """A page, or word that it has not changed."""
    response = _dress(HttpResponse(html), headers.public("page", etag))
    conditional = get_conditional_response(request, etag=etag, response=response)
    return _dress(conditional, headers.public("page", etag)) if conditional is not None else response


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
