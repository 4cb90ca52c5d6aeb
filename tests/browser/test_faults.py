"""A browser through every fault beneath it and before it: while posts go on, and to a fresh page at the end.

What needs a clock of its own (sleep, jitter, bfcache) is in the other files of this folder,
against a server made of answers.
"""

import asyncio
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from tests import processes
from tests.browser.newsroom import Line, follow
from tests.faults import scene
from tests.processes import Server
from tests.proxy import Proxy
from tests.soak import parts_of, posts_of

#: Seconds that a page waits for the first word of a socket (`connection.js`).
HELLO = 8.0
HIDE = """hidden => {
    if (hidden) Object.defineProperty(document, "hidden", { configurable: true, get: () => true });
    else delete document.hidden;
    document.dispatchEvent(new Event("visibilitychange"));
}"""


@dataclass
class Room:
    """A newsroom with a proxy at each of its doors."""

    #: Before the server, before PostgreSQL.
    line: Proxy
    postgres: Proxy
    redis: processes.Process
    server: Server

    @property
    def url(self) -> str:
        return self.line.url


@pytest.fixture(scope="module")
def room(shared_database: str) -> Iterator[Room]:
    """One for all; each fault ends before its test does."""
    with ExitStack() as stack:
        url = shared_database
        at = urlsplit(url)
        postgres = stack.enter_context(Proxy(at.port or 5432))
        if at.scheme != "sqlite":
            url = at._replace(netloc=f"{at.netloc.rpartition('@')[0]}@127.0.0.1:{postgres.port}").geturl()
        redis = stack.enter_context(processes.redis())
        line = stack.enter_context(Proxy())
        further = {"SITE_URL": line.url, "PEN_PULSE_SECONDS": "1", "DRAIN_NOTICE": "0", "DRAIN_SECONDS": "1"}
        server = stack.enter_context(processes.serve(url, processes.address(redis), pen=True, **further))
        line.upstreams = [server.port]
        server.pen("begin")
        server.pen("publish_many", count=8)
        yield Room(line, postgres, redis, server)


@contextmanager
def posting(server: Server, *, may_fail: bool = False) -> Iterator[scene.Posting]:
    """Post all the while, in a thread beside the browser's."""
    begun, ended, found = threading.Event(), threading.Event(), []

    async def go_on() -> None:
        async with scene.posting(server.write, may_fail=may_fail) as work:
            found.append(work)
            begun.set()
            await asyncio.to_thread(ended.wait)

    failed: list[BaseException] = []

    def run() -> None:
        try:
            asyncio.run(go_on())
        except BaseException as error:  # noqa: BLE001 - told to the test
            failed.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    begun.wait(10)
    try:
        yield found[0]
    finally:
        ended.set()
        thread.join(60)
    assert not failed, failed


def ends_as_fresh(browser: Browser, room: Room, *pages: Page) -> None:
    """Each page is where a fresh one is: nothing lost, nothing doubled, the order kept."""
    head = room.server.pen("fresh")["answer"]
    while head["more"]:
        head = room.server.pen("fresh", after=head["sequence"])["answer"]
    fresh = browser.new_context(timezone_id="Asia/Kolkata", locale="en-IN").new_page()
    for page in pages:
        expect(page.locator("#live")).to_have_attribute("data-sequence", str(head["sequence"]), timeout=30000)
        page.locator("#pill").evaluate("pill => pill.click()")
        page.evaluate("scrollTo(0, 0)")
        page.wait_for_timeout(500)
    fresh.goto(f"{room.url}/events/call/")
    expect(fresh.locator(".ago").first).to_be_attached()
    canonical = posts_of(fresh)
    for page in pages:
        seen = posts_of(page)
        assert seen[: len(canonical)] == canonical
        assert len({post for post, _order, _version in seen}) == len(seen), "doubled"
        assert [order for _post, order, _version in seen] == sorted((row[1] for row in seen), reverse=True)
        assert parts_of(page) == parts_of(fresh)
    fresh.context.close()


def open_page(page: Page, room: Room) -> None:
    page.goto(f"{room.url}/events/call/")
    expect(page.locator(".ago").first).to_be_attached()


def cut_often(room: Room) -> None:
    for _time in range(4):
        room.line.cut()
        time.sleep(0.5)


def refuse_upgrade(room: Room) -> None:
    room.line.refusal = 426
    room.line.cut()
    # It comes back with jitter, and ever more seldom.
    limit = time.monotonic() + 30
    while not room.line.refused:
        assert time.monotonic() < limit, "no socket was tried"
        time.sleep(0.1)
    time.sleep(2)


def swallow(room: Room) -> None:
    room.line.black_hole()
    time.sleep(3)


def cut_idle(room: Room) -> None:
    room.line.idle = 0.5
    time.sleep(4)


def out_of_reach(room: Room) -> None:
    room.line.down()
    time.sleep(3)
    room.line.up()


def kill_redis(room: Room) -> None:
    room.redis.kill()
    time.sleep(2)
    room.redis.restart()


def freeze_redis(room: Room) -> None:
    room.redis.freeze()
    time.sleep(3)
    room.redis.thaw()


def kill_tasks(room: Room) -> None:
    room.server.pen("kill_tasks")
    time.sleep(2)


def kill_server(room: Room) -> None:
    room.server.kill()
    room.server.restart()


def deploy(room: Room) -> None:
    assert room.server.terminate() == 0
    room.server.restart()


def lose_postgres(room: Room) -> None:
    room.postgres.down()
    time.sleep(2)
    room.postgres.up()


FAULTS: list[Callable[[Room], None]] = [
    cut_often,
    refuse_upgrade,
    swallow,
    cut_idle,
    out_of_reach,
    kill_redis,
    freeze_redis,
    kill_tasks,
    kill_server,
    deploy,
    lose_postgres,
]


@pytest.mark.slow_fault
@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.__name__)
def test_a_browser_lives_through(fault: Callable[[Room], None], room: Room, page: Page, browser: Browser):
    open_page(page, room)
    with posting(room.server, may_fail=fault in (kill_server, deploy, lose_postgres)):
        try:
            fault(room)
        finally:
            room.line.clear()
        time.sleep(0.5)
    ends_as_fresh(browser, room, page)


@pytest.mark.slow_fault
def test_a_browser_behind_a_proxy_that_buffers_polls(room: Room, page: Page, browser: Browser):
    open_page(page, room)
    cut, polls, tries = time.monotonic(), [], []
    page.on("response", lambda answer: polls.append(time.monotonic() - cut) if "/updates/?" in answer.url else None)
    page.on("websocket", lambda socket: tries.append(socket.url))
    with posting(room.server):
        try:
            # The handshake passes, and then not one frame.
            room.line.hold = 10_000_000
            room.line.cut()
            cut = time.monotonic()
            # A socket is given up that has said nothing for so long, and another is tried.
            limit = cut + 60
            while len(tries) < 2 or not polls or polls[-1] < HELLO:
                assert time.monotonic() < limit, (polls, tries)
                page.wait_for_timeout(200)
            # By polling alone it comes to what was posted since.
            late = room.server.pen("publish", headline="While nothing came through")["sequence"]
            page.wait_for_function(
                "late => Number(document.querySelector('#live').dataset.sequence) >= late", arg=late, timeout=30000
            )
        finally:
            room.line.clear()
    ends_as_fresh(browser, room, page)


def test_a_browser_offline_for_a_while(line: Line, room: Room, page: Page, browser: Browser):
    open_page(page, room)
    withdrawn = room.server.pen("publish", headline="Withdrawn while nobody could hear it: mackerel")["post"]
    expect(page.locator("#pill")).to_be_visible()
    with posting(room.server):
        line.cut()
        room.server.pen("withdraw", post=withdrawn)
        time.sleep(2)
        line.mend()
    ends_as_fresh(browser, room, page)
    assert "mackerel" not in page.content()


def test_a_tab_in_the_background_is_right_when_it_is_shown(room: Room, page: Page, browser: Browser):
    open_page(page, room)
    with posting(room.server):
        page.evaluate(HIDE, True)
        time.sleep(1)
        room.line.cut()
        time.sleep(1.5)
        page.evaluate(HIDE, False)
    ends_as_fresh(browser, room, page)


@pytest.mark.slow_fault
def test_two_tabs_of_one_browser_are_right_both(room: Room, page: Page, browser: Browser):
    other = page.context.new_page()
    for tab in (page, other):
        open_page(tab, room)
    with posting(room.server):
        cut_often(room)
        other.evaluate(HIDE, True)
        time.sleep(1)
        other.evaluate(HIDE, False)
    ends_as_fresh(browser, room, page, other)


def test_an_event_that_goes_private_stops_the_page(server: Server, page: Page):
    server.pen("publish", headline="Said in public")
    page.clock.install()
    follow(page, server)
    page.evaluate("addEventListener('lb:ended', e => { window.gone = e.detail.gone })")
    server.pen("change", fields={"visibility": "private"})
    page.wait_for_function("() => window.gone")
    asked: list[str] = []
    page.on("websocket", lambda socket: asked.append(socket.url))
    page.on("request", lambda request: asked.append(request.url))
    # Long enough for each of its timers: to come back, to poll, to be patient with a full server.
    page.clock.fast_forward("10:00")
    # Whatever they ask for is asked before this.
    page.evaluate("() => fetch('/healthz').then(answer => answer.text())")
    assert asked == [f"{server.url}/healthz"], "it came back for what is gone"
