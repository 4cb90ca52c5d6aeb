"""The end of the coverage, with a last post where one is wanted."""

from django.utils.translation import gettext as _

from events import permissions, publishing, text
from events.forms.deeds.deed import Deed, Forbidden, Right, Wish
from events.models.event import EventState
from events.publishing import Asks, Done, Refused, Words


def _end(wish: Wish) -> Done:
    """Publish the wrap-up first: when it is refused, nothing has ended.

    Two deeds under keys of their own, so that whoever presses again goes on where it broke off; a wrap-up
    that was changed since it went out is refused, so that it stays in the dialog.
    """
    headline, body = wish.text("headline"), text.paragraphs(wish.text("wrap_up"))
    wanted = bool(text.line(headline) or text.plain(body))
    if wanted and not permissions.may_publish(wish.by, wish.event):
        raise Forbidden(_("Only an editor may publish the wrap-up. You may end without one."))
    if wish.event.state == EventState.ENDED and not wish.event.deeds.filter(key=wish.key).exists():
        raise Refused(_("“%(event)s” has ended already.") % {"event": wish.event})
    if not wanted:
        if "wrap_up" in wish.content:
            raise Refused(_("The wrap-up is empty: write it, or end without one."), "wrap_up")
        return publishing.end(wish.event, by=wish.by, key=wish.key)
    key = f"{wish.key}-last" if wish.key else ""
    words = Words(headline=headline, body=body)
    try:
        out = publishing.publish(wish.event, words=words, by=wish.by, key=key, pin=wish.pin())
    except Asks as asks:
        publishing.end(wish.event, by=wish.by, key=wish.key)
        sentence = _("The event has ended, and the wrap-up is out as you sent it first: revise it in the timeline.")
        raise Refused(sentence, "wrap_up") from asks
    ended = publishing.end(wish.event, by=wish.by, key=wish.key)
    return Done(out.post, ended.sequence, repeated=ended.repeated)


def _ended(done: Done) -> str:
    return _("The wrap-up is out, and the event has ended.") if done.post else _("The event has ended.")


DEEDS = {"end": Deed(_end, _ended, Right.STEER)}
