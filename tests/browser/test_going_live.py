"""Who can read the event, said and chosen at the desk, and asked before it goes live for nobody."""

import pytest
from playwright.sync_api import expect

from events import publishing
from events.models import Event
from tests.browser.test_desk import ada, desk, event  # noqa: F401 - fixtures

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def private(event, desk):  # noqa: F811
    """Ada's desk, with the event as a new one is."""
    publishing.end(event, by=None)
    Event.objects.update(visibility="private", state="upcoming")
    desk.reload()
    expect(desk.locator("#visibility")).to_have_text("Private: no reader sees this")
    return desk


def go_live(page):
    page.get_by_role("banner").get_by_role("button", name="Go live").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("heading")).to_have_text("Nobody can read it yet")
    return dialog


def test_going_live_for_nobody_is_asked_about(private):
    aside = private.locator("#composing-state span")
    expect(aside).to_have_text("Private: no reader sees what you publish until the event is shown.")
    go_live(private).get_by_role("button", name="Never mind").click()
    expect(private.locator("#state")).to_have_text("Upcoming")
    go_live(private).get_by_role("button", name="Go live, still private").click()
    expect(private.locator("#state")).to_have_text("Live")
    # Still true, and there is nothing to be opened.
    expect(aside).to_have_text("Private: no reader sees what you publish until the event is shown.")
    expect(private.locator("#composing-state button")).to_be_hidden()
    assert Event.objects.get().visibility == "private"


def test_it_is_made_public_and_goes_live(private):
    go_live(private).get_by_role("button", name="Make it public and go live").click()
    expect(private.locator("#state")).to_have_text("Live")
    expect(private.locator("#visibility")).to_have_text("Public")
    expect(private.locator("#composing-state")).to_be_hidden()
    expect(private.get_by_role("link", name="View page")).to_be_visible()


def test_what_readers_see_of_an_upcoming_event_is_said(private):
    Event.objects.update(visibility="public")
    private.reload()
    text = "Not live yet, but readers see what you publish."
    expect(private.locator("#composing-state span")).to_have_text(text)


def test_the_sign_leads_to_who_can_read_it(private):
    private.locator("#visibility").click()
    dialog = private.get_by_role("dialog")
    who = dialog.get_by_label("Who can read it")
    expect(who).to_be_focused()
    expect(dialog.locator("#visibility-means")).to_have_text("Private: nobody but the desk reads it.")
    who.select_option("unlisted")
    expect(dialog.locator("#visibility-means")).to_contain_text("whoever has the address reads it")
    dialog.get_by_label("second editor").select_option("always")
    dialog.get_by_role("button", name="Save").click()
    expect(private.locator("#visibility")).to_have_text("Unlisted")
    stored = Event.objects.get()
    assert (stored.visibility, stored.second_editor) == ("unlisted", "always")
