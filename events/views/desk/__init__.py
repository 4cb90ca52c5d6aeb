"""The desk: one screen on which an editor lives while the event is on.

The page is plain HTML; everything after it is JSON over HTTP, with the CSRF token read from
the cookie at the moment of sending. Nothing here may be kept by any cache.
"""

from events.views.desk.deeds import deed
from events.views.desk.history import history
from events.views.desk.keeping import autosave, sources
from events.views.desk.keepsakes import archive_file, article_file, article_page
from events.views.desk.pictures import picture, take_in
from events.views.desk.presence import presence
from events.views.desk.preview import lines, preview
from events.views.desk.screen import page
from events.views.desk.timeline import timeline, words

__all__ = [
    "archive_file",
    "article_file",
    "article_page",
    "autosave",
    "deed",
    "history",
    "lines",
    "page",
    "picture",
    "presence",
    "preview",
    "sources",
    "take_in",
    "timeline",
    "words",
]
