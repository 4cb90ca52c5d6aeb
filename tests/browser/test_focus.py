"""By the keyboard: after each deed and each dialog the focus is somewhere, and on a narrow window that is in sight."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from events import publishing
from events.publishing import Line, Named
from tests import cast
from tests.browser.test_desk import ada, desk, event  # noqa: F401 - fixtures

pytestmark = pytest.mark.django_db(transaction=True)


def steer(page: Page, verb: str):
    """A button of the header, once the desk has heard that it is wanted."""
    button = page.locator(f".steer [data-steer={verb}]")
    expect(button).to_be_visible()
    return button


def walk_to(page: Page, post) -> None:
    """To a post of the timeline, the newest."""
    page.locator(f"#row-{post.pk}").wait_for(state="attached")
    page.keyboard.press("Alt+t")
    expect(page.locator(f"#row-{post.pk}")).to_be_focused()


def narrow(page: Page) -> None:
    """A window at twice the size of its letters: three parts, of which one is in sight."""
    page.set_viewport_size({"width": 600, "height": 500})


def test_pause_and_go_live_take_each_others_place(desk, event):  # noqa: F811
    steer(desk, "pause").press("Enter")
    desk.keyboard.type("Back at six.")
    desk.locator("#ask-yes").press("Enter")
    expect(steer(desk, "open")).to_be_focused()
    desk.keyboard.press("Enter")
    expect(steer(desk, "pause")).to_be_focused()


def test_after_the_end_the_desk_has_the_focus(desk, event):  # noqa: F811
    steer(desk, "end").press("Enter")
    expect(desk.locator("#ending")).to_be_visible()
    desk.locator("#ending-yes").press("Enter")
    expect(desk.locator("#to-article")).to_be_focused()
    desk.keyboard.press("Escape")
    expect(steer(desk, "open")).to_be_focused()


def test_a_row_that_has_moved_under_the_keys_is_in_sight(desk, event):  # noqa: F811
    """What goes back among the drafts goes to the end of the inbox."""
    due = timezone.now() + timedelta(hours=3)
    post = publishing.schedule(event, words=cast.words("At its time"), by=None, at=due).post
    for number in range(9):
        publishing.save_draft(event, words=cast.words(f"Sent in {number}"), by=cast.member("carl"), submit=True)
    row = desk.locator(f"#row-{post.pk}")
    row.get_by_role("button", name="Back to drafts").press("Enter")
    expect(row).to_contain_text("Draft")
    expect(row).to_be_focused()
    expect(row).to_be_in_viewport()


def test_unpin_at_the_head_goes_to_the_row(desk, event):  # noqa: F811
    post = cast.post(event, "On top").post
    cast.post(event, "Another")
    publishing.pin(event, post=post, by=None)
    expect(desk.locator("#pinned-off")).to_be_visible()
    desk.locator("#pinned-off").press("Enter")
    expect(desk.locator("#toast")).to_contain_text("Pinned no longer.")
    expect(desk.locator("#pinned-off")).to_be_hidden()
    expect(desk.locator(f"#row-{post.pk}")).to_be_focused()


def test_the_last_that_is_restored_leaves_the_focus_on_the_trash(desk, event):  # noqa: F811
    publishing.withdraw(cast.post(event, "Withdrawn").post, by=None)
    desk.locator("#trash").press("Enter")
    desk.locator("#rows [data-act=restore]").press("Enter")
    expect(desk.locator("#trash-empty")).to_be_visible()
    expect(desk.locator("#trash")).to_be_focused()


def test_when_nothing_is_left_to_check_the_focus_goes_to_the_timeline(desk, event):  # noqa: F811
    post = cast.post(event, "It is so").post
    publishing.summarise(event, lines=[Line(text="So it is.", post=post)], by=None)
    publishing.stand(post, by=None, standing="disputed")
    expect(desk.locator("#open-amber")).to_be_visible()
    desk.locator("#open-amber").press("Enter")
    desk.locator("#amber-list button").first.press("Enter")
    expect(desk.locator("#amber-none")).to_be_visible()
    desk.keyboard.press("Escape")
    expect(desk.locator("#open-amber")).to_be_hidden()
    expect(desk.locator(f"#row-{post.pk}")).to_be_focused()


def test_what_is_to_be_checked_is_shown_wherever_it_is(desk, event):  # noqa: F811
    post = cast.post(event, "It is so", key_event=True).post
    for number in range(62):
        cast.post(event, f"Post {number}")
    publishing.stand(post, by=None, standing="disputed")
    narrow(desk)
    expect(desk.locator("#open-amber")).to_be_visible()
    desk.locator("#open-amber").press("Enter")
    desk.get_by_role("button", name="Show the post").press("Enter")
    row = desk.locator(f"#row-{post.pk}")
    expect(row).to_be_focused()
    expect(row).to_be_in_viewport()


def test_words_that_are_undone_come_back_into_sight(desk, event):  # noqa: F811
    narrow(desk)
    desk.fill("#headline", "Out too soon")
    desk.keyboard.press("Control+Enter")
    expect(desk.locator("#rows article")).to_have_count(1)
    desk.keyboard.press("Alt+t")
    expect(desk.locator("#headline")).to_be_hidden()
    desk.keyboard.press("Alt+z")
    expect(desk.locator("#headline")).to_have_value("Out too soon")
    expect(desk.locator("#headline")).to_be_in_viewport()
    expect(desk.get_by_role("textbox", name="Text", exact=True)).to_be_focused()


def test_a_long_headline_is_whole_however_it_came_into_the_composer(desk, event):  # noqa: F811
    post = cast.post(event, "White House confirms that the conversation of the two goes on, and goes well " * 2).post
    narrow(desk)
    walk_to(desk, post)
    desk.keyboard.press("e")
    headline = desk.locator("#headline")
    expect(headline).to_be_visible()
    assert headline.evaluate("node => node.scrollHeight <= node.clientHeight")


def test_the_text_is_in_sight_under_a_quotation(desk, event):  # noqa: F811
    said = (Named(source=cast.scavino(), quote="The call is going well. " * 4),)
    post = cast.post(event, "It goes well", kind="quote", attributions=said).post
    desk.set_viewport_size({"width": 1280, "height": 700})
    walk_to(desk, post)
    desk.keyboard.press("e")
    text = desk.get_by_role("textbox", name="Text", exact=True)
    expect(text).to_be_focused()
    foot, bar = (desk.locator(name).bounding_box() for name in ("#composer .ProseMirror > p", "#composer > .send"))
    assert foot["y"] + foot["height"] <= bar["y"]


def test_the_sheet_shows_its_keys_in_a_narrow_window_too(desk, event):  # noqa: F811
    narrow(desk)
    desk.keyboard.press("Alt+Shift+?")
    expect(desk.locator("#keys-table kbd").first).to_be_visible()
