"""The past of a post in a real browser: undo, history, trash, the merge of two editors, what is amber."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from events import publishing
from events.models import Event, Post
from events.publishing import Line
from tests import cast

pytestmark = pytest.mark.django_db(transaction=True)

#: Opens the desk for somebody, in a browser of their own.
Enter = Callable[..., Page]


@pytest.fixture
def event(transactional_db) -> Event:
    return cast.event()


@pytest.fixture
def enter(browser: Browser, live_server, event) -> Iterator[Enter]:
    contexts, errors = [], []

    def enter(user, width: int = 1300) -> Page:
        client = Client()
        client.force_login(user)
        context = browser.new_context(viewport={"width": width, "height": 760})
        contexts.append(context)
        cookie = {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}
        context.add_cookies([cookie])
        page = context.new_page()
        page.set_default_timeout(20000)
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.goto(f"{live_server.url}/admin/events/event/{event.pk}/desk/")
        expect(page.locator("#line")).not_to_have_text("…")
        expect(page.get_by_role("textbox", name="Text", exact=True)).to_be_visible()
        return page

    yield enter
    for context in contexts:
        context.close()
    assert errors == []


@pytest.fixture
def desk(enter, transactional_db) -> Page:
    return enter(cast.editor())


def row(page: Page, post: Post):
    return page.locator(f"#row-{post.pk}")


def press(page: Page, post: Post, name: str) -> None:
    row(page, post).get_by_role("button", name=name, exact=True).click()


def more(page: Page, post: Post, name: str) -> None:
    row(page, post).locator(".rarer > summary").click()
    press(page, post, name)


def title(page: Page, post: Post):
    return page.locator(f"#title-{post.pk}")


def test_a_revision_is_taken_back_by_a_key(desk, event):
    post = cast.post(event, "As it was").post
    press(desk, post, "Edit")
    expect(desk.locator("#headline")).to_have_value("As it was")
    desk.fill("#headline", "Too fast")
    desk.keyboard.press("Control+Enter")
    expect(title(desk, post)).to_have_text("Too fast")
    desk.keyboard.press("Alt+z")
    expect(title(desk, post)).to_have_text("As it was")
    assert post.revisions.count() == 3


def test_a_withdrawal_is_taken_back_and_the_focus_is_on_the_row(desk, event):
    post = cast.post(event).post
    press(desk, post, "Withdraw…")
    desk.get_by_role("dialog").get_by_role("button", name="Withdraw").click()
    expect(row(desk, post).locator(".sentence")).to_be_visible()
    desk.locator("#toast").get_by_role("button", name="Undo").click()
    expect(row(desk, post).locator(".sentence")).to_have_count(0)
    expect(row(desk, post)).to_be_focused()


def test_a_pin_is_taken_back_to_the_one_before(desk, event):
    first, second = cast.post(event, "First").post, cast.post(event, "Second").post
    publishing.pin(event, post=first, by=None)
    press(desk, second, "Pin")
    expect(row(desk, second).get_by_role("button", name="Unpin")).to_be_visible()
    expect(row(desk, second)).to_be_focused()
    desk.keyboard.press("Alt+z")
    expect(row(desk, first).get_by_role("button", name="Unpin")).to_be_visible()
    event.refresh_from_db()
    assert event.pinned == first


def test_versions_are_compared_and_one_is_restored(desk, event):
    post = cast.post(event, "It lasted 90 minutes").post
    publishing.revise(post, words=cast.words("It lasted 120 minutes"), revision=1, by=None)
    more(desk, post, "History…")
    dialog = desk.get_by_role("dialog", name="History of this post")
    dialog.get_by_role("button", name="Compare").click()
    expect(dialog.locator("del")).to_contain_text("90")
    expect(dialog.locator("ins")).to_contain_text("120")
    assert Axe().run(desk).violations_count == 0
    dialog.get_by_role("button", name="Restore… version 1").click()
    bring = desk.get_by_role("dialog", name="Restore version 1")
    bring.get_by_role("button", name="Restore as a new version").click()
    expect(bring.get_by_role("alert")).to_contain_text("Say what kind of change this is")
    bring.get_by_role("radio", name="Spelling").check()
    desk.keyboard.press("Enter")
    expect(title(desk, post)).to_have_text("It lasted 90 minutes")
    expect(row(desk, post)).to_be_focused()
    assert post.revisions.count() == 3


def test_a_number_in_an_older_post_asks_which_change_it_is(desk, event):
    at = timezone.now() - timedelta(hours=1)
    post = publishing.publish(event, words=cast.words("It lasted 90 minutes"), by=None, at=at).post
    press(desk, post, "Edit")
    expect(desk.locator("#headline")).to_have_value("It lasted 90 minutes")
    desk.fill("#headline", "It lasted 120 minutes")
    desk.keyboard.press("Control+Enter")
    expect(desk.locator("#trouble")).to_contain_text("This changes a number")
    # The question and its four answers stand above the button, in sight.
    expect(desk.locator("#changes")).to_be_in_viewport(ratio=1)
    expect(desk.locator("#trouble")).to_be_in_viewport(ratio=1)
    expect(desk.locator("#changes :checked")).to_have_count(0)
    expect(desk.locator("#headline")).to_have_value("It lasted 120 minutes")
    expect(desk.get_by_role("radio", name="Spelling")).to_be_focused()
    desk.keyboard.press("Space")
    desk.keyboard.press("Control+Enter")
    expect(title(desk, post)).to_have_text("It lasted 120 minutes")


def test_the_trash_has_what_was_withdrawn(desk, event):
    gone, there = cast.post(event, "Gone").post, cast.post(event, "There").post
    publishing.withdraw(gone, by=None)
    desk.get_by_role("button", name="Trash").click()
    expect(row(desk, there)).to_have_count(0)
    press(desk, gone, "Restore")
    expect(desk.locator("#trash-empty")).to_be_visible()
    desk.get_by_role("button", name="Back to the timeline").click()
    expect(desk.locator("#rows article")).to_have_count(2)


def test_two_editors_put_their_texts_together(enter, event):
    post = cast.post(event, "The call", body="<p>One.</p><p>Two.</p><p>Three.</p>").post
    ada, bob = enter(cast.editor()), enter(cast.member("bob", "editor"))
    for page in (ada, bob):
        press(page, post, "Edit")
        expect(page.locator("#headline")).to_have_value("The call")
    write(bob, ["One.", "Two, says Bob.", "Three."])
    bob.keyboard.press("Control+Enter")
    expect(bob.locator("#headline")).to_have_value("")
    write(ada, ["One.", "Two.", "Three, says Ada.", "Four."])
    ada.keyboard.press("Control+Enter")
    dialog = ada.get_by_role("dialog", name="Two texts, one post")
    expect(dialog.get_by_role("group")).to_have_count(3)
    # Whoever changed a part is proposed: nothing needs to be chosen.
    expect(dialog.get_by_role("group").nth(0).get_by_label("Theirs")).to_be_checked()
    expect(dialog.get_by_role("group").nth(1).get_by_label("Mine")).to_be_checked()
    assert Axe().run(ada).violations_count == 0
    dialog.get_by_role("group").nth(0).get_by_label("Theirs").focus()
    for _again in range(2):
        ada.keyboard.press("ArrowDown")
    expect(dialog.get_by_role("group").nth(0).get_by_label("Both")).to_be_checked()
    dialog.get_by_role("button", name="Put it together").click()
    expect(ada.get_by_role("textbox", name="Text", exact=True)).to_contain_text("Two, says Bob.")
    ada.keyboard.press("Control+Enter")
    expect(ada.locator("#headline")).to_have_value("")
    post.refresh_from_db()
    assert post.html == "<p>One.</p><p>Two, says Bob.</p><p>Two.</p><p>Three, says Ada.</p><p>Four.</p>"
    assert post.revision == 3


def test_what_is_left_of_ones_own_text_waits_above_the_composer(desk, event):
    words = cast.words("The call", body="<p>One.</p>", byline="Ada")
    post = publishing.publish(event, words=words, by=None).post
    desk.reload()
    press(desk, post, "Edit")
    expect(desk.locator("#headline")).to_have_value("The call")
    write(desk, ["One, says Ada."])
    theirs = cast.words("The call", body="<p>One, says Bob.</p>", byline="Bob", attributions=cast.quote().attributions)
    publishing.revise(post, words=theirs, revision=1, by=None)
    desk.keyboard.press("Control+Enter")
    dialog = desk.get_by_role("dialog", name="Two texts, one post")
    groups = dialog.get_by_role("group")
    expect(groups).to_have_count(3)
    # What only the other has changed is theirs.
    for place in (0, 1):
        expect(groups.nth(place).get_by_label("Theirs")).to_be_checked()
    expect(groups.nth(2).get_by_label("Mine")).to_be_checked()
    groups.nth(2).get_by_label("Theirs").check()
    dialog.get_by_role("button", name="Put it together").click()
    body = desk.get_by_role("textbox", name="Text", exact=True)
    expect(body).to_have_text("One, says Bob.")
    unsent = desk.locator("#unsent")
    expect(unsent).to_contain_text("Yours, as it was before two texts were put together")
    desk.locator("#clear").click()
    desk.get_by_role("dialog").get_by_role("button", name="Drop my changes").click()
    expect(desk.locator("#kept")).to_have_text("")
    desk.reload()
    expect(unsent).to_contain_text("The call")
    expect(desk.locator("#headline")).to_have_value("")
    desk.get_by_role("button", name="Go on writing it here").click()
    expect(body).to_have_text("One, says Ada.")
    expect(unsent).to_be_hidden()
    desk.keyboard.press("Control+Enter")
    expect(dialog).to_contain_text("One, says Bob.")


def write(page: Page, lines: list[str]) -> None:
    """Type a text in the place of the one that is there."""
    page.get_by_role("textbox", name="Text", exact=True).click()
    page.keyboard.press("Control+a")
    for place, line in enumerate(lines):
        if place:
            page.keyboard.press("Enter")
        page.keyboard.type(line)


def test_what_rests_on_a_doubted_post_turns_amber(desk, event):
    post = cast.post(event, "It is so", key_event=True).post
    publishing.summarise(event, lines=[Line(text="So it is", post=post)], by=None)
    expect(row(desk, post)).to_be_visible()
    more(desk, post, "Confirmed?…")
    desk.get_by_role("dialog").get_by_label("Readers are told").select_option("disputed")
    desk.get_by_role("dialog").get_by_role("button", name="Change it").click()
    desk.get_by_role("button", name="2 to check again").click()
    dialog = desk.get_by_role("dialog", name="To check again")
    expect(dialog.get_by_role("listitem")).to_have_count(2)
    assert Axe().run(desk).violations_count == 0
    dialog.get_by_role("button", name="It is still right: So it is").click()
    expect(dialog.get_by_role("listitem")).to_have_count(1)
    expect(desk.locator("#toast")).to_contain_text("It stays as it is.")
    dialog.get_by_label("Label in the list of key events").fill("Said to be so")
    dialog.get_by_role("button", name="Change the label").click()
    expect(dialog.locator("#amber-none")).to_be_visible()
    post.refresh_from_db()
    assert (post.key_event, post.key_label) == (True, "Said to be so")
    publishing.stand(post, by=None, standing="false")
    expect(dialog.get_by_role("listitem")).to_have_count(2, timeout=20000)
    dialog.get_by_role("button", name="It is still right: So it is").click()
    expect(dialog.get_by_role("listitem")).to_have_count(1)
    dialog.get_by_role("button", name="No key event any more").click()
    expect(dialog.locator("#amber-none")).to_be_visible()
    dialog.get_by_role("button", name="Close").click()
    expect(desk.locator("#open-amber")).to_be_hidden()
    post.refresh_from_db()
    assert not post.key_event


def test_a_post_is_moved_retracted_and_removed(desk, event):
    post = cast.post(event, "Wrong").post
    more(desk, post, "Move in time…")
    desk.get_by_label("Place in time (GMT)").fill("2025-03-18T14:00")
    desk.get_by_role("dialog").get_by_role("button", name="Move").click()
    expect(row(desk, post).locator("time")).to_have_text("14:00")
    press(desk, post, "Retract…")
    desk.fill("#ask-note", "We no longer stand by it.")
    desk.get_by_role("dialog").get_by_role("button", name="Retract").click()
    expect(row(desk, post).locator(".sentence")).to_contain_text("We no longer stand by it.")
    press(desk, post, "Remove by law…")
    desk.get_by_role("dialog").get_by_role("button", name="Remove for good").click()
    expect(title(desk, post)).to_have_text("Removed")


def test_a_phone_has_room_for_the_history(enter, event):
    page = enter(cast.editor(), 360)
    post = cast.post(event, "Word" * 40, body="<p>" + "long" * 100 + "</p>").post
    publishing.revise(post, words=cast.words("Other"), revision=1, by=None)
    page.locator("[data-tab-to=timeline]").click()
    more(page, post, "History…")
    page.get_by_role("dialog").get_by_role("button", name="Compare").click()
    expect(page.locator("#compared del").first).to_be_visible()
    assert page.evaluate(
        "document.querySelector('#history').scrollWidth <= document.querySelector('#history').clientWidth"
    )
