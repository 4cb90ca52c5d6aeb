"""A browser writes the summary of what is known."""

import pytest
from playwright.sync_api import expect

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
    dialog.get_by_label("Stands before it").select_option("not_known")
    expect(says).to_have_text("Readers see: Not known The two are talking.")
    dialog.get_by_label("Stands before it").select_option("known")
    expect(says).to_be_hidden()
    dialog.get_by_label("Links to post").select_option(doubted.pk)
    expect(says).to_have_text("Readers see: The two are talking. Not confirmed by us.")
    dialog.get_by_label("Links to post").select_option(post.pk)
    dialog.get_by_role("button", name="Publish the summary").click()
    expect(dialog).to_be_hidden()
    line = event.summary_lines.get()
    assert (line.text, line.post_id) == ("The two are talking.", post.pk)
