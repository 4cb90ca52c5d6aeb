"""Deeds on the event's own fields: what stands at the top of the page, freeze, embargo."""

from typing import Any, TypeVar

from django.db.models import Model, QuerySet
from django.utils.translation import gettext as _

from events import permissions, publishing
from events.forms.deeds.deed import Deed, Right, Wish
from events.forms.words import local_time
from events.models import Event, Picture
from events.publishing import Done, Refused
from events.publishing.pictures import PICTURE_WORDS

M = TypeVar("M", bound=Model)

#: The fields of the dialog, beside `continues`, `embargo_until` and `lead_picture`.
TEXTS = (
    "title", "short_title", "standfirst", "notice", "coming_up", "team_line", "visibility", "second_editor",
    *PICTURE_WORDS,
)  # fmt: skip


def _change(wish: Wish) -> Done:
    """Store those fields that were sent; the others stay."""
    fields: dict[str, Any] = {name: wish.text(name) for name in TEXTS if name in wish.content}
    if "continues" in wish.content:
        fields["continues"] = _before(wish)
    if "lead_picture" in wish.content:
        fields["lead_picture"] = _picture(wish)
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
        seen["continues"] = _at(Event.objects.all(), texts["continues"])
    if "lead_picture" in texts:
        seen["lead_picture"] = _at(event.pictures.all(), texts["lead_picture"])
    if "embargo_until" in texts:
        seen["embargo_until"] = local_time(event, texts["embargo_until"], "embargo_until", event.embargo_until)
    return seen


def _before(wish: Wish) -> Event | None:
    """The event that this one goes on from."""
    number = str(wish.content["continues"] or "")
    if not number:
        return None
    # An event that this editor may not enter is not there.
    event = _at(permissions.events_for(wish.by), number)
    if event is None or event.pk == wish.event.pk:
        raise Refused(_("An event continues another one: choose which."), "continues")
    return event


def _picture(wish: Wish) -> Picture | None:
    """The picture of this event that is to stand at the top; what was taken in before."""
    number = str(wish.content["lead_picture"] or "")
    if not number:
        return None
    picture = _at(wish.event.pictures.filter(removed_at=None), number)
    if picture is None:
        raise Refused(_("This picture is not there any more. Choose another one."), "lead_picture")
    return picture


def _at(rows: QuerySet[M], number: str) -> M | None:
    """The row with this number, as a browser sent it; None for nonsense too."""
    return rows.filter(pk=number).first() if number.isdecimal() and len(number) < 16 else None


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
