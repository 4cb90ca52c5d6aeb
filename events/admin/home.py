"""The admin's first page: the events that one may enter, before everything else."""

from django.contrib import admin
from django.http import HttpRequest, HttpResponse

from events import permissions
from events.admin.event import NEWEST
from events.models.event import EventState

#: Events that are listed; the rest is in the list of all.
SHOWN = 8


def index(request: HttpRequest) -> HttpResponse:
    """Django's own index, with the way to the newest desks on top; live events first."""
    mine = permissions.events_for(request.user)
    live = list(mine.filter(state=EventState.LIVE).order_by(*NEWEST)[:SHOWN])
    others = mine.exclude(state=EventState.LIVE).order_by(*NEWEST)[: SHOWN - len(live)]
    context = {
        "desks": [*live, *others],
        "may_make_events": request.user.has_perm("events.add_event"),
        "may_look": permissions.may_enter(request.user),
    }
    return admin.site.index(request, context)
