"""Deeds at the desk: one POST, one call of publishing, one sentence."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from events.forms.desk import DEEDS, perform
from events.models import Event
from events.publishing import Done, Refused
from events.views.desk.door import at_the_desk, content_of


@require_POST
@at_the_desk
def deed(request: HttpRequest, event: Event, verb: str) -> HttpResponse:
    """Do one deed and say how it went: ``{ok, message, post, sequence}``."""
    if verb not in DEEDS:
        raise Refused(_("The desk does not know how to “%(verb)s”.") % {"verb": verb[:20]})
    done = perform(verb, event, request.user, content_of(request))  # type: ignore[arg-type]
    return JsonResponse(
        {
            "ok": True,
            "message": _said(verb, done),
            "post": done.post.pk if done.post else None,
            "sequence": done.sequence,
            "repeated": done.repeated,
        }
    )


def _said(verb: str, done: Done) -> str:
    """What the desk says once it is done."""
    sentences = {
        "draft": _("Saved as a draft."),
        "submit": _("Submitted to the editors."),
        "delete": _("Thrown away."),
        "publish": _("Published."),
        "revise": _("Revised."),
        "hold": _("Held: readers see that we are checking it."),
        "withdraw": _("Withdrawn."),
        "retract": _("Retracted."),
        "restore": _("Restored."),
        "undo": _("Taken back."),
        "mark": _("A key event now.") if done.post and done.post.key_event else _("A key event no longer."),
        "pin": _("Pinned to the top."),
        "unpin": _("Pinned no longer."),
        "summarise": _("The summary is out."),
        "open": _("The event is live."),
        "pause": _("The event is paused."),
        "end": _("The event has ended."),
    }
    if done.entry is not None:
        return _("Corrected, and published as an entry of its own.")
    return sentences[verb]
