"""What a reader sees before touching anything: the first screen, every width, both schemes."""

import io
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core.management import call_command
from playwright.sync_api import Browser, Page

WIDTHS = (320, 360, 768, 1280)
CALL = "/events/trump-putin-call/"
TRAM = "/events/nawrasan-tram/"


@pytest.fixture
def site(transactional_db, live_server) -> str:
    """The address of a site with both seed events, served by one plain process."""
    call_command("seed", stdout=io.StringIO())
    return live_server.url


@pytest.fixture
def screen(browser: Browser) -> Iterator:
    """Open an address on a screen of its own: `screen(address, 360, 640, "dark")`."""
    contexts = []

    def show(address: str, width: int, height: int, scheme: str = "light") -> Page:
        contexts.append(browser.new_context(viewport={"width": width, "height": height}, color_scheme=scheme))
        page = contexts[-1].new_page()
        page.goto(address)
        return page

    yield show
    for context in contexts:
        context.close()


def test_the_first_screen_tells_the_newest(site: str, screen):
    for path in (CALL, TRAM):
        for width, height in ((360, 640), (1280, 800)):
            page = screen(site + path, width, height)
            for what in (".badge", "h1", ".summary li", "#posts .post h3"):
                box = page.locator(what).first.bounding_box()
                assert box, what
                assert box["y"] + box["height"] <= height, (path, width, what)


def test_no_width_scrolls_sideways(site: str, screen):
    for path in ("/", CALL, TRAM, f"{CALL}?show=key", "/events/none/", "/embed/trump-putin-call/"):
        for width in WIDTHS:
            page = screen(site + path, width, 640)
            assert page.evaluate("document.documentElement.scrollWidth") <= width, (path, width)


def test_axe_finds_nothing(site: str, screen):
    for path in ("/", CALL, TRAM, "/events/none/", "/embed/trump-putin-call/"):
        for width, scheme in ((320, "dark"), (1280, "light")):
            found = Axe().run(screen(site + path, width, 800, scheme))
            assert found.violations_count == 0, f"{path} at {width}: {found.generate_report()}"


def test_every_control_is_large_enough_for_a_thumb(site: str, screen):
    page = screen(site + CALL, 360, 640)
    small = page.evaluate(
        """() => [...document.querySelectorAll("button, summary, .tools a, .tools label, .more, .masthead a")]
            .filter((control) => control.checkVisibility() && control.getBoundingClientRect().height < 38)
            .map((control) => control.textContent.trim())"""
    )
    assert small == []
