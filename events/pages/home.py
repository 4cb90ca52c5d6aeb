"""The front page: what is live, what goes on later, comes up, and has ended."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import Count, Max, Min, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _

from events import headers
from events.models import Event, Post, Stream
from events.models.event import EventQuerySet, EventState, Visibility
from events.models.post import order_of
from events.pages.event import place_of
from events.pages.page import quiet_since

#: Events on one page that have ended.
ENDED = 30


@dataclass(frozen=True)
class _Row:
    """An event, and since when nobody has said anything there, if that is long."""

    event: Any
    quiet: datetime | None


def home_spot(cursor: str) -> str:
    """A name of where all events stand that the page names: it changes with every public deed in any of them."""
    streams = Stream.objects.filter(event__in=_named())
    facts = streams.aggregate(Count("pk"), Sum("sequence"), Max("event"), Min("epoch"), Max("epoch"))
    return headers.tag("home at", settings.RELEASE, cursor, *facts.values())


def home_page(cursor: str = "") -> str:
    """All listed events by their state, or those that ended before the cursor."""
    groups = [] if cursor else _going_on()
    ended = list(_ended(cursor)[: ENDED + 1])
    more, ended = len(ended) > ENDED, ended[:ENDED]
    groups.append({"name": "ended", "title": _("Ended"), "rows": [_Row(event, None) for event in ended]})
    context = {
        "groups": groups,
        "nothing": not cursor and not any(group["rows"] for group in groups),
        "is_older": bool(cursor),
        "older": f"?before={order_of(ended[-1].at, ended[-1].pk)}" if more else "",
        "site_name": settings.SITE_NAME,
        "site_url": settings.SITE_URL,
    }
    return render_to_string("reader/home.html", context)


def _named() -> EventQuerySet:
    """The events that the page names. Who tries the demo should find it, too."""
    events: EventQuerySet = Event.objects.listed()
    return events | Event.objects.filter(visibility=Visibility.REHEARSAL) if settings.DEBUG else events


def _in_order() -> Any:
    shown = _named().select_related("lead_picture")
    return shown.annotate(at=Coalesce("starts_at", "created_at")).order_by("-at", "-pk")


def _going_on() -> list[dict[str, Any]]:
    """What has not ended: LIVE is only where somebody has said something lately."""
    said = Post.objects.filter(event=OuterRef("pk")).last_said()
    events = _in_order().exclude(state=EventState.ENDED).annotate(last=Subquery(said))
    now = timezone.now()
    # What is real comes first.
    rows = sorted(
        (_Row(event, quiet_since(event, event.last, now)) for event in events),
        key=lambda row: row.event.visibility == Visibility.REHEARSAL,
    )
    groups: dict[str, list[_Row]] = {"live": [], "paused": [], "upcoming": []}
    for row in rows:
        groups["paused" if row.quiet else row.event.state].append(row)
    titles = {"live": _("Live now"), "paused": _("To be continued"), "upcoming": _("Coming up")}
    return [{"name": name, "title": titles[name], "rows": found} for name, found in groups.items()]


def _ended(cursor: str) -> Any:
    """The newest that have ended, or those beyond the cursor: a keyset, as in the column of posts."""
    events = _in_order().filter(state=EventState.ENDED)
    if place := place_of(cursor):
        at, pk = place
        events = events.filter(Q(at__lt=at) | Q(at=at, pk__lt=pk))
    return events
