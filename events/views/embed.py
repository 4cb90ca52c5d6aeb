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

from events import embed_pages, headers
from events.arguments import Choices
from events.models import Event, EventAddress, Partner
from events.models.event import Visibility
from events.views import kept
from events.views.public import moved
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
def loader(request: HttpRequest) -> HttpResponseBase:
    """The classic script that defines `<live-blog>`, at an address that never changes."""
    source = strip_script(Path(str(finders.find("js/loader.js"))).read_text(encoding="utf-8"))
    answer = HttpResponse(source, content_type="text/javascript; charset=utf-8")
    answer["ETag"] = headers.tag(source)
    answer["Cache-Control"] = f"public, max-age={LOADER_SECONDS}"
    answer["Access-Control-Allow-Origin"] = "*"
    # A partner's page that is isolated from others takes only what says so.
    answer["Cross-Origin-Resource-Policy"] = "cross-origin"
    return get_conditional_response(request, etag=answer["ETag"], response=answer) or answer


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
    tag = embed_pages.tag(event.stream.epoch, event.stream.sequence, choices, ancestors)
    unchanged = get_conditional_response(request, etag=tag)
    if unchanged is not None and unchanged.status_code == 304:
        return _frameable(unchanged, tag, ancestors)
    html, tag = kept.page(tag, lambda: embed_pages.embed_page(event.pk, choices, ancestors))
    return _frameable(HttpResponse(html), tag, ancestors)


def _address(event: Event, partner: Partner | None) -> str:
    """The path of the event's embed, a partner's own or the open one."""
    if partner is None:
        return reverse("embed:event", args=[event.slug])
    return reverse("embed:partner", args=[event.slug, partner.key])


def _ancestors(partner: Partner) -> str:
    """The sources of `frame-ancestors` for this partner: its origins, as far as they are any."""
    return " ".join(row for row in map(str, partner.origins) if ORIGIN.fullmatch(row)) or "'none'"


def _frameable(answer: HttpResponseBase, tag: str, ancestors: str) -> HttpResponseBase:
    """Give the answer its headers; a 304 too, since a browser takes them for the page's."""
    for name, value in headers.embed(tag, ancestors).items():
        answer.headers[name] = value
    setattr(answer, "xframe_options_exempt", True)  # noqa: B010 - as Django's own decorator does
    return answer
