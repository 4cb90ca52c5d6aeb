"""The end of a process as its readers hear it: `bye`, then 1012, one slice of them after another.

A reader leaves at `bye` and comes back `after_ms` and some jitter later, with `after=`.
Told all at once, thousands would fall upon the processes that stay.
"""

import asyncio
import math
import time

from events import frames
from events.live.codes import RESTART
from events.live.hub import Hub

#: Seconds between two slices, and the least number of readers in one: few are sent away quickly.
TICK, SLICE = 0.1, 20
#: What `bye` says, in milliseconds. The slices do the spreading.
AFTER_MS = 1000


async def send_away(hub: Hub, seconds: float) -> None:
    """Send every reader away, spread over `seconds`; return when they are gone or were cut."""
    bye = frames.dump(frames.bye(AFTER_MS))
    sockets = [socket for stream in hub.streams.values() for socket in stream.sockets]
    size = max(SLICE, math.ceil(len(sockets) / max(1, round(seconds / TICK))))
    began, endings = time.monotonic(), []
    for count, start in enumerate(range(0, len(sockets), size)):
        # By the clock, so that a busy loop makes larger gaps but no longer end.
        await asyncio.sleep(max(0.0, began + count * TICK - time.monotonic()))
        # A close of ours never waits for long: who does not take it is cut.
        endings += [socket.end(RESTART, bye) for socket in sockets[start : start + size]]
    if endings:
        await asyncio.wait(endings)
