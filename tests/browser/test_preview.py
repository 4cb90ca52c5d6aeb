"""The preview: the composer's words in the readers' own template, at two widths."""

import pytest
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


def test_an_empty_composer_is_told_so(desk: Page):  # noqa: F811
    desk.get_by_role("button", name="Preview").click()
    expect(desk.get_by_role("alert")).to_contain_text("this post is empty")
    expect(desk.locator("#preview")).to_be_hidden()
