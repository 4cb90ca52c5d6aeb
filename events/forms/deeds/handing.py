"""Deeds on what waits for an editor, and the desk's own notes."""

from django.utils.translation import gettext_lazy

from events import publishing
from events.forms.deeds.deed import Deed, Right, Wish
from events.publishing import Done


def _claim(wish: Wish) -> Done:
    return publishing.claim(wish.present(), by=wish.by, over=wish.flag("over"), key=wish.key)


def _handover(wish: Wish) -> Done:
    seen = {"handover": wish.text("seen")} if "seen" in wish.content else None
    return publishing.change(wish.event, by=wish.by, key=wish.key, seen=seen, handover=wish.text("handover"))


def _note(wish: Wish) -> Done:
    seen = wish.text("seen") if "seen" in wish.content else None
    return publishing.note(wish.present(), by=wish.by, note=wish.text("note"), seen=seen, key=wish.key)


DEEDS = {
    "claim": Deed(_claim, gettext_lazy("Claimed: the others see that you work on it.")),
    "unclaim": Deed(
        lambda wish: publishing.unclaim(wish.present(), by=wish.by, key=wish.key),
        gettext_lazy("Claimed no longer."),
    ),
    "send_back": Deed(
        lambda wish: publishing.send_back(wish.present(), by=wish.by, reason=wish.text("reason"), key=wish.key),
        gettext_lazy("Sent back: its author reads why."),
    ),
    "note": Deed(
        _note,
        gettext_lazy("The note is kept. No reader sees it."),
        Right.WRITE,
    ),
    "handover": Deed(_handover, gettext_lazy("The handover note is kept. No reader sees it.")),
}
