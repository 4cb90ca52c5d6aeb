"""How the desk looks, on a phone and on a wide screen, and to axe."""

import os

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from events import publishing
from tests import cast
from tests.browser.test_desk import ada, desk, event  # noqa: F401 - fixtures

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_desk_says_who_would_read_it(desk, event):  # noqa: F811
    expect(desk.locator("#visibility")).to_have_text("Public")
    publishing.change(event, by=None, visibility="private")
    expect(desk.locator("#visibility")).to_have_text("Private: no reader sees this")


def test_the_toast_covers_neither_the_buttons_nor_a_post(desk, event):  # noqa: F811
    desk.set_viewport_size({"width": 360, "height": 640})
    desk.fill("#headline", "Out on a phone")
    desk.keyboard.press("Control+Enter")
    expect(desk.locator("#toast")).to_be_visible()
    boxes = {name: desk.locator(name).bounding_box() for name in ("#toast", ".tabs", "#composer > .send")}
    toast, tabs, bar = boxes.values()
    assert toast["y"] >= tabs["y"] + tabs["height"]
    assert toast["y"] + toast["height"] <= bar["y"]


@pytest.mark.parametrize("width", [360, 1360])
def test_nothing_is_wider_than_the_screen(desk, event, width):  # noqa: F811
    cast.post(event, "Word" * 40, body="<p>" + "long" * 200 + "</p>")
    desk.set_viewport_size({"width": width, "height": 740})
    expect(desk.locator("#rows article")).to_have_count(1)
    for name in ("write", "timeline", "inbox"):
        if width < 700:
            desk.locator(f"[data-tab-to={name}]").click()
        assert desk.evaluate("document.documentElement.scrollWidth") <= width
    if folder := os.environ.get("SHOTS"):
        desk.screenshot(path=f"{folder}/desk-{width}.png")


def test_axe_finds_nothing(desk, event):  # noqa: F811
    cast.post(event, attributions=(publishing.Named(source=cast.scavino(), quote="Well."),))
    publishing.save_draft(event, words=cast.words("A draft"), by=None)
    expect(desk.locator("#rows article")).to_have_count(1)
    desk.keyboard.press("Alt+s")
    found = Axe().run(desk)
    assert found.violations_count == 0, found.generate_report()
