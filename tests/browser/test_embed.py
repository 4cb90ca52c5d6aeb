"""The embed on another host: plain, by element, in a sandbox, in company and out of sight."""

import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
from playwright.sync_api import FrameLocator, Page, expect

from tests import processes
from tests.processes import Process, Server
from tests.services import free_port

Serve = Callable[[str], str]


@pytest.fixture(scope="module")
def server(shared_database: str) -> Iterator[Server]:
    """A newsroom with one live event."""
    with processes.newsroom(shared_database) as server:
        yield server


@pytest.fixture(scope="module")
def partner(server: Server) -> Iterator[Process]:
    """The example page of a partner, on another host than the newsroom."""
    port = free_port()
    command = [
        sys.executable,
        "manage.py",
        "partner_page",
        "--event",
        "call",
        "--port",
        str(port),
        "--site",
        server.url,
    ]
    process = Process(command, port, server.env)
    process.start()
    process.wait_ready()
    process.url = f"http://localhost:{port}"
    yield process
    assert process.terminate() == 0
    process.close()


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Put HTML on a partner's host; return its address."""
    shown = b""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(shown)

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    host = ThreadingHTTPServer(("localhost", 0), Handler)
    Thread(target=host.serve_forever, daemon=True).start()

    def put(html: str) -> str:
        nonlocal shown
        shown = f"<!doctype html><link rel=icon href=data:,>{html}".encode()
        return f"http://localhost:{host.server_port}/"

    yield put
    host.shutdown()
    host.server_close()


def three(page: Page) -> list[FrameLocator]:
    """The example page's embeds: plain, by element, in a sandbox."""
    return [page.frame_locator(name) for name in ("#plain", "#element iframe", "#sandboxed")]


def show(page: Page) -> None:
    """Bring every embed on the screen once, so that lazy ones load, then all of them together."""
    page.set_viewport_size({"width": 1280, "height": 3000})


def complaints(page: Page) -> list[str]:
    """Everything that the browser's console holds against us, from now on."""
    heard: list[str] = []
    page.on("console", lambda message: heard.append(message.text) if message.type == "error" else None)
    return heard


def test_a_post_and_its_withdrawal_reach_all_three(page: Page, server: Server, partner: Process):
    heard = complaints(page)
    server.pen("publish", headline="Already there")
    page.goto(partner.url)
    show(page)
    for frame in three(page):
        expect(frame.get_by_role("heading", name="Already there")).to_be_visible()
        # By the server's clock, which a sandbox would hide.
        expect(frame.locator(".when small").first).to_be_visible()
    post = server.pen("publish", headline="Just in", body="Canary in the body.")["post"]
    for frame in three(page):
        expect(frame.locator("#pill")).to_have_text(re.compile("^1 new update"), timeout=2000)
        frame.locator("#pill").click()
        expect(frame.get_by_role("heading", name="Just in")).to_be_visible()
    server.pen("revise", post=post, headline="Just in, and better", body="Canary in the body.")
    for frame in three(page):
        expect(frame.get_by_role("heading", name="Just in, and better")).to_be_visible(timeout=2000)
    server.pen("withdraw", post=post)
    for frame in three(page):
        expect(frame.get_by_text("Canary")).to_have_count(0, timeout=2000)
        expect(frame.get_by_role("heading", name="Just in")).to_have_count(0)
    assert heard == []


def test_it_reads_well_where_no_script_runs(page: Page, server: Server, serve: Serve):
    server.pen("publish", headline="Without script")
    page.goto(serve(f'<iframe src="{server.url}/embed/call/" sandbox title="Live"></iframe>'))
    frame = page.frame_locator("iframe")
    expect(frame.get_by_role("heading", name="Without script")).to_be_visible()
    expect(frame.locator("#pill")).to_be_hidden()


def test_a_mistaken_address_leaves_the_partners_link(page: Page, server: Server, serve: Serve):
    elements = "".join(
        f'<live-blog src="{src}"><a href="/">Follow live</a></live-blog>'
        for src in ("", "javascript:alert(1)", f"{server.url}/admin/", "http://", "events")
    )
    page.goto(serve(f'<script src="{server.url}/embed/v1.js"></script>{elements}'))
    expect(page.get_by_role("link", name="Follow live")).to_have_count(5)
    expect(page.locator("iframe")).to_have_count(0)


def test_two_on_a_page_that_builds_itself(page: Page, server: Server, serve: Serve):
    sockets: list[str] = []
    page.on("websocket", lambda socket: sockets.append(socket.url))
    element = f'<live-blog src="{server.url}/events/call/" height="400"><a href="/">Follow live</a></live-blog>'
    script = f'<script async src="{server.url}/embed/v1.js"></script>'
    # Twice, as pages with several embeds do.
    page.goto(serve(f"{script}<div id=a>{element}</div><div id=b></div>{script}"))
    page.evaluate("b.append(a.firstChild.cloneNode(true))")
    server.pen("publish", headline="For both")
    for box in ("#a", "#b"):
        expect(page.frame_locator(f"{box} iframe").locator("#posts")).to_be_attached()
        assert page.locator(f"{box} iframe").bounding_box()["height"] == 400
        assert page.locator(f"{box} iframe").get_attribute("title") == "Follow live"
    page.wait_for_timeout(500)
    assert len(sockets) == 2
    page.evaluate("window.kept = a.firstChild; kept.remove()")
    expect(page.locator("iframe")).to_have_count(1)
    page.evaluate("a.append(kept)")
    expect(page.locator("iframe")).to_have_count(2)
    page.evaluate("kept.setAttribute('height', '300'); kept.setAttribute('theme', 'dark')")
    expect(page.frame_locator("#a iframe").locator("html")).to_have_attribute("data-theme", "dark")
    assert page.locator("#a iframe").bounding_box()["height"] == 300


def test_wordpress_hears_height_and_link(page: Page, server: Server, serve: Serve):
    server.pen("publish", headline="For WordPress")
    page.goto(serve("<body><script>heard = []; addEventListener('message', (e) => heard.push(e.data))</script><p></p>"))
    src = f"{server.url}/embed/call/#?secret=abc123"
    page.evaluate(
        f"document.body.insertAdjacentHTML('beforeend', '<iframe sandbox=allow-scripts src={src} height=600></iframe>')"
    )
    page.wait_for_function("heard.some((data) => data.message === 'height')")
    height = page.evaluate("heard.find((data) => data.message === 'height')")
    assert height["secret"] == "abc123"
    assert 200 <= height["value"] <= 1000
    page.frame_locator("iframe").get_by_role("link", name=re.compile("whole|full", re.I)).first.click()
    page.wait_for_function("heard.some((data) => data.message === 'link')")
    link = page.evaluate("heard.find((data) => data.message === 'link')")
    assert link == {"message": "link", "value": f"{server.url}/events/call/", "secret": "abc123"}


def test_auto_height_follows_the_words_and_the_pill_is_the_partners(page: Page, server: Server, serve: Serve):
    script = f'<script src="{server.url}/embed/v1.js"></script>'
    page.goto(serve(f'{script}<live-blog mode="auto" posts="1" src="{server.url}/events/call/"></live-blog>'))
    frame, element = page.frame_locator("iframe"), page.locator("iframe")
    fits = "Math.abs(document.querySelector('live-blog').shadowRoot.querySelector('iframe').offsetHeight - {}) <= 2"
    expect(frame.locator("#posts")).to_be_attached()
    page.wait_for_timeout(300)
    tall = frame.locator("body").evaluate("body => Math.ceil(body.getBoundingClientRect().height)")
    page.wait_for_function(fits.format(tall))
    server.pen("publish", headline="Taller", body="A line of words. " * 60)
    pill = page.locator("live-blog button")
    expect(pill).to_have_text("1 new update")
    pill.click()
    expect(frame.get_by_role("heading", name="Taller")).to_be_visible()
    expect(pill).to_be_hidden()
    page.wait_for_timeout(300)
    assert element.bounding_box()["height"] > tall + 50


def test_at_auto_height_whatever_waits_is_offered_in_its_words(page: Page, server: Server, serve: Serve):
    server.pen("publish", headline="Already there")
    script = f'<script src="{server.url}/embed/v1.js"></script>'
    page.goto(serve(f'{script}<live-blog mode="auto" src="{server.url}/events/call/"></live-blog>'))
    page.evaluate("counts = []; addEventListener('lb:count', (e) => counts.push(e.detail.count))")
    frame, pill = page.frame_locator("iframe"), page.locator("live-blog button")
    expect(frame.locator("#live.on")).to_be_attached()
    # Neither is counted.
    server.pen("publish", headline="Long ago", kind="background")
    expect(pill).to_have_text("New background")
    server.pen("summarise", text="They speak. " * 20)
    expect(pill).to_have_text("New background, new summary")
    server.pen("publish", headline="News")
    expect(pill).to_have_text("1 new update, new summary")
    pill.click()
    expect(frame.get_by_role("heading", name="Long ago")).to_be_visible()
    expect(frame.get_by_text("They speak. They speak.")).to_be_visible()
    expect(pill).to_be_hidden()
    assert page.evaluate("counts") == [1, 0]


def test_at_auto_height_what_is_read_stays_where_it_is(page: Page, server: Server, serve: Serve):
    posts = server.pen("publish_many", count=10, body="A line of words. " * 40)["posts"]
    script = f'<script src="{server.url}/embed/v1.js"></script>'
    element = f'<live-blog mode="auto" src="{server.url}/events/call/"></live-blog>'
    page.goto(serve(f'{script}<p style="height: 300px"></p>{element}<p style="height: 3000px"></p>'))
    frame = page.frame_locator("iframe")
    expect(frame.locator("#live.on")).to_be_attached()
    page.wait_for_timeout(300)
    read = frame.locator(f'[data-post="{posts[4]}"] h3')

    def top() -> float:
        """Where the heading stands that is being read, once all is quiet."""
        page.wait_for_timeout(300)
        return read.bounding_box()["y"]

    page.evaluate(f"scrollBy(0, {top() - 100})")
    before = top()
    assert abs(before - 100) <= 1
    server.pen("summarise", text="Both have said what they want. " * 9)
    expect(frame.get_by_text("Both have said")).to_be_attached()
    assert abs(top() - before) <= 1
    server.pen("revise", post=posts[8], headline="Longer", body="A line of words. " * 120)
    expect(frame.get_by_role("heading", name="Longer")).to_be_attached()
    assert abs(top() - before) <= 1
    server.pen("withdraw", post=posts[7])
    expect(frame.locator(f'[data-post="{posts[7]}"].tombstone')).to_be_attached()
    assert abs(top() - before) <= 1
    # Below, nothing is made good for.
    server.pen("revise", post=posts[2], headline="Shorter", body="Short.")
    expect(frame.get_by_role("heading", name="Shorter")).to_be_attached()
    assert abs(top() - before) <= 1
    server.pen("publish", headline="On top")
    page.locator("live-blog button").click()
    expect(frame.get_by_role("heading", name="On top")).to_be_in_viewport()


def test_it_believes_no_message_but_its_own(page: Page, server: Server, serve: Serve):
    script = f'<script src="{server.url}/embed/v1.js"></script>'
    page.goto(serve(f'{script}<live-blog mode="auto" src="{server.url}/events/call/"></live-blog>'))
    expect(page.frame_locator("iframe").locator("#posts")).to_be_attached()
    page.wait_for_timeout(500)
    before = page.locator("iframe").bounding_box()["height"]
    for data in ("{lb: 1, type: 'height', height: 3000}", "{lb: 1, type: 'count', count: 7, label: 'Lies'}", "null"):
        page.evaluate(f"postMessage({data}, '*')")
    page.wait_for_timeout(200)
    assert page.locator("iframe").bounding_box()["height"] == before
    expect(page.get_by_text("Lies")).to_have_count(0)


def test_it_sleeps_while_unseen_and_catches_up_when_seen(page: Page, server: Server, serve: Serve):
    sockets = []
    page.on("websocket", lambda socket: sockets.append(socket))
    page.clock.install()
    src = f"{server.url}/embed/call/"
    page.goto(serve(f'<iframe src="{src}" height="500" title="Live"></iframe><p style="height:5000px"></p>'))
    frame = page.frame_locator("iframe")
    expect(frame.locator("#posts")).to_be_attached()
    page.wait_for_timeout(1000)
    assert len(sockets) == 1
    page.evaluate("scrollTo(0, 5000)")
    page.wait_for_timeout(500)
    page.clock.fast_forward(35_000)
    page.wait_for_timeout(500)
    assert all(socket.is_closed() for socket in sockets)
    server.pen("publish", headline="While away")
    page.evaluate("scrollTo(0, 0)")
    expect(frame.locator("#pill")).to_have_text("1 new update", timeout=5000)


def test_a_taken_port_is_one_sentence(partner: Process):
    command = [sys.executable, "manage.py", "partner_page", "--port", str(partner.port)]
    done = subprocess.run(command, cwd=processes.ROOT, env=partner.env, capture_output=True, text=True, timeout=30)
    assert done.returncode == 2
    assert done.stderr.strip() == (
        f"Port {partner.port} is in use: the partner's example page cannot be served there. "
        "Give it another with PARTNER_PORT."
    )
