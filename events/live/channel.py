"""The one door between what is written and what is pushed.

`announce` is called when a transaction has committed, from any thread. It never waits
and never raises: a bounded queue takes the message, and one task on the server's own
loop brings it to the channel layer. What is lost here, each process's look at the
database heals.
"""

import asyncio
import contextlib
import logging
import time
from collections import Counter, deque
from typing import Any

from channels.layers import get_channel_layer
from django.conf import settings

log = logging.getLogger(__name__)

#: Messages that may wait; the oldest are dropped, since the look heals them.
QUEUE_LENGTH = 1000
#: Seconds that one message may take to reach the layer.
SEND_TIMEOUT = 0.5
#: After so many failures in a row there is one try a second.
PATIENCE = 3

#: The layer's group of all processes that serve readers.
HUBS = "hubs"
#: The kind of a message to the desks of an event.
DESK = "desk.changed"
#: What a signal to the desks is about when somebody's login has ended: each asks whether it may stay.
DOOR = "door"
#: Announcements that did not reach the layer since the process began: `dropped`, `failed`.
lost: Counter[str] = Counter()

_queue: deque[dict[str, Any]] = deque(maxlen=QUEUE_LENGTH)
_loop: asyncio.AbstractEventLoop | None = None
_waiting: asyncio.Event | None = None


def group_name(event_pk: int) -> str:
    """The layer's group of an event."""
    return f"event.{event_pk}"


def desk_group(event_pk: int) -> str:
    """The layer's group of an event's desks."""
    return f"desk.{event_pk}"


def announce(event_pk: int, frame: str, epoch: str, sequence: int) -> None:
    """Tell the live floor of a committed update; return at once, whatever happens.

    `frame` is the exact text for the sockets, `sequence` its place in `epoch`.
    """
    _put(
        {
            "type": "live.update",
            "event": event_pk,
            "epoch": epoch,
            "sequence": sequence,
            "frame": frame,
            "at": time.time(),
        }
    )


def signal(event_pk: int, about: str) -> None:
    """Tell the event's desks that something of theirs has changed, and not what; return at once, whatever happens.

    `about` is ``inbox``, ``timeline``, ``presence`` or `DOOR`. What is lost, a desk finds by asking.
    """
    _put({"type": DESK, "event": event_pk, "about": about})


def _put(message: dict[str, Any]) -> None:
    if len(_queue) == QUEUE_LENGTH:
        lost["dropped"] += 1
    _queue.append(message)
    loop, waiting = _loop, _waiting
    if loop is not None and waiting is not None:
        # The loop may be closing under us: then the next process's look finds the update.
        with contextlib.suppress(RuntimeError):
            loop.call_soon_threadsafe(waiting.set)


def attach(loop: asyncio.AbstractEventLoop) -> None:
    """Send from this loop from now on, by `send_for_ever`. Called on the loop, when the server starts."""
    global _loop, _waiting  # noqa: PLW0603 - one door a process is the point
    _loop, _waiting = loop, asyncio.Event()


def detach() -> None:
    """Stop sending. Called on the loop, when the server ends."""
    global _loop, _waiting  # noqa: PLW0603
    _loop = _waiting = None


def flush(seconds: float = 1.0) -> None:
    """Send what waits from a process without a server, in `seconds` at most.

    Without Redis there is nobody to tell in this process: the queue is emptied.
    """
    if _loop is not None:
        return
    if settings.REDIS_URL and _queue:
        with contextlib.suppress(Exception):
            asyncio.run(asyncio.wait_for(_send_waiting(), seconds))
    _queue.clear()


async def send_for_ever() -> None:
    """Empty the queue whenever something waits in it. Whoever attached us keeps this running."""
    waiting, failures = _waiting, 0
    while waiting is not None:
        # Something may wait since before we began.
        if not _queue:
            await waiting.wait()
        waiting.clear()
        while _queue:
            if await _send(_queue.popleft()):
                failures = 0
                continue
            failures += 1
            if failures == PATIENCE:
                log.warning("The channel layer does not answer; readers are served from the database meanwhile.")
            if failures >= PATIENCE:
                await asyncio.sleep(1)


async def _send_waiting() -> None:
    """Send all that waits, once."""
    while _queue:
        await _send(_queue.popleft())
    layer = get_channel_layer()
    if hasattr(layer, "flush"):
        await layer.flush()


async def _send(message: dict[str, Any]) -> bool:
    """Bring one message to its group; return whether the layer took it."""
    layer = get_channel_layer()
    if layer is None:
        return False
    name = desk_group if message["type"] == DESK else group_name
    try:
        await asyncio.wait_for(layer.group_send(name(message["event"]), message), SEND_TIMEOUT)
    except Exception:  # noqa: BLE001 - whatever the layer throws, an editor's save has long succeeded
        log.debug("An announcement was lost; the look heals it.", exc_info=True)
        lost["failed"] += 1
        return False
    return True
