"""What somebody else did first, what is on hold, and what replaces what: at the desk, in a real browser."""

from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone
from playwright.sync_api import expect

from events import publishing
from events.models import Post, SummaryLine
from events.publishing import Line
from tests import cast
from tests.browser.test_desk import ada, desk, event  # noqa: F401 - fixtures
from tests.browser.test_past import more, press, row

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_post_on_hold_is_corrected_before_it_is_shown_again(desk, event):  # noqa: F811
    post = cast.post(event, "Seven o’clock").post
    press(desk, post, "Hold")
    expect(row(desk, post)).to_contain_text("Being checked")
    press(desk, post, "Edit")
    expect(desk.locator("#composing-hold")).to_be_visible()
    desk.fill("#headline", "Half past seven")
    desk.locator('#changes [value="correction"]').check()
    desk.fill("#note", "We said seven: it is half past.")
    desk.click("#publish")
    expect(row(desk, post).locator(".sentence")).to_have_count(0)
    expect(desk.locator("#rows h3")).to_have_count(2)
    expect(desk.locator("#composing-hold")).to_be_hidden()
    post.refresh_from_db()
    assert (post.state, post.headline) == ("published", "Half past seven")


def test_a_hold_is_not_lifted_by_somebody_who_did_not_know_of_it(desk, event):  # noqa: F811
    post = cast.post(event, "Seven o’clock").post
    press(desk, post, "Edit")
    expect(desk.locator("#headline")).to_have_value("Seven o’clock")
    desk.fill("#headline", "Seven o’clock.")
    expect(desk.locator("#composing-hold")).to_be_hidden()
    publishing.hold(post, by=cast.member("bo"))
    expect(desk.locator("#composing-hold")).to_be_visible()
    desk.click("#publish")
    dialog = desk.get_by_role("dialog", name="Show it again?")
    expect(dialog).to_contain_text("bo put this post on hold")
    dialog.get_by_role("button", name="Cancel").click()
    expect(desk.locator("#headline")).to_have_value("Seven o’clock.")
    post.refresh_from_db()
    assert post.withdrawal == "hold"
    desk.click("#publish")
    dialog.get_by_role("button", name="Show it with these words").click()
    expect(row(desk, post).locator("h3")).to_have_text("Seven o’clock.")
    expect(row(desk, post).locator(".sentence")).to_have_count(0)


def test_what_is_marked_while_another_looks_for_commas_stays_marked(desk, event):  # noqa: F811
    post = cast.post(event, "Seven o’clock").post
    press(desk, post, "Edit")
    expect(desk.locator("#headline")).to_have_value("Seven o’clock")
    publishing.stand(post, by=None, standing="disputed")
    publishing.mark(post, by=None, key_event=True, key_label="Seven")
    desk.reload()
    expect(desk.locator("#headline")).to_have_value("Seven o’clock")
    desk.fill("#headline", "Seven o’clock.")
    desk.click("#publish")
    expect(row(desk, post).locator("h3")).to_have_text("Seven o’clock.")
    post.refresh_from_db()
    assert (post.standing, post.key_event, post.key_label) == ("disputed", True, "Seven")


def test_a_pin_has_an_end_and_a_withdrawal_names_what_replaces_it(desk, event):  # noqa: F811
    better, post = cast.post(event, "Better").post, cast.post(event, "Worse").post
    press(desk, better, "Pin")
    more(desk, better, "Until…")
    dialog = desk.get_by_role("dialog", name="How long does it stay on top?")
    dialog.get_by_label("From now").select_option("60")
    found = Axe().run(desk)
    assert found.violations_count == 0, found.generate_report()
    dialog.get_by_role("button", name="Pin").click()
    expect(row(desk, better)).to_contain_text("Pinned until")
    press(desk, post, "Withdraw…")
    desk.fill("#ask-note", "x" * 301)
    desk.get_by_label("To be read instead").select_option(better.pk)
    desk.evaluate("document.getElementById('ask-note').value = 'x'.repeat(301)")
    desk.get_by_role("dialog").get_by_role("button", name="Withdraw").click()
    # What is refused asks again, with the reason and with all that was typed.
    expect(desk.locator("#ask-text")).to_contain_text("room for 300 characters")
    expect(desk.locator("#ask-instead")).to_have_value(better.pk)
    desk.fill("#ask-note", "Said twice.")
    desk.get_by_role("dialog").get_by_role("button", name="Withdraw").click()
    expect(row(desk, post).locator(".sentence")).to_contain_text("Said twice.")
    post.refresh_from_db()
    assert post.replaced_by_id == better.pk


def test_two_editors_of_one_summary_and_one_handover_lose_no_word(desk, event):  # noqa: F811
    publishing.summarise(event, lines=[Line(text="They talk.")], by=None)
    desk.reload()
    expect(desk.locator("#line")).not_to_have_text("…")
    desk.click("#open-summary")
    expect(desk.locator("#lines textarea")).to_have_value("They talk.")
    desk.locator("#lines textarea").fill("They talk for an hour.")
    publishing.summarise(event, lines=[Line(text="They talk."), Line(text="One of them is in Moscow.")], by=None)
    desk.click("#send-summary")
    expect(desk.locator("#summary-trouble")).to_contain_text("The summary has been changed meanwhile")
    expect(desk.locator("#lines textarea")).to_have_count(2)
    desk.click("#send-summary")
    expect(desk.locator("#summary")).to_be_hidden()
    assert [line.text for line in SummaryLine.objects.all()] == ["They talk for an hour.", "One of them is in Moscow."]
    desk.click("#open-handover")
    desk.locator("#handover textarea").fill("Mine: ring at six.")
    publishing.change(event, by=None, handover="Theirs: the ministry rings.")
    desk.get_by_role("button", name="Keep the note").click()
    expect(desk.locator("#handover-trouble")).to_contain_text("Both texts are below")
    expect(desk.locator("#handover textarea")).to_have_value("Theirs: the ministry rings.\n\nMine: ring at six.")
    desk.get_by_role("button", name="Keep the note").click()
    expect(desk.locator("#handover")).to_be_hidden()
    event.refresh_from_db()
    assert event.handover == "Theirs: the ministry rings.\n\nMine: ring at six."


def test_a_submission_that_is_out_already_asks_before_it_goes_out_twice(desk, event):  # noqa: F811
    cast.post(event, "The two presidents are on the line now")
    named = (publishing.Named(basis="witnessed"),)
    words = cast.words("Presidents are on the line now", attributions=named)
    publishing.save_draft(event, words=words, by=cast.member("carl", "contributor"), submit=True)
    publishing.change(event, by=None, coming_up="More")
    desk.reload()
    inbox = desk.locator("#inbox").get_by_role("button", name="Publish", exact=True)
    inbox.click()
    expect(desk.locator("#asks-text")).to_contain_text("The two presidents are on the line now")
    desk.keyboard.press("Escape")
    assert Post.objects.filter(state="published").count() == 1
    inbox.click()
    desk.get_by_role("dialog").get_by_role("button", name="Publish anyway").click()
    expect(desk.locator("#rows h3")).to_have_count(2)


def test_two_editors_on_one_draft_see_both_texts(desk, event):  # noqa: F811
    post = publishing.save_draft(event, words=cast.words("As it was"), by=None).post
    publishing.change(event, by=None, coming_up="More")
    desk.reload()
    desk.locator("#inbox").get_by_role("button", name="Edit").click()
    expect(desk.locator("#headline")).to_have_value("As it was")
    publishing.save_draft(event, words=cast.words("Somebody was faster"), by=None, post=post)
    desk.fill("#headline", "My own words")
    desk.click("#draft")
    dialog = desk.get_by_role("dialog")
    expect(dialog).to_contain_text("Somebody was faster")
    expect(desk.locator("#merge-stays")).to_contain_text("was never public has no history")
    dialog.get_by_role("button", name="Put it together in the composer").click()
    expect(desk.locator("#trouble")).to_contain_text("Put together")
    desk.click("#draft")
    expect(desk.locator("#inbox h3")).to_have_text("My own words")
    assert Post.objects.get().state == "draft"


def submission(event):  # noqa: F811
    carl = cast.member("carl", "contributor")
    words = cast.words("I saw a car", body="<p>It was red.</p>", attributions=(publishing.Named(basis="witnessed"),))
    return publishing.save_draft(event, words=words, by=carl, submit=True).post


def publish_changed(event, post: Post) -> None:  # noqa: F811
    """Bo's words go out, while somebody else has those of before in the composer."""
    words = cast.words(
        "Witness: a car", body="<p>It was blue.</p>", attributions=(publishing.Named(basis="witnessed"),)
    )
    publishing.publish(event, words=words, by=cast.member("bo"), post=post)


def test_what_somebody_else_changed_and_published_is_not_reverted(desk, event):  # noqa: F811
    post = submission(event)
    desk.reload()
    desk.locator("#inbox").get_by_role("button", name="Edit").click()
    expect(desk.locator("#headline")).to_have_value("I saw a car")
    desk.locator(".composer .prose-editor").press("End")
    desk.locator(".composer .prose-editor").press_sequentially(" I am sure.")
    publish_changed(event, post)
    expect(desk.locator("#composer-title")).to_have_text("Revising a published post")
    desk.click("#publish")
    dialog = desk.get_by_role("dialog", name="Two texts, one post")
    expect(dialog).to_contain_text("It was blue.")
    dialog.get_by_role("button", name="Go on writing mine").click()
    assert Post.objects.get().headline == "Witness: a car"


def test_what_was_only_looked_at_becomes_what_went_out(desk, event):  # noqa: F811
    post = submission(event)
    desk.reload()
    desk.locator("#inbox").get_by_role("button", name="Edit").click()
    expect(desk.locator("#headline")).to_have_value("I saw a car")
    publish_changed(event, post)
    expect(desk.locator("#composer-title")).to_have_text("Revising a published post")
    expect(desk.locator("#headline")).to_have_value("Witness: a car")


def test_a_contributors_words_are_submitted_anew(page, live_server, client, event):  # noqa: F811
    post = submission(event)
    client.force_login(cast.member("carl", "contributor"))
    page.context.add_cookies(
        [{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}]
    )
    page.goto(f"{live_server.url}/admin/events/event/{event.pk}/desk/")
    page.locator("#inbox").get_by_role("button", name="Edit").click()
    expect(page.locator("#headline")).to_have_value("I saw a car")
    page.fill("#headline", "I saw a second car")
    publish_changed(event, post)
    expect(page.locator("#toast")).to_contain_text("can be submitted as a new one")
    expect(page.locator("#draft")).to_be_visible()
    page.click("#submit")
    expect(page.locator("#inbox h3")).to_have_text("I saw a second car")
    post.refresh_from_db()
    assert post.headline == "Witness: a car"


def test_a_look_at_what_is_scheduled_leaves_it_to_its_time(desk, event):  # noqa: F811
    out = cast.post(event, "Already out").post
    later = timezone.now() + timedelta(hours=1)
    post = publishing.schedule(event, words=cast.words("At its time"), by=None, at=later, pin=True).post
    desk.reload()
    inbox = desk.locator("#inbox").get_by_role("button", name="Edit")
    inbox.click()
    expect(desk.locator("#headline")).to_have_value("At its time")
    press(desk, out, "Edit")
    expect(desk.locator("#headline")).to_have_value("Already out")
    inbox.click()
    expect(desk.locator("#headline")).to_have_value("At its time")
    desk.fill("#headline", "Better words")
    press(desk, out, "Edit")
    desk.get_by_role("dialog").get_by_role("button", name="Save it and go on").click()
    expect(desk.locator("#headline")).to_have_value("Already out")
    post.refresh_from_db()
    assert (post.headline, post.state, post.due_at, post.pin_when_out) == ("Better words", "scheduled", later, True)


def test_nothing_can_be_typed_that_is_put_aside_unsaved(desk, event):  # noqa: F811
    out = cast.post(event, "Already out").post
    desk.fill("#headline", "Half a sentence")
    waiting = []
    desk.route("**/deeds/draft/", lambda route: waiting.append(route))
    press(desk, out, "Edit")
    desk.get_by_role("dialog").get_by_role("button", name="Save it and go on").click()
    expect(desk.locator("#composer")).to_have_attribute("aria-busy", "true")
    desk.keyboard.type(" and its end")
    expect(desk.locator("#headline")).to_have_value("Half a sentence")
    waiting[0].continue_()
    expect(desk.locator("#headline")).to_have_value("Already out")
    expect(desk.locator("#composer")).to_have_attribute("aria-busy", "false")
    assert Post.objects.get(state="draft").headline == "Half a sentence"


def test_who_looks_on_has_neither_composer_nor_its_keys(page, live_server, client, event):  # noqa: F811
    cast.post(event, "On the line")
    client.force_login(cast.member("vera", "viewer"))
    page.context.add_cookies(
        [{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}]
    )
    page.goto(f"{live_server.url}/admin/events/event/{event.pk}/desk/")
    expect(page.locator("#rows h3")).to_have_text("On the line")
    expect(page.locator("#composer")).to_be_hidden()
    expect(page.get_by_role("button", name="Write")).to_have_count(0)
    page.keyboard.press("Alt+KeyC")
    page.keyboard.press("Control+Enter")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keys")).to_be_visible()
    expect(page.locator("#keys-table")).not_to_contain_text("Publish, revise or submit")
    page.keyboard.press("Escape")
    page.set_viewport_size({"width": 360, "height": 700})
    expect(page.locator("#rows h3")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
