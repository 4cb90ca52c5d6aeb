"""The reader's websocket: receives nothing, owns nothing, and is greeted at once.

Raw ASGI under Channels' router. No session, no user, any origin: what it tells is public.
"""

import asyncio
import logging
import re
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import parse_qs

from channels.routing import URLRouter
from django.urls import path, re_path

from events import frames
from events.live import hub as hubs
from events.live import sockets
from events.live.caps import Caps, address_of
from events.live.codes import FULL, GONE, RESTART, TALKED
from events.live.hub import Hub
from events.live.stream import EventStream

log = logging.getLogger(__name__)

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]

#: Seconds that a reader waits at the door for the database.
DOOR_SECONDS = 10.0
#: The places of this process.
caps = Caps()
_AFTER = re.compile(r"[0-9]{1,15}", re.ASCII)


async def reader(scope: Scope, receive: Receive, send: Send) -> None:
    """One reader of one event, from handshake to close."""
    if (await receive())["type"] != "websocket.connect":
        return
    await send({"type": "websocket.accept"})
    address = address_of(scope)
    if not caps.enter(address):
        await send({"type": "websocket.close", "code": FULL})
        return
    try:
        await _visit(scope, receive, send)
    finally:
        caps.leave(address)


async def _visit(scope: Scope, receive: Receive, send: Send) -> None:
    """A reader who has a place: find the event, greet, stay."""
    hub = hubs.current()
    try:
        async with asyncio.timeout(DOOR_SECONDS):
            stream = await hub.find(scope["url_route"]["kwargs"]["slug"])
    except Exception:  # noqa: BLE001 - the database is away: come back, with jitter
        log.debug("A reader could not be let in.", exc_info=True)
        await send({"type": "websocket.close", "code": RESTART})
        return
    if stream is None:
        await send({"type": "websocket.close", "code": GONE})
        return
    socket = sockets.make(scope, send, stream.behind)
    stream.add(socket)
    try:
        await _greet(hub, stream, socket, scope)
        await _stay(receive, socket)
    finally:
        await hub.leave(stream, socket)


async def _greet(hub: Hub, stream: EventStream, socket: sockets.Socket, scope: Scope) -> None:
    """Say hello, then what was missed since `after=`, then let live messages through."""
    have = stream.sequence
    await socket.first(frames.dump(frames.hello(stream.epoch, have)))
    query = parse_qs(scope.get("query_string", b"").decode("latin-1"), keep_blank_values=True)
    if "after" in query:
        after, epoch = query["after"][-1], query.get("epoch", [""])[-1]
        if not _AFTER.fullmatch(after):
            await socket.first(stream.behind().text)
        else:
            answer = await _catch_up(hub, stream, int(after), epoch)
            await socket.first(frames.dump(answer))
            have = answer["sequence"]
    # A live message may have passed while the database was asked.
    if socket.release() and stream.sequence > have:
        rest = stream.answer(have, stream.epoch)
        socket.offer(sockets.Message(frames.dump(rest)) if rest else stream.behind())


async def _catch_up(hub: Hub, stream: EventStream, after: int, epoch: str) -> frames.Frame:
    """The answer; `behind` when the database cannot give it now: the client fetches, with jitter."""
    try:
        async with asyncio.timeout(DOOR_SECONDS):
            return await hub.catch_up(stream, after, epoch)
    except Exception:  # noqa: BLE001 - the reader stays, and asks over HTTP
        log.debug("A catch-up could not be answered.", exc_info=True)
        return frames.behind(stream.sequence)


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
_NOWHERE: Any = nowhere
router = URLRouter([path("ws/events/<slug:slug>/", _READER), re_path(r"", _NOWHERE)])
