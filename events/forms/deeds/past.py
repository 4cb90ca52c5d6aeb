"""The rarer deeds on what is out: take back, bring an earlier version back, stand, move, remove."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from events import permissions, publishing
from events.forms.deeds.deed import Deed, Forbidden, Right, Wish
from events.forms.words import local_time
from events.publishing import Done, Refused


def _take_back(wish: Wish) -> Done:
    return publishing.takeback(wish.event, which=wish.text("which"), by=wish.by, key=wish.key)


def _bring_back(wish: Wish) -> Done:
    """An earlier version's words as a new one: whoever does it says which kind of change that is."""
    post, number, change = wish.present(), wish.content.get("number"), wish.text("change")
    earlier = post.revisions.filter(number=number).first() if isinstance(number, int) else None
    if earlier is None:
        raise Refused(_("This version is not there any more. Load the page again."))
    if not change:
        raise Refused(_("Say what kind of change this is: spelling, an addition, a clarification or a correction."))
    words = publishing.words_of_revision(post, earlier)
    # A version says nothing of what was marked: that stays, whoever marks it at this moment.
    given = wish.over() | {"words": words, "note": wish.text("note"), "was": publishing.marks_of(post)}
    if change == "correction":
        return publishing.correct(post, **given)
    return publishing.revise(post, change=change, asked=True, **given)


def _move(wish: Wish) -> Done:
    place = local_time(wish.event, wish.content.get("sort_at"), "sort_at", wish.present().sort_at)
    if place is None:
        raise Refused(_("Write a day and a time, such as 2025-03-18 14:00."), "sort_at")
    return publishing.move(wish.present(), by=wish.by, sort_at=place, key=wish.key)


def _remove(wish: Wish) -> Done:
    if not permissions.may_remove(wish.by, wish.event):
        raise Forbidden(_("Only an administrator may remove a post for good. You may withdraw it."))
    return publishing.remove(wish.present(), by=wish.by, key=wish.key)


def _brought(done: Done) -> str:
    return (
        _("The earlier version is back, as a new one.") if done.sequence else _("These are the present words already.")
    )


DEEDS = {
    "takeback": Deed(_take_back, gettext_lazy("Taken back.")),
    "bring_back": Deed(_bring_back, _brought),
    "stand": Deed(
        lambda wish: publishing.stand(wish.present(), by=wish.by, standing=wish.text("standing"), key=wish.key),
        lambda done: (
            _("Readers see: %(standing)s.") % {"standing": done.post.get_standing_display()} if done.post else ""
        ),
    ),
    "move": Deed(_move, gettext_lazy("Moved in time.")),
    "remove": Deed(_remove, gettext_lazy("Removed: no words of it are left."), Right.PUBLISH),
}
