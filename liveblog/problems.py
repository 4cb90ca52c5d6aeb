"""What is not there looks the same everywhere, with `DEBUG` too: nobody can tell never-public from never-written."""

from collections.abc import Awaitable, Callable
from inspect import iscoroutinefunction
from typing import Any

from django.http import HttpRequest, HttpResponseNotFound
from django.http.response import HttpResponseBase
from django.template.loader import render_to_string
from django.utils.decorators import sync_and_async_middleware


@sync_and_async_middleware
def not_found(get_response: Callable[[HttpRequest], Any]) -> Callable[[HttpRequest], HttpResponseBase | Awaitable[Any]]:
    """Answer every html 404 outside the admin with the bytes of `404.html`; a middleware."""

    async def later(request: HttpRequest) -> HttpResponseBase:
        return _plain(request, await get_response(request))

    def at_once(request: HttpRequest) -> HttpResponseBase:
        return _plain(request, get_response(request))

    return later if iscoroutinefunction(get_response) else at_once


def _plain(request: HttpRequest, answer: HttpResponseBase) -> HttpResponseBase:
    is_html = answer.headers.get("Content-Type", "").startswith("text/html")
    if answer.status_code != 404 or not is_html or request.path.startswith("/admin/"):
        return answer
    return HttpResponseNotFound(render_to_string("404.html"))
