"""The preview: the composer's words in the readers' own template, at two widths."""

import io

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from events.models import Post
from tests.browser.test_desk import ada, desk, event  # noqa: F401 - fixtures

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_words_are_shown_as_readers_will_see_them(desk: Page):  # noqa: F811
    desk.fill("#headline", "The call goes on")
    desk.keyboard.press("Enter")
    desk.keyboard.type("Both sides say so.")
    desk.get_by_role("button", name="Preview").click()
    shown = desk.frame_locator("#preview-frame")
    expect(shown.locator("article h3")).to_have_text("The call goes on")
    # The readers' own style: tokens and sheet have arrived in the sandbox.
    size = shown.locator("article h3").evaluate("node => parseFloat(getComputedStyle(node).fontSize)")
    assert size > 18
    narrow = desk.locator("#preview-frame").bounding_box()["width"]
    desk.get_by_role("radio", name="Desktop").check()
    assert desk.locator("#preview-frame").bounding_box()["width"] > narrow
    desk.keyboard.press("Escape")
    expect(desk.locator("#preview")).to_be_hidden()
    expect(desk.locator("#headline")).to_have_value("The call goes on")
    assert not Post.objects.exists()


def test_it_is_painted_each_time(desk: Page):  # noqa: F811
    desk.fill("#headline", "The call goes on")
    for _time in range(5):
        desk.get_by_role("button", name="Preview").click()
        expect(desk.frame_locator("#preview-frame").locator("article h3")).to_be_visible()
        desk.wait_for_timeout(300)
        seen = Image.open(io.BytesIO(desk.screenshot(clip=desk.locator("#preview-frame").bounding_box())))
        dark = sum(seen.convert("L").crop((20, 20, 340, 160)).histogram()[:100])
        assert dark > 300
        desk.get_by_role("button", name="Close", exact=True).click()


def test_an_empty_composer_is_told_so(desk: Page):  # noqa: F811
    desk.get_by_role("button", name="Preview").click()
    expect(desk.get_by_role("alert")).to_contain_text("this post is empty")
    expect(desk.locator("#preview")).to_be_hidden()


def test_it_publishes_as_the_composer_does(desk: Page):  # noqa: F811
    desk.fill("#headline", "Seen before it is out")
    desk.get_by_role("button", name="Preview").click()
    expect(desk.frame_locator("#preview-frame").locator("article h3")).to_be_visible()
    dialog = desk.get_by_role("dialog")
    dialog.get_by_role("button", name="Publish", exact=True).click()
    expect(dialog).to_be_hidden()
    expect(desk.locator("#rows h3")).to_have_text("Seen before it is out")
    desk.locator("#rows").get_by_role("button", name="Edit").click()
    expect(desk.locator("#headline")).to_have_value("Seen before it is out")
    desk.get_by_role("button", name="Preview").click()
    expect(dialog.get_by_role("button", name="Revise", exact=True)).to_be_visible()
