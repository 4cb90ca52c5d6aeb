"""Keys at the desk: chords while typing, single letters elsewhere, and the sheet of all."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from events.models import Post
from tests import cast
from tests.browser.test_desk import ada, desk, event  # noqa: F401 - fixtures

pytestmark = pytest.mark.django_db(transaction=True)


def test_chords_work_while_typing(desk):  # noqa: F811
    desk.fill("#headline", "Written with keys")
    desk.keyboard.press("Alt+k")
    expect(desk.locator("#key_event")).to_be_checked()
    desk.keyboard.press("Alt+p")
    expect(desk.locator("#pin")).to_be_checked()
    desk.keyboard.press("Alt+v")
    expect(desk.locator("#preview")).to_be_visible()
    desk.keyboard.press("Escape")
    desk.keyboard.press("Alt+d")
    expect(desk.locator("#inbox h3")).to_have_text("Written with keys")
    assert Post.objects.get().state == "draft"


def test_the_timeline_is_walked_and_edited_with_letters(desk, event):  # noqa: F811
    for headline in ("The first of all", "Another follows here"):
        cast.post(event, headline)
    rows = desk.locator("#rows article")
    expect(rows).to_have_count(2)
    desk.focus("#headline")
    desk.keyboard.press("Alt+t")
    expect(rows.first).to_be_focused()
    desk.keyboard.press("j")
    expect(rows.nth(1)).to_be_focused()
    desk.keyboard.press("ArrowUp")
    expect(rows.first).to_be_focused()
    desk.keyboard.press("j")
    desk.keyboard.press("p")
    expect(rows.nth(1)).to_contain_text("Pinned")
    expect(rows.nth(1)).to_be_focused()
    desk.keyboard.press("e")
    expect(desk.locator("#headline")).to_have_value("The first of all")


def test_a_post_that_was_clicked_takes_no_letters(desk, event):  # noqa: F811
    cast.post(event, "The call has begun")
    row = desk.locator("#rows article")
    row.locator("h3").click()
    expect(row).to_be_focused()
    desk.keyboard.type("The HeP")
    # Walked to by a key it takes them; the hold is a chord.
    desk.keyboard.press("Alt+t")
    desk.keyboard.press("h")
    desk.keyboard.press("Shift+H")
    desk.keyboard.press("p")
    expect(row).to_contain_text("Pinned")
    expect(desk.locator("#headline")).to_have_value("")
    assert [deed.verb for deed in event.deeds.exclude(verb="open").exclude(verb="publish")] == ["pin"]
    desk.keyboard.press("Alt+h")
    expect(row.locator(".sentence")).to_have_text("Readers see: we are checking this post.")


def test_a_letter_in_a_field_is_a_letter(desk, event):  # noqa: F811
    cast.post(event)
    desk.focus("#headline")
    desk.keyboard.type("hope? j")
    expect(desk.locator("#headline")).to_have_value("hope? j")
    expect(desk.locator("#keys")).to_be_hidden()
    assert Post.objects.get().state == "published"
    desk.keyboard.press("Alt+?")
    expect(desk.locator("#keys")).to_be_visible()


def test_the_sheet_lists_them_and_turns_letters_off(desk, event):  # noqa: F811
    cast.post(event)
    expect(desk.locator("#rows article")).to_have_count(1)
    desk.locator("#rows article").focus()
    desk.keyboard.press("?")
    sheet = desk.get_by_role("dialog")
    expect(sheet).to_contain_text("Publish, revise or submit")
    expect(sheet).to_contain_text("Hold the post")
    found = Axe().run(desk)
    assert found.violations_count == 0, found.generate_report()
    sheet.get_by_role("checkbox").uncheck()
    desk.keyboard.press("Escape")
    desk.reload()
    desk.locator("#rows article").focus()
    desk.keyboard.press("h")
    desk.keyboard.press("?")
    expect(desk.locator("#keys")).to_be_hidden()
    desk.keyboard.press("Alt+c")
    expect(desk.locator("#headline")).to_be_focused()
    assert Post.objects.get().state == "published"
