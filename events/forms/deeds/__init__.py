"""Every deed that the desk can do: verb in the address -> what it does, who may, what is said."""

from events.forms.deeds import about, ending, event, handing, past, schedule, steering, writing
from events.forms.deeds.deed import Deed

__all__ = ["DEEDS"]

DEEDS: dict[str, Deed] = (
    writing.DEEDS
    | about.DEEDS
    | event.DEEDS
    | schedule.DEEDS
    | ending.DEEDS
    | steering.DEEDS
    | handing.DEEDS
    | past.DEEDS
)
