"""What stands between two posts: the day, or how much time passed.

Between, never inside: a post knows no neighbour. `static/js/words.js` draws the same,
and `tests/separators.json` holds the two together.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, tzinfo

from django.utils import dates
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

#: Minutes without a post that are worth a line.
GAP = 40


@dataclass(frozen=True)
class Separator:
    """A line between two posts; `name` (`day` or `gap`) is its CSS class."""

    name: str
    text: str


def between(
    above: datetime | None, here: datetime, zone: tzinfo, *, oldest_first: bool = False, dated: bool = False
) -> list[Separator]:
    """What stands before a post published at `here`, after one published at `above` (None at the top).

    In the active language and the event's zone. `dated`: the day stands at the top too.
    """
    if above is None:
        return [Separator("day", day(here, zone))] if dated else []
    lines = []
    if above.astimezone(zone).date() != here.astimezone(zone).date():
        lines.append(Separator("day", day(here, zone)))
    # By whole seconds, as the page's scripts read them from `data-published`.
    minutes = abs(int(here.timestamp()) - int(above.timestamp())) // 60
    if minutes >= GAP:
        lines.append(Separator("gap", _gap(minutes, oldest_first=oldest_first)))
    return lines


def interleave(
    moments: Iterable[datetime], zone: tzinfo, *, oldest_first: bool = False, dated: bool = False
) -> Iterator[list[Separator]]:
    """What stands before each of these posts, in the order in which they stand."""
    above = None
    for here in moments:
        yield between(above, here, zone, oldest_first=oldest_first, dated=dated)
        above = here


def pinned() -> Separator:
    """What stands before the post that is pinned: it is read at the top, and folded to a line here."""
    return Separator("pinned-here", _("Pinned at the top"))


def day(moment: datetime, zone: tzinfo) -> str:
    """The day as "Tuesday 18 March 2025", in the active language."""
    local = moment.astimezone(zone)
    return _("{weekday} {day} {month} {year}").format(
        weekday=dates.WEEKDAYS[local.weekday()], day=local.day, month=dates.MONTHS[local.month], year=local.year
    )


def _gap(minutes: int, *, oldest_first: bool) -> str:
    if minutes < 60:
        time = ngettext("{n} minute", "{n} minutes", minutes).format(n=minutes)
    elif minutes < 24 * 60:
        hours = minutes // 60
        time = ngettext("{n} hour", "{n} hours", hours).format(n=hours)
    else:
        days = minutes // (24 * 60)
        time = ngettext("{n} day", "{n} days", days).format(n=days)
    return (_("{time} later") if oldest_first else _("{time} earlier")).format(time=time)
