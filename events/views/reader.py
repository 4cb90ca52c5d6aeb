"""What readers get: events, posts, and what changed since.

Nothing here sees who asks: no session, no user, no cookie. Pages ignore arguments that they
do not know; the catch-up refuses them.
"""

import re
from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_safe

from events import frames, headers, pages
from events.arguments import Left, Nonsense, Place, Search, View
from events.models import Post
from events.models.post import PostState, Withdrawal
from events.views import kept
from events.views.public import Moved, answer, dress, find_event, moved, unchanged

#: Seconds that the front page is kept at one spot: by then LIVE may be over somewhere.
HOME_SECONDS = 10


@require_safe
def home(request: HttpRequest) -> HttpResponseBase:
    """All events: live, upcoming, ended; those that ended earlier."""
    cursor = View.of(request.GET).cursor
    html = kept.made(pages.home_spot(cursor), lambda: pages.home_page(cursor), HOME_SECONDS)
    return _page(request, html, headers.tag("home", html))


@require_safe
def event(request: HttpRequest, slug: str) -> HttpResponseBase:
    """The live page; older posts, key events only, oldest first."""
    view = View.of(request.GET)
    try:
        found = find_event(slug)
    except Moved as elsewhere:
        return moved(elsewhere.event.get_absolute_url() + view.query())
    etag = pages.tag(found.stream.epoch, found.stream.sequence, view.query())
    return _kept(request, etag, lambda: pages.event_page(found.pk, view))


@require_safe
def post(request: HttpRequest, slug: str, post_id: str) -> HttpResponseBase:
    """One post in context. 410 once it was withdrawn, with the sentence in its place."""
    try:
        found = find_event(slug)
    except Moved as elsewhere:
        return moved(reverse("reader:post", args=[elsewhere.event.slug, post_id]))
    entry = get_object_or_404(
        Post.objects.filter(event=found, state__in=(PostState.PUBLISHED, PostState.WITHDRAWN)).exclude(
            withdrawal=Withdrawal.UNDO
        ),
        pk=post_id,
    )
    is_gone = entry.state == PostState.WITHDRAWN and entry.withdrawal != Withdrawal.HOLD
    if is_gone:
        return dress(HttpResponse(pages.post_page(entry).html, status=410), headers.public("short"))
    etag = pages.tag(found.stream.epoch, found.stream.sequence, post_id)
    return _kept(request, etag, lambda: pages.post_page(entry))


@require_safe
def since(request: HttpRequest, slug: str, sequence: str) -> HttpResponseBase:
    """What has changed since a place in the event's history."""
    # As in the catch-up; whatever is no such number was never an address.
    if not re.fullmatch(r"[0-9]{1,15}", sequence, re.ASCII):
        raise Http404
    left = Left.of(int(sequence), request.GET)
    try:
        found = find_event(slug)
    except Moved as elsewhere:
        there = reverse("reader:since", args=[elsewhere.event.slug, left.after])
        return moved(there + left.query)
    return _kept(request, pages.since_tag(found.stream, left), lambda: pages.since_page(found.pk, left))


@require_safe
def search(request: HttpRequest, slug: str) -> HttpResponseBase:
    """The posts in which the words stand that are asked for: kept by nobody, listed nowhere."""
    asked = Search.of(request.GET)
    try:
        found = find_event(slug)
    except Moved as elsewhere:
        there = reverse("reader:search", args=[elsewhere.event.slug])
        return moved(there + asked.query, "search")
    return dress(HttpResponse(pages.search_page(found, asked)), headers.public("search"))


@require_safe
def updates(request: HttpRequest, slug: str) -> HttpResponseBase:
    """The catch-up: all that a page at `after` needs. Refuses what it does not understand."""
    try:
        place = Place.of(request.GET)
    except Nonsense as problem:
        return _json({"error": str(problem)}, status=400)
    try:
        found = find_event(slug, for_partners=True)
    except Moved as elsewhere:
        found = elsewhere.event
    except Http404:
        return _json({"error": "There is no such event."}, status=404)
    told = frames.catch_up(found.pk, place.after, place.epoch)
    etag = frames.tag(told, place.epoch)
    response = HttpResponse(frames.dump(told), content_type="application/json")
    return answer(request, response, headers.public("updates", etag))


def _kept(request: HttpRequest, etag: str, build: Callable[[], pages.Page]) -> HttpResponseBase:
    """A page that was rendered lately, or is now; or word that the reader has it."""
    known = unchanged(request, headers.public("page", etag))
    if known is not None:
        return known
    html, etag = kept.page(etag, build)
    return _page(request, html, etag)


def _page(request: HttpRequest, html: str, etag: str) -> HttpResponseBase:
    return answer(request, HttpResponse(html), headers.public("page", etag))


def _json(answer: dict[str, Any], *, status: int) -> HttpResponse:
    """An error in JSON; never cached, readable from anywhere."""
    response = JsonResponse(answer, status=status)
    response["Cache-Control"] = "no-store"
    response["Access-Control-Allow-Origin"] = "*"
    return response
