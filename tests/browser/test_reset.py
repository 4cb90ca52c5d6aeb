"""The page is taken again: what is read stays, and links and counts are those of the new page."""

import json

from playwright.sync_api import Page, expect

from tests.browser.test_connection import ids, pill
from tests.browser.test_still import read, top
from tests.browser.wire import Wire, article

LINK = '<a id="older" href="?before={}">Older posts</a>'


def made(wire: Wire, first: int, last: int, *, link: str = "", words: str = "", **data: str) -> str:
    """A page of the posts `first` to `last`, with a link to older ones."""
    posts, older = wire.posts, wire.older
    wire.posts = {str(n): article(n, version=2 if words else 1, text=words) for n in range(first, last + 1)}
    wire.older = LINK.format(link) if link else ""
    html = wire.render(oldest=article(first)["order"] if link else "", **data)
    wire.posts, wire.older = posts, older
    return html


def opened(wire: Wire, page: Page, sequence: int = 20) -> None:
    """Posts 21 to 40 are open, and 1 to 20 are behind the link, in two pages."""
    wire.sequence = sequence
    for number in range(21, 41):
        wire.add(article(number))
    wire.pages["/events/call/?before=b"] = made(wire, 11, 20, link="c")
    wire.pages["/events/call/?before=c"] = made(wire, 1, 10)
    wire.older = LINK.format("b")
    wire.open(0, oldest=article(21)["order"])
    page.wait_for_function("document.querySelector('.on')")


def more(page: Page, first: int) -> None:
    page.locator("#older").click()
    expect(page.locator(f"#p-{first}")).to_be_attached()


def again(wire: Wire, page: Page, html: str) -> None:
    """The editor has changed the zone: the page is taken again."""
    wire.html = html
    loaded = wire.loaded
    wire.send({"type": "update", "action": "event", "sequence": wire.sequence, "after": 0, "reset": True})
    wire.until(lambda: wire.loaded > loaded)
    page.wait_for_function("name => document.getElementById('live').dataset.zoneName === name", arg="in London")


def test_r13_what_is_read_far_down_stays_and_is_the_post_of_now(wire: Wire, page: Page):
    opened(wire, page)
    more(page, 11)
    more(page, 1)
    expect(page.locator("#older")).to_have_count(0)
    read(page, 15)
    before = top(page, 15)
    wire.sequence += 1
    words = "<p>Words of now.</p>" + "<p>More of them, so that it has a height.</p>" * 4
    zone = {"words": words, "zone-name": "in London"}
    wire.pages["/events/call/?before=y"] = made(wire, 12, 26, link="z", **zone)
    wire.pages["/events/call/?before=z"] = made(wire, 1, 11, **zone)
    again(wire, page, made(wire, 27, 40, link="y", **zone))
    expect(page.locator("#p-15")).to_contain_text("Words of now.")
    assert abs(top(page, 15) - before) <= 1
    # As far as what is on the screen, and then the link again: what it leads to is whole, and no news.
    assert ids(page) == [str(number) for number in range(40, 11, -1)]
    expect(page.locator("#older")).to_have_attribute("href", "http://live.test/events/call/?before=z")
    expect(pill(page)).to_be_hidden()
    more(page, 1)
    assert ids(page) == [str(number) for number in range(40, 0, -1)]
    expect(page.locator("#older")).to_have_count(0)


def test_r20_a_link_that_was_used_up_comes_back(wire: Wire, page: Page):
    opened(wire, page)
    more(page, 11)
    more(page, 1)
    page.evaluate("scrollTo(0, 0)")
    wire.sequence += 1
    again(wire, page, made(wire, 21, 40, link="b", **{"zone-name": "in London"}))
    expect(page.locator("#older")).to_have_attribute("href", "http://live.test/events/call/?before=b")
    assert ids(page)[-1] == "21"
    more(page, 11)


def test_r20_what_the_new_page_has_more_of_below_is_no_news(wire: Wire, page: Page):
    opened(wire, page)
    read(page, 22)
    wire.sequence += 1
    zone = {"zone-name": "in London"}
    wire.pages["/events/call/?before=y"] = made(wire, 11, 25, link="c", **zone)
    again(wire, page, made(wire, 26, 40, link="y", **zone))
    expect(page.locator("#p-11")).to_be_attached()
    expect(pill(page)).to_be_hidden()
    assert ids(page) == [str(number) for number in range(40, 10, -1)]


def test_r22_another_history_counts_anew(wire: Wire, page: Page):
    opened(wire, page, sequence=100)
    count = page.locator("[data-count=all]")
    expect(count).to_have_text("20")
    wire.epoch, wire.sequence, wire.posts = "f", 49, {}
    for number in range(50, 53):
        wire.add(article(number), send=False)
    wire.older = ""
    wire.html = wire.render()
    wire.send(wire.since(0, "e"))
    # All of the old one is gone: the page is empty, and what there is comes by itself.
    expect(page.locator("#posts article")).to_have_count(3)
    expect(count).to_have_text("3")
    # Its next post is one more, though the old history had counted further than that.
    wire.add(article(53))
    expect(count).to_have_text("4")
    expect(pill(page)).to_have_text("1 new update")
    # It is not shown yet: that is what is remembered of this visit.
    page.evaluate("dispatchEvent(new Event('pagehide'))")
    left = json.loads(page.evaluate("localStorage['lb:call']"))
    assert (left["epoch"], left["sequence"]) == ("f", 52)
