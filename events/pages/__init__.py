"""From an event to the bytes of its pages: pure functions of (event, sequence, release).

No reader, no cookie, no clock, no Host. The same address at the same sequence gives the
same bytes in every process.
"""

from events.pages.event import event_page
from events.pages.home import home_page, home_spot
from events.pages.page import PAGE, Page, rows, scripted, tag
from events.pages.post import post_page
from events.pages.search import search_page
from events.pages.since import since_page, since_tag

__all__ = [
    "PAGE",
    "Page",
    "event_page",
    "home_page",
    "home_spot",
    "post_page",
    "rows",
    "scripted",
    "search_page",
    "since_page",
    "since_tag",
    "tag",
]
