"""A real browser before a real server: gone into the history and back, in a black hole, in two tabs."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests import processes
from tests.browser.newsroom import Publish, follow
from tests.proxy import Proxy
from tests.services import chromium

#: Seconds of the tests' pulse.
PULSE = 0.5


@pytest.fixture
def server(database: str) -> Iterator[processes.Server]:
    """A newsroom with one live event and a quick pulse."""
    with processes.newsroom(database, PEN_PULSE_SECONDS=str(PULSE)) as server:
        yield server


@pytest.fixture
def kept(browser: Browser) -> Iterator[Page]:
    """A page of a browser that keeps the pages in its history alive; Playwright's own is told not to."""
    unlike = ["--disable-back-forward-cache"]
    own = browser.browser_type.launch(
        executable_path=chromium(),
        args=["--no-sandbox", "--enable-features=BackForwardCache"],
        ignore_default_args=unlike,
    )
    yield own.new_page()
    own.close()


def shown(page: Page) -> list[str]:
    """The ids of the posts, from the top."""
    return page.locator("#posts [data-post]").evaluate_all("all => all.map(post => post.dataset.post)")


def test_r9_back_from_the_history_it_is_the_page_of_now(server: processes.Server, publish: Publish, kept: Page):
    posts = [publish(f"Post {number}") for number in range(1, 4)]
    follow(kept, server)
    kept.evaluate("addEventListener('pageshow', e => { window.persisted = e.persisted })")
    kept.evaluate("address => { location.href = address }", f"{server.url}/")
    kept.wait_for_url(f"{server.url}/")
    server.pen("withdraw", post=posts[1])
    new = publish("While away")
    kept.evaluate("history.back()")
    kept.wait_for_function("window.persisted === true")
    expect(kept.locator("#pill")).to_have_text("1 new update", timeout=3000)
    expect(kept.locator(f"#p-{posts[1]}")).to_contain_text("This post was withdrawn.")
    # The socket is back as well.
    publish("Later")
    expect(kept.locator("#pill")).to_have_text("2 new updates", timeout=3000)
    kept.locator("#pill").click()
    assert shown(kept)[1] == new


def test_a_page_of_an_older_release_can_be_left_and_come_back_to(
    server: processes.Server, publish: Publish, kept: Page
):
    publish("Post 1")
    body = kept.request.get(f"{server.url}/events/call/").text()
    old = body.replace('data-release="', 'data-release="old')
    assert old != body
    kept.route("**/events/call/", lambda route: route.fulfill(body=old, content_type="text/html; charset=utf-8"))
    follow(kept, server)
    kept.evaluate("address => { location.href = address }", f"{server.url}/")
    kept.wait_for_url(f"{server.url}/")
    expect(kept.locator("#live")).to_have_count(0)
    publish("Post 2")
    kept.evaluate("history.back()")
    expect(kept.locator("#pill")).to_have_text("1 new update", timeout=5000)


def test_r9_a_black_hole_is_left_for_a_line_that_works(server: processes.Server, publish: Publish, page: Page):
    page.add_init_script("Math.random = () => 0.1;")
    publish("Post 1")
    sockets: list[object] = []
    page.on("websocket", lambda socket: sockets.append(socket))
    with Proxy(server.port) as line:
        page.goto(f"{line.url}/events/call/")
        expect(page.locator(".ago").first).to_be_attached()
        assert len(sockets) == 1
        line.black_hole()
        publish("Post 2")
        line.clear()
        expect(page.locator("#pill")).to_have_text("1 new update", timeout=8000)
        assert len(sockets) == 2


def test_r9_two_tabs_of_one_page_both_become_the_page_of_now(
    server: processes.Server, publish: Publish, page: Page, errors: list[str]
):
    posts = [publish(f"Post {number}") for number in range(1, 4)]
    other = page.context.new_page()
    other.on("pageerror", lambda error: errors.append(str(error)))
    for tab in (page, other):
        follow(tab, server)
    new = publish("For both")
    server.pen("revise", post=posts[0], headline="Other", body="Other words.")
    for tab in (page, other):
        expect(tab.locator("#pill")).to_have_text("1 new update")
        expect(tab.locator(f"#p-{posts[0]}")).to_contain_text("Other words.")
    page.locator("#pill").click()
    # What one tab shows is no business of the other.
    expect(other.locator("#pill")).to_have_text("1 new update")
    other.locator("#pill").click()
    assert shown(page) == shown(other) == [new, *reversed(posts)]
