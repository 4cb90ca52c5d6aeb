"""Deeds on the event as a whole."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from events import publishing, text
from events.forms.deeds.deed import Deed, Right, Wish
from events.models import Event, Post
from events.models.event import Visibility
from events.publishing import Done, Line, Refused

#: Lines of a summary: what is longer nobody reads.
MAX_LINES = 20


def _summarise(wish: Wish) -> Done:
    rows = wish.content.get("lines")
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise Refused(_("The summary could not be read."), "lines")
    if len(rows) > MAX_LINES:
        raise Refused(
            _("A summary has room for %(room)d lines, and this has %(size)d: take some out.")
            % {"room": MAX_LINES, "size": len(rows)},
            "lines",
        )
    lines = [
        Line(text=str(row.get("text", "")), knowing=str(row.get("knowing", "known")), post=_rests_on(wish.event, row))
        for row in rows
    ]
    if not any(text.line(line.text) for line in lines) and not wish.event.summary_lines.exists():
        raise Refused(_("There is no line yet: write what is known first."), "lines")
    return publishing.summarise(wish.event, lines=lines, by=wish.by, key=wish.key, seen=_seen(wish))


def _seen(wish: Wish) -> list[list[str | None]] | None:
    """The summary as this editor had it; None for whoever does not say."""
    rows = wish.content.get("seen")
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        return None
    return [[str(row.get("text", "")), str(row.get("knowing", "known")), row.get("post") or None] for row in rows]


def _rests_on(event: Event, row: dict[str, Any]) -> Post | None:
    """The post that a line of the summary leads to."""
    if not row.get("post"):
        return None
    post = Post.objects.filter(event=event, pk=str(row["post"])).first()
    if post is None:
        raise Refused(_("A line of the summary leads to a post that is not in this event."), "lines")
    return post


def _open(wish: Wish) -> Done:
    """Go live; first show it to all where that was asked for: when it is refused, nothing is live."""
    if wish.flag("public"):
        key = f"{wish.key}-show" if wish.key else ""
        publishing.change(wish.event, by=wish.by, key=key, visibility=Visibility.PUBLIC)
    return publishing.open(wish.event, by=wish.by, key=wish.key)


DEEDS = {
    "summarise": Deed(_summarise, gettext_lazy("The summary is out."), Right.STEER),
    "open": Deed(_open, gettext_lazy("The event is live."), Right.STEER),
    "pause": Deed(
        lambda wish: publishing.pause(wish.event, by=wish.by, note=wish.text("note"), key=wish.key),
        gettext_lazy("The event is paused."),
        Right.STEER,
    ),
}
