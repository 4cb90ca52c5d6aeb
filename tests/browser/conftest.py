"""A real browser for the tests beside this file."""

import os
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser.wire import Wire
from tests.services import chromium

# Playwright's own loop runs in this thread; Django would take us for a coroutine.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for all tests."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
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
