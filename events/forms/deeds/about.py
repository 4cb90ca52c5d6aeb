"""Deeds on a post that is out already, without touching its words."""

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from events import publishing
from events.forms.deeds.deed import Deed, Right, Wish
from events.publishing import Done, Refused


def _mark(wish: Wish) -> Done:
    return publishing.mark(
        wish.present(), by=wish.by, key=wish.key, key_event=wish.flag("key_event"), key_label=wish.text("key_label")
    )


def _pin(wish: Wish) -> Done:
    """Pin for `minutes`, 0 for no end; without a word of it what is pinned already keeps an end that is to come."""
    event, post, now = wish.event, wish.present(), timezone.now()
    until = event.pinned_until if event.pinned_id == post.pk else None
    if until is not None and until <= now:
        # No clock runs, or a freeze has kept it there: whoever keeps it on top means from now on.
        until = None
    if "minutes" in wish.content:
        until = publishing.pin_end(now, wish.number("minutes"))
    return publishing.pin(event, post=post, by=wish.by, until=until, key=wish.key)


def _withdraw(wish: Wish) -> Done:
    """Withdraw, with the post to be read instead where one was named."""
    note, instead, named = wish.text("note"), None, wish.text("instead")
    if named:
        instead = wish.event.posts.filter(pk=named).first()
        if instead is None:
            raise Refused(_("The post that replaces it is not in this event."), "replaced_by")
    return publishing.withdraw(wish.present(), by=wish.by, note=note, replaced_by=instead, key=wish.key)


def _marked(done: Done) -> str:
    return _("A key event now.") if done.post and done.post.key_event else _("A key event no longer.")


DEEDS = {
    "hold": Deed(
        lambda wish: publishing.hold(wish.present(), by=wish.by, key=wish.key),
        gettext_lazy("Held: readers see that we are checking it."),
    ),
    "withdraw": Deed(
        _withdraw,
        gettext_lazy("Withdrawn."),
    ),
    "retract": Deed(
        lambda wish: publishing.retract(wish.present(), by=wish.by, note=wish.text("note"), key=wish.key),
        gettext_lazy("Retracted."),
    ),
    "restore": Deed(
        lambda wish: publishing.restore(wish.present(), by=wish.by, key=wish.key), gettext_lazy("Restored.")
    ),
    "undo": Deed(lambda wish: publishing.undo(wish.present(), by=wish.by, key=wish.key), gettext_lazy("Taken back.")),
    "mark": Deed(_mark, _marked),
    "pin": Deed(
        _pin,
        gettext_lazy("Pinned to the top."),
        Right.STEER,
    ),
    "unpin": Deed(
        lambda wish: publishing.unpin(wish.event, by=wish.by, key=wish.key),
        gettext_lazy("Pinned no longer."),
        Right.STEER,
    ),
}
