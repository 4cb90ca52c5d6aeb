"""Who comes back is told what of the posts that were on the screen was wrong, and what is new."""

import json
import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.wire import SITE, Wire, article

LATER = "2025-03-18T15:10:00Z"
NOTE = f'<p class="note"><b class="label">Correction · <time datetime="{LATER}">15:10 GMT</time></b> '
NOTE += "<bdi>It began at 7:30 pm, not at 7.</bdi></p>"
SENTENCE = f'<p class="sentence">This post was withdrawn. <time datetime="{LATER}">15:10 GMT</time></p>'
DISPUTED = '<p class="standing disputed">This is disputed.</p>'
DISPUTED += f'<p class="standings">Disputed <time datetime="{LATER}">15:10 GMT</time></p>'


def told(page: Page):
    return page.locator("#away")


def left(wire: Wire, page: Page) -> None:
    """The reader has seen the posts, and goes."""
    page.wait_for_function("document.querySelector('.on')")
    page.evaluate("() => new Promise((then) => requestAnimationFrame(() => setTimeout(then, 100)))")
    page.goto("about:blank")


def back(wire: Wire, page: Page, **data: str) -> None:
    """And comes back to the page as it is now."""
    wire.html = wire.render(**data)
    page.goto(f"{SITE}/events/call/")
    page.wait_for_function("document.querySelector('.on')")


def revise(wire: Wire, number: int, text: str, flags: str = "", **more: Any) -> None:
    version = wire.posts[str(number)]["version"] + 1
    wire.add(article(number, version=version, flags=flags, text=text) | more)


@pytest.mark.parametrize("joined", [False, True], ids=["modules", "joined"])
def test_r18_who_comes_back_is_offered_what_is_new_key_events_first(wire: Wire, page: Page, joined: bool):
    wire.joined = joined
    wire.open(8)
    head = wire.sequence
    left(wire, page)
    for number in range(20, 26):
        wire.add(article(number, flags="key" if number in (21, 23) else ""))
    wire.add(article(26, flags="quiet"))
    wire.add(article(27) | {"kind": "correction"})
    back(wire, page)
    expect(told(page)).to_be_visible()
    expect(told(page).locator("summary")).to_have_text("Since you left: 6 new, 1 correction")
    assert told(page).locator("li a").all_text_contents() == ["Post 27", "Post 23", "Post 21"]
    expect(told(page).locator("li").first).to_be_hidden()
    told(page).locator("summary").click()
    link = told(page).get_by_role("link", name="All that has changed")
    expect(link).to_have_attribute("href", f"/events/call/since/{head}/")
    expect(page.locator("#status")).to_have_text("6 new, 1 correction")
    told(page).get_by_role("link", name="Post 21").click()
    expect(page.locator("#h-21")).to_be_focused()
    # Folded again: it would lie on what it led to.
    expect(told(page).locator("li").first).to_be_hidden()
    told(page).get_by_role("button", name="Close").click()
    expect(told(page)).to_be_hidden()


def test_r18_it_unfolds_to_what_is_new_where_that_is_no_key_event(wire: Wire, page: Page):
    wire.open(8)
    left(wire, page)
    for number in range(20, 25):
        wire.add(article(number, flags="key" if number == 20 else ""))
    back(wire, page)
    told(page).locator("summary").click()
    assert told(page).locator("li a").all_text_contents() == ["Post 20", "Post 24", "Post 23"]
    expect(told(page).get_by_role("link", name="All that has changed")).to_be_visible()


def test_r18_with_nothing_to_unfold_it_is_a_link(wire: Wire, page: Page):
    wire.open(8)
    head = wire.sequence
    left(wire, page)
    wire.add(article(20), send=False)
    # Too long away for a list.
    wire.catch_up = lambda route, after: route.fulfill(json=wire.since(after, "e") | {"updates": [], "reset": True})
    back(wire, page)
    link = told(page).get_by_role("link", name="Since you left")
    expect(link).to_have_attribute("href", f"/events/call/since/{head}/")
    expect(told(page).locator("summary")).to_have_count(0)
    told(page).get_by_role("button", name="Close").click()
    expect(told(page)).to_be_hidden()


def test_r18_without_an_answer_it_says_nothing(wire: Wire, page: Page):
    wire.open(8)
    left(wire, page)
    wire.add(article(20), send=False)
    asked = wire.asked
    wire.catch_up = lambda route, _after: route.fulfill(status=503, body="no")
    back(wire, page)
    wire.until(lambda: wire.asked > asked)
    page.wait_for_timeout(300)
    expect(told(page)).to_be_hidden()


def test_r18_nothing_new_says_nothing_and_a_reload_does_not_repeat(wire: Wire, page: Page):
    wire.open(8)
    left(wire, page)
    back(wire, page)
    asked = wire.asked
    wire.until(lambda: wire.asked >= asked)
    wire.add(article(20), send=False)
    left(wire, page)
    back(wire, page)
    expect(told(page).locator("summary")).to_have_text("Since you left: 1 new update")
    left(wire, page)
    back(wire, page)
    page.wait_for_timeout(1500)
    expect(told(page)).to_be_hidden()


def test_r18_what_waited_behind_the_pill_is_still_new(wire: Wire, page: Page):
    wire.open(8)
    wire.add(article(20))
    expect(page.locator("#pill")).to_be_visible()
    left(wire, page)
    back(wire, page)
    expect(told(page).locator("summary")).to_have_text("Since you left: 1 new update")


def test_r18_a_correction_finds_who_has_read_the_post(wire: Wire, page: Page):
    wire.open(30)
    page.evaluate("scrollTo(0, document.body.scrollHeight)")
    expect(page.locator("#p-1")).to_be_in_viewport()
    left(wire, page)
    revise(wire, 3, NOTE + "<p>Better words.</p>")
    # Disputed, withdrawn, removed; and an edit that is none of these.
    revise(wire, 2, DISPUTED)
    revise(wire, 30, SENTENCE, "tombstone", action="withdraw")
    revise(wire, 29, "<p>A word is spelt right.</p>")
    revise(wire, 1, "", action="withdraw", html="")
    # This one was never on the screen.
    revise(wire, 15, NOTE)
    wire.add(article(40, text='<p><a href="/events/call/posts/3/" data-to="3">Read</a></p>') | {"kind": "correction"})
    # The page shows the newest posts alone: the others are asked for.
    wire.posts, kept = {key: post for key, post in wire.posts.items() if int(key) > 20}, wire.posts
    wire.html = wire.render()
    wire.posts = kept
    page.goto(f"{SITE}/events/call/")
    expect(told(page).locator("summary")).to_have_text("4 posts you read were corrected, doubted or withdrawn")
    first = told(page).locator("ul").first
    expect(first.locator("li").first).to_have_text(re.compile(r"^Post 3\s+Correction · 15:10 GMT It began at 7:30 pm"))
    expect(first.locator("a").first).to_have_attribute("href", f"{SITE}/events/call/posts/3/")
    expect(first).to_contain_text("Disputed 15:10 GMT")
    expect(first).to_contain_text("This post was withdrawn.")
    assert "Words of post" not in told(page).text_content()
    # The correction's own entry says nothing more.
    expect(told(page).locator("h2")).to_have_text("Since you left: 1 correction")
    assert "Post 40" not in told(page).text_content()
    # Told is told.
    left(wire, page)
    back(wire, page)
    page.wait_for_timeout(1500)
    expect(told(page)).to_be_hidden()


def test_r18_a_tab_that_is_looked_at_again_says_what_was_wrong_alone(still: Wire, page: Page):
    still.open(8)
    still.run(500)
    hide = "Object.defineProperty(document, 'hidden', { configurable: true, get: () => %s });"
    hide += "document.dispatchEvent(new Event('visibilitychange'))"
    page.wait_for_timeout(200)
    page.evaluate("() => { " + hide % "true" + " }")
    still.run(6 * 60_000)
    revise(still, 8, NOTE)
    still.add(article(20))
    page.evaluate("() => { " + hide % "false" + " }")
    still.run(5000)
    expect(told(page).locator("summary")).to_have_text("1 post you read was corrected, doubted or withdrawn")
    expect(page.locator("#pill")).to_have_text("1 new update")


def test_r18_a_storage_that_throws_disturbs_nothing(wire: Wire, page: Page):
    page.add_init_script("""Object.defineProperty(window, "localStorage", { get() { throw new Error("private") } });""")
    wire.open(8)
    left(wire, page)
    wire.add(article(20), send=False)
    back(wire, page)
    wire.add(article(21))
    expect(page.locator("#pill")).to_have_text("1 new update")
    expect(told(page)).to_be_hidden()


def test_r18_little_is_kept_and_not_for_long(wire: Wire, page: Page):
    wire.open(8)
    page.route(f"{SITE}/look", lambda route: route.fulfill(body="<p>", content_type="text/html"))
    page.goto(f"{SITE}/look")
    many = [[f"x{number}", ""] for number in range(500)]
    kept = {"epoch": "e", "sequence": 8, "at": 4e12, "seen": many}
    items = {
        "lb:old": {"at": 1},
        "lb:odd": {"at": 4e12, "seen": 5},
        "lb:young": {"at": 4e12},
        "lb:call": kept,
        "other": {"at": 1},
    }
    page.evaluate("items => Object.assign(localStorage, items)", {key: json.dumps(item) for key, item in items.items()})
    page.evaluate("localStorage['lb:bad'] = '{'")
    # The odd, the bad and the old ones are forgotten, and stand in nobody's way.
    wire.add(article(20), send=False)
    back(wire, page)
    expect(told(page).locator("summary")).to_have_text("Since you left: 1 new update")
    left(wire, page)
    page.goto(f"{SITE}/look")
    stored = page.evaluate("({ ...localStorage })")
    assert set(stored) == {"lb:call", "lb:young", "other"}
    # Nothing in it but where the reader was, and which posts were on the screen.
    own = json.loads(stored["lb:call"])
    assert set(own) == {"epoch", "sequence", "at", "seen"}
    assert len(own["seen"]) == 200
    assert own["seen"][-1][0] in {str(number) for number in (*range(1, 9), 20)}


def test_r18_another_history_says_nothing(wire: Wire, page: Page):
    wire.open(8)
    left(wire, page)
    wire.epoch = "f"
    wire.add(article(20), send=False)
    asked = wire.asked
    back(wire, page)
    wire.until(lambda: wire.asked > asked)
    page.wait_for_timeout(300)
    expect(told(page)).to_be_hidden()
