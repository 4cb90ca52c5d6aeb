"""What the header of the desk tells: who reads, how late, whether it is still live, what is closed."""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from events.live import hub as hubs
from events.models import Event
from events.models.event import EventState, Visibility
from events.models.post import Kind
from events.templatetags import newsroom


def strip(event: Event) -> dict[str, Any]:
    """The header's part of the answer of `timeline`.

    `readers` and `delay` (seconds) are None where this process does not know; `quiet` is the
    time of the last post where LIVE is claimed no more; `closed` says why nothing goes out,
    `visibility` who would read it, and `doors` where.
    """
    hub, now = hubs.held(), timezone.now()
    readers = hub.readers(event.pk) if hub is not None else None
    quiet = _quiet_since(event, now)
    return {
        "readers": readers.sockets + readers.pollers if readers is not None else None,
        "delay": hub.delay(event.pk) if hub is not None else None,
        "quiet": newsroom.clock(quiet, event) if quiet is not None else "",
        "closed": closed(event, now),
        "embargo": _typed(event),
        "visibility": {"is": event.visibility, "label": _visible(event)},
        **doors(event),
    }


def doors(event: Event) -> dict[str, str]:
    """Where readers come in, which changes with who may read it: `page` and `socket`, empty where there is none."""
    return {
        "page": event.get_absolute_url() if event.has_page else "",
        "socket": f"/ws/events/{event.slug}/?desk" if event.is_readable else "",
    }


def _visible(event: Event) -> str:
    """Who reads what is published here, in a few words."""
    if event.visibility == Visibility.PRIVATE:
        return _("Private: no reader sees this")
    if event.visibility == Visibility.PARTNERS:
        return _("For partners only: no page here")
    return event.get_visibility_display()


def closed(event: Event, now: datetime) -> dict[str, str] | None:
    """Why nothing may be published now: a sentence for the banner, and two words for the buttons."""
    if event.frozen:
        return {"why": _("Frozen: only hold, withdraw and remove work."), "short": _("frozen")}
    if event.embargo_until is None or event.embargo_until <= now:
        return None
    local = event.embargo_until.astimezone(event.tz)
    until = newsroom.clock(local, event)
    if local.date() != now.astimezone(event.tz).date():
        until = _("{time} on {date}").format(time=until, date=newsroom.date(local, event))
    return {"why": _("Under embargo until %(until)s.") % {"until": until}, "short": _("embargo")}


def _typed(event: Event) -> str:
    """The embargo's end as a field for local times has it."""
    return f"{event.embargo_until.astimezone(event.tz):%Y-%m-%dT%H:%M}" if event.embargo_until else ""


def _quiet_since(event: Event, now: datetime) -> datetime | None:
    """When something was last said, if that is so long ago that readers see LIVE no more."""
    if event.state != EventState.LIVE:
        return None
    limit = now - timedelta(minutes=settings.LIVE_MINUTES)
    loud = event.posts.published().exclude(kind=Kind.BACKGROUND).order_by("-significant_at", "-first_sequence")
    last = loud.values_list("significant_at", flat=True).first()
    if last is not None and last > limit:
        return None
    # Whoever has just gone live, for the first time or again, is not asked.
    opened = event.updates.filter(verb="open").order_by("-sequence").values_list("at", flat=True).first()
    spoke = max((moment for moment in (last, opened) if moment is not None), default=None)
    return spoke if spoke is not None and spoke <= limit else None
