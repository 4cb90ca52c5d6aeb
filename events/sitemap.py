"""What search engines are told of: the map of the site, and where they need not look."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db.models import OuterRef, Subquery
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from events.models import Event, Post
from events.models.post import PostState

#: Addresses in one map (sitemaps.org).
MOST = 50_000
#: How long something is news, as the news search engines have it.
NEWS = timedelta(days=2)


def sitemap() -> str:
    """Every public event that may be found, its last significant change, and whether it is news.

    Posts are not listed: the event is the canonical address of each.
    """
    out = Post.objects.filter(event=OuterRef("pk"), state=PostState.PUBLISHED)
    events = Event.objects.listed().filter(indexed=True)
    last = out.order_by("-significant_at", "-first_sequence").values("significant_at")[:1]
    first = out.order_by("sort_at", "first_sequence").values("published_at")[:1]
    rows = list(events.annotate(last=Subquery(last), first=Subquery(first)).order_by("-pk")[:MOST])
    context = {
        "entries": [_entry(event) for event in rows],
        "last": max((event.last for event in rows if event.last), default=None),
        "site_url": settings.SITE_URL,
        "site_name": settings.SITE_NAME,
    }
    return render_to_string("reader/sitemap.xml", context)


def _entry(event: Any) -> dict[str, Any]:
    begun = event.opened_at or event.first
    return {
        "event": event,
        "address": settings.SITE_URL + event.get_absolute_url(),
        "last": event.last or event.opened_at or event.created_at,
        "begun": begun if begun and event.last and timezone.now() - event.last < NEWS else None,
    }


def robots() -> str:
    """Everything may be read but the editors' side and what is searched for."""
    anything = reverse("reader:search", args=["x"]).replace("/x/", "/*/")
    lines = ["User-agent: *", f"Disallow: {reverse('admin:index')}", f"Disallow: {anything}", ""]
    return "\n".join([*lines, f"Sitemap: {settings.SITE_URL}{reverse('sitemap')}", ""])
