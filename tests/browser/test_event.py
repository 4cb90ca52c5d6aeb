"""The event's own page: older posts, links to posts, counts, sharing, the switch."""

import re

import pytest
from playwright.sync_api import Page, expect

from liveblog.names import DECLARED, shortened, words
from tests import measure
from tests.browser.test_connection import ids, pill
from tests.browser.wire import SITE, Wire, article, joined

NEXT = '<a id="older" href="?before=x">Older posts</a>'


def older(wire: Wire, numbers: range, *, sequence: int = 0, older: str = "") -> None:
    """What the link to older posts leads to."""
    posts, link, head = wire.posts, wire.older, wire.sequence
    wire.posts = {str(number): article(number) for number in numbers}
    wire.older, wire.sequence = older, sequence or head
    wire.pages["/events/call/?before=x"] = wire.render(oldest=article(numbers[0])["order"] if older else "")
    wire.posts, wire.older, wire.sequence = posts, link, head


def opened(wire: Wire, page: Page, first: int = 11, last: int = 15) -> None:
    """The page with posts `first` to `last`, and older ones behind a link."""
    wire.older = NEXT
    # So that each post's number is the sequence with which it came.
    wire.sequence = first - 1
    for number in range(first, last + 1):
        wire.add(article(number))
    wire.open(0, oldest=article(first)["order"])
    page.wait_for_function("document.querySelector('.on')")


def test_r8_older_posts_come_into_the_page_and_are_live(wire: Wire, page: Page):
    opened(wire, page, 1, 15)
    older(wire, range(-5, 1))
    page.locator("#older").click()
    expect(page.locator("#h-0")).to_be_focused()
    assert ids(page) == [str(number) for number in range(15, -6, -1)]
    expect(page.locator("#older")).to_have_count(0)
    wire.add(article(-3, version=2, text="<p>Better words.</p>"))
    expect(page.locator("#p--3")).to_contain_text("Better words.")


def test_r8_a_page_from_before_what_we_know_is_asked_again(wire: Wire, page: Page):
    opened(wire, page, 1, 15)
    older(wire, range(-5, 1), sequence=wire.sequence)
    # Word of a post beyond the window: the page that a cache holds is from before it.
    wire.add(article(-3, version=2, text="<p>Better words.</p>"))
    expect(page.locator("#live")).to_have_attribute("data-sequence", str(wire.sequence))
    expect(pill(page)).to_be_hidden()
    asked = wire.loaded
    page.locator("#older").click()
    wire.until(lambda: wire.loaded > asked)
    assert "0" not in ids(page)
    older(wire, range(-5, 1))
    expect(page.locator("#p-0")).to_be_visible()


def test_r8_without_an_answer_the_link_is_followed(wire: Wire, page: Page):
    opened(wire, page, 1, 15)
    wire.pages["/events/call/?before=x"] = "<p>No event here.</p>"
    page.locator("#older").click()
    page.wait_for_url(f"{SITE}/events/call/?before=x")


def test_r8_a_window_that_lost_posts_asks_for_older_ones_when_it_is_scrolled_to(wire: Wire, page: Page):
    opened(wire, page, 1, 20)
    older(wire, range(-5, 1))
    page.evaluate("scrollTo(0, document.body.scrollHeight)")
    page.wait_for_timeout(300)
    assert "0" not in ids(page)
    page.evaluate("scrollTo(0, 0)")
    wire.add(article(2, version=2) | {"action": "withdraw", "html": ""})
    expect(page.locator("#p-2")).to_have_count(0)
    assert "0" not in ids(page)
    page.evaluate("scrollTo(0, document.body.scrollHeight)")
    expect(page.locator("#p-0")).to_be_attached()


def test_a_window_that_lost_posts_goes_nowhere_when_there_is_no_line(wire: Wire, page: Page):
    opened(wire, page, 1, 20)
    wire.add(article(2, version=2) | {"action": "withdraw", "html": ""})
    expect(page.locator("#p-2")).to_have_count(0)
    page.route("**/*before=x", lambda route: route.abort())
    with page.expect_event("requestfailed"):
        page.evaluate("scrollTo(0, document.body.scrollHeight)")
    expect(page.locator("#older")).not_to_have_attribute("aria-busy", "true")
    assert page.locator("#p-1").count() == 1
    older(wire, range(-5, 1))
    page.unroute("**/*before=x")
    page.locator("#older").click()
    expect(page.locator("#p-0")).to_be_attached()


def test_r22_counts_stay_right(wire: Wire, page: Page):
    opened(wire, page)
    count = page.locator("[data-count=all]")
    expect(count).to_have_text("5")
    wire.add(article(20))
    expect(count).to_have_text("6")
    wire.add(article(20, version=2))
    # Neither what is withdrawn can be read, whose sentence keeps its place, nor what is removed.
    wire.add(article(15, version=2, flags="tombstone") | {"action": "withdraw"})
    wire.add(article(14, version=2) | {"action": "withdraw", "html": ""})
    expect(count).to_have_text("4")
    wire.add(article(15, version=3))
    expect(count).to_have_text("5")
    # Posts beyond the window count too, whatever the page knows of them.
    wire.add(article(3, version=2) | {"action": "revise"})
    expect(count).to_have_text("6")
    wire.add(article(3, version=3, flags="tombstone") | {"action": "withdraw"})
    expect(count).to_have_text("5")
    # After a loss, several at once.
    for number in (21, 22):
        wire.add(article(number), send=False)
    wire.send(wire.since(wire.sequence - 2, "e"))
    expect(count).to_have_text("7")
    # A process of the release before this one does not say how many there are.
    wire.sequence += 1
    wire.send(article(23) | {"after": wire.sequence - 1, "sequence": wire.sequence})
    expect(page.locator("#live")).to_have_attribute("data-sequence", str(wire.sequence))
    expect(count).to_have_text("7")
    wire.add({"action": "event"}, keys='<nav data-keys="31"></nav>')
    expect(page.locator("[data-count=keys]")).to_have_text("31")
    # The last one is none any more.
    wire.add({"action": "event"}, keys="")
    expect(page.locator("[data-count=keys]")).to_have_text("0")


def test_r22_a_link_to_a_post_leads_to_the_post_that_is_here(wire: Wire, page: Page):
    wire.parts["keys"] = '<nav data-keys="2"><a href="/events/call/posts/3/" data-to="3">Third</a> '
    wire.parts["keys"] += '<a href="/events/call/posts/30/" data-to="30">Waits</a></nav>'
    wire.open(15)
    page.get_by_role("link", name="Third").click()
    expect(page.locator("#h-3")).to_be_focused()
    expect(page.locator("#h-3")).to_be_in_viewport()
    wire.add(article(30))
    expect(pill(page)).to_be_visible()
    page.evaluate("scrollTo(0, 0)")
    page.get_by_role("link", name="Waits").evaluate("link => link.click()")
    expect(page.locator("#h-30")).to_be_focused()
    assert page.url == f"{SITE}/events/call/"


def test_r24_the_systems_sheet_shares_a_post(wire: Wire, page: Page):
    page.add_init_script("navigator.share = async (what) => { window.shared = what }")
    wire.open(3)
    page.locator("#p-2").get_by_role("link", name="Share").click()
    assert page.evaluate("shared") == {"title": "Post 2", "url": f"{SITE}/events/call/posts/2/"}
    assert page.url == f"{SITE}/events/call/"


def test_r24_without_a_sheet_the_address_is_copied_and_without_that_it_is_shown(wire: Wire, page: Page):
    page.add_init_script("""
        delete Navigator.prototype.share;
        window.copies = [];
        Object.defineProperty(navigator, "clipboard", { value: { writeText: async (text) => {
            if (window.refused) throw new Error("no"); copies.push(text); } } });""")
    measure.watch(page)
    wire.open(3)
    link = page.locator("#p-2 [data-share]")
    link.click()
    expect(link).to_have_text("Address copied")
    expect(page.locator("#status")).to_have_text("Address copied")
    link.click()
    expect(page.locator("#status")).to_have_text("Address copied")
    assert measure.said(page) == ["Address copied", "Address copied"]
    # It can be said again: after a while the link is what it was.
    expect(link).to_have_text("Share", timeout=10000)
    assert page.evaluate("copies") == 2 * [f"{SITE}/events/call/posts/2/"]
    page.evaluate("window.refused = true")
    link = page.locator("#p-1 [data-share]")
    link.click()
    expect(link).to_have_text(f"{SITE}/events/call/posts/1/")
    assert page.evaluate("getSelection().toString()") == f"{SITE}/events/call/posts/1/"


def test_r24_a_closed_sheet_changes_nothing(wire: Wire, page: Page):
    page.add_init_script("navigator.share = async () => { throw new DOMException('closed', 'AbortError') }")
    wire.open(3)
    link = page.locator("#p-2 [data-share]")
    link.click()
    page.wait_for_timeout(100)
    expect(link).to_have_text("Share")


def test_r16_the_switch_holds_while_anything_is_focused_selected_or_playing(wire: Wire, page: Page):
    wire.parts["summary"] = "<details><summary>More</summary>All.</details>"
    wire.open(8)
    switch = page.get_by_role("checkbox", name="Show new updates automatically")
    expect(switch).not_to_be_checked()
    switch.check()
    # The switch itself has the focus now, and holds nothing.
    wire.add(article(20))
    expect(page.locator("#p-20")).to_be_visible()
    holds = [
        "document.querySelector('summary').focus()",
        "getSelection().selectAllChildren(document.querySelector('#p-8 p'))",
        "document.body.append(Object.assign(new Audio(), {id: 'plays'}));"
        "Object.defineProperty(plays, 'paused', {configurable: true, get: () => false})",
    ]
    ends = ["document.activeElement.blur()", "getSelection().empty()", "plays.remove()"]
    for number, (hold, end) in enumerate(zip(holds, ends, strict=True), start=21):
        page.evaluate(f"() => {{ {hold} }}")
        wire.add(article(number))
        expect(pill(page)).to_have_text("1 new update")
        page.evaluate(f"() => {{ {end} }}")
        expect(page.locator(f"#p-{number}")).to_be_visible()
        expect(pill(page)).to_be_hidden()
    # Off again: that is the pause.
    switch.uncheck()
    wire.add(article(30))
    expect(pill(page)).to_have_text("1 new update")


def test_r15_one_tap_one_batch(wire: Wire, page: Page):
    wire.open(8)
    page.evaluate("""() => { window.batches = []; document.addEventListener('lb:inserted',
        (e) => batches.push(e.detail.posts)) }""")
    for number in (20, 21, 22):
        wire.add(article(number))
    expect(pill(page)).to_have_text("3 new updates")
    pill(page).click()
    assert page.evaluate("batches") == [["20", "21", "22"]]
    expect(page.locator("#h-22")).to_be_focused()
    expect(page.locator(".since")).to_have_text(re.compile("^New since 14:08"))
    # Only one line says so: that of the last tap.
    wire.add(article(23))
    pill(page).click()
    expect(page.locator(".since")).to_have_count(1)
    expect(page.locator("#p-22")).to_have_class(re.compile("fresh"))


def test_r12_the_title_counts_while_nobody_looks(wire: Wire, page: Page):
    wire.open(8)
    hidden = "() => Object.defineProperty(document, 'hidden', { configurable: true, get: () => true })"
    page.evaluate(hidden)
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    for number in (20, 21, 22):
        wire.add(article(number))
    expect(page).to_have_title("(3) The call")
    wire.add(article(22, version=2) | {"action": "withdraw", "html": ""})
    wire.add(article(21, version=2, text="<p>Edited.</p>"))
    expect(page).to_have_title("(2) The call")
    # What waits is data: no node holds it.
    assert page.locator("#p-20, #p-21, #p-22").count() == 0
    page.evaluate("() => { delete document.hidden; document.dispatchEvent(new Event('visibilitychange')) }")
    expect(page).to_have_title("The call")


def test_r12_the_tab_has_the_title_that_the_event_has_now(wire: Wire, page: Page):
    wire.parts["header"] = "<header><h1>The call</h1></header>"
    wire.open(8)
    wire.add({"action": "event"}, header="<header><h1>The $& ends</h1></header>")
    expect(page).to_have_title("The $& ends")
    wire.add(article(20))
    expect(pill(page)).to_be_visible()
    expect(page).to_have_title("The $& ends")


@pytest.mark.parametrize("entry", ["event.js", "embed.js"])
def test_r4_no_name_that_is_made_short_is_the_windows_own(page: Page, entry: str):
    source = joined(entry)
    # What is declared at the top hides the window's everywhere.
    hidden = {word.name for word in words(source) if word.role == DECLARED}
    short = sorted(set(shortened(source)) - hidden)
    assert len(short) > 50
    assert page.evaluate("names => names.filter((name) => name in window)", short) == []
