"""The site's addresses and two of the bench's: a trivial asynchronous view, what a framework costs."""

from django.http import HttpRequest, HttpResponse
from django.urls import include, path


async def trivial(request: HttpRequest) -> HttpResponse:
    """Answer with two bytes."""
    del request
    return HttpResponse("ok")


urlpatterns = [
    path("bench/trivial", trivial),
    path("bench/plain", trivial),
    path("", include("liveblog.urls")),
]
