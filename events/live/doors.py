"""The reader's websocket: receives nothing, owns nothing, and is greeted at once.

Raw ASGI under Channels' router. No session, no user, any origin: what it tells is public.
"""

import asyncio
import logging
import random
import re
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any
from urllib.parse import parse_qs

from channels.routing import URLRouter
from django.urls import path, re_path

from events import frames
from events.live import hub as hubs
from events.live import metrics, sockets
from events.live.caps import AddressRates, Caps, Rate, address_of
from events.live.codes import FULL, GONE, RESTART, TALKED
from events.live.desk_door import desk
from events.live.hub import Hub
from events.live.opened import OpenSocket
from events.live.replies import Reply
from events.live.sockets import Message
from events.live.stream import EventStream

log = logging.getLogger(__name__)

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]

#: Seconds that a reader waits at the door for the database.
DOOR_SECONDS = 10.0
#: Characters of updates in a catch-up answer on the socket (up to 64 KB); the rest is another
#: question. Who asks for all and takes nothing would leave the whole of it in our memory.
MAX_ANSWER = 32 * 1024
#: Seconds between which somebody who came in a storm is told to come back.
STORM_SECONDS = (2, 10)
#: The places of this process, how fast they are given, to one address and to all, and how fast those who find
#: none are told so.
caps = Caps()
address_rates = AddressRates()
rate = Rate()
full_rate = Rate(0.1)
_AFTER = re.compile(r"[0-9]{1,15}", re.ASCII)
_RESPONSE = "websocket.http.response"


async def reader(scope: Scope, receive: Receive, send: Send) -> None:
    """One reader of one event, from the handshake until they are let in, or until they leave.

    Under our own server the open socket goes on without this (`opened.py`).
    """
    if (await receive())["type"] != "websocket.connect":
        return
    address = address_of(scope)
    # The place comes first: one address beyond its share must not use up the rate of all others.
    if not caps.enter(address):
        await _turn_away(scope, send)
        return
    leave: Callable[[], None] = partial(caps.leave, address)
    try:
        if not address_rates.take(address):
            await _refuse(scope, send)
            return
        if not rate.take():
            metrics.refused.labels("rate").inc()
            await _refuse(scope, send)
            return
        await send({"type": "websocket.accept"})
        hub = hubs.current()
        stream = await _find(hub, scope, send)
        socket = sockets.make(scope, send, stream.behind) if stream is not None else None
        if stream is None or socket is None:
            return
        if isinstance(socket, OpenSocket):
            socket.on_gone, leave = partial(_left, hub, stream, socket, leave), _nothing
            hub.pings.add(socket)
        stream.add(socket, desk=_is_desk(scope))
        await _visit(hub, stream, socket, scope, receive)
    finally:
        leave()


def _is_desk(scope: Scope) -> bool:
    """Whether a desk listens (`?desk`): it is not counted. Whoever else says so is not counted either, and no more."""
    return "desk" in parse_qs(scope.get("query_string", b"").decode("latin-1"), keep_blank_values=True)


def _left(hub: Hub, stream: EventStream, socket: OpenSocket, leave: Callable[[], None]) -> None:
    """The connection of an open socket is gone."""
    stream.discard(socket)
    hub.pings.discard(socket)
    leave()


def _nothing() -> None:
    """The place is given back when the connection is gone."""


async def _turn_away(scope: Scope, send: Send) -> None:
    """No place: say so by the code that makes a page poll. Browsers hear it after the upgrade only, which costs."""
    if not full_rate.take():
        await _refuse(scope, send)
        return
    await send({"type": "websocket.accept"})
    await send({"type": "websocket.close", "code": FULL})


async def _refuse(scope: Scope, send: Send) -> None:
    """Too many at once: no upgrade, and a moment to come back at, which is not everybody's."""
    if _RESPONSE not in (scope.get("extensions") or {}):
        await send({"type": "websocket.close", "code": FULL})
        return
    headers = [
        (b"retry-after", str(random.randint(*STORM_SECONDS)).encode()),
        (b"cache-control", b"no-store"),
    ]
    await send({"type": f"{_RESPONSE}.start", "status": 503, "headers": headers})
    await send({"type": f"{_RESPONSE}.body", "body": b""})


async def _find(hub: Hub, scope: Scope, send: Send) -> EventStream | None:
    """The stream that is asked for; None, and the socket closed, when there is none to be had."""
    slug = scope["url_route"]["kwargs"]["slug"]
    # In memory nearly always: no timer then.
    stream = hub.known(slug)
    if stream is not None:
        return stream
    try:
        async with asyncio.timeout(DOOR_SECONDS):
            stream = await hub.find(slug)
    except Exception:  # noqa: BLE001 - the database is away: come back, with jitter
        log.debug("A reader could not be let in.", exc_info=True)
        await send({"type": "websocket.close", "code": RESTART})
        return None
    if stream is None:
        await send({"type": "websocket.close", "code": GONE})
    return stream


async def _visit(hub: Hub, stream: EventStream, socket: sockets.Socket, scope: Scope, receive: Receive) -> None:
    """Greet; where nobody else waits for the end, wait for it."""
    try:
        await _greet(hub, stream, socket, scope)
        if not socket.alone:
            await _stay(receive, socket)
    except BaseException:
        socket.abort()
        raise
    finally:
        if not socket.alone:
            await hub.leave(stream, socket)


async def _greet(hub: Hub, stream: EventStream, socket: sockets.Socket, scope: Scope) -> None:
    """Say hello, then what was missed since `after=`, then let live messages through."""
    have = stream.position
    await socket.first(Message(frames.dump(frames.hello(*have))))
    query = parse_qs(scope.get("query_string", b"").decode("latin-1"), keep_blank_values=True)
    if "after" in query:
        after, epoch = query["after"][-1], query.get("epoch", [""])[-1]
        if not _AFTER.fullmatch(after):
            await socket.first(stream.behind())
        else:
            reply = await _reply(hub, stream, int(after), epoch)
            await socket.first(reply.message)
            # Whoever got a part asks for the rest: what comes live now finds them behind, and they know.
            have = reply.position
    # A live message may have passed while the database was asked.
    if socket.release() and stream.position != have:
        epoch, sequence = have
        rest = stream.answer(sequence, epoch)
        socket.offer(Message(frames.dump(_shortened(rest))) if rest else stream.behind())


async def _reply(hub: Hub, stream: EventStream, after: int, epoch: str) -> Reply:
    """The answer; `behind` when the database cannot give it now: the client fetches, with jitter."""
    position = stream.position
    reply = stream.replies.get(position, after, epoch)
    if reply is not None:
        metrics.healed.labels("ring").inc()
        return reply
    try:
        async with asyncio.timeout(DOOR_SECONDS):
            answer = _shortened(await hub.catch_up(stream, after, epoch))
    except Exception:  # noqa: BLE001 - the reader stays, and asks over HTTP
        log.debug("A catch-up could not be answered.", exc_info=True)
        return Reply(stream.behind(), stream.position)
    reply = Reply(Message(frames.dump(answer)), (answer["epoch"], answer["sequence"]))
    # To begin anew after a reset is asked of the database too; what any epoch but ours gets is made of nothing.
    if answer["updates"] or (answer["reset"] and epoch == position[0]):
        stream.replies.put(position, after, epoch, reply)
    return reply


def _shortened(answer: frames.Frame) -> frames.Frame:
    """The answer with no more updates than `MAX_ANSWER` takes, and `more` when some are left out."""
    size = 0
    for count, update in enumerate(answer.get("updates", ())):
        size += len(update["html"]) + 300
        if count and size > MAX_ANSWER:
            kept = answer["updates"][:count]
            return {**answer, "updates": kept, "sequence": kept[-1]["sequence"], "more": True}
    return answer


async def _stay(receive: Receive, socket: sockets.Socket) -> None:
    """Wait for the end. Whoever talks is closed."""
    while True:
        message = await receive()
        if message["type"] == "websocket.disconnect":
            return
        if message["type"] == "websocket.receive":
            await socket.end(TALKED)
            return


async def nowhere(scope: Scope, receive: Receive, send: Send) -> None:
    """Any other path: refuse the handshake without a word in the log."""
    await receive()
    await send({"type": "websocket.close", "code": GONE})


# Channels' router takes ASGI applications where Django's types ask for views.
_READER: Any = reader
_DESK: Any = desk
_NOWHERE: Any = nowhere
router = URLRouter([path("ws/events/<slug:slug>/", _READER), path("ws/desk/<int:pk>/", _DESK), re_path(r"", _NOWHERE)])
