"""The catch-up address: when it is asked, what its answers mean, and how its refusals are taken."""

from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.wire import Wire, article, status


def one_new(page: Page) -> None:
    expect(page.locator("#pill")).to_have_text("1 new update")


def behind(wire: Wire) -> None:
    """Publish a post that the client knows only by its number."""
    wire.until(lambda: len(wire.sockets) == 1)
    wire.add(article(20), send=False)
    wire.send({"type": "pulse", "sequence": wire.sequence})
    wire.page.wait_for_timeout(100)


@pytest.mark.parametrize("kind", ["pulse", "behind", "frame"])
def test_what_one_message_makes_all_ask_for_they_ask_for_over_two_seconds(still: Wire, page: Page, kind: str):
    still.open()
    page.evaluate("window.chance = 0.9")
    still.until(lambda: len(still.sockets) == 1)
    still.add(article(20), send=False)
    if kind == "frame":
        # More than 16 KB: it comes without its html.
        big = {key: value for key, value in article(20).items() if key != "html"}
        still.send(big | {"type": "update", "sequence": still.sequence, "after": still.sequence - 1})
    else:
        still.send({"type": kind, "sequence": still.sequence})
    page.wait_for_timeout(100)
    still.run(1_700)
    assert still.asked == 0
    still.run(200)
    one_new(page)
    assert still.asked == 1


def test_pages_of_a_long_answer_are_asked_for_one_after_another(still: Wire, page: Page):
    def two_at_once(route: Route, after: int) -> None:
        answer = still.since(after, "e")
        rows = answer["updates"]
        more = len(rows) > 2
        answer |= {"updates": rows[:2], "more": more, "sequence": rows[1]["sequence"] if more else still.sequence}
        route.fulfill(json=answer)

    still.open()
    still.until(lambda: len(still.sockets) == 1)
    still.catch_up = two_at_once
    for number in range(20, 25):
        still.add(article(number), send=False)
    still.send({"type": "behind", "sequence": still.sequence})
    page.wait_for_timeout(100)
    still.run(1_100)
    for _page in range(3):
        still.run(60)
    expect(page.locator("#pill")).to_have_text("5 new updates")
    assert still.asked == 3


def test_an_answer_that_promises_more_and_gives_nothing_is_no_loop(still: Wire, page: Page):
    still.open()
    still.catch_up = lambda route, after: route.fulfill(
        json=still.since(after, "e") | {"sequence": after, "more": True}
    )
    behind(still)
    for _second in range(10):
        still.run(1_000)
    assert 1 <= still.asked <= 5


def test_old_answers_are_asked_for_again_each_time_later(still: Wire, page: Page):
    still.open()
    old = still.since(still.sequence, "e")
    still.catch_up = lambda route, _after: route.fulfill(json=old)
    behind(still)
    asked = []
    for _second in range(20):
        still.run(1_000)
        asked.append(still.asked)
    # With dice at a half: after 1 s, then 1, 2, 4 and 8 s more.
    assert asked[1] >= 1
    assert 4 <= asked[-1] <= 6
    still.catch_up = None
    still.run(10_000)
    one_new(page)


@pytest.mark.parametrize("code", [404, 410])
def test_no_event_means_to_stop(still: Wire, page: Page, code: int):
    still.open()
    page.evaluate("addEventListener('lb:ended', e => { window.gone = e.detail.gone })")
    still.catch_up = status(code)
    behind(still)
    still.run(1_100)
    page.wait_for_function("window.gone === true")
    still.until(lambda: still.sockets == [])
    still.run(120_000)
    assert (still.asked, still.tried) == (1, 1)


def test_a_place_that_makes_no_sense_means_the_page_again(still: Wire, page: Page):
    still.open()
    still.catch_up = status(400)
    behind(still)
    still.html = still.render()
    still.run(1_100)
    one_new(page)
    assert still.loaded == 2
    still.catch_up = None
    still.run(1_100)
    assert still.asked == 2


@pytest.mark.parametrize("code", [429, 503])
@pytest.mark.parametrize("way", ["socket", "polling"])
def test_who_is_told_when_to_come_again_comes_no_sooner(still: Wire, page: Page, code: int, way: str):
    still.refuse = way == "polling"
    still.open()
    still.catch_up = status(code, **{"Retry-After": "40"})
    if way == "socket":
        behind(still)
    else:
        still.add(article(20), send=False)
    still.run(2_000)
    still.until(lambda: still.asked == 1)
    still.catch_up = None
    still.run(38_000)
    assert still.asked == 1
    # 40 s, and half of two more.
    still.run(3_000)
    one_new(page)


def test_a_retry_after_of_a_day_is_not_believed(still: Wire, page: Page):
    still.refuse = True
    still.open()
    still.catch_up = status(503, **{"Retry-After": "86400"})
    still.add(article(20), send=False)
    still.run(2_000)
    still.until(lambda: still.asked == 1 and not still.under_way)
    still.catch_up = None
    still.run(117_000)
    assert still.asked == 1
    still.run(5_000)
    one_new(page)


@pytest.mark.parametrize("code", [429, 500, 503])
def test_a_refusal_without_a_word_is_asked_again_ever_later(still: Wire, page: Page, code: int):
    still.open()
    still.catch_up = status(code)
    behind(still)
    for _second in range(30):
        still.run(1_000)
    # After 1 s, then 1, 2, 4, 8 and 8 s more.
    assert 5 <= still.asked <= 7
    still.catch_up = None
    still.run(9_000)
    one_new(page)
    # What went well is forgotten: the next failure is the first.
    still.catch_up = status(500)
    still.add(article(21), send=False)
    still.send({"type": "pulse", "sequence": still.sequence})
    page.wait_for_timeout(100)
    still.run(1_100)
    still.catch_up = None
    still.run(1_100)
    expect(page.locator("#pill")).to_have_text("2 new updates")


def test_who_asks_while_an_answer_is_on_its_way_shares_it(still: Wire, page: Page):
    waiting: list[Any] = []
    still.open()
    still.catch_up = lambda route, after: waiting.append((route, after))
    behind(still)
    still.run(1_100)
    still.until(lambda: len(waiting) == 1)
    still.add(article(21), send=False)
    still.send({"type": "pulse", "sequence": still.sequence})
    page.wait_for_timeout(100)
    still.run(1_100)
    assert len(waiting) == 1
    still.catch_up = None
    still.updates(*waiting[0])
    expect(page.locator("#pill")).to_have_text("2 new updates")
    assert still.asked == 1


@pytest.mark.parametrize("by", ["frame", "answer"])
def test_a_new_history_is_taken_over_two_seconds(still: Wire, page: Page, by: str):
    still.told = True
    still.open()
    still.until(lambda: len(still.sockets) == 1)
    page.evaluate("window.chance = 0.9")
    if by == "frame":
        # The zone has changed: same epoch, the whole page again.
        still.add({"action": "event", "reset": True})
    else:
        still.epoch = "f"
        still.send(still.since(still.sequence, "e"))
    page.wait_for_timeout(100)
    still.html = still.render()
    still.run(1_700)
    assert still.loaded == 1
    still.run(200)
    still.until(lambda: still.loaded == 2)
    page.wait_for_function("epoch => document.getElementById('live').dataset.epoch === epoch", arg=still.epoch)
    still.run(3_000)
    assert still.loaded == 2


def test_a_page_that_a_cache_still_gives_is_taken_again_later(still: Wire, page: Page):
    still.open()
    still.until(lambda: len(still.sockets) == 1)
    old = still.html
    still.epoch = "f"
    still.add(article(20), send=False)
    fresh = still.render()
    still.html = old
    still.send(still.since(0, "e"))
    page.wait_for_timeout(100)
    for _second in range(6):
        still.run(1_000)
    assert 2 <= still.loaded <= 5
    still.html = fresh
    still.run(15_000)
    one_new(page)


def test_a_stale_page_and_a_socket_become_the_page_of_now(still: Wire, page: Page):
    still.told = True
    for number in range(1, 9):
        still.add(article(number))
    old = still.render()
    still.add(article(3, version=2, text="<p>Better words.</p>"))
    still.add(article(4, version=2) | {"action": "withdraw", "html": ""})
    still.add(article(20))
    still.open(count=0)
    still.html = old
    page.reload()
    expect(page.locator("#p-3")).to_contain_text("Better words.")
    one_new(page)
    assert "Words of post 4" not in page.locator("#posts").inner_text()
    page.locator("#pill").click()
    posts = page.locator("#posts [data-post]").evaluate_all("all => all.map(post => post.dataset.post)")
    assert posts == ["20", "8", "7", "6", "5", "3", "2", "1"]
    assert still.asked == 0
