"""The end of an event in a real browser: the dialog, the article, freeze, the strip, the summary by keys."""

import re
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.utils import timezone
from playwright.sync_api import Page, expect

from events import publishing
from events.models import Event, Post, Update
from events.publishing import Line
from tests import cast

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def event(transactional_db) -> Event:
    return cast.event()


@pytest.fixture
def ada(transactional_db) -> User:
    return cast.editor()


@pytest.fixture
def desk(page: Page, live_server, client, ada, event) -> Page:
    """Ada at the desk."""
    page.set_default_timeout(20000)
    client.force_login(ada)
    page.context.add_cookies(
        [{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}]
    )
    page.goto(f"{live_server.url}/admin/events/event/{event.pk}/desk/")
    expect(page.locator("#line")).not_to_have_text("…")
    return page


def dialog(desk: Page):
    return desk.get_by_role("dialog")


def test_the_end_with_a_wrap_up_leads_to_the_article(desk, event):
    publishing.summarise(event, lines=[Line(text="They agreed."), Line(text="On what.", knowing="not_known")], by=None)
    desk.reload()
    desk.get_by_role("button", name="End…").click()
    expect(dialog(desk).get_by_label("Wrap-up, begun with")).to_have_value("They agreed.\n\nNot known: On what.")
    dialog(desk).get_by_label("Headline").fill("What we know at the end")
    dialog(desk).get_by_role("checkbox", name="Pin it to the top").check()
    dialog(desk).get_by_role("button", name="Publish and end").click()
    expect(dialog(desk).get_by_role("heading")).to_have_text("The coverage has ended")
    expect(desk.locator("#state")).to_have_text("Ended")
    dialog(desk).get_by_role("link", name="Make the article").click()
    expect(desk.get_by_role("heading", level=3)).to_have_text("What we know at the end")
    event.refresh_from_db()
    assert event.pinned_id == Post.objects.get().pk


def test_a_refusal_keeps_what_was_typed_and_ends_nothing(desk, event):
    desk.get_by_role("button", name="End…").click()
    expect(desk.locator("#ending-waits")).to_be_hidden()
    expect(desk.locator("#ending-wrap_up")).to_be_hidden()
    dialog(desk).get_by_role("checkbox", name="Publish a wrap-up first").check()
    expect(dialog(desk).get_by_label("Headline")).to_be_focused()
    dialog(desk).get_by_label("Headline").fill("word " * 60)
    desk.keyboard.press("Enter")
    expect(dialog(desk).get_by_role("alert")).to_contain_text("room for 200")
    expect(dialog(desk).get_by_label("Headline")).to_be_focused()
    expect(dialog(desk).get_by_label("Headline")).to_have_value("word " * 60)
    event.refresh_from_db()
    assert event.state == "live"


def test_the_end_says_what_still_waits_in_the_inbox(desk, event):
    for submit in (True, True, False):
        publishing.save_draft(event, words=cast.words(), by=None, submit=submit)
    publishing.schedule(event, words=cast.words(), by=None, at=timezone.now() + timedelta(hours=1))
    desk.get_by_role("button", name="End…").click()
    expect(desk.locator("#ending-waits")).to_contain_text("waits: submitted (2), drafts (1), scheduled (1).")
    # There is no line of a summary that it could begin with.
    dialog(desk).get_by_role("checkbox", name="Publish a wrap-up first").check()
    expect(desk.locator("#ending-from")).to_be_hidden()


def test_the_summary_is_looked_through_before_the_end(desk, event):
    desk.get_by_role("button", name="End…").click()
    expect(dialog(desk)).to_contain_text("End the coverage?")
    expect(desk.locator("#ending-known")).to_be_hidden()
    desk.keyboard.press("Escape")
    publishing.summarise(event, lines=[Line(text="They still talk."), Line(text="Until when.")], by=None)
    desk.get_by_role("button", name="End…").click()
    expect(desk.locator("#ending-known")).to_contain_text("Readers go on seeing “What we know”")
    dialog(desk).get_by_label("Headline").fill("What was agreed")
    dialog(desk).get_by_role("button", name="Look through the summary first…").click()
    dialog(desk).get_by_label("Line").first.fill("They have talked.")
    dialog(desk).get_by_role("button", name="Publish the summary").click()
    # And back to the end, with what was begun there.
    expect(dialog(desk).get_by_label("Headline")).to_have_value("What was agreed")
    expect(dialog(desk).get_by_label("Wrap-up, begun")).to_have_value("They have talked.\n\nUntil when.")


def test_a_long_summary_can_be_published_from_where_one_is(desk, event):
    publishing.summarise(event, lines=[Line(text=f"Line {number}.") for number in range(8)], by=None)
    desk.set_viewport_size({"width": 1280, "height": 600})
    desk.reload()
    expect(desk.locator("#rows-empty")).to_be_visible()
    desk.get_by_role("button", name="Summary").click()
    expect(desk.get_by_role("button", name="Publish the summary")).to_be_in_viewport(ratio=1)
    # The words, and one row with all that is set of them.
    assert desk.locator("#lines li").first.bounding_box()["height"] < 150
    desk.locator("#lines textarea").last.focus()
    bar, line = (desk.locator(name).bounding_box() for name in ("#summary .send", "#lines li:last-child textarea"))
    assert line["y"] + line["height"] <= bar["y"]


def test_an_ended_event_is_opened_again(desk, event):
    desk.get_by_role("button", name="End…").click()
    dialog(desk).get_by_role("button", name="End", exact=True).click()
    dialog(desk).get_by_role("button", name="Stay at the desk").click()
    desk.get_by_role("banner").get_by_role("button", name="Go live").click()
    expect(desk.locator("#state")).to_have_text("Live")


def test_choices_survive_a_reload_and_go_into_both_forms(desk, event):
    cast.post(event, "Stays in", body="<p>With <strong>weight</strong>.</p>")
    cast.post(event, "Is left out", kind="background")
    desk.get_by_role("link", name="Article").click()
    expect(desk.locator("#read h3")).to_have_count(2)
    desk.get_by_role("button", name="Without background").click()
    expect(desk.locator("#read h3")).to_have_text(["Stays in"])
    desk.get_by_label("Title").fill("How the call went")
    desk.get_by_label("Standfirst").fill("In short.")
    desk.get_by_label("Standfirst").blur()
    expect(desk.locator("#read h1")).to_have_text("How the call went")
    expect(desk.locator("#read h1 + p")).to_have_text("In short.")
    desk.reload()
    expect(desk.get_by_role("checkbox", name="Is left out")).not_to_be_checked()
    expect(desk.locator("#chosen")).to_have_text("1 of 2 chosen")
    desk.get_by_role("button", name="Markdown", exact=True).click()
    expect(desk.locator("#md")).to_have_text(re.compile(r"^# How the call went\n"))
    expect(desk.locator("#read-only")).to_be_visible()
    assert "With **weight**." in desk.locator("#md").text_content()
    desk.get_by_role("button", name="HTML", exact=True).click()
    assert "<p>With <strong>weight</strong>.</p>" in desk.locator("#html").text_content()


def test_what_is_downloaded_has_the_last_choice_in_it(desk, event):
    cast.post(event, "Worth keeping")
    desk.get_by_role("link", name="Article").click()
    expect(desk.locator("#read h3")).to_have_text("Worth keeping")
    late = []
    desk.route("**/autosave/", lambda route: late.append(route))
    desk.fill("#title", "A night at the desk")
    with desk.expect_download() as found:
        desk.get_by_role("link", name="Download Markdown").click()
        desk.wait_for_timeout(300)
        # Not every engine asks again when the field is left.
        for route in late:
            route.continue_()
        desk.unroute("**/autosave/")
    assert "A night at the desk" in found.value.path().read_text()


def test_the_article_is_copied_and_downloaded(desk, event):
    cast.post(event, "Worth keeping")
    desk.context.grant_permissions(["clipboard-read", "clipboard-write"])
    desk.get_by_role("link", name="Article").click()
    expect(desk.locator("#read h3")).to_have_text("Worth keeping")
    copy = desk.get_by_role("button", name="Copy")
    place = copy.bounding_box()
    copy.click()
    expect(desk.locator("#state")).to_have_text("Copied.")
    # Said beside the button, which stays where it is.
    assert copy.bounding_box() == place
    assert 0 <= desk.locator("#state").bounding_box()["x"] - place["x"] - place["width"] < 20
    # From the preview with its looks, and as words for what has none.
    kinds = "async (kind) => (await (await navigator.clipboard.read())[0].getType(kind)).text()"
    assert "<h3>Worth keeping</h3>" in desk.evaluate(kinds, "text/html")
    plain = desk.evaluate(kinds, "text/plain")
    assert "Worth keeping" in plain and "<" not in plain
    desk.get_by_role("button", name="Markdown", exact=True).click()
    expect(desk.locator("#state")).to_be_empty()
    copy.click()
    expect(desk.locator("#state")).to_have_text("Copied.")
    assert "### Worth keeping" in desk.evaluate("navigator.clipboard.readText()")
    # Where there is no such thing, what is selected is copied, its looks included.
    desk.evaluate("delete window.ClipboardItem")
    desk.get_by_role("button", name="Preview", exact=True).click()
    copy.click()
    expect(desk.locator("#state")).to_have_text("Copied.")
    assert "Worth keeping</h3>" in desk.evaluate(
        "navigator.clipboard.read().then(async ([one]) => (await one.getType('text/html')).text())"
    )
    with desk.expect_download() as found:
        desk.get_by_role("link", name="Download the archive").click()
    assert found.value.suggested_filename == "call-archive.zip"


def test_a_freeze_is_seen_before_the_click(desk, event):
    desk.get_by_role("switch", name="Freeze").click()
    dialog(desk).get_by_role("button", name="Freeze").click()
    expect(desk.locator("#closed")).to_contain_text("Frozen: only hold, withdraw and remove work.")
    expect(desk.get_by_role("switch", name="Freeze")).to_be_checked()
    expect(desk.locator("#publish")).to_have_accessible_name("Publish Ctrl ↵ (frozen)")
    desk.fill("#headline", "Not now")
    desk.keyboard.press("Control+Enter")
    expect(desk.locator("#trouble")).to_contain_text("is frozen")
    expect(desk.locator("#headline")).to_have_value("Not now")
    desk.get_by_role("button", name="Unfreeze").click()
    expect(desk.locator("#closed")).to_be_hidden()
    expect(desk.get_by_role("switch", name="Freeze")).to_be_focused()
    assert not Post.objects.exists()
    desk.press("#headline", "Control+Enter")
    expect(desk.locator("#rows h3")).to_have_text("Not now")


def test_an_embargo_is_set_and_lifted_at_the_desk(desk, event):
    desk.get_by_role("button", name="Event…").click()
    dialog(desk).get_by_label("Embargo until").fill(f"{timezone.now().year + 1}-03-18T16:00")
    dialog(desk).get_by_label("Coming up").fill("A statement at four")
    dialog(desk).get_by_role("button", name="Save").click()
    expect(desk.locator("#closed")).to_contain_text("Under embargo until 16:00 GMT on 18 March")
    event.refresh_from_db()
    assert event.coming_up == "A statement at four"
    desk.get_by_role("button", name="Lift…").click()
    dialog(desk).get_by_role("button", name="Lift it").click()
    expect(desk.locator("#closed")).to_be_hidden()


def test_a_mistake_in_the_event_is_said_at_its_field(desk, event):
    desk.get_by_role("button", name="Event…").click()
    dialog(desk).get_by_label("Team line").fill("Reporting by Ada")
    dialog(desk).get_by_label("Short title").fill("long " * 20)
    dialog(desk).get_by_role("button", name="Save").click()
    expect(dialog(desk).get_by_label("Short title")).to_be_focused()
    expect(dialog(desk).get_by_role("alert")).to_be_visible()
    expect(dialog(desk).get_by_label("Team line")).to_have_value("Reporting by Ada")


def test_the_desk_is_asked_whether_it_is_still_live(desk, event):
    # This process knows of no readers, and says nothing of them.
    expect(desk.locator(".read")).to_be_hidden()
    Update.objects.filter(event=event).update(at=timezone.now() - timedelta(minutes=91))
    desk.reload()
    expect(desk.locator("#quiet")).to_contain_text("Still live?")
    desk.get_by_role("button", name="Still live").click()
    expect(desk.locator("#quiet")).to_be_hidden()
    expect(desk.locator("#headline")).to_be_focused()


def test_lines_of_the_summary_are_moved_by_keys_and_by_dragging(desk, event):
    post = cast.post(event, "The call begins").post
    lines = [Line(text="One", post=post), Line(text="Two"), Line(text="Three")]
    publishing.summarise(event, lines=lines, by=None)
    # All three lines in view: a drag does not scroll.
    desk.set_viewport_size({"width": 1000, "height": 1200})
    desk.reload()
    expect(desk.locator("#rows article")).to_have_count(1)
    desk.get_by_role("button", name="Summary").click()
    texts = desk.locator('#lines [data-line="text"]')
    expect(dialog(desk).get_by_label("Links to post").first).to_have_value(post.pk)
    texts.nth(0).focus()
    desk.keyboard.press("Alt+ArrowDown")
    expect(texts.nth(1)).to_have_value("One")
    expect(texts.nth(1)).to_be_focused()
    expect(desk.locator("#summary-moved")).to_have_text("Line 2 of 3")
    desk.locator("[data-handle]").nth(2).drag_to(texts.nth(0), target_position={"x": 20, "y": 4})
    assert [texts.nth(number).input_value() for number in range(3)] == ["Three", "Two", "One"]
    dialog(desk).get_by_role("button", name="Publish the summary").click()
    expect(dialog(desk)).to_be_hidden()
    assert [(line.text, line.post_id) for line in event.summary_lines.order_by("position")] == [
        ("Three", None), ("Two", None), ("One", post.pk),
    ]  # fmt: skip
