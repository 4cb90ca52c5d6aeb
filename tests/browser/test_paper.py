"""The page on paper, and headlines on the narrowest screen."""

import pytest
from playwright.sync_api import expect

from events import publishing
from events.publishing import Line
from tests import cast
from tests.browser.newsroom import Show


def test_r32_on_paper_nothing_floats_and_links_have_their_addresses(show: Show):
    cast.full()
    page = show("/events/call/")
    expect(page.locator(".ago").first).to_be_attached()
    page.emulate_media(media="print")
    floating = """() => [...document.body.querySelectorAll("*")].filter((one) => one.checkVisibility()
        && /fixed|sticky/.test(getComputedStyle(one).position)).map((one) => one.outerHTML.slice(0, 80))"""
    assert page.evaluate(floating) == []
    for gone in (".ago", ".tools", ".masthead", ".more", "#pill"):
        assert page.locator(gone).evaluate_all(
            "all => all.every((one) => !one.checkVisibility({ visibilityProperty: true }))"
        ), gone
    expect(page.locator("#posts time").first).to_be_visible()
    after = (
        page.locator("#posts article")
        .nth(3)
        .locator(".words a")
        .evaluate("a => getComputedStyle(a, '::after').content")
    )
    assert "https://agency.example/wire" in after or "attr(href)" in after


def test_r32_on_paper_the_pinned_post_is_whole_and_stands_once(show: Show):
    event = cast.full()
    page = show("/events/call/")
    page.emulate_media(media="print")
    expect(page.locator("#posts article").nth(1).locator(".words")).to_be_visible()
    expect(page.locator(".pinned")).to_be_hidden()
    expect(page.locator(".pinned-here")).to_be_hidden()
    # Where it has no place on the page, it stands at the top.
    page = show(f"/events/call/?before={event.posts.newest()[2].order}")
    page.emulate_media(media="print")
    expect(page.locator(".pinned")).to_be_visible()


def test_r32_engines_that_unfold_nothing_by_style_print_all_of_it_and_fold_it_again(show: Show):
    event = cast.full()
    lines = [Line(text=f"Line {number}.") for number in range(3)]
    publishing.summarise(event, lines=lines, by=None)
    page = show("/events/call/", viewport={"width": 800, "height": 700})
    page.locator(".on").wait_for()
    opened = "all => all.map((details) => details.open)"
    folds = page.locator("#live .side details, #live .pinned details")
    folds.first.locator("summary").click()
    before = folds.evaluate_all(opened)
    assert len(before) == 3 and before.count(True) == 1
    scrolled = page.evaluate("scrollY")
    page.evaluate("dispatchEvent(new Event('beforeprint')); dispatchEvent(new Event('beforeprint'))")
    assert all(folds.evaluate_all(opened))
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert folds.evaluate_all(opened) == before
    assert page.evaluate("scrollY") == scrolled
    # Chromium says so itself when it makes a PDF.
    page.evaluate(
        "addEventListener('beforeprint', () => { window.all = document.querySelectorAll('details').length"
        " === document.querySelectorAll('details[open]').length })"
    )
    page.pdf()
    assert page.evaluate("window.all") and folds.evaluate_all(opened) == before


@pytest.mark.parametrize("width", [320, 360, 412])
def test_a_headline_does_not_break_between_a_number_and_its_word(show: Show, width: int):
    event = cast.event()
    for words in ("Russia and Ukraine agree to a", "Both say yes to a", "A", "The presidents talk of a"):
        cast.post(event, f"{words} 30-day pause", key_event=True)
    page = show("/events/call/", viewport={"width": width, "height": 800})
    page.locator(".key-events summary").click()
    lines = page.locator("#posts h3 .joined, .key-events .joined").evaluate_all(
        "all => all.map((one) => one.getClientRects().length)"
    )
    assert lines == [1] * 8
    # It is there for the eye alone.
    assert page.locator("#posts h3").first.inner_text() == "The presidents talk of a 30-day pause"
    assert page.evaluate("document.documentElement.scrollWidth") <= width
