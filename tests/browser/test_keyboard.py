"""By keyboard alone: the call of 18 March 2025, from an empty database to the archive."""

import json
import zipfile

import pytest
from django.conf import settings
from playwright.sync_api import Locator, Page, expect

from events import seeding, text
from events.models import Correction, Event, Post
from events.publishing import Words
from tests import cast

pytestmark = pytest.mark.django_db(transaction=True)

#: More than there are stops on any page of ours.
STOPS = 250


def reach(page: Page, target: Locator, back: bool = False) -> None:
    """Go there by Tab, as somebody without a mouse does; fail when there is no way."""
    target.wait_for()
    for _stop in range(STOPS):
        if target.evaluate("node => node === document.activeElement"):
            return
        page.keyboard.press("Shift+Tab" if back else "Tab")
    raise AssertionError(f"No way by Tab to {target}.")


def press(page: Page, name: str, role: str = "button", key: str = "Enter") -> None:
    """Go to a button or link, and press it."""
    reach(page, page.get_by_role(role, name=name, exact=True).first)
    page.keyboard.press(key)


def log_in(page: Page, address: str) -> None:
    user = cast.editor()
    user.set_password("a-long-password")
    user.save()
    page.goto(f"{address}/admin/login/?next=/admin/events/event/add/")
    reach(page, page.locator("#id_username"))
    page.keyboard.type("ada")
    page.keyboard.press("Tab")
    page.keyboard.type("a-long-password")
    page.keyboard.press("Enter")
    page.wait_for_url("**/event/add/")


def make_event(page: Page) -> None:
    reach(page, page.locator("#id_title"))
    page.keyboard.type("Trump and Putin speak by telephone")
    reach(page, page.locator("#id_visibility"))
    page.keyboard.type("Public")
    reach(page, page.locator("#id_zone_name"))
    page.keyboard.type("GMT")
    page.keyboard.press("Enter")
    page.wait_for_url("**/desk/")


def write(page: Page, words: Words) -> None:
    """Type a post of the seed: its headline, and the first paragraph of its text."""
    expect(page.locator("#headline")).to_be_focused()
    page.keyboard.type(words.headline)
    page.keyboard.press("Enter")
    page.keyboard.insert_text(text.plain(words.body).split("\n")[0])
    page.keyboard.press("Control+Enter")


def quote_a_new_source(page: Page, event: Event) -> None:
    """A post whose source is made in place."""
    page.keyboard.type("It goes well, says an official")
    page.keyboard.press("Alt+s")
    page.keyboard.type("Dan Scavino")
    expect(page.get_by_role("option", name="New source")).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.keyboard.type("White House deputy chief of staff")
    page.keyboard.press("Enter")
    expect(page.locator("[data-find]")).to_have_value("Dan Scavino, White House deputy chief of staff")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#rows article")).to_have_count(11)
    assert event.posts.newest()[0].attributions.get().as_named == "Dan Scavino"


def correct_the_slip(page: Page) -> None:
    """The slip of the seed, corrected."""
    wrong = page.locator("#rows article").nth(5)
    reach(page, wrong.get_by_role("button", name="Edit"))
    page.keyboard.press("Enter")
    expect(page.locator("#composer-title")).to_have_text("Revising a published post")
    reach(page, page.locator("#headline"))
    page.keyboard.press("End")
    page.keyboard.type(", at 7:30 pm in India")
    # The way of radio buttons: Tab to the group, arrows within.
    page.locator("[name=change]").first.wait_for()
    for _stop in range(STOPS):
        if page.evaluate("document.activeElement.name") == "change":
            break
        page.keyboard.press("Tab")
    while page.evaluate("document.activeElement.value") != "correction":
        page.keyboard.press("ArrowRight")
    reach(page, page.locator("#note"))
    page.keyboard.type("We gave the start as 7 pm in India; 14:00 GMT is 7:30 pm.")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#rows article")).to_have_count(12)
    assert Correction.objects.get().note.startswith("We gave the start")


def test_the_call_is_covered_from_an_empty_database_to_the_archive(page: Page, live_server, transactional_db):
    page.set_default_timeout(20000)
    script = seeding.read(settings.BASE_DIR / "seeds" / "trump-putin-call.yaml")
    posts = [step.words for step in script.steps if step.verb == "post" and step.words.headline][:10]
    assert not Event.objects.exists() and len(posts) == 10
    log_in(page, live_server.url)
    make_event(page)
    event = Event.objects.get()

    press(page, "Go live")
    expect(page.locator("#state")).to_have_text("Live")
    reach(page, page.locator("#headline"))
    for count, words in enumerate(posts, start=1):
        write(page, words)
        expect(page.locator("#rows article")).to_have_count(count)
    assert [post.headline for post in event.posts.oldest()] == [words.headline for words in posts]

    quote_a_new_source(page, event)
    correct_the_slip(page)
    # The end: a wrap-up, the article, the archive.
    press(page, "End…")
    reach(page, page.get_by_role("checkbox", name="Publish a wrap-up first"))
    page.keyboard.press("Space")
    expect(page.locator("#ending-headline")).to_be_focused()
    page.keyboard.type("The call is over")
    page.keyboard.press("Enter")
    press(page, "Make the article", "link")
    expect(page.get_by_text("The call is over").first).to_be_visible()
    event.refresh_from_db()
    assert event.state == "ended"
    with page.expect_download() as download:
        press(page, "Download the archive: everything public, as a zip", "link")
    with zipfile.ZipFile(download.value.path()) as archive:
        (name,) = [name for name in archive.namelist() if name.endswith(".json")]
        told = json.loads(archive.read(name))
    headlines = {post["headline"] for post in told["posts"]}
    assert {"The call is over", posts[0].headline} < headlines
    assert Post.objects.filter(event=event, state="published").count() == len(told["posts"])
