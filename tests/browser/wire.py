"""A server as a browser sees it, made of answers alone: for faults that no real one shows on demand."""

import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from html import escape
from typing import Any
from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import Page, Request, Route, WebSocketRoute

from events import client_words
from liveblog.joined import join
from liveblog.names import shorten
from liveblog.static import strip_script
from tests.services import ROOT

SITE = "http://live.test"
START = datetime(2025, 3, 18, 14, 0, tzinfo=UTC)


def article(number: int, *, version: int = 1, flags: str = "", text: str = "") -> dict[str, Any]:
    """One state of post `number`, as an update says it."""
    moment = START + timedelta(minutes=number)
    order = f"{int(moment.timestamp() * 1e6):017d}-{number:010d}"
    body = text or f"<p>Words of post {number}.</p>" + "<p>More of them, so that it has a height.</p>" * 4
    stamp = moment.isoformat().replace("+00:00", "Z")
    html = (
        f'<article class="post" id="p-{number}" data-post="{number}" data-version="{version}" data-order="{order}" '
        f'data-published="{stamp}" data-kind="news" data-flags="{flags}" aria-labelledby="h-{number}">'
        f'<header><a class="when" href="/events/call/posts/{number}/"><time datetime="{stamp}" data-ago>'
        f"{moment:%H:%M} GMT</time></a></header>"
        f'<h3 id="h-{number}" tabindex="-1">Post {number}</h3>{body}'
        f'<p><a href="/events/call/posts/{number}/" data-share="Post {number}">Share</a></p></article>'
    )
    return {
        "type": "update",
        "action": "publish" if version == 1 else "revise",
        "at": stamp,
        "post": str(number),
        "version": version,
        "order": order,
        "published": stamp,
        "kind": "news",
        "flags": flags.split(),
        "html": html,
    }


def status(code: int, **headers: str) -> Callable[[Route, int], None]:
    """A catch-up address that answers with this status alone."""
    return lambda route, _after: route.fulfill(status=code, body="no", headers=headers)


def joined(entry: str) -> str:
    """A script with all that it imports."""
    return join(entry, lambda name: (ROOT / "static" / "js" / name).read_text())


def whole(entry: str) -> str:
    """A script as production serves it."""
    return strip_script(shorten(joined(entry)))


@dataclass
class Wire:
    """What the browser is answered; each field can be changed under way."""

    page: Page
    posts: dict[str, dict[str, Any]] = field(default_factory=dict)
    parts: dict[str, str] = field(default_factory=dict)
    sequence: int = 0
    epoch: str = "e"
    sockets: list[WebSocketRoute] = field(default_factory=list)
    refuse: bool = False
    silent: bool = False
    #: Whether a socket is told what it missed; else it is only greeted.
    told: bool = False
    #: The code with which a socket is closed as soon as it is taken; 0 for none.
    code: int = 0
    release: str = "r"
    catch_up: Any = None
    #: Whether the scripts are served as production does: one file, with short names; else module by module.
    joined: bool = False
    #: The link to older posts, as html.
    older: str = ""
    #: What other addresses answer: html by path.
    pages: dict[str, str] = field(default_factory=dict)
    #: How often the catch-up address, a socket and the page were asked for.
    asked: int = 0
    tried: int = 0
    loaded: int = 0
    #: Requests of the page that have no answer yet.
    under_way: set[Request] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.page.on("request", lambda request: self.under_way.add(request))
        self.page.on("requestfinished", lambda request: self.under_way.discard(request))
        self.page.on("requestfailed", lambda request: self.under_way.discard(request))

    def add(self, update: dict[str, Any], *, send: bool = True, **parts: str) -> None:
        """Publish an update: to the open sockets, unless `send` is false."""
        self.sequence += 1
        update = {"type": "update", **update, "sequence": self.sequence}
        if "post" in update:
            self.posts[update["post"]] = update
            update["total"] = self.total()
        self.parts |= parts
        frame = {**update, "after": self.sequence - 1} | ({"parts": parts} if parts else {})
        if send:
            self.send(frame)

    def total(self) -> int:
        """How many posts can be read."""
        return sum(bool(post["html"]) and "tombstone" not in post["flags"] for post in self.posts.values())

    def send(self, frame: dict[str, Any] | str) -> None:
        """Write to every open socket."""
        for socket in self.sockets:
            socket.send(frame if isinstance(frame, str) else json.dumps(frame))

    def until(self, check: Callable[[], bool], seconds: float = 10.0) -> None:
        """Let the browser go on until `check` holds."""
        limit = time.monotonic() + seconds
        while not check():
            assert time.monotonic() < limit, f"{self.asked} asked, {self.tried} tried, {self.loaded} loaded"
            self.page.wait_for_timeout(20)

    def run(self, ms: int) -> None:
        """Move the page's clock, where the test has installed one, and let the answers arrive meanwhile."""
        while ms > 0:
            step = min(ms, 5000)
            self.page.clock.run_for(step)
            self.page.wait_for_timeout(60)
            limit = time.monotonic() + 1
            while self.under_way and time.monotonic() < limit:
                self.page.wait_for_timeout(20)
            ms -= step

    def cut(self, code: int = 1012) -> None:
        """Close every open socket."""
        sockets, self.sockets = self.sockets, []
        for socket in sockets:
            socket.close(code=code)

    def open(self, count: int = 8, address: str = "/events/call/", **data: str) -> None:
        """Open the page with `count` posts; `data` overrides data-*."""
        for number in range(1, count + 1):
            self.add(article(number))
        self.html = self.render(**data)
        self.page.route(f"{SITE}/**", self.answer)
        self.page.route_web_socket("**/ws/**", self.socket)
        self.page.goto(f"{SITE}{address}")
        self.page.wait_for_function("document.getElementById('live').dataset.state !== ''")

    def render(self, **data: str) -> str:
        """The page as of now."""
        rows = sorted(self.posts.values(), key=lambda row: row["order"], reverse=data.get("order-by") != "oldest")
        given = {
            "slug": "call",
            "epoch": self.epoch,
            "sequence": self.sequence,
            "updates": "/events/call/updates/",
            "socket": "/ws/events/call/",
            "release": "r",
            "zone": "Europe/London",
            "zone-name": "GMT",
            "language": "en",
            "oldest": "",
            "order-by": "newest",
            "show": "",
            "state": "live",
            "last": max((row["published"] for row in rows), default=""),
            "words": escape(json.dumps(client_words.words())),
        } | data
        attributes = " ".join(f'data-{name}="{value}"' for name, value in given.items())
        parts = "".join(
            f'<div data-part="{name}">{self.parts.get(name, "")}</div>'
            for name in ("header", "summary", "pinned", "keys")
        )
        return f"""<!doctype html><html lang="en"><title>The call</title>
            <style>body {{ margin: 0; font: 16px/1.5 serif }} #pill {{ position: fixed; inset-block-start: 0 }}
            #connection, #away {{ position: fixed; inset-block-end: 0 }}
            #status {{ position: absolute; clip-path: inset(50%) }}
            [hidden] {{ display: none }}</style>
            <main id="live" {attributes}>{parts}<p role="status" id="status"></p><label data-script
            ><input type="checkbox" id="auto">Show new updates automatically</label>
            <p id="connection" hidden><span></span> <a href="">Refresh</a></p>
            <nav>All <span data-count="all">{self.total()}</span> Key <span data-count="keys">0</span></nav>
            <button id="pill" hidden></button><section id="away" data-since="/events/call/since/" hidden></section>
            <section id="posts">{"".join(row["html"] for row in rows)}
            <p id="empty"{" hidden" if rows else ""}>Nothing yet.</p></section>{self.older}</main>
            <script type="module" src="/static/js/event.js"></script></html>"""

    def answer(self, route: Route) -> None:
        """Answer a plain request."""
        path = route.request.url.removeprefix(SITE)
        if path == "/static/js/event.js" and self.joined:
            route.fulfill(body=whole("event.js"), content_type="text/javascript")
        elif path.startswith("/static/"):
            route.fulfill(path=ROOT / path[1:].split("?")[0], content_type="text/javascript")
        elif "/updates/" in path:
            self.asked += 1
            answer = self.catch_up or self.updates
            answer(route, int(path.split("after=")[1].split("&")[0]))
        else:
            self.loaded += 1
            policy = "require-trusted-types-for 'script'; trusted-types liveblog; script-src 'self'"
            headers = {"Content-Security-Policy": policy}
            html = self.pages.get(path, self.html)
            route.fulfill(body=html, content_type="text/html; charset=utf-8", headers=headers)

    def updates(self, route: Route, after: int) -> None:
        """The catch-up answer, as it should be."""
        epoch = parse_qs(urlsplit(route.request.url).query)["epoch"][0]
        route.fulfill(json=self.since(after, epoch), headers={"Date": "Tue, 18 Mar 2025 15:00:00 GMT"})

    def since(self, after: int, epoch: str) -> dict[str, Any]:
        """What a page needs that stands at `after`."""
        rows = sorted((row for row in self.posts.values() if row["sequence"] > after), key=lambda row: row["sequence"])
        reset = self.epoch != epoch
        return {
            "type": "updates",
            "epoch": self.epoch,
            "after": after,
            "sequence": self.sequence,
            "updates": [] if reset else rows,
            "parts": {} if reset else self.parts,
            "more": False,
            "reset": reset,
        }

    def socket(self, socket: WebSocketRoute) -> None:
        """Take, refuse, or take and say nothing."""
        self.tried += 1
        if self.refuse or self.code:
            socket.close(code=self.code or 1011)
            return
        self.sockets.append(socket)
        socket.on_close(lambda _code, _reason: socket in self.sockets and self.sockets.remove(socket))
        if self.silent:
            return
        hello = {"type": "hello", "v": 1, "epoch": self.epoch, "sequence": self.sequence, "pulse": 25}
        socket.send(json.dumps(hello | {"release": self.release, "at": "2025-03-18T15:00:00Z"}))
        if self.told:
            place = parse_qs(urlsplit(socket.url).query)
            socket.send(json.dumps(self.since(int(place["after"][0]), place["epoch"][0])))
