"""Pages and catch-up out of memory, by raw ASGI, in front of Django.

What most readers ask for is the same bytes for all of them, so none of it passes through
Django's request stack or costs a query. Everything else (older pages, permalinks, former
addresses, what is not there) falls through to the views, which give the same answers.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from functools import lru_cache, partial
from typing import Any

from django.core.exceptions import SuspiciousOperation
from django.http import QueryDict
from django.urls import Resolver404, resolve

from events import embed_pages, frames, headers, pages
from events.arguments import Choices, Nonsense, Place, View
from events.live import hub as hubs
from events.live.copies import Copy, Headers
from events.live.hub import Hub
from events.live.stream import EventStream
from events.models.event import Visibility

log = logging.getLogger(__name__)

Scope = dict[str, Any]
Application = Callable[[Scope, Any, Any], Awaitable[None]]
Ask = Callable[[Hub, str, QueryDict], Awaitable[Copy | None]]

#: Seconds that a reader waits for an answer that must be made first.
DOOR_SECONDS = 10.0
#: Seconds after which to come back when the database is away.
RETRY_AFTER = 5
#: Bytes of an answer that are compressed beside the loop, not on it.
LARGE = 16 * 1024
#: How often an answer is made anew that was overtaken while it was made.
TRIES = 3
HTML = "text/html; charset=utf-8"
JSON = "application/json"


def from_memory(application: Application) -> Application:
    """Answer what is held in memory, and pass on the rest."""

    async def answer(scope: Scope, receive: Any, send: Any) -> None:
        ask, slug = _asked(scope["path"])
        # Without a lifespan (Daphne, most tests) nobody would end the hub: Django's views serve.
        hub = hubs.held() if ask else None
        if ask is None or hub is None:
            await application(scope, receive, send)
        elif scope["method"] not in ("GET", "HEAD"):
            await _refuse(send, 405, "This address is for reading.", (b"allow", b"GET, HEAD"))
        else:
            await _answer(ask(hub, slug, QueryDict(scope["query_string"])), application, scope, receive, send)

    return answer


async def _answer(
    asked: Awaitable[Copy | None], application: Application, scope: Scope, receive: Any, send: Any
) -> None:
    try:
        async with asyncio.timeout(DOOR_SECONDS):
            copy = await asked
    except (SuspiciousOperation, Nonsense):
        # The view says what is wrong.
        copy = None
    except Exception:  # noqa: BLE001 - the database is away: come back in a moment
        log.debug("A read could not be answered.", exc_info=True)
        later = str(RETRY_AFTER).encode()
        await _refuse(send, 503, "This cannot be shown just now. Try again in a moment.", (b"retry-after", later))
        return
    if copy is None:
        await application(scope, receive, send)
    else:
        await _hand_out(copy, scope, send)


async def _page(hub: Hub, slug: str, query: QueryDict) -> Copy | None:
    """The live page, or its key events; older pages are Django's."""
    view = View.of(query)
    if not view.is_head:
        return None
    return await _made(hub, slug, ("page", view), partial(_make_page, view))


async def _embed(hub: Hub, slug: str, query: QueryDict) -> Copy | None:
    """The open embed; a partner's own is Django's, since only the database knows the partner."""
    choices = Choices.of(query)
    return await _made(hub, slug, ("embed", choices), partial(_make_embed, choices))


async def _updates(hub: Hub, slug: str, query: QueryDict) -> Copy | None:
    """What a page needs that stands at `after`. Raises Nonsense."""
    place = Place.of(query)
    stream = await hub.find(slug)
    if stream is None:
        return None
    stream.touch()
    copy = stream.shelf.get(place, stream.epoch, stream.sequence)
    return copy or await hub.once(("updates", stream.event, place), partial(_make_updates, hub, stream, place))


_DOORS: dict[str, Ask] = {"reader:event": _page, "embed:event": _embed, "reader:updates": _updates}


@lru_cache(1024)
def _asked(path: str) -> tuple[Ask | None, str]:
    """Who answers at this path, and the event's address in it. The paths are those of urls.py."""
    try:
        match = resolve(path)
    except Resolver404:
        return None, ""
    return _DOORS.get(match.view_name), match.kwargs.get("slug", "")


async def _made(hub: Hub, slug: str, name: Any, make: Callable[[int], Copy | None]) -> Copy | None:
    """The copy of this name, made once however many ask; None when it is Django's to answer."""
    stream = await hub.find(slug)
    if stream is None:
        return None
    stream.touch()
    copy = None
    for _try in range(TRIES):
        copy = stream.shelf.get(name, stream.epoch, stream.sequence)
        if copy is not None:
            break
        copy = await hub.once(("copy", stream.event, name), partial(_make, hub, stream, name, make))
        if copy is None or copy.sequence >= stream.sequence:
            break
    # Under a former address there is a redirect to the present one.
    return copy if copy is not None and copy.slug == slug else None


async def _make(hub: Hub, stream: EventStream, name: Any, make: Callable[[int], Copy | None]) -> Copy | None:
    # Those who wait for the update itself go first.
    await stream.drained()
    copy = await hub.database.ask(make, stream.event)
    if copy is not None:
        stream.shelf.put(name, copy)
        if (copy.epoch, copy.sequence) != (stream.epoch, stream.sequence):
            hub.suspect(stream.event)
    return copy


def _make_page(view: View, event_pk: int) -> Copy | None:
    page = pages.event_page(event_pk, view)
    if page.event.visibility in (Visibility.PRIVATE, Visibility.PARTNERS):
        return None
    return _of_page(page, headers.public("page", page.tag))


def _make_embed(choices: Choices, event_pk: int) -> Copy | None:
    page = embed_pages.embed_page(event_pk, choices)
    if page.event.visibility in (Visibility.PRIVATE, Visibility.PARTNERS):
        return None
    return _of_page(page, headers.embed(page.tag, embed_pages.ANYBODY))


def _of_page(page: pages.Page, given: dict[str, str]) -> Copy:
    copy = Copy(page.html, HTML, given, page.epoch, page.sequence)
    copy.slug = page.event.slug
    return copy


async def _make_updates(hub: Hub, stream: EventStream, place: Place) -> Copy:
    # Good for as long as the event stands where it stood before we asked.
    epoch, sequence = stream.epoch, stream.sequence
    answer = await hub.catch_up(stream, place.after, place.epoch)
    text = frames.dump(answer)
    make = partial(Copy, text, JSON, headers.public("updates", frames.tag(answer, place.epoch)), epoch, sequence)
    copy = make() if len(text) < LARGE else await asyncio.to_thread(make)
    stream.shelf.put(place, copy)
    return copy


async def _hand_out(copy: Copy, scope: Scope, send: Any) -> None:
    """Send a copy, or word that the reader has it."""
    accepted = known = b""
    for name, value in scope["headers"]:
        if name == b"accept-encoding":
            accepted = accepted + b"," + value if accepted else value
        elif name == b"if-none-match":
            known = known + b"," + value if known else value
    if known and copy.is_known(known):
        await _send(send, 304, copy.unchanged, b"")
        return
    given, body = copy.form(accepted)
    await _send(send, 200, given, b"" if scope["method"] == "HEAD" else body)


async def _refuse(send: Any, status: int, words: str, *given: tuple[bytes, bytes]) -> None:
    """An answer that no cache may keep, in a sentence."""
    body = f"{words}\n".encode()
    common = {"Content-Type": "text/plain; charset=utf-8", "Cache-Control": "no-store", **headers.everywhere()}
    # The embed's scripts read the answer from an opaque origin.
    common |= {"Access-Control-Allow-Origin": "*", "Access-Control-Expose-Headers": "Date, Retry-After"}
    encoded = [(name.lower().encode(), value.encode()) for name, value in common.items()]
    await _send(send, status, [*encoded, (b"content-length", str(len(body)).encode()), *given], body)


async def _send(send: Any, status: int, given: Headers, body: bytes) -> None:
    await send({"type": "http.response.start", "status": status, "headers": given})
    await send({"type": "http.response.body", "body": body})
