"""The front page: what is live, comes up, and has ended."""

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from events.models import Event
from events.models.event import Visibility

#: The groups of the home page, and the states in each.
_STATES = {"live": ("live", "paused"), "upcoming": ("upcoming",), "ended": ("ended",)}


def home_page() -> str:
    """All listed events by their state."""
    events = list(Event.objects.listed().order_by("-starts_at", "-pk"))
    if settings.DEBUG:
        # Who tries the demo should find it.
        events += Event.objects.filter(visibility=Visibility.REHEARSAL).order_by("-pk")
    titles = {"live": _("Live now"), "upcoming": _("Coming up"), "ended": _("Ended")}
    groups = [
        {"name": name, "title": titles[name], "events": [event for event in events if event.state in states]}
        for name, states in _STATES.items()
    ]
    context = {"groups": groups, "nothing": not events, "site_name": settings.SITE_NAME, "site_url": settings.SITE_URL}
    return render_to_string("reader/home.html", context)
