"""The sessions of the newsroom's members: noted when they are seen, and ended at once."""

import hashlib
from collections.abc import Iterable

from allauth.usersessions.models import UserSession
from django.contrib.auth.models import User
from django.core.cache import cache
from django.http import HttpRequest

from events.live import channel
from events.models import Presence

#: Seconds after which a session that is still used is noted again.
AGAIN = 900


def note(request: HttpRequest) -> None:
    """Put the session on its user's list, and when and from where it was last seen; once in `AGAIN`."""
    key = request.session.session_key
    # The key opens the admin: it is not written where a cache can be read.
    if key and cache.add(f"session:{hashlib.sha256(key.encode()).hexdigest()}", 1, AGAIN):
        UserSession.objects.create_from_request(request)


def end(sessions: Iterable[UserSession]) -> int:
    """End these sessions; answers how many. Their desks are told to look whether they may stay."""
    ended = list(sessions)
    for session in ended:
        session.end()
    for user in {session.user for session in ended}:
        close_desks(user)
    return len(ended)


def close_desks(user: User) -> None:
    """Have each process ask again who may be at the desks where this user was last seen."""
    for event in set(Presence.objects.filter(user=user).values_list("event_id", flat=True)):
        channel.signal(event, channel.DOOR)
