"""What stands between a login and the desk: the second factor of those who publish."""

import logging
from collections.abc import Awaitable, Callable
from inspect import iscoroutinefunction
from typing import Any
from urllib.parse import urlencode

from asgiref.sync import sync_to_async
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.decorators import sync_and_async_middleware
from django.utils.translation import gettext as _

from events.factor import Lacks, lacking
from liveblog.accounts import sessions
from liveblog.problems import away

log = logging.getLogger(__name__)

#: In the session: where somebody wanted to go before they were sent to set up the second factor.
CAME_FOR = "came_for"
#: Open to whoever has given the password alone.
OPEN = ("/admin/login/", "/admin/logout/", "/admin/account/", "/admin/password_change/", "/admin/jsi18n/")


@sync_and_async_middleware
def members(get_response: Callable[[HttpRequest], Any]) -> Callable[[HttpRequest], HttpResponseBase | Awaitable[Any]]:
    """Note the session below /admin/, and send whoever lacks a second factor to set it up; a middleware.

    Whatever is not below /admin/ passes: no session, no query, no thread.
    """

    async def later(request: HttpRequest) -> HttpResponseBase:
        if request.path_info.startswith("/admin/") and (answer := await sync_to_async(_asked)(request)):
            return answer
        return await get_response(request)

    def at_once(request: HttpRequest) -> HttpResponseBase:
        if request.path_info.startswith("/admin/") and (answer := _asked(request)):
            return answer
        return get_response(request)

    return later if iscoroutinefunction(get_response) else at_once


def _asked(request: HttpRequest) -> HttpResponse | None:
    """The same, when the database does not answer: nobody goes on unasked, and nothing typed is lost."""
    try:
        return _stopped(request)
    except (InterfaceError, OperationalError) as error:
        if not _wants_json(request):
            return away(request, error)
        log.warning("The database failed a request of the desk.", exc_info=True)
        sentence = _("Our database does not answer. Your text is still here: press again in a moment.")
        return JsonResponse({"error": sentence, "field": ""}, status=503, headers={"Cache-Control": "no-store"})


def _wants_json(request: HttpRequest) -> bool:
    """Whether the desk's scripts ask."""
    return "application/json" in f"{request.headers.get('Accept', '')} {request.content_type}"


def _stopped(request: HttpRequest) -> HttpResponse | None:
    """The answer to somebody who may not go on; None for everybody else."""
    if not request.user.is_authenticated:
        return None
    sessions.note(request)
    if request.path_info.startswith(OPEN):
        return None
    lacks = lacking(request.user, request.session)
    if lacks is Lacks.NOTHING:
        return None
    if _wants_json(request):
        sentence = _("A second step is asked of your login first, in a new tab. Your text is still here.")
        answer: HttpResponse = JsonResponse({"error": sentence, "field": "", "login": reverse("mfa_index")}, status=403)
    elif lacks is Lacks.FACTOR:
        if request.method == "GET":
            request.session[CAME_FOR] = request.get_full_path()
        answer = HttpResponseRedirect(reverse("mfa_activate_totp"))
    else:
        back = urlencode({"next": request.get_full_path() if request.method == "GET" else reverse("admin:index")})
        answer = HttpResponseRedirect(f"{reverse('mfa_reauthenticate')}?{back}")
    answer["Cache-Control"] = "private, no-store"
    return answer
