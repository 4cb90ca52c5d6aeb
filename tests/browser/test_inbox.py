"""The inbox: what waits goes out from there, and all of it is counted."""

import pytest
from playwright.sync_api import expect

from events import publishing
from events.views.desk.inbox import WAITING
from tests import cast
from tests.browser.test_desk import ada, desk, event  # noqa: F401 - fixtures

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_draft_goes_out_from_the_inbox(desk):  # noqa: F811
    desk.fill("#headline", "For later")
    desk.click("#draft")
    expect(desk.locator("#inbox h3")).to_have_text("For later")
    desk.locator("#inbox").get_by_role("button", name="Publish").click()
    expect(desk.locator("#rows article h3")).to_have_text("For later")
    expect(desk.locator("#inbox article")).to_have_count(0)


def test_the_inbox_says_how_much_waits_and_shows_more_of_it(desk, event):  # noqa: F811
    for number in range(WAITING + 2):
        publishing.save_draft(event, words=cast.words(f"Waits {number}"), by=None, submit=True)
    desk.reload()
    rows, unread = desk.locator("#inbox article"), desk.locator("#inbox-title + span [data-unread]")
    expect(rows).to_have_count(WAITING)
    expect(desk.locator("#inbox-title + span [data-count]")).to_have_text(f"{WAITING + 2} in all")
    expect(unread).to_have_text(f"{WAITING + 2} new")
    desk.locator("#tab-inbox").hover()
    expect(unread).to_have_text("2 new")
    desk.get_by_role("button", name="Show more that waits").click()
    expect(rows).to_have_count(WAITING + 2)
    expect(rows.nth(WAITING)).to_be_focused()
    expect(desk.locator("#waiting")).to_be_hidden()
    expect(unread).to_be_hidden()
    desk.locator("summary", has_text="Search and filter").click()
    desk.get_by_label("Words").fill("Nobody")
    expect(rows).to_have_count(0)
    expect(desk.locator("#inbox-none")).to_be_visible()
    expect(desk.locator("#inbox-empty")).to_be_hidden()
