"""Event files: read with a line for every mistake, loaded whole, or played as a rehearsal.

Nothing here writes to an event by itself: each step of a file is a verb of `publishing`.
"""

from events.seeding.loading import Loaded, load
from events.seeding.marks import Mistaken
from events.seeding.playing import EIGHT, Overtaken, Show, rehearsal, stage
from events.seeding.reading import read
from events.seeding.script import Script

__all__ = ["EIGHT", "Loaded", "Mistaken", "Overtaken", "Script", "Show", "load", "read", "rehearsal", "stage"]
