"""A browser revises what is public: what kind of change it is, and what stays in sight meanwhile."""

import pytest
from playwright.sync_api import Page, expect

from events.models import Post
from tests import cast
from tests.browser.test_desk import ada, body, desk, event  # noqa: F401 - fixtures

pytestmark = pytest.mark.django_db(transaction=True)

LONG = "".join(f"<p>The {number}th paragraph of a text that fills the screen.</p>" for number in range(4, 24))


def top(page: Page, selector: str) -> float:
    return page.locator(selector).evaluate("(node) => node.getBoundingClientRect().top")


def test_the_text_stays_in_sight_while_the_public_sentence_is_written(desk, event):  # noqa: F811
    cast.post(event, "Seven in London", body=LONG)
    desk.set_viewport_size({"width": 1280, "height": 800})
    desk.locator("#rows").get_by_role("button", name="Correct…").click()
    expect(desk.locator("#headline")).to_have_value("Seven in London")
    before = top(desk, "#headline")
    desk.locator("#note").click()
    desk.keyboard.type("We said London; it is Delhi.")
    assert abs(top(desk, "#headline") - before) < 2
    expect(desk.locator("#headline")).to_be_in_viewport(ratio=1)


def test_what_is_refused_moves_no_text_either(desk, event):  # noqa: F811
    cast.post(event, "Seven in London", body=LONG)
    desk.set_viewport_size({"width": 1280, "height": 800})
    desk.locator("#rows").get_by_role("button", name="Edit").click()
    expect(desk.locator("#headline")).to_have_value("Seven in London")
    desk.fill("#headline", "Eight in London")
    desk.get_by_role("radio", name="Correction").check()
    before = top(desk, "#headline")
    desk.keyboard.press("Control+Enter")
    expect(desk.locator("#trouble")).to_be_visible()
    expect(desk.locator("#note")).to_be_focused()
    assert abs(top(desk, "#headline") - before) < 2


@pytest.mark.parametrize("height", [740, 400])
def test_on_a_phone_a_correction_begins_with_its_sentence(desk, event, height):  # noqa: F811
    cast.post(event, "Seven in London", body=LONG)
    desk.set_viewport_size({"width": 360, "height": height})
    desk.locator("[data-tab-to=timeline]").click()
    desk.locator("#rows").get_by_role("button", name="Correct…").click()
    expect(desk.locator("#note")).to_be_visible()
    assert top(desk, "#note") < top(desk, "#headline")
    desk.locator("#note").fill("We said London; it is Delhi.")
    desk.locator("#publish").scroll_into_view_if_needed()
    desk.locator("#publish").click()
    expect(desk.locator("#toast")).to_be_visible()


def test_spelling_is_called_a_guess_until_one_is_chosen(desk, event):  # noqa: F811
    cast.post(event, "Seven in London")
    guess, kinds = desk.get_by_text("Taken for spelling until you choose"), desk.locator("#changes")
    desk.locator("#rows").get_by_role("button", name="Edit").click()
    expect(desk.locator("#headline")).to_have_value("Seven in London")
    expect(guess).to_be_visible()
    expect(kinds).to_have_class("changes proposed")
    desk.get_by_role("radio", name="Addition").check()
    expect(guess).to_be_hidden()
    desk.get_by_role("radio", name="Spelling").check()
    desk.fill("#headline", "Seven in  London")
    expect(desk.locator("#kept")).to_contain_text("Autosaved")
    desk.reload()
    expect(desk.locator("#headline")).to_have_value("Seven in  London")
    expect(kinds).to_have_class("changes")
    expect(guess).to_be_hidden()


def test_leaving_a_post_as_it_was_is_called_stop_editing(desk, event):  # noqa: F811
    cast.post(event, "Seven in London")
    desk.locator("#rows").get_by_role("button", name="Edit").click()
    expect(desk.locator("#headline")).to_have_value("Seven in London")
    desk.fill("#headline", "Eight in London")
    desk.get_by_role("button", name="Stop editing").click()
    desk.get_by_role("dialog", name="Drop your changes?").get_by_role("button", name="Drop my changes").click()
    expect(desk.locator("#composer-title")).to_have_text("New post")
    expect(desk.locator("#headline")).to_have_value("")


def test_what_was_refused_is_said_no_longer_once_it_is_mended(desk):  # noqa: F811
    trouble = desk.locator("#trouble")
    desk.keyboard.press("Control+Enter")
    expect(trouble).to_contain_text("empty")
    desk.locator("#headline").focus()
    desk.keyboard.type("The call")
    expect(trouble).to_be_hidden()
    desk.keyboard.press("Alt+s")
    desk.keyboard.type("Nobody known")
    desk.keyboard.press("Control+Enter")
    expect(trouble).to_contain_text("A source is not finished")
    desk.locator("[data-find]").press("End")
    desk.keyboard.type(" yet")
    expect(trouble).to_be_visible()
    desk.get_by_role("button", name="Take this source out").click()
    expect(trouble).to_be_hidden()


def test_of_a_post_that_is_a_headline_alone_the_headline_is_changed(desk, event):  # noqa: F811
    cast.post(event, "Seven in London", body="")
    desk.locator("#rows").get_by_role("button", name="Correct…").click()
    expect(desk.locator("#headline")).to_have_value("Seven in London")
    expect(desk.locator("#headline")).to_be_focused()


def test_the_box_for_a_link_is_seen_and_asks_for_an_address_alone(desk):  # noqa: F811
    body(desk).click()
    desk.keyboard.type("Read it here")
    desk.keyboard.press("Control+a")
    desk.locator(".prose-menubar").get_by_role("button", name="Link").first.click()
    box = desk.locator(".prose-editor-dialog")
    assert box.evaluate("(node) => getComputedStyle(node).backgroundColor") == "rgb(255, 255, 255)"
    expect(box.locator("input:visible")).to_have_count(1)
    box.locator("input:visible").fill("www.example.org/page")
    desk.keyboard.press("Enter")
    desk.keyboard.press("Control+Enter")
    expect(desk.locator("#rows article")).to_have_count(1)
    assert '<a href="https://www.example.org/page"' in Post.objects.get().html
