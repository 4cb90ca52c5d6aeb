"""Who comes in at the desk, and how each refusal is said."""

import json
import logging
from collections.abc import Callable
from functools import partial, wraps
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from events import permissions, text
from events.forms.deeds.deed import Forbidden
from events.forms.words import as_json
from events.models import Event
from events.publishing import Asks, Conflict, Refused

log = logging.getLogger(__name__)

View = Callable[..., HttpResponse]


def private(answer: HttpResponse) -> HttpResponse:
    """Forbid every cache to keep this answer."""
    answer["Cache-Control"] = "private, no-store"
    return answer


def _refusal(status: int, message: str, **more: Any) -> HttpResponse:
    return private(JsonResponse({"error": message, "field": "", **more}, status=status))


def at_the_desk(view: View) -> View:
    """Give the view its event, and answer whoever may not with a sentence in JSON."""

    @wraps(view)
    def guarded(request: HttpRequest, pk: int, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return _let_in(request, pk, partial(view, request, *args, **kwargs))
        except Conflict as conflict:
            return _refusal(409, conflict.message, conflict=_both_texts(conflict))
        except Asks as asks:
            return _refusal(409, asks.message, ask={"reason": asks.reason, "post": asks.post})
        except Refused as refused:
            return _refusal(400, refused.message, field=refused.field, row=refused.row)
        except Forbidden as forbidden:
            return _refusal(403, str(forbidden))
        except RequestDataTooBig:
            return _refusal(413, _("This is too long to be sent. Shorten the text; it is still here."), field="body")
        except (InterfaceError, OperationalError):
            log.warning("The database failed a request of the desk.", exc_info=True)
            return _refusal(503, _("Our database does not answer. Your text is still here: press again in a moment."))

    return guarded


def _let_in(request: HttpRequest, pk: int, view: Callable[..., HttpResponse]) -> HttpResponse:
    if not request.user.is_authenticated:
        sentence = _("You are logged out. Your text is still here: log in in a new tab, then press again.")
        return _refusal(401, sentence, login=reverse("admin:login"))
    no_place = _("You have no place at this desk. Ask an administrator for one.")
    if not permissions.may_enter(request.user):
        return _refusal(403, no_place)
    event = Event.objects.filter(pk=pk).first()
    if event is None:
        return _refusal(404, _("This event is not there any more."))
    if not permissions.may_enter(request.user, event):
        return _refusal(403, no_place)
    return private(view(event))


def _both_texts(conflict: Conflict) -> dict[str, Any]:
    """The words as they stand, for showing beside one's own."""
    revision, base = conflict.revision, conflict.base
    return {
        **as_json(conflict.post),
        "began": conflict.imprint,
        "html": conflict.post.html,
        "base": {"headline": base.headline, "html": text.clean(base.body)} if base else None,
        "by": str(revision.by or _("somebody")),
        "at": f"{revision.at.astimezone(conflict.post.event.tz):%H:%M:%S}",
    }


def content_of(request: HttpRequest) -> Any:
    """The JSON of a POST; raise Refused for what is none."""
    try:
        return scrubbed(json.loads(request.body))
    except (ValueError, RecursionError) as error:
        raise Refused(
            _("The desk sent something that we cannot read. Load the page again; your text is kept.")
        ) from error


def scrubbed(value: Any) -> Any:
    """The same without what no database stores: NUL, and halves of characters."""
    if isinstance(value, str):
        return value.replace("\x00", "").encode("utf-8", "ignore").decode()
    if isinstance(value, list):
        return [scrubbed(one) for one in value]
    if isinstance(value, dict):
        return {scrubbed(name): scrubbed(one) for name, one in value.items()}
    return value
