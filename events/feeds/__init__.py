"""Feeds for machines: Atom, RSS 2.0 and JSON Feed 1.1, of one event and of all.

`contents.Feed` is what a feed says, and `FORMS` are the three ways to write it down.
"""

from events.feeds.contents import Feed, Spot, read, spot
from events.feeds.forms import FORMS, Form

__all__ = ["FORMS", "Feed", "Form", "Spot", "read", "spot"]
