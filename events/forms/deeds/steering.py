"""Deeds on the event's own fields: what stands at the top of the page, freeze, embargo."""

from typing import Any

from django.utils.translation import gettext as _

from events import permissions, publishing
from events.forms.deeds.deed import Deed, Right, Wish
from events.forms.words import local_time
from events.models import Event
from events.publishing import Done, Refused

#: The fields of the dialog, beside `continues` and `embargo_until`.
TEXTS = (
    "title", "short_title", "standfirst", "notice", "coming_up", "team_line", "visibility", "second_editor",
)  # fmt: skip


def _change(wish: Wish) -> Done:
    """Store those fields that were sent; the others stay."""
    fields: dict[str, Any] = {name: wish.text(name) for name in TEXTS if name in wish.content}
    if "continues" in wish.content:
        fields["continues"] = _before(wish)
    if "embargo_until" in wish.content:
        typed, stored = wish.content["embargo_until"], wish.event.embargo_until
        fields["embargo_until"] = local_time(wish.event, typed, "embargo_until", stored)
    return publishing.change(wish.event, by=wish.by, key=wish.key, seen=_seen(wish), **fields)


def _seen(wish: Wish) -> dict[str, Any] | None:
    """What this editor began from, in the types of the event's fields; None for whoever does not say."""
    was = wish.content.get("seen")
    if not isinstance(was, dict):
        return None
    event, texts = wish.event, {name: value for name, value in was.items() if isinstance(value, str)}
    seen: dict[str, Any] = {name: value for name, value in texts.items() if name in TEXTS}
    if "continues" in texts:
        number = texts["continues"]
        known = number.isdecimal() and len(number) < 16
        seen["continues"] = Event.objects.filter(pk=number).first() if known else None
    if "embargo_until" in texts:
        seen["embargo_until"] = local_time(event, texts["embargo_until"], "embargo_until", event.embargo_until)
    return seen


def _before(wish: Wish) -> Event | None:
    """The event that this one goes on from."""
    number = str(wish.content["continues"] or "")
    if not number:
        return None
    # An event that this editor may not enter is not there.
    events = permissions.events_for(wish.by)
    event = events.filter(pk=number).first() if number.isdecimal() and len(number) < 16 else None
    if event is None or event.pk == wish.event.pk:
        raise Refused(_("An event continues another one: choose which."), "continues")
    return event


def _freeze(wish: Wish) -> Done:
    return publishing.change(wish.event, by=wish.by, key=wish.key, frozen=True)


def _unfreeze(wish: Wish) -> Done:
    return publishing.change(wish.event, by=wish.by, key=wish.key, frozen=False)


def _lift(wish: Wish) -> Done:
    return publishing.change(wish.event, by=wish.by, key=wish.key, embargo_until=None)


DEEDS = {
    "change": Deed(_change, lambda done: _("Changed.") if done.sequence else _("Kept."), Right.STEER),
    "freeze": Deed(
        _freeze,
        lambda _done: _("Frozen: nothing goes out until it is lifted, but hold, withdraw and remove."),
        Right.STEER,
    ),
    "unfreeze": Deed(_unfreeze, lambda _done: _("No longer frozen. This has published nothing."), Right.STEER),
    "lift": Deed(_lift, lambda _done: _("The embargo is lifted. This has published nothing."), Right.STEER),
}
