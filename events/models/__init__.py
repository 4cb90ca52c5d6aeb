"""The records, one noun a file."""

from events.models.attribution import Attribution
from events.models.autosave import Autosave
from events.models.beat import Beat
from events.models.correction import Correction
from events.models.deed import Deed
from events.models.event import Event, EventAddress, Stream
from events.models.partner import Partner
from events.models.picture import Picture
from events.models.post import Post
from events.models.presence import Presence
from events.models.revision import Revision, StandingChange
from events.models.role import Role
from events.models.source import Source
from events.models.summary import SummaryLine
from events.models.update import Update

__all__ = [
    "Attribution",
    "Autosave",
    "Beat",
    "Correction",
    "Deed",
    "Event",
    "EventAddress",
    "Partner",
    "Picture",
    "Post",
    "Presence",
    "Revision",
    "Role",
    "Source",
    "StandingChange",
    "Stream",
    "SummaryLine",
    "Update",
]
