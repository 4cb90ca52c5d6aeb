"""What comes in while somebody at the desk is in the middle of something takes neither their words nor their place."""

import re

import pytest
from playwright.sync_api import Page, expect

from events import publishing
from events.publishing import Named
from tests import cast
from tests.browser.test_desk import ada, desk, event  # noqa: F401 - fixtures

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_question_waits_for_the_one_that_somebody_answers(desk, event):  # noqa: F811
    post, other = (cast.post(event, headline).post for headline in ("Seven", "Eight"))
    expect(desk.locator("#rows article")).to_have_count(2)
    desk.fill("#headline", "Half a sentence")
    late = []
    desk.route(f"**/posts/{post.pk}/", lambda route: late.append(route))
    desk.locator(f"#row-{post.pk}").get_by_role("button", name="Edit").click()
    desk.locator(f"#row-{other.pk}").get_by_role("button", name="Withdraw…").click()
    desk.fill("#ask-note", "It went out by mistake.")
    desk.select_option("#ask-instead", post.pk)
    with desk.expect_response(f"**/posts/{post.pk}/"):
        late[0].continue_()
    desk.wait_for_timeout(200)
    expect(desk.locator("#ask-title")).to_have_text("Withdraw “Eight”?")
    expect(desk.locator("#ask-note")).to_have_value("It went out by mistake.")
    desk.locator("#ask-yes").click()
    # Then the other one, about the composer.
    expect(desk.locator("#ask-title")).to_have_text("Put your text aside?")
    desk.get_by_role("dialog").get_by_role("button", name="Cancel").click()
    expect(desk.locator(f"#row-{other.pk}")).to_contain_text("It went out by mistake.")
    other.refresh_from_db()
    assert other.replaced_by == post
    expect(desk.locator("#headline")).to_have_value("Half a sentence")


def doubted(desk: Page, event, headline: str):  # noqa: F811
    """A key event that is disputed, its row marked."""
    post = cast.post(event, headline, key_event=True).post
    publishing.stand(post, by=None, standing="disputed")
    expect(desk.locator(f"#row-{post.pk}")).to_have_class(re.compile("amber"))
    return post


def test_whoever_types_a_label_goes_on_typing_it(desk, event):  # noqa: F811
    first = doubted(desk, event, "Seven")
    desk.locator("#open-amber").click()
    dialog = desk.get_by_role("dialog", name="To check again")
    label = dialog.get_by_label("Label in the list of key events")
    label.fill("Said")
    publishing.stand(cast.post(event, "Nine", key_event=True).post, by=None, standing="false")
    expect(dialog.get_by_role("listitem")).to_have_count(2)
    desk.keyboard.type(" to be seven")
    expect(label.and_(desk.locator(":focus"))).to_have_value("Said to be seven")
    # What is said of it changes, too.
    publishing.correct(
        first, words=cast.words("Half past seven", key_event=True), revision=1, note="We said seven.", by=None
    )
    expect(dialog.get_by_text("The post was corrected.")).to_be_visible()
    desk.keyboard.type(" at least")
    expect(label.and_(desk.locator(":focus"))).to_have_value("Said to be seven at least")


def test_a_row_that_is_made_anew_is_still_to_be_checked(desk, event):  # noqa: F811
    post = doubted(desk, event, "Seven")
    publishing.note(post, by=None, note="Who said so?")
    row = desk.locator(f"#row-{post.pk}")
    expect(row).to_contain_text("Who said so?", timeout=40_000)
    expect(row).to_have_class(re.compile("amber"))


def test_what_readers_see_of_a_source_is_said_however_often_the_post_is_opened(desk, event):  # noqa: F811
    said = Named(source=cast.scavino(), verb="wrote", medium="on X")
    post = cast.post(event, "Seven", attributions=(said,)).post
    edit = desk.locator(f"#row-{post.pk}").get_by_role("button", name="Edit")
    line = desk.locator("#attributions [data-line]")
    edit.click()
    expect(line).to_be_visible()
    row = line.element_handle()
    edit.click()
    desk.wait_for_function("row => !row.isConnected", arg=row)
    expect(line).to_be_visible()


def test_seconds_that_run_are_read_out_to_nobody(desk):  # noqa: F811
    desk.fill("#headline", "Seven")
    desk.press("#headline", "Control+Enter")
    toast = desk.locator("#toast")
    expect(toast.locator("[data-seconds]")).to_have_text(re.compile(r"\d+"))
    assert toast.get_by_role("status").filter(has_text="Published").count() == 1
    assert desk.locator(":is([role=status], [role=alert], [aria-live]) [data-seconds]").count() == 0


def test_a_row_far_down_shows_what_was_done_to_it_though_the_line_was_lost(desk, event):  # noqa: F811
    for number in range(62):
        cast.post(event, f"Post {number}")
    expect(desk.locator("#rows article")).to_have_count(60, timeout=40_000)
    desk.click("#older")
    expect(desk.locator("#rows article")).to_have_count(62)
    row = desk.locator("#rows article").last
    row.get_by_text("More", exact=True).click()
    row.get_by_role("button", name="Note…").click()
    desk.get_by_role("dialog").get_by_role("textbox").fill("Who said so?")
    desk.route("**/desk/timeline/**", lambda route: route.abort())
    desk.get_by_role("dialog").get_by_role("button", name="Keep the note").click()
    expect(desk.locator("#line")).to_have_text("no connection")
    desk.unroute("**/desk/timeline/**")
    desk.evaluate("dispatchEvent(new Event('online'))")
    expect(row).to_contain_text("Who said so?")
