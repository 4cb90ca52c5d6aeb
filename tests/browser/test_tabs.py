"""Several windows of one editor at one desk: each keeps its own text, and none is lost with its window."""

import re

import pytest
from playwright.sync_api import Page, expect

from events.models import Autosave
from tests.browser.test_desk import ada, desk, event  # noqa: F401 - fixtures

pytestmark = pytest.mark.django_db(transaction=True)


def another(desk: Page) -> Page:  # noqa: F811
    """A second window of the same browser."""
    window = desk.context.new_page()
    window.set_default_timeout(20000)
    window.goto(desk.url)
    expect(window.locator("#line")).not_to_have_text("…")
    return window


def write(window: Page, headline: str) -> None:
    window.fill("#headline", headline)
    expect(window.locator("#kept")).to_contain_text("Autosaved")


def test_two_windows_never_write_over_each_other(desk):  # noqa: F811
    write(desk, "In the first window")
    second = another(desk)
    expect(second.locator("#headline")).to_have_value("")
    expect(second.locator("#unsent")).to_be_hidden()
    write(second, "In the second window")
    desk.reload()
    expect(desk.locator("#headline")).to_have_value("In the first window")
    second.reload()
    expect(second.locator("#headline")).to_have_value("In the second window")
    second.press("#headline", "Control+Enter")
    expect(second.locator("#headline")).to_have_value("")
    expect(desk.locator("#rows h3")).to_have_text("In the second window")
    expect(desk.locator("#headline")).to_have_value("In the first window")


def test_what_closed_windows_held_is_all_there(desk):  # noqa: F811
    write(desk, "The older text")
    second = another(desk)
    write(second, "The newer text")
    address = desk.url
    desk.goto(f"{address}timeline/")
    desk.evaluate("sessionStorage.clear()")
    second.close()
    desk.goto(address)
    expect(desk.locator("#headline")).to_have_value("The newer text")
    expect(desk.locator("#unsent")).to_contain_text("The older text")
    desk.get_by_role("button", name="Go on writing it here").click()
    expect(desk.locator("#toast")).to_contain_text("Send or clear")
    desk.press("#headline", "Control+Enter")
    expect(desk.locator("#rows h3")).to_have_text("The newer text")
    desk.get_by_role("button", name="Go on writing it here").click()
    expect(desk.locator("#headline")).to_have_value("The older text")
    expect(desk.locator("#unsent")).to_be_hidden()
    desk.press("#headline", "Control+Enter")
    expect(desk.locator("#rows h3")).to_have_count(2)
    desk.reload()
    expect(desk.locator("#rows h3")).to_have_count(2)
    expect(desk.locator("#headline")).to_have_value("")
    assert not Autosave.objects.exists()


def test_what_is_written_on_another_device_is_offered_not_taken(desk, browser, ada, client):  # noqa: F811
    write(desk, "On the laptop")
    cookie = next(one for one in desk.context.cookies() if one["name"] == "sessionid")
    context = browser.new_context()
    context.add_cookies([cookie])
    phone = context.new_page()
    phone.goto(desk.url)
    expect(phone.locator("#unsent")).to_contain_text("On the laptop")
    expect(phone.locator("#unsent")).to_contain_text("another device")
    expect(phone.locator("#headline")).to_have_value("")
    context.close()


def test_what_was_typed_without_a_line_is_kept_in_the_newsroom_when_it_is_back(desk):  # noqa: F811
    desk.route("**/autosave/", lambda route: route.abort())
    desk.fill("#headline", "In the tunnel")
    expect(desk.locator("#kept")).to_contain_text("in this browser only")
    desk.unroute("**/autosave/")
    desk.evaluate("dispatchEvent(new Event('online'))")
    expect(desk.locator("#kept")).to_contain_text(re.compile(r"Autosaved \d"))
    assert Autosave.objects.get().content["words"]["headline"] == "In the tunnel"
    # And thrown away without one, it does not come back.
    desk.route("**/autosave/", lambda route: route.abort())
    with desk.expect_event("requestfailed"):
        desk.fill("#headline", "")
    expect(desk.locator("#kept")).to_be_empty()
    desk.unroute("**/autosave/")
    with desk.expect_response("**/autosave/"):
        desk.evaluate("dispatchEvent(new Event('online'))")
    assert not Autosave.objects.exists()
