"""The desk's websocket: tells who is logged in and may be here *that* something changed, and never what.

Raw ASGI like the reader's, and its opposite at the door: only from our own pages, only with a
session, only with a place at this event's desk; asked again each minute, and when a login ends.
"""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable
from functools import partial
from http.cookies import CookieError, SimpleCookie
from importlib import import_module
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth import get_user
from django.http import HttpRequest
from django.http.request import split_domain_port, validate_host

from events import factor, frames, permissions
from events.live import hub as hubs
from events.live import metrics
from events.live.caps import Caps, Rate, address_of
from events.live.checks import Busy
from events.live.codes import FULL, LOGGED_OUT, NO_PLACE, RESTART, TALKED
from events.live.desks import Desk
from events.live.hub import Hub
from events.models import Event

log = logging.getLogger(__name__)

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]

#: Seconds after which login and place are asked for again.
CHECK_SECONDS = 60.0
#: Seconds that an editor waits at the door for the database.
DOOR_SECONDS = 10.0
#: Seconds between two messages to one desk: what changes meanwhile goes with the second.
PAUSE = 0.1
#: The desks' places in this process, and how fast they are given: beside those of readers, who shall
#: neither push editors out nor be pushed.
caps = Caps()
rate = Rate(0.1)


async def desk(scope: Scope, receive: Receive, send: Send) -> None:
    """One open desk, from the handshake until it closes, is logged out or has lost its place."""
    if (await receive())["type"] != "websocket.connect":
        return
    key, event = session_key(scope), int(scope["url_route"]["kwargs"]["pk"])
    if not key or not is_from_here(scope):
        # Before the upgrade: a browser that was sent here by another site learns nothing.
        await send({"type": "websocket.close", "code": NO_PLACE})
        return
    hub, address = hubs.current(), address_of(scope)
    try:
        if code := await _check(hub, key, event, at_door=address) or _place(address):
            await send({"type": "websocket.close", "code": code})
            return
        try:
            await _visit(hub, event, key, receive, send)
        finally:
            caps.leave(address)
    finally:
        await hub.end_when_idle()


def _place(address: str) -> int:
    """Take a place; the code to close with when there is none, or when they are given too fast."""
    if not caps.enter(address):
        return FULL
    if not rate.take():
        caps.leave(address)
        metrics.refused.labels("rate").inc()
        return RESTART
    return 0


async def _visit(hub: Hub, event: int, key: str, receive: Receive, send: Send) -> None:
    """Let them in until they leave."""
    await send({"type": "websocket.accept"})
    present = hub.desks.add(event)
    try:
        await _stay(hub, present, key, receive, send)
    finally:
        hub.desks.discard(present)


def is_from_here(scope: Scope) -> bool:
    """Whether the handshake names an origin, and it is ours: this host's, the site's, or a trusted one."""
    headers = dict(scope["headers"])
    origin, host = (headers.get(name, b"").decode("latin-1").lower() for name in (b"origin", b"host"))
    if not origin:
        return False
    if origin in {settings.SITE_URL.lower(), *(one.lower() for one in settings.CSRF_TRUSTED_ORIGINS)}:
        return True
    schemes = {"https", urlsplit(settings.SITE_URL).scheme}
    return origin in {f"{scheme}://{host}" for scheme in schemes} and validate_host(
        split_domain_port(host)[0], settings.ALLOWED_HOSTS
    )


def session_key(scope: Scope) -> str:
    """The session's key in the cookies, empty when there is none."""
    cookies: SimpleCookie = SimpleCookie()
    for name, value in scope["headers"]:
        if name == b"cookie":
            try:
                cookies.load(value.decode("latin-1"))
            except CookieError:
                return ""
    found = cookies.get(settings.SESSION_COOKIE_NAME)
    return found.value if found is not None else ""


def why_not(key: str, event_pk: int) -> int:
    """The code to close with for this session at this event's desk; 0 when it may stay. Asks the database."""
    request = HttpRequest()
    request.session = import_module(settings.SESSION_ENGINE).SessionStore(key)
    user = get_user(request)
    if not user.is_authenticated or factor.lacking(user, request.session) is not factor.Lacks.NOTHING:
        return LOGGED_OUT
    event = Event.objects.filter(pk=event_pk).first()
    return 0 if event is not None and permissions.may_enter(user, event) else NO_PLACE


async def _check(hub: Hub, key: str, event: int, *, at_door: str | None = None) -> int:
    """The same in its turn; a database that is away, or too many at the door, means: come back.

    `at_door` is the address of somebody who is not in yet.
    """
    ask, checks = partial(hub.questions.database.ask, why_not, key, event), hub.desks.checks
    try:
        async with asyncio.timeout(DOOR_SECONDS):
            return await (checks.ask(ask) if at_door is None else checks.knock(at_door, ask))
    except Busy:
        metrics.refused.labels("busy").inc()
        return RESTART
    except Exception:  # noqa: BLE001 - the desk asks over HTTP meanwhile
        log.debug("A desk could not be let in.", exc_info=True)
        return RESTART


async def _stay(hub: Hub, present: Desk, key: str, receive: Receive, send: Send) -> None:
    """Tell, listen and look until one of them comes to an end; close with the code that it says."""
    jobs = [asyncio.ensure_future(job) for job in (_tell(present, send), _listen(receive), _look(hub, present, key))]
    try:
        done, _pending = await asyncio.wait(jobs, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for job in jobs:
            job.cancel()
        await asyncio.gather(*jobs, return_exceptions=True)
    code = 0 if done & {jobs[0]} else max(job.result() for job in done)
    if code:
        await send({"type": "websocket.close", "code": code})


async def _tell(present: Desk, send: Send) -> int:
    """Say that something changed, for ever; ends when nobody takes it any more."""
    while True:
        await present.wake.wait()
        try:
            await send({"type": "websocket.send", "text": frames.dump({"type": "changed", "about": present.take()})})
        except Exception:  # noqa: BLE001 - each server has its own exception for a closed socket
            return 0
        await asyncio.sleep(PAUSE)


async def _listen(receive: Receive) -> int:
    """Wait for the end. The desk speaks over HTTP: whoever talks here is closed."""
    message = await receive()
    return TALKED if message["type"] == "websocket.receive" else 0


async def _look(hub: Hub, present: Desk, key: str) -> int:
    """Ask again and again whether they may still be here; answers the code once they may not."""
    while True:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(CHECK_SECONDS):
                await present.door.wait()
        present.door.clear()
        code = await _check(hub, key, present.event)
        # A database that is away says nothing of who may, and a signal tells nothing.
        if code not in (0, RESTART):
            return code
