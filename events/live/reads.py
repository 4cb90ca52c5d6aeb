"""Pages and catch-up out of memory, by raw ASGI, in front of Django.

What most readers ask for is the same bytes for all of them, so none of it passes through
Django's request stack or costs a query. Everything else (older pages, permalinks, former
addresses, what is not there) falls through to the views, which give the same answers.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache, partial
from typing import Any, NamedTuple

from django.core.exceptions import SuspiciousOperation
from django.http import QueryDict
from django.template.loader import render_to_string
from django.urls import Resolver404, resolve

from events import embed_pages, frames, headers, pages
from events.arguments import Choices, Nonsense, Place, View
from events.live import hub as hubs
from events.live import metrics
from events.live.copies import Copy, Headers
from events.live.hub import Hub
from events.live.questions import Busy
from events.live.stream import EventStream
from events.models.event import Stream, Visibility

log = logging.getLogger(__name__)

Scope = dict[str, Any]
Application = Callable[[Scope, Any, Any], Awaitable[None]]
#: What is wanted of an event, which is also the name of its copy on the shelf.
Want = View | Choices | Place
Make = Callable[[Hub, EventStream, Want], Coroutine[Any, Any, Copy]]

#: Seconds that a reader waits for an answer that must be made first.
DOOR_SECONDS = 10.0
#: Seconds after which to come back when the database is away.
RETRY_AFTER = 5
#: Bytes of an answer that are compressed beside the loop, not on it.
LARGE = 16 * 1024
#: How many of those at once, and how many more may wait. Readers come back from a handful of places; whoever makes up
#: others has no more of our time than this.
PRESSES, MAX_WAITING = 2, 8
#: Characters of a path or a query beyond which it is Django's: ours are shorter.
LONG = 200
#: How often an answer is made anew that was overtaken while it was made.
TRIES = 3
#: Events whose page is no stranger's to see.
HIDDEN = (Visibility.PRIVATE, Visibility.PARTNERS)
#: An address that no event can have.
NOWHERE = "/"
HTML = "text/html; charset=utf-8"
JSON = "application/json"


def from_memory(application: Application) -> Application:
    """Answer what is held in memory, and pass on the rest."""

    async def answer(scope: Scope, receive: Any, send: Any) -> None:
        # What is remembered by its text must be short: nobody else bounds a path.
        found = _door(scope["path"]) if len(scope["path"]) <= LONG else None
        # Without a lifespan (Daphne, most tests) nobody would end the hub: Django's views serve.
        hub = hubs.held() if found else None
        if found is None or hub is None:
            await application(scope, receive, send)
        elif scope["method"] not in ("GET", "HEAD"):
            await _refuse(send, 405, "This address is for reading.", (b"allow", b"GET, HEAD"))
        else:
            try:
                copy = await _copy(hub, *found, scope["query_string"])
            except Exception as error:  # noqa: BLE001 - the database is away or has too much to do
                log.debug("A read could not be answered.", exc_info=True)
                seconds = error.seconds if isinstance(error, Busy) else RETRY_AFTER
                later = (b"retry-after", str(seconds).encode())
                if found[0].make is _make_page:
                    await _refuse_page(send, scope["path"], later)
                else:
                    await _refuse(send, 503, "This cannot be shown just now. Try again in a moment.", later)
                return
            if copy is None:
                await application(scope, receive, send)
            else:
                await _hand_out(copy, scope, send)

    return answer


async def _copy(hub: Hub, door: "Door", slug: str, query: bytes) -> Copy | None:
    """The answer, made when it does not lie ready; None when it is Django's to give."""
    if len(query) > LONG:
        return None
    try:
        want = door.want(query)
    except SuspiciousOperation:
        # More arguments than Django reads: it says so.
        return None
    if want is None:
        return None
    # In memory nearly always: no timer then.
    stream = hub.known(slug)
    if stream is None:
        async with asyncio.timeout(DOOR_SECONDS):
            stream = await hub.find(slug)
    if stream is None:
        return None
    stream.touch()
    if isinstance(want, Place):
        hub.counts.polled(stream.event)
    copy = stream.shelf.get(want, *stream.position)
    if copy is None:
        async with asyncio.timeout(DOOR_SECONDS):
            copy = await _made(hub, stream, want, door.make)
    # Under a former address there is a redirect to the present one.
    return copy if copy.slug in ("", slug) else None


async def _made(hub: Hub, stream: EventStream, want: Want, make: Make) -> Copy:
    """The copy, made once however many ask."""
    for _try in range(TRIES):
        copy: Copy = await hub.questions.once((want, stream.event), partial(make, hub, stream, want))
        if copy.is_good(*stream.position):
            break
    return copy


async def _make_page(hub: Hub, stream: EventStream, want: Want) -> Copy:
    """A page or an embed, from the database."""
    # Those who wait for the update itself go first.
    await stream.drained()
    copy = await hub.questions.ask(_page_of, want, stream.event)
    stream.shelf.put(want, copy)
    # One that is behind was overtaken while it was made, and nothing is lost.
    if copy.epoch != stream.epoch or copy.sequence > stream.sequence:
        hub.suspect(stream.event)
    return copy


def _page_of(want: View | Choices, event_pk: int) -> Copy:
    hidden = Stream.objects.filter(event=event_pk, event__visibility__in=HIDDEN)
    if position := hidden.values_list("epoch", "sequence").first():
        return _nowhere(*position)
    if isinstance(want, View):
        page = pages.event_page(event_pk, want)
        given = headers.public("page", page.tag)
    else:
        page = embed_pages.embed_page(event_pk, want)
        given = headers.embed(page.tag, embed_pages.ANYBODY)
    if page.event.visibility in HIDDEN:
        return _nowhere(page.epoch, page.sequence)
    copy = Copy(page.html, HTML, given, page.epoch, page.sequence)
    copy.slug = page.event.slug
    return copy


def _nowhere(epoch: str, sequence: int) -> Copy:
    """In the place of a page that Django alone may show or refuse: at no address it is handed out."""
    copy = Copy("", HTML, {"ETag": ""}, epoch, sequence)
    copy.slug = NOWHERE
    return copy


async def _make_updates(hub: Hub, stream: EventStream, want: Want) -> Copy:
    """What a page needs that stands at a place: from the ring, else from the database."""
    assert isinstance(want, Place)
    # Good for as long as the event stands where it stood before we asked.
    epoch, sequence = stream.epoch, stream.sequence
    answer = await hub.catch_up(stream, want.after, want.epoch)
    text = frames.dump(answer)
    make: Callable[[], Copy] = partial(
        Copy, text, JSON, headers.public("updates", frames.tag(answer, want.epoch)), epoch, sequence
    )
    copy = make() if len(text) < LARGE else await _press.make(make)
    # Whoever invents epochs, or numbers that are not yet, shall not push from the shelf what readers ask for.
    if want.epoch == epoch and want.after <= sequence:
        stream.shelf.put(want, copy)
    return copy


class _Press:
    """Where large answers are compressed, beside the loop."""

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(PRESSES, thread_name_prefix="press")
        self._under_way = 0

    async def make(self, make: Callable[[], Copy]) -> Copy:
        """Make a copy in its turn. Raises Busy when too many wait."""
        if self._under_way >= PRESSES + MAX_WAITING:
            metrics.refused.labels("busy").inc()
            raise Busy
        self._under_way += 1
        made = asyncio.get_running_loop().run_in_executor(self._threads, make)
        # When it is made, not when who asked has gone.
        made.add_done_callback(self._done)
        return await asyncio.shield(made)

    def _done(self, _made: asyncio.Future[Copy]) -> None:
        self._under_way -= 1


_press = _Press()


class Door(NamedTuple):
    """How one kind of address is read, and how its answer is made where none lies ready."""

    want: Callable[[bytes], Want | None]
    make: Make


@lru_cache(256)
def _page(query: bytes) -> View | None:
    """The live page, or its key events; older pages are Django's."""
    view = View.of(QueryDict(query))
    return view if view.is_head else None


@lru_cache(256)
def _embed(query: bytes) -> Choices | None:
    """The open embed; a partner's own is Django's, since only the database knows the partner."""
    return Choices.of(QueryDict(query))


@lru_cache(4096)
def _updates(query: bytes) -> Place | None:
    """Where the page stands; what makes no sense is Django's to explain."""
    try:
        return Place.of(QueryDict(query))
    except Nonsense:
        return None


_DOORS = {
    "reader:event": Door(_page, _make_page),
    "embed:event": Door(_embed, _make_page),
    "reader:updates": Door(_updates, _make_updates),
}


@lru_cache(1024)
def _door(path: str) -> tuple[Door, str] | None:
    """The door at a path, with the event's address in it; None elsewhere. The paths are those of urls.py."""
    try:
        match = resolve(path)
    except Resolver404:
        return None
    door = _DOORS.get(match.view_name)
    return (door, match.kwargs["slug"]) if door else None


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


@lru_cache(1)
def _sorry() -> str:
    """What stands in the place of a page that cannot be made; it asks no database."""
    return render_to_string("503.html")


async def _refuse_page(send: Any, path: str, *given: tuple[bytes, bytes]) -> None:
    """The same in the look of the page that was wanted; in a partner's frame too."""
    ancestors = "*" if path.startswith("/embed/") else "'none'"
    common = {"Content-Type": HTML, "Cache-Control": "no-store", **headers.everywhere()}
    common["Content-Security-Policy"] = headers.policy(ancestors=ancestors)
    body = _sorry().encode()
    encoded = [(name.lower().encode(), value.encode()) for name, value in common.items()]
    await _send(send, 503, [*encoded, (b"content-length", str(len(body)).encode()), *given], body)


async def _send(send: Any, status: int, given: Headers, body: bytes) -> None:
    await send({"type": "http.response.start", "status": status, "headers": given})
    await send({"type": "http.response.body", "body": body})
