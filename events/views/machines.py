"""What search engines ask for first."""

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe

from events import headers
from events import sitemap as maps
from events.views.public import answer


@require_safe
def sitemap(request: HttpRequest) -> HttpResponseBase:
    """The map of the site."""
    return _told(request, maps.sitemap(), "application/xml; charset=utf-8")


@require_safe
def robots(request: HttpRequest) -> HttpResponseBase:
    """Where robots need not look."""
    return _told(request, maps.robots(), "text/plain; charset=utf-8")


def _told(request: HttpRequest, text: str, media_type: str) -> HttpResponseBase:
    response = HttpResponse(text, content_type=media_type)
    return answer(request, response, headers.public("data", headers.tag(text)))
