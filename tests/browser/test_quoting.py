"""A quotation at the desk: led to its speaker, written first, and nothing moves while it is written."""

import pytest
from playwright.sync_api import expect

from events.models import Post
from tests import cast
from tests.browser.test_desk import ada, body, desk, event  # noqa: F401 - fixtures

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_quotation_in_the_text_is_led_to_its_speaker(desk):  # noqa: F811
    body(desk).click()
    desk.keyboard.type("We are near.")
    desk.get_by_role("radio", name="Quote").check()
    desk.get_by_role("button", name="Move the text into “Quotation”").click()
    expect(desk.get_by_label("Quotation")).to_have_value("We are near.")
    expect(desk.locator("[data-find]")).to_be_focused()
    expect(body(desk)).to_have_text("")
    hint = desk.locator("#quote-hint")
    expect(hint).to_have_text("What was said goes into “Quotation”. The page adds the marks and the name.")
    expect(desk.locator("#make-quote")).to_be_hidden()


@pytest.mark.parametrize("width", [1280, 360])
def test_a_quotation_comes_first_and_nothing_moves_while_it_is_written(desk, event, width):  # noqa: F811
    desk.set_viewport_size({"width": width, "height": 800})
    text, quotation = body(desk), desk.get_by_label("Quotation")
    chips = desk.locator("#kinds").bounding_box()
    expect(desk.locator("#kind-says")).to_have_text("Guessed from what you write, until you choose.")
    desk.fill("#headline", "Going well")
    text.click()
    desk.keyboard.type("He said it on Sunday.")
    desk.get_by_role("radio", name="Quote").check()
    expect(desk.locator("#kind-says")).to_have_text("")
    assert desk.locator("#kinds").bounding_box() == chips
    assert quotation.bounding_box()["y"] < text.bounding_box()["y"]
    hint, move = desk.locator("#quote-hint"), desk.locator("#make-quote")
    expect(hint).to_contain_text("Readers do not see this as a quotation yet")
    expect(move).to_be_visible()
    quotation.focus()
    places = [quotation.bounding_box(), text.bounding_box()]
    desk.keyboard.type("We are near.")
    expect(hint).not_to_contain_text("yet")
    expect(move).to_be_hidden()
    assert [quotation.bounding_box(), text.bounding_box()] == places
    # Tab follows, and what was typed stays with any kind, and over a reload.
    desk.focus("#headline")
    desk.keyboard.press("Tab")
    expect(desk.locator("#add-source")).to_be_focused()
    for _time in range(2):
        desk.get_by_role("radio", name="Analysis").check()
        assert text.bounding_box()["y"] < quotation.bounding_box()["y"]
        desk.get_by_role("radio", name="Quote").check()
        expect(text).to_have_text("He said it on Sunday.")
        expect(quotation).to_have_value("We are near.")
        expect(desk.locator("#kept")).to_contain_text("Autosaved")
        desk.reload()
        expect(text).to_have_text("He said it on Sunday.")
        assert quotation.bounding_box()["y"] < text.bounding_box()["y"]
    cast.scavino()
    desk.locator("[data-find]").fill("scav")
    desk.get_by_role("option", name="Dan Scavino").click()
    text.click()
    desk.keyboard.type(" Twice.")
    desk.keyboard.press("Control+Enter")
    expect(desk.locator("#rows article")).to_have_count(1)
    post = Post.objects.get(state="published")
    assert "Twice." in post.html and post.attributions.get().quote == "We are near."
    # The next one is a text of its own, in its own order.
    assert text.bounding_box()["y"] < desk.locator("#add-source").bounding_box()["y"]


def test_a_guessed_quotation_moves_nothing(desk):  # noqa: F811
    desk.keyboard.press("Alt+s")
    quotation = desk.get_by_label("Quotation")
    quotation.focus()
    places = [quotation.bounding_box(), body(desk).bounding_box()]
    desk.keyboard.type("We are near.")
    expect(desk.get_by_role("radio", name="Quote")).to_be_checked()
    expect(quotation).to_be_focused()
    assert [quotation.bounding_box(), body(desk).bounding_box()] == places
