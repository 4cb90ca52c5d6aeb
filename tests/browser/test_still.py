"""The page changes, and the reader is not moved."""

import random

from playwright.sync_api import Page, expect

from tests.browser.test_connection import ids, pill
from tests.browser.wire import Wire, article

LONG = "<p>Much more was said than that.</p>" * 20


def top(page: Page, post: int) -> float:
    """Where a post is on the screen, in px."""
    return page.locator(f"#p-{post}").evaluate("post => post.getBoundingClientRect().top")


def height(page: Page, post: int) -> float:
    return page.locator(f"#p-{post}").evaluate("post => post.getBoundingClientRect().height")


def read(page: Page, post: int) -> None:
    """Scroll so that the post is read, a little below the top of the screen."""
    page.evaluate("id => scrollTo(0, document.getElementById(id).offsetTop - 50)", f"p-{post}")
    page.wait_for_timeout(200)


def test_r17_an_edit_in_view_is_made_in_place(wire: Wire, page: Page):
    wire.open()
    page.evaluate("""() => {
        const words = document.querySelector('#p-8 p');
        getSelection().selectAllChildren(words);
        window.kept = [words, document.getElementById('h-8')];
        window.kept[1].focus();
        getSelection().selectAllChildren(words);
    }""")
    tail = "<p>More of them, so that it has a height.</p>" * 4
    wire.add(article(8, version=2, text=f"<p>Added before.</p><p>Words of post 8.</p>{tail}<p>Added 14:10.</p>"))
    expect(page.locator("#p-8")).to_contain_text("Added 14:10.")
    expect(page.locator("#p-8 p").first).to_have_text("Added before.")
    assert page.evaluate("kept.every(node => node.isConnected)")
    assert page.evaluate("getSelection().toString().trim()") == "Words of post 8."
    expect(page.locator("#h-8")).to_be_focused()


def test_r17_a_withdrawal_in_view_keeps_its_height_until_it_is_out_of_view(wire: Wire, page: Page):
    wire.open(30)
    read(page, 20)
    before, below = height(page, 20), top(page, 19)
    wire.add(article(20, version=2, flags="tombstone", text="<p>Withdrawn.</p>") | {"action": "withdraw"})
    expect(page.locator("#p-20")).to_contain_text("Withdrawn.")
    assert abs(top(page, 19) - below) <= 1
    read(page, 5)
    assert height(page, 20) < before - 20


def test_r17_a_removal_in_view_leaves_a_line_until_it_is_out_of_view(wire: Wire, page: Page):
    wire.open(30)
    read(page, 20)
    below = top(page, 19)
    wire.add(article(20, version=2) | {"action": "withdraw", "html": ""})
    expect(page.locator("#p-20")).to_have_count(0)
    assert "Words of post 20" not in page.content()
    assert abs(top(page, 19) - below) <= 1
    read(page, 5)
    expect(page.locator(".left")).to_have_count(0)


def test_r13_the_post_being_read_stays_for_all_that_happens_above(wire: Wire, page: Page):
    wire.open(30)
    read(page, 12)
    before = top(page, 12)
    chance = random.Random(7)
    for number in range(40, 60):
        above = chance.randrange(14, 30)
        known = wire.posts[str(above)]["version"]
        deed = chance.choice(["new", "longer", "shorter", "remove", "restore", "header"])
        if deed == "new":
            wire.add(article(number))
        elif deed == "longer":
            wire.add(article(above, version=known + 1, text=LONG))
        elif deed == "shorter":
            wire.add(article(above, version=known + 1, text="<p>Short.</p>"))
        elif deed == "remove":
            wire.add(article(above, version=known + 1) | {"action": "withdraw", "html": ""})
        elif deed == "restore":
            wire.add(article(above, version=known + 1))
        else:
            wire.add({"action": "event"}, header=f"<h1>Title {number}</h1>" * chance.randrange(1, 4))
        page.wait_for_timeout(60)
        assert abs(top(page, 12) - before) <= 1, deed


def test_r13_it_stays_without_scroll_anchoring_too(wire: Wire, page: Page):
    wire.open(30)
    page.evaluate("document.documentElement.style.overflowAnchor = 'none'")
    read(page, 12)
    before = top(page, 12)
    for version, text in enumerate([LONG, "<p>Short.</p>", LONG, ""], start=2):
        wire.add(article(20, version=version, text=text) if text else article(20, version=9) | {"html": ""})
        page.wait_for_timeout(80)
        assert abs(top(page, 12) - before) <= 1
    wire.add({"action": "event"}, summary="<p>One more line.</p>" * 5)
    page.wait_for_timeout(80)
    assert abs(top(page, 12) - before) <= 1


def test_r12_parts_change_at_once_when_that_moves_nothing(wire: Wire, page: Page):
    wire.parts = {"header": '<p data-state="live">One</p>', "summary": "<p>Known.</p>"}
    wire.open(30)
    wire.add({"action": "event"}, header='<p data-state="paused">Two</p>')
    expect(page.locator("[data-part=header]")).to_have_text("Two")
    expect(page.locator("#live")).to_have_attribute("data-state", "paused")
    expect(pill(page)).to_be_hidden()


def test_r12_parts_in_view_wait_for_the_tap_when_they_grow(wire: Wire, page: Page):
    wire.parts = {"summary": "<p>Known.</p>"}
    wire.open(30)
    wire.add({"action": "event"}, summary="<p>Known.</p><p>Not known.</p>")
    expect(pill(page)).to_have_text("New summary")
    expect(page.locator("[data-part=summary]")).to_have_text("Known.")
    pill(page).click()
    expect(page.locator("[data-part=summary]")).to_have_text("Known.Not known.")
    expect(pill(page)).to_be_hidden()
    wire.add({"action": "event"}, summary="<p>Known.</p>" * 3)
    expect(pill(page)).to_have_text("New summary")
    read(page, 5)
    expect(page.locator("[data-part=summary] p")).to_have_count(3)
    expect(pill(page)).to_be_hidden()


def test_r8_a_moved_post_ends_where_its_order_says(wire: Wire, page: Page):
    wire.open(30)
    read(page, 12)
    before = top(page, 12)
    moved = article(28, version=2) | {"order": article(3)["order"] + "x", "action": "revise"}
    moved["html"] = moved["html"].replace(article(28)["order"], moved["order"])
    wire.add(moved)
    page.wait_for_timeout(200)
    assert ids(page)[-4:] == ["28", "3", "2", "1"]
    assert abs(top(page, 12) - before) <= 1


def test_r22_the_key_page_takes_only_key_events(wire: Wire, page: Page):
    wire.open(1, show="key")
    wire.add(article(20))
    wire.add(article(21, flags="key"))
    expect(pill(page)).to_have_text("1 new update")
    wire.add(article(21, version=2))
    expect(pill(page)).to_be_hidden()
    # One that is a key event no longer goes, and where none is left that is said.
    expect(page.locator("#empty")).to_be_hidden()
    wire.add(article(1, version=2))
    expect(page.locator("#p-1")).to_have_count(0)
    expect(page.locator("#empty")).to_be_visible()
    wire.add(article(22, flags="key"))
    # To an empty page it comes by itself, as that says.
    expect(page.locator("#p-22")).to_be_visible()
    expect(page.locator("#empty")).to_be_hidden()


def test_r15_the_oldest_first_page_adds_at_the_end(wire: Wire, page: Page):
    wire.open(8, **{"order-by": "oldest"})
    wire.add(article(20))
    wire.add(article(21))
    expect(pill(page)).to_have_text("2 new updates")
    pill(page).click()
    assert ids(page) == ["1", "2", "3", "4", "5", "6", "7", "8", "20", "21"]
    expect(page.locator("#h-20")).to_be_focused()


def test_r8_what_is_older_than_the_window_is_not_shown(wire: Wire, page: Page):
    wire.open(8, oldest=article(1)["order"])
    wire.add(article(0))
    wire.add(article(20))
    expect(pill(page)).to_have_text("1 new update")


def test_r26_a_page_that_begins_in_the_past_begins_with_its_day(wire: Wire, page: Page):
    wire.open(8, newest=article(8)["order"])
    wire.add(article(8, version=2, text="<p>Other.</p>"))
    expect(page.locator("#p-8")).to_contain_text("Other.")
    expect(page.locator("#posts > :first-child")).to_have_text("Tuesday 18 March 2025")
    wire.add(article(6, version=2, text="<p>Other.</p>"))
    expect(page.locator("#p-6")).to_contain_text("Other.")
    expect(page.locator(".day")).to_have_count(1)


def test_r35_host_code_hears_of_it(wire: Wire, page: Page):
    wire.open(8)
    page.evaluate("""() => { window.heard = [];
        for (const name of ['inserted', 'revised', 'withdrawn', 'count', 'ended'])
            document.addEventListener(`lb:${name}`, (e) => heard.push(name)); }""")
    wire.add(article(20))
    wire.add(article(8, version=2, text="<p>Other.</p>"))
    wire.add(article(7, version=2) | {"action": "withdraw", "html": ""})
    wire.add({"action": "event"}, header='<p data-state="ended">Ended</p>')
    expect(page.locator("#p-7")).to_have_count(0)
    pill(page).click()
    assert page.evaluate("heard") == ["count", "revised", "withdrawn", "ended", "inserted", "count"]
