"""A browser writes the summary of what is known."""

import pytest
from playwright.sync_api import expect

from events import publishing
from events.publishing import Line
from tests import cast
from tests.browser.test_desk import ada, desk, event  # noqa: F401 - fixtures

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_summary_is_published_with_its_posts(desk, event):  # noqa: F811
    doubted = cast.post(event, "It may have begun", standing="not_confirmed").post
    post = cast.post(event, "The call begins").post
    expect(desk.locator("#rows article")).to_have_count(2)
    desk.get_by_role("button", name="Summary").click()
    dialog = desk.get_by_role("dialog")
    dialog.get_by_label("Line").fill("The two are talking.")
    dialog.get_by_label("Links to post").select_option(post.pk)
    # How readers have the line, where there is more to it than its words.
    says = dialog.locator("[data-says]")
    expect(says).to_be_hidden()
    dialog.get_by_label("Label").select_option("not_known")
    expect(says).to_have_text("Readers see: Not known The two are talking.")
    dialog.get_by_label("Label").select_option("known")
    expect(says).to_be_hidden()
    dialog.get_by_label("Links to post").select_option(doubted.pk)
    expect(says).to_have_text("Readers see: The two are talking. Not confirmed by us.")
    dialog.get_by_label("Links to post").select_option(post.pk)
    dialog.get_by_role("button", name="Publish the summary").click()
    expect(dialog).to_be_hidden()
    line = event.summary_lines.get()
    assert (line.text, line.post_id) == ("The two are talking.", post.pk)


def test_what_is_typed_and_closed_is_there_again(desk, event):  # noqa: F811
    publishing.summarise(event, lines=[Line(text="They talk.")], by=None)
    desk.reload()
    dialog, line = desk.get_by_role("dialog"), desk.get_by_label("Line", exact=True)
    said = desk.get_by_text("These lines are yours, and not published yet.")
    desk.get_by_role("button", name="Summary").click()
    expect(line).to_have_value("They talk.")
    dialog.get_by_role("button", name="Add a line").click()
    line.nth(1).fill("When they end.")
    desk.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    for _time in range(2):
        desk.get_by_role("button", name="Summary").click()
        expect(line.nth(1)).to_have_value("When they end.")
        expect(said).to_be_visible()
        dialog.get_by_role("button", name="Close").click()
        desk.reload()
        expect(desk.locator("#line")).not_to_have_text("…")
    desk.get_by_role("button", name="Summary").click()
    dialog.get_by_role("button", name="Begin anew with what readers see").click()
    expect(line).to_have_count(1)
    expect(line).to_be_focused()
    line.fill("They have talked.")
    dialog.get_by_role("button", name="Publish the summary").click()
    expect(dialog).to_be_hidden()
    desk.get_by_role("button", name="Summary").click()
    expect(line).to_have_value("They have talked.")
    expect(said).to_be_hidden()


def test_what_others_published_meanwhile_is_seen_before_what_was_kept_goes_out(desk, event):  # noqa: F811
    dialog, line = desk.get_by_role("dialog"), desk.get_by_label("Line", exact=True)
    desk.get_by_role("button", name="Summary").click()
    dialog.get_by_role("button", name="Publish the summary").click()
    expect(dialog.get_by_role("alert")).to_have_text("There is no line yet: write what is known first.")
    line.fill("Mine")
    # Enter goes on to the next.
    line.press("Enter")
    expect(line.nth(1)).to_be_focused()
    desk.keyboard.press("Escape")
    publishing.summarise(event, lines=[Line(text="Theirs")], by=None)
    desk.get_by_role("button", name="Summary").click()
    dialog.get_by_role("button", name="Publish the summary").click()
    expect(dialog.get_by_role("alert")).to_contain_text("has been changed meanwhile")
    assert [one.input_value() for one in line.all()] == ["Mine", "Theirs"]


def test_a_line_can_rest_on_any_of_the_newest_whatever_is_looked_at(desk, event):  # noqa: F811
    post = cast.post(event, "The call begins").post
    expect(desk.locator("#rows article")).to_have_count(1)
    desk.get_by_role("button", name="Trash").click()
    expect(desk.locator("#rows article")).to_have_count(0)
    desk.get_by_role("button", name="Summary").click()
    desk.get_by_role("dialog").get_by_label("Links to post").select_option(post.pk)
