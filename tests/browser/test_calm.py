"""Sixty updates, and nothing jumps, nobody is shouted at, nothing that plays stops."""

import pytest
from playwright.sync_api import Browser, Page, expect

from tests import measure
from tests.browser.test_connection import ids, pill
from tests.browser.wire import Wire, article

LONG = "<p>Much more was said than that.</p>" * 20
HEADER = '<header data-state="live"><h1>{}</h1></header>'


def settle(page: Page) -> None:
    page.evaluate("() => new Promise((then) => requestAnimationFrame(() => requestAnimationFrame(then)))")


def everything(wire: Wire, page: Page, first: int, count: int) -> None:
    """So many updates of every sort, none of them of posts that are on the screen."""
    seen = page.evaluate(
        """[...document.querySelectorAll('#posts [data-post]')].filter((post) => {
            const { top, bottom } = post.getBoundingClientRect(); return bottom >= 0 && top <= innerHeight;
        }).map((post) => post.dataset.post)"""
    )
    others = [post for post in ids(page) if post not in seen]
    for number in range(first, first + count):
        post = int(others[number % len(others)])
        version = wire.posts[str(post)]["version"] + 1
        deed = number % 6
        if deed in (0, 3):
            wire.add(article(number))
        elif deed == 1:
            wire.add(article(post, version=version, text=LONG if number % 4 else "<p>Short.</p>"))
        elif deed == 2:
            wire.add(article(post, version=version, flags="tombstone", text="<p>Withdrawn.</p>"))
        elif deed == 4:
            wire.add({"action": "event"}, summary=f"<p>Line {number}</p>" * (number % 5 + 1))
        else:
            wire.add({"action": "event"}, header=HEADER.format(f"Title {number} " * (number % 7 + 1)))
        settle(page)


@pytest.mark.parametrize("anchoring", ["auto", "none"])
def test_r13_r14_nothing_shifts_at_the_top_in_the_middle_and_at_the_end(wire: Wire, page: Page, anchoring: str):
    measure.watch(page)
    wire.parts = {"header": HEADER.format("The call"), "summary": "<p>Known.</p>"}
    wire.open(30)
    page.evaluate(f"document.documentElement.style.overflowAnchor = '{anchoring}'")
    expect(page.locator(".ago").first).to_be_attached()
    for begin, y in ((100, "0"), (120, "document.body.scrollHeight / 2"), (140, "document.body.scrollHeight")):
        page.evaluate(f"scrollTo(0, {y})")
        page.evaluate("measured.shifts.length = 0")
        settle(page)
        post = page.evaluate(
            """[...document.querySelectorAll('#posts [data-post]')]
                .find((post) => post.getBoundingClientRect().top >= 0).dataset.post"""
        )
        before = measure.top(page, post)
        everything(wire, page, begin, 20)
        expect(page.locator("#live")).to_have_attribute("data-sequence", str(wire.sequence))
        settle(page)
        assert abs(measure.top(page, post) - before) <= 1, (y, post)
        assert measure.cls(page) <= 0.01, (y, measure.shifts(page))


def test_r12_the_pill_is_at_the_screens_edge_wherever_the_reader_is(wire: Wire, page: Page):
    wire.open(30)
    for number, y in enumerate(("0", "900", "document.body.scrollHeight"), start=40):
        page.evaluate(f"scrollTo(0, {y})")
        wire.add(article(number))
        expect(pill(page)).to_be_in_viewport()
        pill(page).evaluate("pill => pill.click()")
        expect(page.locator(f"#h-{number}")).to_be_focused()


@pytest.mark.parametrize("part", ["header", "summary", "pinned", "keys"])
def test_r12_every_part_in_view_obeys_the_pill(wire: Wire, page: Page, part: str):
    wire.parts[part] = "<p>As it was.</p>"
    wire.open(8)
    here = page.locator(f"[data-part={part}]")
    # The same height: at once.
    wire.add({"action": "event"}, **{part: "<p>In other words.</p>"})
    expect(here).to_have_text("In other words.")
    wire.add({"action": "event"}, **{part: "<p>Higher.</p><p>Than it was.</p>"})
    expect(pill(page)).to_have_text("New summary" if part == "summary" else "Top of the page changed")
    expect(here).to_have_text("In other words.")
    pill(page).click()
    expect(here).to_have_text("Higher.Than it was.")


def test_r15_the_highlight_fades_and_not_under_reduced_motion(live, publish, server, browser: Browser):
    for motion, name in (("no-preference", "fade"), ("reduce", "none")):
        context = browser.new_context(reduced_motion=motion)
        page = context.new_page()
        page.goto(f"{server.url}/events/call/")
        expect(page.locator(".ago").first).to_be_attached()
        post = publish(f"News for {motion}")
        page.locator("#pill").click()
        fresh = page.locator(f"#p-{post}")
        assert fresh.evaluate("post => getComputedStyle(post, '::after').animationName") == name
        if motion == "reduce":
            assert fresh.evaluate("post => getComputedStyle(post, '::after').opacity") == "0"
        context.close()


def test_r17_players_and_frames_in_an_edited_post_are_left_alone(wire: Wire, page: Page):
    media = '<p>{}</p><audio id="a" controls></audio><iframe id="f" srcdoc="<p>Inside</p>"></iframe><p>After.</p>'
    wire.add(article(9, text=media.format("Before.")))
    wire.open(3)
    frame = page.frame_locator("#f")
    expect(frame.locator("p")).to_have_text("Inside")
    page.locator("#f").evaluate("frame => { frame.contentWindow.kept = 1; frame.focus() }")
    page.evaluate("window.kept = document.getElementById('a')")
    wire.add(article(9, version=2, text=media.format("Edited.")))
    expect(page.locator("#p-9")).to_contain_text("Edited.")
    assert page.evaluate("kept === document.getElementById('a') && kept.isConnected")
    assert page.locator("#f").evaluate("frame => frame.contentWindow.kept") == 1
    expect(page.locator("#f")).to_be_focused()


def test_r29_fifty_posts_in_a_minute_make_at_most_three_announcements(still: Wire, page: Page):
    measure.watch(page)
    still.open(8)
    expect(page.locator("#status")).to_be_empty()
    page.clock.run_for(1000)
    for number in range(50):
        still.add(article(20 + number))
        page.clock.run_for(1200)
    expect(pill(page)).to_have_text("50 new updates")
    told = measure.said(page)
    assert 1 <= len(told) <= 3, told
    assert all(words.endswith(("new update", "new updates")) for words in told)
    still.run(31_000)
    assert measure.said(page)[-1] == "50 new updates"
    assert page.locator("[role=status]").count() == 1
    assert page.locator("#posts [role=status], #posts [aria-live], [role=log], [role=feed]").count() == 0


def test_r29_the_same_number_is_told_again_once_the_reader_has_seen_the_first(still: Wire, page: Page):
    measure.watch(page)
    still.open(8)
    page.clock.run_for(1000)
    for number in (20, 21):
        still.add(article(number))
        expect(pill(page)).to_have_text("1 new update")
        still.run(31_000)
        pill(page).click()
        expect(page.locator("#status")).to_be_empty()
    assert measure.said(page) == ["1 new update", "1 new update"]


def test_r9_a_catch_up_answer_that_comes_late_does_no_harm(wire: Wire, page: Page):
    wire.open()
    held = []
    wire.catch_up = lambda route, after: held.append((route, wire.since(after, "e")))
    wire.add(article(20), send=False)
    wire.send({"type": "pulse", "sequence": wire.sequence})
    wire.until(lambda: bool(held))
    # Meanwhile the post is revised, and that is heard first.
    wire.catch_up = None
    wire.add(article(20, version=2, text="<p>Second words.</p>"))
    wire.add(article(8, version=2, text="<p>Other words.</p>"))
    for route, answer in held:
        route.fulfill(json=answer)
    expect(page.locator("#p-8")).to_contain_text("Other words.", timeout=15000)
    pill(page).click()
    expect(page.locator("#p-20")).to_contain_text("Second words.")
    assert len(ids(page)) == 9
