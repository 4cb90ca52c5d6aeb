"""Share pictures: drawn once, kept, at an address that changes with their words."""

import threading
from collections import OrderedDict

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_safe

from events import cards, headers
from events.models import Post
from events.models.post import PostState, Withdrawal
from events.views.public import Moved, answer, dress, find_event, unchanged

#: Pictures that a process keeps, some 20 KB each.
KEPT = 200
#: Pictures that a process draws at the same time, and seconds that another one waits for its turn.
AT_ONCE = 2
PATIENCE = 5.0

_kept: OrderedDict[str, bytes] = OrderedDict()
_lock = threading.Lock()
_places = threading.BoundedSemaphore(AT_ONCE)


@require_safe
def event(request: HttpRequest, slug: str, version: str) -> HttpResponseBase:
    """The event's own picture."""
    try:
        found = find_event(slug)
    except Moved as moved:
        found = moved.event
    return _picture(request, cards.of_event(found), version, "reader:event_card", found.slug)


@require_safe
def post(request: HttpRequest, slug: str, post_id: str, version: str) -> HttpResponseBase:
    """A post's picture; none for what readers cannot read now."""
    try:
        found = find_event(slug)
    except Moved as moved:
        found = moved.event
    shown = Post.objects.for_readers().filter(event=found, state__in=(PostState.PUBLISHED, PostState.WITHDRAWN))
    entry = get_object_or_404(shown.exclude(withdrawal__in=(Withdrawal.UNDO, Withdrawal.HOLD)), pk=post_id)
    if not entry.is_public:
        gone = HttpResponse("This post was withdrawn.\n", status=410, content_type="text/plain; charset=utf-8")
        return dress(gone, headers.public("short"))
    return _picture(request, cards.of_post(entry), version, "reader:card", found.slug, entry.pk)


def _picture(request: HttpRequest, card: cards.Card, version: str, name: str, *at: str) -> HttpResponseBase:
    """The picture, or the way to it as it is now; 503 when too many are being drawn."""
    if not cards.can_draw(card):
        raise Http404
    given = request.GET.get("width", "")
    width = next((known for known in cards.WIDTHS if str(known) == given), cards.WIDTH)
    if version != card.version:
        query = "" if width == cards.WIDTH else f"?width={width}"
        way = HttpResponseRedirect(reverse(name, args=[*at, card.version]) + query)
        return dress(way, headers.public("short"))
    etag = headers.tag("card", card.version, width)
    known = unchanged(request, headers.public("picture", etag))
    if known is not None:
        return known
    png = _drawn(card, width)
    if png is None:
        busy = HttpResponse("Too many pictures are being drawn. Try again in a moment.\n", status=503)
        return dress(
            busy, {"Retry-After": "5", "Cache-Control": "no-store", "Content-Type": "text/plain; charset=utf-8"}
        )
    return answer(request, HttpResponse(png, content_type="image/png"), headers.public("picture", etag))


def _drawn(card: cards.Card, width: int) -> bytes | None:
    """The picture, from what is kept or drawn now; None when nobody had time for it."""
    name = f"{card.version}-{width}"
    if (kept := _take(name)) is not None:
        return kept
    if not _places.acquire(timeout=PATIENCE):
        return None
    try:
        # Somebody else may have drawn it while we waited.
        kept = _take(name)
        return kept if kept is not None else _keep(name, cards.draw(card, width))
    finally:
        _places.release()


def _take(name: str) -> bytes | None:
    with _lock:
        if name in _kept:
            _kept.move_to_end(name)
        return _kept.get(name)


def _keep(name: str, png: bytes) -> bytes:
    with _lock:
        _kept[name] = png
        while len(_kept) > KEPT:
            _kept.popitem(last=False)
    return png
