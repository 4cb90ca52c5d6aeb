"""The admin's first page: the events that one may enter, before everything else; and the site's freeze."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from events import permissions, publishing
from events.admin.event import NEWEST
from events.models import Event
from events.models.event import EventState

#: Events that are listed; the rest is in the list of all.
SHOWN = 8


def index(request: HttpRequest) -> HttpResponse:
    """Django's own index, with the way to the newest desks on top; live events first."""
    mine = permissions.events_for(request.user)
    live = list(mine.filter(state=EventState.LIVE).order_by(*NEWEST)[:SHOWN])
    others = mine.exclude(state=EventState.LIVE).order_by(*NEWEST)[: SHOWN - len(live)]
    rules = _rules(request)
    context = {
        "desks": [*live, *others],
        "may_make_events": request.user.has_perm("events.add_event"),
        "may_look": permissions.may_enter(request.user),
        "may_freeze": rules,
        "to_freeze": Event.objects.filter(frozen=False).count() if rules else 0,
        "to_unfreeze": len(publishing.frozen_by_site()) if rules else 0,
    }
    return admin.site.index(request, context)


def _rules(request: HttpRequest) -> bool:
    """Whether this is somebody who has a say in every event."""
    return permissions.is_administrator(request.user) and permissions.may_steer(request.user)


def freeze(request: HttpRequest) -> HttpResponse:
    """Freeze every event, or with ``lift`` unfreeze those that this has frozen: POST, for administrators."""
    if not _rules(request):
        raise PermissionDenied
    if request.method == "POST":
        lift = bool(request.POST.get("lift"))
        turn = publishing.unfreeze_all if lift else publishing.freeze_all
        left = turn(by=permissions.member(request.user))
        if left:
            names = ", ".join(str(event) for event in left)
            messages.warning(request, _("Somebody is publishing in these at this moment, press again: %s") % names)
        else:
            said = _("No longer frozen. This has published nothing.") if lift else _("Every event is frozen.")
            messages.success(request, said)
    return HttpResponseRedirect(reverse("admin:index"))
