"""A real browser for the tests beside this file."""

import os
import time
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.management import CommandError
from django.test import TransactionTestCase
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests import processes
from tests.browser.newsroom import Line, Publish, Show, follow
from tests.browser.wire import Wire
from tests.services import headless

# Playwright's own loop runs in this thread; Django would take us for a coroutine.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
# Milliseconds until what is expected counts as not come: much else may run beside us.
expect.set_options(timeout=15_000)


@pytest.fixture(scope="session", autouse=True)
def emptied_in_the_end() -> Iterator[None]:
    """A request that a closed page left behind may hold a table while the database is emptied: once more then."""
    empty = TransactionTestCase._fixture_teardown

    def again(case: TransactionTestCase) -> None:
        for _time in range(3):
            try:
                return empty(case)
            except CommandError:
                time.sleep(1)
        return empty(case)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", again)
        yield


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for all tests."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=headless(), args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def errors() -> list[str]:
    """What the page complained of; no test may end with any."""
    return []


@pytest.fixture
def page(browser: Browser, errors: list[str]) -> Iterator[Page]:
    """A page of its own, in which no script may fail."""
    context = browser.new_context(viewport={"width": 1000, "height": 700}, timezone_id="Asia/Kolkata", locale="en-IN")
    page = context.new_page()
    page.on("pageerror", lambda error: errors.append(str(error)))
    yield page
    context.close()
    assert errors == []


@pytest.fixture
def wire(page: Page) -> Wire:
    """A server made of answers, for faults."""
    return Wire(page)


@pytest.fixture
def still(wire: Wire, page: Page) -> Wire:
    """The same, with a clock that only the test moves, and with dice that show `chance`: a half, until it is set."""
    page.add_init_script("window.chance = 0.5; Math.random = () => window.chance;")
    page.clock.install(time="2025-03-18T15:00:00Z")
    page.clock.pause_at("2025-03-18T15:00:01Z")
    return wire


@pytest.fixture
def server(database: str) -> Iterator[processes.Server]:
    """A newsroom with one live event."""
    with processes.newsroom(database) as server:
        yield server


@pytest.fixture
def publish(server: processes.Server) -> Publish:
    """Publish a post with a body of some lines; its id."""

    def publish(headline: str, **order: Any) -> str:
        body = "The presidents are on the line, and both sides say so. " * 8
        return server.pen("publish", headline=headline, **({"body": body} | order))["post"]

    return publish


@pytest.fixture
def live(server: processes.Server, publish: Publish, page: Page) -> list[str]:
    """The open page with eight posts, its socket up; their ids, oldest first."""
    posts = [publish(f"Post {number}") for number in range(1, 9)]
    follow(page, server)
    return posts


@pytest.fixture
def line(page: Page) -> Line:
    """The way to the server, to be cut."""
    return Line(page)


@pytest.fixture
def show(browser: Browser, transactional_db, live_server) -> Iterator[Show]:
    """Any page of the site, from this process."""
    contexts = []

    def show(path: str, **how) -> Page:
        contexts.append(browser.new_context(**({"viewport": {"width": 1000, "height": 700}} | how)))
        page = contexts[-1].new_page()
        page.goto(live_server.url + path)
        return page

    yield show
    for context in contexts:
        context.close()
