"""Composing at the desk: what is pasted, named, proposed, pinned; and what happens on a slow line."""

import re
import time
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect

from events import publishing
from events.models import Post
from tests import cast
from tests.browser.test_desk import ada, body, desk, event  # noqa: F401 - fixtures

pytestmark = pytest.mark.django_db(transaction=True)

PASTED = Path(__file__).with_name("pasted")
PASTE = """(node, html) => {
  const data = new DataTransfer();
  data.setData("text/html", html);
  data.setData("text/plain", "plain");
  node.focus();
  node.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
}"""


def pasted(desk: Page, name: str) -> str:  # noqa: F811
    """Paste a clipboard as that program fills it, save a draft, and return what was stored."""
    desk.fill("#headline", f"From {name}")
    body(desk).evaluate(PASTE, (PASTED / f"{name}.html").read_text())
    desk.keyboard.press("Alt+d")
    expect(desk.locator("#inbox h3", has_text=f"From {name}")).to_be_visible()
    return Post.objects.get(headline=f"From {name}").html


def test_what_is_pasted_keeps_our_few_tags_and_nothing_else(desk):  # noqa: F811
    assert pasted(desk, "word") == (
        "<h4>The call</h4><p><strong>Moscow</strong> said on <em>Tuesday</em> that it would talk.</p>"
        "<ul><li><p>First point</p><ul><li><p>Within it</p></li></ul></li><li><p>Second "
        '<a href="https://www.example.org/a" rel="noopener nofollow">point</a></p></li></ul>'
        "<ol><li><p>Numbered</p></li></ol><p>Cell one · Cell two</p>"
    )
    assert pasted(desk, "docs") == (
        "<h4>Background</h4><p>They spoke for <strong>an hour</strong><em> or more</em>, "
        '<a href="https://example.org/b?x=1" rel="noopener nofollow">as reported</a>.</p>'
        "<ul><li><p>One</p></li><li><p>Two</p></li></ul>"
    )
    assert pasted(desk, "web") == (
        "<h4>Sub</h4><p>First <strong>bold</strong> para.</p><p>Second<br>line rel bad "
        '<a href="https://ok.example/" rel="noopener nofollow">ok</a></p><p>Caption</p>'
        "<blockquote><p>A quote</p></blockquote><p>End of&nbsp;it.</p>"
    )


def test_the_kind_is_proposed_until_it_is_chosen(desk):  # noqa: F811
    cast.scavino(), cast.bloomberg()
    desk.keyboard.press("Alt+s")
    desk.keyboard.type("bloom")
    desk.get_by_role("option", name="Bloomberg").click()
    expect(desk.get_by_role("radio", name="Reported elsewhere")).to_be_checked()
    desk.locator("[data-find]").fill("scav")
    desk.get_by_role("option", name="Dan Scavino").click()
    desk.locator("[data-field=basis]").select_option("social")
    desk.get_by_label("Quotation").fill("“Going well.”")
    expect(desk.get_by_role("radio", name="Quote")).to_be_checked()
    desk.get_by_role("radio", name="News").check()
    desk.get_by_label("Quotation").fill("“Going very well.”")
    expect(desk.get_by_role("radio", name="News")).to_be_checked()
    desk.keyboard.press("Control+Enter")
    expect(desk.locator("#rows article")).to_have_count(1)
    # Pages set the marks: what somebody typed around it is not shown twice.
    assert Post.objects.get().attributions.get().quote == "Going very well."


def test_tab_goes_from_the_headline_to_the_text_and_the_toolbar_has_a_key(desk):  # noqa: F811
    desk.focus("#headline")
    desk.keyboard.press("Tab")
    expect(body(desk)).to_be_focused()
    desk.keyboard.type("What happened")
    desk.keyboard.press("Alt+F10")
    desk.keyboard.press("Enter")
    heading = desk.get_by_role("button", name="Sub-heading")
    expect(heading).to_be_focused()
    # Who goes on leaves no open menu behind, and not a clear one.
    assert heading.evaluate("node => getComputedStyle(node.closest('[popover]')).backgroundColor") != "rgba(0, 0, 0, 0)"
    desk.focus("#headline")
    expect(heading).to_be_hidden()
    body(desk).focus()
    desk.keyboard.press("Alt+F10")
    desk.keyboard.press("ArrowRight")
    expect(desk.get_by_role("button", name="unordered list")).to_be_focused()
    desk.keyboard.press("Escape")
    expect(body(desk)).to_be_focused()
    expect(body(desk)).to_have_text("What happened")


def test_the_undo_of_the_text_ends_where_the_text_began(desk, event):  # noqa: F811
    body(desk).click()
    desk.keyboard.type("Out already")
    desk.keyboard.press("Control+Enter")
    expect(desk.locator("#rows article")).to_have_count(1)
    expect(desk.locator("#composer")).not_to_have_attribute("aria-busy", "true")
    expect(body(desk)).to_have_text("")
    body(desk).focus()
    desk.keyboard.press("Control+z")
    desk.keyboard.type("New")
    expect(body(desk)).to_have_text("New")
    desk.keyboard.press("Control+z")
    desk.keyboard.press("Control+z")
    expect(body(desk)).to_have_text("")
    expect(desk.get_by_role("button", name="undo", exact=True)).to_have_class(re.compile("disabled"))


def test_a_day_is_asked_where_only_the_day_is_known(desk, event):  # noqa: F811
    desk.fill("#headline", "It began on Sunday")
    desk.get_by_text("Time, byline").click()
    happened = desk.get_by_label("Happened (GMT)")
    place = desk.locator(".pairs", has=happened).last
    clock = place.get_by_label("Time of day")
    happened.click()
    desk.keyboard.type("03162025")
    # Half a time is not dropped: it is asked for, also after a reload.
    desk.press("#headline", "Control+Enter")
    expect(desk.locator("#trouble")).to_contain_text("This time is not whole")
    expect(clock).to_be_focused()
    assert not Post.objects.exists()
    desk.reload()
    expect(happened).to_have_value("2025-03-16")
    # To the day or back to the minute: what was typed stays, and nothing moves.
    clock.fill("09:30")
    known = place.get_by_label("This time is known")
    parts = (
        "node => Array.from(node.children, (one) => [one.offsetTop - node.offsetTop, one.offsetLeft, one.offsetWidth])"
    )
    moment = place.locator("[data-moment]")
    before = moment.evaluate(parts)
    known.select_option("day")
    expect(clock).to_be_disabled()
    expect(happened).to_have_value("2025-03-16")
    known.select_option("minute")
    expect(clock).to_have_value("09:30")
    known.select_option("day")
    assert moment.evaluate(parts) == before
    cast.scavino()
    desk.keyboard.press("Alt+s")
    desk.keyboard.type("scav")
    desk.get_by_role("option", name="Dan Scavino").click()
    # The day first, and then that no more is known.
    desk.get_by_label("Said at (GMT)").fill("2025-03-15")
    desk.locator('[data-field="said_precision"]').select_option("day")
    expect(desk.get_by_label("Said at (GMT)")).to_have_value("2025-03-15")
    desk.press("#headline", "Control+Enter")
    expect(desk.locator("#rows article")).to_have_count(1)
    post = Post.objects.get()
    said = post.attributions.get().said_at
    assert (post.occurred_at.date().isoformat(), said.date().isoformat()) == ("2025-03-16", "2025-03-15")
    # The next post has the field too.
    desk.get_by_text("Time, byline").click()
    expect(happened).to_be_visible()
    # What is revised keeps the time of day that was stored; nothing has changed.
    desk.locator("#rows").get_by_role("button", name="Edit").click()
    expect(desk.locator("#headline")).to_have_value("It began on Sunday")
    desk.press("#headline", "Control+Enter")
    expect(desk.locator("#toast")).to_contain_text("Nothing has changed")


def test_a_pin_has_an_end_and_a_paused_event_says_so(desk, event):  # noqa: F811
    publishing.pause(event, by=None, note="Back at six.")
    expect(desk.locator("#composing-state")).to_contain_text("The coverage is paused")
    desk.fill("#headline", "On top for a while")
    desk.keyboard.press("Alt+p")
    desk.locator("#pin_minutes").select_option("30")
    desk.press("#headline", "Control+Enter")
    expect(desk.locator("#toast")).to_contain_text("while the coverage is paused")
    expect(desk.locator("#rows article")).to_contain_text("Pinned until")
    event.refresh_from_db()
    assert (event.pinned_until - event.pinned_at).total_seconds() == 1800
    desk.locator("#rows .rarer > summary").click()
    desk.get_by_role("button", name="Until…").click()
    desk.get_by_role("dialog").get_by_label("From now").select_option("0")
    desk.get_by_role("dialog").get_by_role("button", name="Pin").click()
    expect(desk.locator("#rows article")).not_to_contain_text("Pinned until")


def test_the_next_post_is_written_while_the_last_is_on_its_way(desk):  # noqa: F811
    held: list[Route] = []
    desk.route("**/deeds/publish/", lambda route: held.append(route))
    desk.fill("#headline", "A slow line")
    desk.press("#headline", "Control+Enter")
    expect(desk.locator("#headline")).to_have_value("")
    expect(desk.locator("#headline")).to_be_focused()
    desk.keyboard.type("The next one")
    expect(desk.locator("#outbox")).to_contain_text("Sending…")
    held[0].continue_()
    expect(desk.locator("#rows h3")).to_have_text("A slow line")
    expect(desk.locator("#outbox")).to_be_hidden()
    expect(desk.locator("#headline")).to_have_value("The next one")
    expect(desk.locator("#trouble")).to_be_hidden()


def test_what_is_refused_late_comes_back_or_waits_in_sight(desk):  # noqa: F811
    def later(route: Route) -> None:
        time.sleep(0.4)
        route.continue_()

    desk.route("**/deeds/publish/", later)
    for written in ("", "The next one"):
        desk.fill("#headline", "Too long " * 30)
        desk.press("#headline", "Control+Enter")
        expect(desk.locator("#headline")).to_have_value("")
        desk.keyboard.type(written)
        if written:
            expect(desk.locator("#outbox")).to_contain_text("This is too long")
            expect(desk.locator("#headline")).to_have_value("The next one")
        else:
            expect(desk.locator("#trouble")).to_contain_text("This is too long")
            expect(desk.locator("#headline")).to_have_value("Too long " * 30)
    assert not Post.objects.exists()


def test_a_post_without_a_source_says_so_and_goes_out_all_the_same(desk):  # noqa: F811
    line = desk.locator("#unsourced")
    expect(line).to_be_hidden()
    desk.fill("#headline", "The gate is open")
    expect(line).to_contain_text("No source named yet.")
    expect(desk.locator("#publish")).to_have_accessible_description("No source named yet.")
    expect(line).to_be_in_viewport(ratio=1)
    # Whoever is at it needs no word of it.
    desk.keyboard.press("Alt+s")
    desk.keyboard.type("scav")
    expect(line).to_be_hidden()
    desk.locator("[data-find]").fill("")
    desk.get_by_role("button", name="Tell readers: “We saw it ourselves.”").click()
    expect(line).to_be_hidden()
    expect(desk.locator("#publish")).to_be_focused()
    expect(desk.locator("[data-line] b")).to_have_text("We saw it ourselves.")
    desk.keyboard.press("Enter")
    expect(desk.locator("#rows article")).to_have_count(1)
    assert Post.objects.get().attributions.get().basis == "witnessed"
    toast = desk.locator("#toast span").first
    expect(toast).to_have_text("Published.")
    desk.fill("#headline", "Nobody named")
    expect(line).to_be_visible()
    # What others report, we have not seen; what is background says how quiet it is.
    saw = desk.locator("#saw-it")
    desk.get_by_role("radio", name="Reported elsewhere").check()
    expect(saw).to_be_hidden()
    desk.get_by_role("radio", name="Background").check()
    expect(saw).to_be_visible()
    expect(desk.locator("#kind-says")).to_have_text("Not counted among the new posts; “Updated” stays as it is.")
    desk.keyboard.press("Control+Enter")
    expect(desk.locator("#rows article")).to_have_count(2)
    expect(line).to_be_hidden()
    expect(toast).to_have_text("Published, with no source named.")
