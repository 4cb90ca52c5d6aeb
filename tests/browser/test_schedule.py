"""Posts that wait for their time, in a real browser, with the real clock beside it."""

import os
import re
from collections.abc import Iterator
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone
from playwright.sync_api import Page, expect

from events import publishing
from events.models import Event, Post
from tests import cast, clocks
from tests.waiting import scheduled, set_back

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def event(transactional_db) -> Event:
    return cast.event()


@pytest.fixture
def clock(transactional_db) -> Iterator[clocks.Clock]:
    """A clock that runs."""
    with clocks.clock() as process:
        process.wait_ready()
        yield process


@pytest.fixture
def desk(page: Page, live_server, client, event) -> Page:
    """Ada at the desk."""
    page.set_default_timeout(20000)
    client.force_login(cast.editor())
    cookie = {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}
    page.context.add_cookies([cookie])
    page.goto(f"{live_server.url}/admin/events/event/{event.pk}/desk/")
    expect(page.get_by_role("textbox", name="Text", exact=True)).to_be_visible()
    expect(page.locator("#line")).not_to_have_text("…")
    return page


def delay(event: Event, seconds: int) -> None:
    publishing.change(event, by=None, send_delay=seconds)


def typed(moment) -> str:
    """A time as the field has it, on the clocks of London."""
    return f"{moment.astimezone(ZoneInfo('Europe/London')):%Y-%m-%dT%H:%M}"


def test_a_post_is_scheduled_counted_down_and_out(clock, desk, event):
    desk.fill("#headline", "At the top of the hour")
    desk.get_by_role("button", name="Schedule…").click()
    dialog = desk.get_by_role("dialog")
    expect(dialog.locator("#due_at")).to_be_focused()
    expect(dialog.locator("#due-own")).to_contain_text("here (Asia/")
    dialog.locator("#due_at").fill(typed(timezone.now() + timedelta(hours=2)))
    dialog.locator("#due_at").press("Enter")
    row = desk.locator("#inbox article")
    expect(row.locator("h3")).to_have_text("At the top of the hour")
    expect(row.get_by_role("timer")).to_contain_text("in 1 h 5")
    expect(desk.locator("#headline")).to_have_value("")
    expect(desk.locator("#headline")).to_be_focused()
    post = Post.objects.get()
    Post.objects.update(due_at=timezone.now() + timedelta(seconds=6))
    expect(row.get_by_role("timer")).to_contain_text(" s")
    expect(desk.locator("#rows article h3")).to_have_text("At the top of the hour", timeout=15000)
    expect(row).to_have_count(0)
    post.refresh_from_db()
    assert post.state == "published"
    # It went out while nobody looked: the desk says so, and leads there.
    expect(desk.locator("#toast")).to_contain_text("Went out: At the top of the hour")
    desk.locator("#toast").get_by_role("button", name="See it").click()
    expect(desk.locator("#rows article")).to_be_focused()


def test_a_time_soon_is_one_press(clock, desk, event):
    desk.fill("#headline", "Very soon")
    desk.get_by_role("button", name="Schedule…").click()
    dialog = desk.get_by_role("dialog")
    dialog.get_by_role("button", name="In 5 minutes").click()
    pressed = timezone.now()
    expect(dialog.locator("#due-own")).to_contain_text(re.compile(r"in 5 min$"))
    dialog.get_by_role("button", name="Schedule", exact=True).click()
    expect(desk.locator("#inbox h3")).to_have_text("Very soon")
    # Five minutes from the press, not up to the next whole minute.
    assert abs(Post.objects.get().due_at - pressed - timedelta(minutes=5)) < timedelta(seconds=5)


def test_a_time_that_cannot_be_is_said_in_the_dialog_and_nothing_is_lost(clock, desk, event):
    desk.fill("#headline", "Too late")
    desk.get_by_role("button", name="Schedule…").click()
    dialog = desk.get_by_role("dialog")
    dialog.locator("#due_at").fill("2020-01-01T12:00")
    dialog.get_by_role("button", name="Schedule", exact=True).click()
    expect(dialog.get_by_role("alert")).to_contain_text("This time is past")
    expect(dialog.locator("#due_at")).to_be_focused()
    expect(dialog.locator("#due_at")).to_have_value("2020-01-01T12:00")
    dialog.get_by_role("button", name="Cancel").click()
    expect(desk.locator("#headline")).to_have_value("Too late")
    expect(desk.locator("#trouble")).to_be_hidden()
    assert not Post.objects.exists()


def test_publish_is_stopped_within_the_send_delay_and_the_text_comes_back(clock, desk, event):
    delay(event, 20)
    desk.fill("#headline", "Not yet")
    desk.keyboard.press("Control+Enter")
    expect(desk.locator("#toast")).to_contain_text("Goes out in 20 s.")
    row = desk.locator("#inbox article")
    expect(row.get_by_role("timer")).to_contain_text("in 1")
    row.get_by_role("button", name="Stop").click()
    expect(desk.locator("#headline")).to_have_value("Not yet")
    expect(desk.get_by_role("textbox", name="Text", exact=True)).to_be_focused()
    expect(row).to_contain_text("Draft")
    post = Post.objects.get()
    assert post.state == "draft" and not event.updates.filter(post=post).exists()
    # And from the toast, the same way.
    desk.keyboard.press("Control+Enter")
    desk.locator("#toast").get_by_role("button", name="Undo").click()
    expect(desk.locator("#headline")).to_have_value("Not yet")
    assert Post.objects.get().state == "draft"


def test_after_the_send_delay_it_is_out_and_can_still_be_undone(clock, desk, event):
    delay(event, 5)
    desk.fill("#headline", "On its way")
    desk.keyboard.press("Control+Enter")
    expect(desk.locator("#rows article h3")).to_have_text("On its way", timeout=15000)
    expect(desk.locator("#toast")).to_contain_text("Published, with no source named.")
    desk.locator("#toast").get_by_role("button", name="Undo").click()
    expect(desk.locator("#headline")).to_have_value("On its way")
    expect(desk.locator("#rows article")).to_have_count(0)
    expect(desk.locator("#trash")).to_have_text("Trash: 1 withdrawn or undone")


def test_a_draft_stopped_from_the_inbox_can_be_published_again(clock, desk, event):
    delay(event, 5)
    publishing.save_draft(event, words=cast.words("From the inbox"), by=None)
    row = desk.locator("#inbox article")
    row.get_by_role("button", name="Publish").click()
    row.get_by_role("button", name="Stop").click()
    expect(desk.locator("#headline")).to_have_value("From the inbox")
    row.get_by_role("button", name="Publish").click()
    expect(desk.locator("#rows article h3")).to_have_text("From the inbox", timeout=15000)
    assert Post.objects.get().state == "published"


def test_without_a_clock_the_desk_says_so_and_lets_nothing_wait(desk, event):
    expect(desk.locator("#clock-off")).to_be_visible()
    desk.fill("#headline", "Now or never")
    desk.get_by_role("button", name="Schedule…").click()
    desk.get_by_role("dialog").get_by_role("button", name="Schedule", exact=True).click()
    expect(desk.locator("#trouble")).to_contain_text("The clock is not running")
    assert not Post.objects.exists()
    delay(event, 10)
    desk.click("#publish")
    desk.get_by_role("dialog").get_by_role("button", name="Publish at once").click()
    expect(desk.locator("#rows article h3")).to_have_text("Now or never")
    # A clock that comes back is seen.
    publishing.beat(publishing.CLOCK)
    expect(desk.locator("#clock-off")).to_be_hidden()


@pytest.fixture
def missed(event) -> Post:
    post = set_back(scheduled(event, "Forty minutes old"), 2400)
    list(publishing.publish_due(timezone.now()))
    return post


def test_what_was_missed_asks_and_is_scheduled_anew_or_published(clock, missed, desk, event):
    row = desk.locator("#inbox article")
    expect(row).to_contain_text("No clock ran at its time.")
    expect(row.get_by_role("timer")).to_contain_text("due 40 min")
    row.get_by_role("button", name="Schedule anew…").click()
    desk.get_by_role("dialog").locator("#due_at").fill(typed(timezone.now() + timedelta(hours=3)))
    desk.get_by_role("dialog").get_by_role("button", name="Schedule", exact=True).click()
    expect(row.get_by_role("timer")).to_contain_text("in 2 h 5")
    expect(row).to_be_focused()
    row.get_by_role("button", name="Back to drafts").click()
    expect(row).to_contain_text("Draft")
    expect(row).to_be_focused()
    row.get_by_role("button", name="Publish").click()
    expect(desk.locator("#rows article")).to_be_focused()


def test_what_goes_out_under_an_editors_hands_becomes_a_revision(clock, desk, event):
    post = scheduled(event, "As it was scheduled")
    desk.locator("#inbox").get_by_role("button", name="Edit").click()
    expect(desk.locator("#composing-due")).to_be_visible()
    desk.fill("#headline", "With what I added")
    set_back(post)
    expect(desk.locator("#composer-title")).to_have_text("Revising a published post")
    expect(desk.locator("#headline")).to_have_value("With what I added")
    desk.click("#publish")
    expect(desk.locator("#rows article h3")).to_have_text("With what I added")
    assert post.revisions.count() == 2


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_on_a_phone(missed, desk, event, scheme):
    scheduled(event, "In time")
    desk.emulate_media(color_scheme=scheme)
    desk.set_viewport_size({"width": 360, "height": 740})
    desk.locator("[data-tab-to=inbox]").click()
    expect(desk.locator("#inbox article")).to_have_count(2)
    assert desk.evaluate("document.documentElement.scrollWidth") <= 360
    check_with_axe(desk)
    desk.locator("#inbox").get_by_role("button", name="Another time…").click()
    expect(desk.get_by_role("dialog")).to_be_visible()
    check_with_axe(desk)
    if folder := os.environ.get("SHOTS"):
        desk.screenshot(path=f"{folder}/schedule-{scheme}.png")


def check_with_axe(desk: Page) -> None:
    found = Axe().run(desk)
    assert found.violations_count == 0, found.generate_report()


def test_a_time_for_a_post_with_a_source_that_is_not_finished_leads_to_the_source(desk):  # noqa: F811
    desk.fill("#headline", "Later")
    desk.get_by_role("button", name="Add a source").click()
    name = desk.get_by_role("combobox", name="Who says so")
    name.fill("Somebody new")
    desk.get_by_role("button", name="Schedule…").click()
    desk.locator("#schedule-dialog").get_by_role("button", name="Schedule", exact=True).click()
    expect(desk.locator("#trouble")).to_contain_text("A source is not finished")
    # Whatever comes after it.
    desk.wait_for_timeout(200)
    expect(name).to_be_focused()
