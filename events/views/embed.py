"""The event inside a partner's page, and the loader that puts it there."""

import re
from pathlib import Path

from django.contrib.staticfiles import finders
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe

from events import embed_pages, fragments, headers
from events.arguments import Choices
from events.models import Event, EventAddress, Partner, themes
from events.models.event import Visibility
from events.views import kept
from events.views.public import Moved, answer, find_event, moved, unchanged
from liveblog.static import strip_script

#: Seconds that a browser may keep the loader.
LOADER_SECONDS = 300
#: What may stand in a policy as a partner's origin; anything else could add directives of its own.
ORIGIN = re.compile(r"https?://(?:\*\.)?[a-z0-9-]+(?:\.[a-z0-9-]+)*(?::[0-9]{1,5})?", re.ASCII | re.IGNORECASE)


@require_safe
def event(request: HttpRequest, slug: str) -> HttpResponseBase:
    """The open embed: any site may frame it, unless the event is for partners only."""
    return _embed(request, slug, None)


@require_safe
def partner(request: HttpRequest, slug: str, key: str) -> HttpResponseBase:
    """A partner's own embed: that partner's origins may frame it, and no others."""
    return _embed(request, slug, get_object_or_404(Partner, key=key, active=True))


@require_safe
def fragment(request: HttpRequest, slug: str) -> HttpResponseBase:
    """The event's words for a partner's server to put into its page; not for an event that is for partners only."""
    choices = Choices.of(request.GET)
    try:
        found = find_event(slug)
    except Moved as elsewhere:
        return moved(reverse("embed:fragment", args=[elsewhere.event.slug]) + choices.query)
    tag = fragments.tag(found.stream.epoch, found.stream.sequence, choices)
    known = unchanged(request, _fragment_headers(tag))
    if known is not None:
        return known
    html, tag = kept.page(tag, lambda: fragments.fragment(found.pk, choices))
    return answer(request, HttpResponse(html), _fragment_headers(tag))


def _fragment_headers(tag: str) -> dict[str, str]:
    # The words belong to the event's own page, and to the partner's: at this address nobody should find them.
    return headers.public("data", tag) | {"X-Robots-Tag": "noindex"}


@require_safe
def loader(request: HttpRequest) -> HttpResponseBase:
    """The classic script that defines `<live-blog>`, at an address that never changes."""
    source = strip_script(Path(str(finders.find("js/loader.js"))).read_text(encoding="utf-8"))
    script = HttpResponse(source, content_type="text/javascript; charset=utf-8")
    script["ETag"] = headers.tag(source)
    script["Cache-Control"] = f"public, max-age={LOADER_SECONDS}"
    script["Access-Control-Allow-Origin"] = "*"
    # A partner's page that is isolated from others takes only what says so.
    script["Cross-Origin-Resource-Policy"] = "cross-origin"
    return get_conditional_response(request, etag=script["ETag"], response=script) or script


def _embed(request: HttpRequest, slug: str, partner: Partner | None) -> HttpResponseBase:
    """The page, or word that it has not changed; raise Http404 where a stranger may not know that it exists."""
    choices = Choices.of(request.GET)
    event = Event.objects.readable().select_related("stream").filter(slug=slug).first()
    if event is None:
        former = get_object_or_404(
            EventAddress.objects.select_related("event"), slug=slug, event__in=Event.objects.readable()
        )
        return moved(_address(former.event, partner) + choices.query)
    if partner is None and event.visibility == Visibility.PARTNERS:
        raise Http404
    ancestors = embed_pages.ANYBODY if partner is None else _ancestors(partner)
    style = "" if partner is None else themes.style(partner.theme)
    tag = embed_pages.tag(event.stream.epoch, event.stream.sequence, choices, ancestors, style)
    known = get_conditional_response(request, etag=tag)
    if known is not None and known.status_code == 304:
        return _frameable(known, tag, ancestors, style)
    html, tag = kept.page(tag, lambda: embed_pages.embed_page(event.pk, choices, ancestors, style))
    return _frameable(HttpResponse(html), tag, ancestors, style)


def _address(event: Event, partner: Partner | None) -> str:
    """The path of the event's embed, a partner's own or the open one."""
    if partner is None:
        return reverse("embed:event", args=[event.slug])
    return reverse("embed:partner", args=[event.slug, partner.key])


def _ancestors(partner: Partner) -> str:
    """The sources of `frame-ancestors` for this partner: its origins, as far as they are any."""
    return " ".join(row for row in map(str, partner.origins) if ORIGIN.fullmatch(row)) or "'none'"


def _frameable(answer: HttpResponseBase, tag: str, ancestors: str, style: str) -> HttpResponseBase:
    """Give the answer its headers; a 304 too, since a browser takes them for the page's."""
    for name, value in headers.embed(tag, ancestors, themes.source(style)).items():
        answer.headers[name] = value
    setattr(answer, "xframe_options_exempt", True)  # noqa: B010 - as Django's own decorator does
    return answer
