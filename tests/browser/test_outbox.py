"""The outbox, and what the server asks before it publishes."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from events.models import Post
from tests import cast
from tests.browser.test_desk import ada, desk, event  # noqa: F401 - fixtures

pytestmark = pytest.mark.django_db(transaction=True)


def cut(desk: Page) -> None:  # noqa: F811
    desk.route("**/deeds/publish/", lambda route: route.abort())


def send(desk: Page, headline: str) -> None:  # noqa: F811
    desk.fill("#headline", headline)
    desk.press("#headline", "Control+Enter")


def test_what_waits_survives_a_reload_and_goes_out_by_itself_once(desk):  # noqa: F811
    cut(desk)
    send(desk, "In the tunnel")
    expect(desk.locator("#outbox")).to_contain_text("In the tunnel")
    expect(desk.locator("#headline")).to_be_focused()
    desk.reload()
    expect(desk.locator("#outbox")).to_contain_text("In the tunnel")
    expect(desk.locator("#headline")).to_have_value("")
    found = Axe().run(desk)
    assert found.violations_count == 0, found.generate_report()
    desk.unroute("**/deeds/publish/")
    expect(desk.locator("#rows article h3")).to_have_text("In the tunnel")
    expect(desk.locator("#outbox")).to_be_hidden()
    assert Post.objects.count() == 1


def lose_answer(desk: Page, verb: str) -> None:  # noqa: F811
    """What is sent is stored, and nobody hears of it."""

    def lose(route) -> None:
        route.fetch()
        route.abort()

    desk.route(f"**/deeds/{verb}/", lose)


def test_what_is_written_after_a_lost_answer_is_stored_too(desk):  # noqa: F811
    lose_answer(desk, "draft")
    desk.fill("#headline", "In the tunnel")
    desk.click("#draft")
    expect(desk.locator("#trouble")).to_contain_text("No connection")
    expect(desk.locator("#inbox h3")).to_have_text("In the tunnel")
    desk.unroute("**/deeds/draft/")
    desk.fill("#headline", "In the tunnel, and out of it")
    desk.click("#draft")
    expect(desk.locator("#inbox h3")).to_have_text("In the tunnel, and out of it")
    expect(desk.locator("#headline")).to_have_value("")
    assert Post.objects.get().headline == "In the tunnel, and out of it"


def test_a_correction_after_a_lost_answer_shows_both_texts(desk, event):  # noqa: F811
    post = cast.post(event, "Seven").post
    desk.locator(f"#row-{post.pk}").get_by_role("button", name="Edit").click()
    expect(desk.locator("#headline")).to_have_value("Seven")
    lose_answer(desk, "revise")
    desk.fill("#headline", "Half past seven")
    desk.locator('#changes [value="correction"]').check()
    desk.fill("#note", "We said seven: it is half past.")
    desk.click("#publish")
    expect(desk.locator("#trouble")).to_contain_text("No connection")
    desk.unroute("**/deeds/revise/")
    desk.fill("#headline", "Half past seven in Delhi")
    desk.click("#publish")
    dialog = desk.get_by_role("dialog", name="Two texts, one post")
    expect(dialog).to_contain_text("what you changed since is not stored yet")
    assert Post.objects.count() == 2
    dialog.get_by_role("button", name="Put it together in the composer").click()
    expect(desk.locator("#headline")).to_have_value("Half past seven in Delhi")
    desk.locator('#changes [value="typo"]').check()
    desk.click("#publish")
    expect(desk.locator(f"#title-{post.pk}")).to_have_text("Half past seven in Delhi")
    assert Post.objects.count() == 2


def test_what_comes_back_from_the_outbox_goes_out_once(desk):  # noqa: F811
    lose_answer(desk, "publish")
    send(desk, "In the tunnel")
    expect(desk.locator("#outbox")).to_contain_text("In the tunnel")
    desk.get_by_role("button", name="Back into the composer").click()
    desk.unroute("**/deeds/publish/")
    desk.press("#headline", "Control+Enter")
    expect(desk.locator("#headline")).to_have_value("")
    expect(desk.locator("#toast")).to_contain_text("Published, with no source named.")
    assert Post.objects.count() == 1


def grow_old(desk: Page) -> None:  # noqa: F811
    """Make what waits two minutes old, as it would be after a long tunnel."""
    desk.evaluate(
        """() => {
          const name = Object.keys(localStorage).find((key) => key.startsWith("desk.outbox."));
          const items = JSON.parse(localStorage.getItem(name));
          items[0].content.composed_at = new Date(Date.now() - 130000).toISOString();
          localStorage.setItem(name, JSON.stringify(items));
        }"""
    )


def test_what_is_old_asks_and_goes_out_when_it_is_sent(desk):  # noqa: F811
    cut(desk)
    send(desk, "Long ago")
    expect(desk.locator("#outbox")).to_contain_text("Long ago")
    grow_old(desk)
    desk.unroute("**/deeds/publish/")
    expect(desk.locator("#outbox")).to_contain_text("This waited for 2 minutes")
    assert not Post.objects.exists()
    desk.get_by_role("button", name="Send now").click()
    expect(desk.locator("#rows article h3")).to_have_text("Long ago")


def test_what_was_overtaken_comes_back_into_the_composer(desk, event):  # noqa: F811
    cut(desk)
    send(desk, "My slower words")
    expect(desk.locator("#outbox")).to_contain_text("My slower words")
    cast.post(event, "Somebody else was faster")
    desk.unroute("**/deeds/publish/")
    expect(desk.locator("#outbox")).to_contain_text("was published while this waited")
    desk.get_by_role("button", name="Back into the composer").click()
    expect(desk.locator("#headline")).to_have_value("My slower words")
    expect(desk.locator("#outbox")).to_be_hidden()
    assert Post.objects.count() == 1


def test_throwing_away_asks(desk):  # noqa: F811
    cut(desk)
    send(desk, "Never mind")
    desk.locator("#outbox").get_by_role("button", name="Throw away").click()
    desk.get_by_role("dialog").get_by_role("button", name="Throw away").click()
    expect(desk.locator("#outbox")).to_be_hidden()
    assert desk.evaluate("Object.keys(localStorage).filter((name) => name.startsWith('desk.outbox'))") == []


def hold_back(desk: Page) -> list:  # noqa: F811
    """The line is back, and slow: what is sent from now on."""
    desk.unroute("**/deeds/publish/")
    sent = []
    desk.route("**/deeds/publish/", lambda route: sent.append(route))
    desk.evaluate("dispatchEvent(new Event('online'))")
    expect(desk.locator("#outbox")).to_contain_text("Sending…")
    assert len(sent) == 1
    return sent


def test_what_is_thrown_away_while_another_goes_out_does_not_go_out(desk):  # noqa: F811
    cut(desk)
    for headline in ("First", "Second"):
        send(desk, headline)
        expect(desk.locator("#outbox")).to_contain_text(headline)
    sent = hold_back(desk)
    # On its way it can be neither sent again nor thrown away.
    first, second = (desk.locator("#outbox li").filter(has_text=text) for text in ("First", "Second"))
    expect(first.get_by_role("button")).to_have_count(0)
    second.get_by_role("button", name="Throw away").click()
    desk.get_by_role("dialog").get_by_role("button", name="Throw away").click()
    expect(desk.locator("#outbox li")).to_have_count(1)
    sent[0].continue_()
    expect(desk.locator("#rows article h3")).to_have_text("First")
    expect(desk.locator("#outbox")).to_be_hidden()
    assert len(sent) == 1


def test_nothing_goes_out_while_it_is_asked_whether_to_throw_it_away(desk):  # noqa: F811
    cut(desk)
    for headline in ("First", "Second"):
        send(desk, headline)
        expect(desk.locator("#outbox")).to_contain_text(headline)
    line = desk.locator("#outbox li").filter(has_text="First")
    line.get_by_role("button", name="Throw away").click()
    sent = hold_back(desk)
    assert "Second" in sent[0].request.post_data
    desk.get_by_role("dialog").get_by_role("button", name="Cancel").click()
    sent[0].continue_()
    # Kept after all: it goes out with the next look at the timeline.
    expect(desk.locator("#rows article h3")).to_have_text("Second")
    expect(desk.locator("#outbox")).to_contain_text("Sending…")
    sent[1].continue_()
    expect(desk.locator("#outbox")).to_contain_text("was published while this waited")


def test_a_browser_that_keeps_nothing_leaves_it_in_the_composer(desk):  # noqa: F811
    desk.evaluate(
        """() => {
          for (const name of ["getItem", "setItem"]) Storage.prototype[name] = () => { throw new Error("forbidden"); };
        }"""
    )
    cut(desk)
    send(desk, "In the tunnel")
    expect(desk.locator("#trouble")).to_contain_text("Your text is still here")
    expect(desk.locator("#headline")).to_have_value("In the tunnel")
    expect(desk.locator("#outbox")).to_be_hidden()
    desk.unroute("**/deeds/publish/")
    desk.press("#headline", "Control+Enter")
    expect(desk.locator("#rows article h3")).to_have_text("In the tunnel")
    assert Post.objects.count() == 1


def test_a_twin_is_shown_and_published_only_when_wanted(desk, event):  # noqa: F811
    cast.post(event, "The two presidents have begun to talk")
    send(desk, "The two presidents have begun to talk")
    dialog = desk.get_by_role("dialog")
    expect(dialog).to_contain_text("ago by")
    expect(dialog.get_by_role("heading")).to_have_text("This looks like a post already out")
    assert desk.locator("#asks-text mark").all_inner_texts() == ["The", "two", "presidents", "have", "begun", "talk"]
    dialog.get_by_role("button", name="See it").click()
    expect(desk.locator("#rows article")).to_be_focused()
    expect(desk.locator("#headline")).to_have_value("The two presidents have begun to talk")
    desk.press("#headline", "Control+Enter")
    dialog.get_by_role("button", name="Publish anyway").click()
    expect(desk.locator("#rows article")).to_have_count(2)
