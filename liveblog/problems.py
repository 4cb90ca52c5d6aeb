"""What is not there looks the same everywhere, with `DEBUG` too: nobody can tell never-public from never-written.

And where the database is away, a page that says so, for readers and editors alike.
"""

import logging
from collections.abc import Awaitable, Callable
from inspect import iscoroutinefunction
from typing import Any

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseNotFound
from django.http.response import HttpResponseBase
from django.template.loader import render_to_string
from django.utils.decorators import sync_and_async_middleware

from events import headers

log = logging.getLogger(__name__)

#: Seconds after which it is worth to try again.
RETRY_AFTER = 5


@sync_and_async_middleware
def not_found(get_response: Callable[[HttpRequest], Any]) -> Callable[[HttpRequest], HttpResponseBase | Awaitable[Any]]:
    """Answer every html 404 outside the admin with the bytes of `404.html`, a database away with 503; a middleware."""

    async def later(request: HttpRequest) -> HttpResponseBase:
        return _plain(request, await get_response(request))

    def at_once(request: HttpRequest) -> HttpResponseBase:
        return _plain(request, get_response(request))

    middleware: Any = later if iscoroutinefunction(get_response) else at_once
    middleware.process_exception = away
    return middleware


def away(_request: HttpRequest, error: Exception) -> HttpResponse | None:
    """The page for a database that does not answer; any other fault is Django's to report."""
    if not isinstance(error, (InterfaceError, OperationalError)):
        return None
    log.warning("The database failed a request.", exc_info=error)
    given = {"Retry-After": str(RETRY_AFTER), "Cache-Control": "no-store"}
    return HttpResponse(render_to_string("503.html"), status=503, headers=given)


def _plain(request: HttpRequest, answer: HttpResponseBase) -> HttpResponseBase:
    is_html = answer.headers.get("Content-Type", "").startswith("text/html")
    if answer.status_code != 404 or not is_html or request.path.startswith("/admin/"):
        return answer
    # What is not there costs no more than what is: whoever stands before us keeps it as briefly as a page.
    return HttpResponseNotFound(render_to_string("404.html"), headers=headers.public("short"))
