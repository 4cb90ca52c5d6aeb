"""The site's freeze: every event's own, in one go, and lifted where it was this that froze."""

import secrets

from django.contrib.auth.models import User

from events.models import Deed, Event
from events.publishing.event import change
from events.publishing.words import Refused

#: What the keys of these deeds begin with.
_SITE = "site-"


def freeze_all(*, by: User | None) -> list[Event]:
    """Freeze every event that is not frozen yet; return those that could not be: somebody is publishing there."""
    return _turn_all(list(Event.objects.filter(frozen=False)), True, by)


def unfreeze_all(*, by: User | None) -> list[Event]:
    """Lift it where `freeze_all` froze last; return the events where that could not be. Publishes nothing."""
    return _turn_all(frozen_by_site(), False, by)


def frozen_by_site() -> list[Event]:
    """The events that are frozen, and by the site's freeze: what was frozen by itself stays so."""
    frozen = {event.pk: event for event in Event.objects.filter(frozen=True)}
    told = Deed.objects.filter(event__in=frozen, verb="change", detail__contains="frozen=True").order_by("pk")
    last = dict(told.values_list("event", "key"))
    return [event for pk, event in frozen.items() if last.get(pk, "").startswith(_SITE)]


def _turn_all(events: list[Event], frozen: bool, by: User | None) -> list[Event]:
    left = []
    for event in events:
        try:
            change(event, by=by, key=f"{_SITE}{secrets.token_hex(12)}", frozen=frozen)
        except Refused:
            left.append(event)
    return left
