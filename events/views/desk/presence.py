"""Who is at the desk: each open tab says every few seconds what it holds, and is told of the others."""

from datetime import datetime, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from events import permissions
from events.live import channel
from events.models import Event, Presence
from events.publishing import Refused
from events.views.desk.door import at_the_desk, content_of

#: After so long without a word a tab counts no more.
SILENCE = timedelta(seconds=20)


@require_POST
@at_the_desk
def presence(request: HttpRequest, event: Event) -> HttpResponse:
    """Keep ``{tab, post, writing}``, or forget the tab with ``{tab, gone: true}``; answer with the others.

    The others are ``{user, name, posts, writing}``, one for each person, sorted by name; to who
    asks with ``editors: true``, with `editor`, whether they publish here.
    """
    given = content_of(request)
    tab = given.get("tab") if isinstance(given, dict) else None
    if not isinstance(tab, str) or not 0 < len(tab) <= 24:
        raise Refused(_("The desk did not say which tab it is. Load the page again; your text is kept."))
    now = timezone.now()
    mine = Presence.objects.filter(event=event, user=permissions.member(request.user), tab=tab)
    # Of all events: where nobody comes any more, nobody would clear up.
    dropped = Presence.objects.filter(at__lte=now - SILENCE).delete()[0]
    changed = mine.delete()[0] if given.get("gone") is True else _keep(request, event, given, now)
    if changed or dropped:
        channel.signal(event.pk, "presence")
    return JsonResponse(
        {
            "ok": True,
            "others": others(event, permissions.member(request.user).pk, now, editors=given.get("editors") is True),
        }
    )


def _keep(request: HttpRequest, event: Event, given: dict[str, Any], now: datetime) -> bool:
    """Store what the tab holds; return whether that is news to the others."""
    post = given.get("post")
    # Whoever may not write holds nothing.
    holds = isinstance(post, str) and len(post) <= 16 and permissions.may_submit(request.user, event)
    held = {"post": post if holds else "", "writing": given.get("writing") is True}
    who = {"event": event, "user": permissions.member(request.user), "tab": given["tab"]}
    mine = Presence.objects.filter(**who)
    if mine.filter(**held).update(at=now):
        return False
    if not mine.update(at=now, **held):
        # The same tab may say so twice at once.
        Presence.objects.bulk_create([Presence(at=now, **who, **held)], ignore_conflicts=True)
    return True


def others(event: Event, user_pk: int, now: datetime, *, editors: bool = False) -> list[dict[str, Any]]:
    """Everybody else who has this desk open, each once, whatever number of tabs they have."""
    rows = Presence.objects.filter(event=event, at__gt=now - SILENCE).exclude(user=user_pk).select_related("user")
    people: dict[int, dict[str, Any]] = {}
    for row in rows.order_by("user__username", "tab"):
        name = row.user.get_short_name() or row.user.get_username()
        if row.user_id not in people:
            people[row.user_id] = {"user": row.user_id, "name": name, "posts": [], "writing": False}
            if editors:
                people[row.user_id]["editor"] = permissions.may_publish(row.user, event)
        one = people[row.user_id]
        one["writing"] |= row.writing
        if row.post:
            one["posts"].append(row.post)
    return list(people.values())
