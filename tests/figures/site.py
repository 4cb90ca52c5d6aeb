"""The site as production serves it, with a pen: collected files, no DEBUG, an event with something of everything."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

from tests import measure, processes
from tests.command import manage
from tests.services import chromium

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync"]  # fmt: skip
#: What a page begins with.
POSTS = 25
BODY = "The presidents are on the line, and both sides say that they speak of ships, of grain and of power plants. " * 6


@contextmanager
def site() -> Iterator[processes.Server]:
    """A server with a pen and the event `call`: posts, key events, a summary, a pinned post."""
    with tempfile.TemporaryDirectory() as folder, processes.migrated() as empty, processes.copied(empty) as database:
        production = {"DEBUG": "false", "SECRET_KEY": "for-figures-alone", "STATIC_ROOT": folder}
        done = manage("collectstatic", "--noinput", "-v0", DATABASE_URL=database, **production)
        assert done.returncode == 0, done.stderr
        with processes.newsroom(database, ALLOWED_HOSTS="127.0.0.1", **production) as server:
            posts = [publish(server, f"What was said in minute {number} of the call") for number in range(POSTS)]
            for post in posts[::4]:
                server.pen("mark", post=post, key_event=True)
            server.pen("summarise", text="The two are on the line, and it goes well.")
            server.pen("pin", post=posts[-3])
            yield server


def publish(server: processes.Server, headline: str) -> str:
    """Publish a post of some lines; its id."""
    post: str = server.pen("publish", headline=headline, body=BODY)["post"]
    return post


@contextmanager
def chrome() -> Iterator[Browser]:
    """The browser in which all is measured."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        yield browser
        browser.close()


def open_page(browser: Browser, width: int = 1280, height: int = 800, **how: Any) -> Page:
    """A tab of its own, in which everything is measured that is opened."""
    page = browser.new_context(viewport={"width": width, "height": height}, **how).new_page()
    measure.watch(page)
    return page


def follow(page: Page, server: processes.Server) -> None:
    """Open the live page and wait for its socket: the server's clock is the first thing that it tells."""
    page.goto(f"{server.url}/events/call/")
    page.locator(".ago").first.wait_for(state="attached")
