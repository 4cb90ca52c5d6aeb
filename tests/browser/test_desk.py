"""The desk in a real browser: typing, publishing, conflict, an expired login."""

import re
from functools import cache

import pytest
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import User
from playwright.sync_api import Page, expect

from events import publishing
from events.models import Event, Post, Update
from tests import cast

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def event(transactional_db) -> Event:
    return cast.event()


@pytest.fixture
def ada(transactional_db) -> User:
    user = cast.editor()
    user.password = hashed("a-long-password")
    user.save()
    return user


#: Argon2 takes its time by design: once is enough.
hashed = cache(make_password)


def log_in(page: Page, address: str) -> None:
    page.goto(f"{address}/admin/login/?next=/admin/events/event/")
    page.fill("#id_username", "ada")
    page.fill("#id_password", "a-long-password")
    page.press("#id_password", "Enter")
    page.wait_for_url("**/admin/events/event/")


@pytest.fixture
def desk(page: Page, live_server, client, ada, event) -> Page:
    """Ada at the desk, one click from the list of events."""
    page.set_default_timeout(20000)
    client.force_login(ada)
    cookie = {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}
    page.context.add_cookies([cookie])
    page.goto(f"{live_server.url}/admin/events/event/")
    page.get_by_role("link", name="Open the desk").click()
    expect(page.locator("#line")).not_to_have_text("…")
    expect(page.get_by_role("textbox", name="Text", exact=True)).to_be_visible()
    return page


def body(page: Page):
    return page.get_by_role("textbox", name="Text", exact=True)


def test_an_editor_posts_with_the_keyboard_alone(desk):
    desk.focus("#headline")
    desk.keyboard.type("The call begins")
    desk.keyboard.press("Enter")
    desk.keyboard.type("Two leaders  are on the line.")
    desk.keyboard.press("Control+Enter")
    row = desk.locator("#rows article")
    expect(row).to_have_count(1)
    expect(row.locator("h3")).to_have_text("The call begins")
    post = Post.objects.get()
    assert post.html == "<p>Two leaders  are on the line.</p>"
    expect(desk.locator("#headline")).to_have_value("")
    expect(desk.locator("#headline")).to_be_focused()
    expect(body(desk)).to_have_text("")
    assert desk.evaluate("Object.keys(localStorage).filter((name) => name.startsWith('desk.'))") == []


def test_a_source_that_is_not_finished_is_not_lost(desk):
    desk.fill("#headline", "Somebody said so")
    desk.get_by_role("button", name="Add a source").click()
    desk.locator("[data-find]").fill("Nobody we know")
    desk.keyboard.press("Control+Enter")
    expect(desk.locator("#trouble")).to_contain_text("A source is not finished")
    expect(desk.locator("[data-find]")).to_be_focused()
    expect(desk.locator("#headline")).to_have_value("Somebody said so")
    assert not Post.objects.filter(state="published").exists()
    # Said where it is seen, beside the button; and the source can be kept from there.
    expect(desk.locator("#composer > .send #trouble")).to_be_in_viewport()
    expect(desk.locator("[data-find]")).to_have_attribute("aria-invalid", "true")
    desk.get_by_role("button", name="Keep it and publish").click()
    expect(desk.locator("#rows article")).to_have_count(1)
    assert Post.objects.get(state="published").attributions.get().as_named == "Nobody we know"


def test_undo_brings_the_text_back_into_the_composer(desk):
    desk.fill("#headline", "Too early")
    desk.keyboard.press("Control+Enter")
    desk.locator("#toast").get_by_role("button", name="Undo").click()
    expect(desk.locator("#headline")).to_have_value("Too early")
    # For readers it was never there: it lies in the trash alone.
    expect(desk.locator("#rows article")).to_have_count(0)
    desk.locator("#trash").click()
    expect(desk.locator("#rows .sentence")).to_have_text("Readers see nothing.")


def test_an_empty_post_is_refused_with_a_sentence(desk):
    desk.focus("#headline")
    desk.keyboard.press("Control+Enter")
    expect(desk.get_by_role("alert")).to_contain_text("this post is empty")


def test_a_source_is_found_and_another_made_in_place(desk):
    cast.scavino()
    desk.fill("#headline", "It goes well")
    desk.keyboard.press("Alt+s")
    desk.keyboard.type("scav")
    # What matches is the one that Enter takes.
    expect(desk.get_by_role("option", name="Dan Scavino")).to_have_attribute("aria-selected", "true")
    expect(desk.get_by_role("option", name="New source")).to_have_attribute("aria-selected", "false")
    desk.keyboard.press("Enter")
    desk.get_by_label("Quotation").fill("Going well.")
    desk.keyboard.press("Alt+s")
    desk.keyboard.type("Ann Lee")
    expect(desk.get_by_role("option", name="New source")).to_have_attribute("aria-selected", "true")
    desk.keyboard.press("Enter")
    introduced = desk.locator("[data-introduces]").nth(1)
    expect(introduced).to_have_text("New source. Readers see: Ann Lee")
    desk.keyboard.type("mayor")
    expect(introduced).to_have_text("New source. Readers see: Ann Lee, mayor")
    # What is out of sight comes into sight when its key turns it on, and the typing goes on.
    desk.keyboard.press("Alt+k")
    expect(desk.get_by_role("checkbox", name="Key event")).to_be_in_viewport(ratio=1)
    expect(desk.locator("#toggled")).to_have_text("Key event: on")
    expect(desk.locator("[data-new-field=role]").nth(1)).to_be_focused()
    desk.keyboard.press("Enter")
    expect(desk.locator("[data-find]").nth(1)).to_have_value("Ann Lee, mayor")
    desk.keyboard.press("Control+Enter")
    expect(desk.locator("#rows article")).to_have_count(1)
    assert [row.as_named for row in Post.objects.get().attributions.all()] == ["Dan Scavino", "Ann Lee"]


def test_an_expired_login_keeps_the_text_until_it_is_out(desk, live_server):
    desk.fill("#headline", "Worth keeping")
    cookies = desk.context.cookies()
    desk.context.clear_cookies()
    desk.context.add_cookies([cookie for cookie in cookies if cookie["name"] != "sessionid"])
    # Seen before anything is pressed.
    expect(desk.locator("#line")).to_have_text("logged out", timeout=20000)
    desk.press("#headline", "Control+Enter")
    expect(desk.get_by_role("alert")).to_contain_text("logged out")
    expect(desk.locator("#headline")).to_have_value("Worth keeping")
    assert not Post.objects.exists()
    tab = desk.context.new_page()
    log_in(tab, live_server.url)
    tab.close()
    desk.click("#publish")
    expect(desk.locator("#rows article h3")).to_have_text("Worth keeping")
    expect(desk.locator("#trouble")).to_be_hidden()


def test_the_line_is_down_and_nothing_is_lost_or_doubled(desk):
    desk.fill("#headline", "In the tunnel")
    # The answer is lost on the way back: the post is stored, and the desk does not know it.
    desk.route("**/deeds/publish/", lambda route: (route.fetch(), route.abort())[-1])
    desk.press("#headline", "Control+Enter")
    expect(desk.locator("#outbox")).to_contain_text("In the tunnel")
    expect(desk.locator("#headline")).to_have_value("")
    desk.unroute("**/deeds/publish/")
    expect(desk.locator("#outbox")).to_be_hidden()
    assert Post.objects.count() == 1


def test_a_crash_brings_back_what_was_typed(desk):
    desk.fill("#headline", "Half a sentence")
    body(desk).click()
    desk.keyboard.type("and more")
    desk.reload()
    expect(desk.locator("#headline")).to_have_value("Half a sentence")
    expect(body(desk)).to_have_text("and more")


def test_another_browser_has_what_the_server_kept(desk, ada, event):
    desk.fill("#headline", "Kept on the server")
    expect(desk.locator("#kept")).to_contain_text("Autosaved", timeout=8000)
    address = desk.url
    desk.goto(f"{address}timeline/")
    desk.evaluate("localStorage.clear()")
    desk.goto(address)
    expect(desk.locator("#headline")).to_have_value("Kept on the server")


def test_a_conflict_shows_both_texts_and_loses_neither(desk, event):
    post = cast.post(event, "As it was").post
    desk.locator("#rows").get_by_role("button", name="Edit").click()
    expect(desk.locator("#headline")).to_have_value("As it was")
    publishing.revise(post, words=cast.words("Somebody was faster"), revision=1, by=None)
    desk.fill("#headline", "My own words")
    desk.keyboard.press("Control+Enter")
    dialog = desk.get_by_role("dialog")
    expect(dialog.get_by_label("Theirs")).to_have_count(1)
    expect(dialog).to_contain_text("Somebody was faster")
    expect(dialog).to_contain_text("My own words")
    dialog.get_by_role("button", name="Store mine over theirs").click()
    expect(desk.locator("#rows article h3")).to_have_text("My own words")
    assert post.revisions.count() == 3


def test_editing_never_replaces_unsent_text_without_asking(desk, event):
    cast.post(event, "Already out")
    desk.fill("#headline", "Unsent")
    desk.locator("#rows").get_by_role("button", name="Edit").click()
    desk.get_by_role("dialog").get_by_role("button", name="Cancel").click()
    expect(desk.locator("#headline")).to_have_value("Unsent")
    desk.locator("#rows").get_by_role("button", name="Edit").click()
    desk.get_by_role("dialog").get_by_role("button", name="Save it and go on").click()
    expect(desk.locator("#headline")).to_have_value("Already out")
    assert Post.objects.get(state="draft").headline == "Unsent"


def test_a_correction_goes_out_with_its_sentence(desk, event):
    cast.post(event, "Seven in London")
    desk.locator("#rows").get_by_role("button", name="Edit").click()
    desk.get_by_role("radio", name="Correction").check()
    desk.fill("#headline", "Seven in Delhi")
    desk.fill("#note", "We named the wrong city.")
    desk.click("#publish")
    expect(desk.locator("#rows article")).to_have_count(2)
    assert Post.objects.get(kind="correction").headline.startswith("Correction")


def test_withdraw_asks_for_the_sentence_and_restore_brings_it_back(desk, event):
    cast.post(event, "Said twice")
    desk.locator("#rows").get_by_role("button", name="Withdraw").click()
    dialog = desk.get_by_role("dialog", name="Withdraw “Said twice”?")
    dialog.get_by_label("Why? Readers see it").fill("this post was withdrawn: it was said twice.")
    expect(desk.locator("#ask-says")).to_contain_text(
        re.compile(r"Readers see: This post was withdrawn\. It was said twice\. \d\d:\d\d GMT$")
    )
    dialog.get_by_text("Hold, withdraw, retract or remove?").click()
    expect(dialog.get_by_text("no word of it stays anywhere")).to_be_visible()
    desk.fill("#ask-note", "This was said twice.")
    desk.get_by_role("dialog").get_by_role("button", name="Withdraw").click()
    expect(desk.locator("#rows .sentence")).to_contain_text("This was said twice.")
    desk.locator("#rows").get_by_role("button", name="Restore").click()
    expect(desk.locator("#rows .sentence")).to_have_count(0)


def test_the_event_is_paused_with_a_sentence(desk, event):
    desk.get_by_role("button", name="Pause…").click()
    desk.fill("#ask-note", "We are back at six.")
    desk.get_by_role("dialog").get_by_role("button", name="Pause").click()
    expect(desk.locator("#state")).to_have_text("Paused")
    event.refresh_from_db()
    assert event.pause_note == "We are back at six."


def test_the_plain_form_makes_one_update_that_names_two_sources(desk, live_server, event):
    cast.scavino(), cast.bloomberg()
    before = Update.objects.latest("sequence").sequence
    desk.goto(f"{live_server.url}/admin/events/post/add/")
    for number, name in enumerate((None, "Scavino", "Bloomberg")):
        if number == 2:
            desk.locator(".add-row a").click()
        field = "#id_event" if name is None else f"#id_attributions-{number - 1}-source"
        desk.locator(f"{field} + .select2").click()
        desk.locator(".select2-search__field").last.type(name or "phone")
        found = desk.locator(".select2-results__option")
        expect(found).to_have_count(1)
        expect(found).to_contain_text(name or "phone")
        found.click()
    desk.fill("#id_headline", "Two sources")
    desk.get_by_role("textbox", name="Body").click()
    desk.keyboard.type("Both say so.")
    desk.click("[name=_save]")
    desk.wait_for_url("**/admin/events/post/")
    assert Update.objects.filter(sequence__gt=before).count() == 1
    post = Post.objects.get()
    assert post.html == "<p>Both say so.</p>"
    assert [row.as_named for row in post.attributions.all()] == ["Dan Scavino", "Bloomberg"]
