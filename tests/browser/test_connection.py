"""The client against a line that fails in every way it can."""

import json
import re
import time

import pytest
from playwright.sync_api import Page, expect

from tests.browser.wire import Wire, article


def pill(page: Page):
    return page.locator("#pill")


def ids(page: Page) -> list[str]:
    return page.locator("#posts [data-post]").evaluate_all("all => all.map(post => post.dataset.post)")


def test_r12_new_posts_wait_and_a_tap_shows_them_with_focus_and_a_line(wire: Wire, page: Page):
    wire.open()
    wire.add(article(20))
    expect(pill(page)).to_have_text("1 new update")
    assert "20" not in ids(page)
    wire.add(article(21))
    expect(pill(page)).to_have_text("2 new updates")
    pill(page).click()
    assert ids(page)[:3] == ["21", "20", "8"]
    expect(page.locator("#h-21")).to_be_focused()
    expect(page.locator(".since")).to_have_text("New since 14:08 GMT")
    expect(pill(page)).to_be_hidden()


def test_r12_what_waits_is_revised_and_withdrawn_as_data(wire: Wire, page: Page):
    wire.open()
    wire.add(article(20))
    wire.add(article(21))
    expect(pill(page)).to_have_text("2 new updates")
    wire.add(article(20, version=2) | {"action": "withdraw", "html": ""})
    expect(pill(page)).to_have_text("1 new update")
    wire.add(article(21, version=2, text="<p>Better words.</p>"))
    time.sleep(0.2)
    pill(page).click()
    assert ids(page)[:2] == ["21", "8"]
    expect(page.locator("#p-21")).to_contain_text("Better words.")


def test_r12_background_raises_no_number(wire: Wire, page: Page):
    wire.open()
    wire.add(article(20, flags="quiet"))
    expect(pill(page)).to_have_text("New background")
    wire.add(article(21))
    expect(pill(page)).to_have_text("1 new update")


def test_a_duplicate_and_a_late_frame_do_no_harm(wire: Wire, page: Page):
    wire.open()
    wire.add(article(8, version=2, text="<p>Second.</p>"))
    expect(page.locator("#p-8")).to_contain_text("Second.")
    wire.send(article(8, version=1) | {"sequence": 8, "after": 7})
    wire.send(article(8, version=1) | {"sequence": wire.sequence, "after": 0})
    time.sleep(0.3)
    expect(page.locator("#p-8")).to_contain_text("Second.")
    assert len(ids(page)) == 8


def test_a_hole_is_filled_from_the_catch_up_address(wire: Wire, page: Page):
    wire.open()
    wire.add(article(20), send=False)
    wire.add(article(21))
    expect(pill(page)).to_have_text("2 new updates", timeout=3000)


def test_a_pulse_beyond_what_is_here_asks(wire: Wire, page: Page):
    wire.open()
    wire.add(article(20), send=False)
    wire.send({"type": "pulse", "sequence": wire.sequence})
    expect(pill(page)).to_have_text("1 new update", timeout=3000)


def test_r9_a_refused_socket_means_polling(wire: Wire, page: Page):
    wire.refuse = True
    wire.open()
    wire.add(article(20), send=False)
    expect(pill(page)).to_have_text("1 new update", timeout=4000)
    wire.add(article(21), send=False)
    expect(pill(page)).to_have_text("2 new updates", timeout=15000)


def test_r9_an_accepted_and_silent_socket_means_a_fetch(wire: Wire, page: Page):
    wire.silent = True
    wire.open()
    wire.add(article(20), send=False)
    expect(pill(page)).to_have_text("1 new update", timeout=4000)


@pytest.mark.parametrize("fault", ["status", "truncated", "abort"])
def test_r9_a_bad_catch_up_answer_is_asked_again(wire: Wire, page: Page, fault: str):
    wire.open()
    bad = {
        "status": lambda route, _after: route.fulfill(status=500, body="no"),
        "truncated": lambda route, _after: route.fulfill(body='{"type": "updates", "upd'),
        "abort": lambda route, _after: route.abort(),
    }
    wire.catch_up = bad[fault]
    wire.add(article(20), send=False)
    wire.send({"type": "behind", "sequence": wire.sequence})
    page.wait_for_timeout(2500)
    assert wire.asked >= 1
    wire.catch_up = None
    expect(pill(page)).to_have_text("1 new update", timeout=12000)


def test_a_frame_that_is_no_json_does_no_harm(wire: Wire, page: Page):
    wire.open()
    wire.send('{"type": "upd')
    wire.add(article(20))
    expect(pill(page)).to_have_text("1 new update")


def test_an_answer_older_than_what_sent_us_there_is_asked_again(wire: Wire, page: Page):
    wire.open()
    old = wire.sequence
    stale = json.dumps({"type": "updates", "epoch": "e", "after": old, "sequence": old, "updates": [], "parts": {}})
    wire.catch_up = lambda route, _after: route.fulfill(body=stale)
    wire.add(article(20), send=False)
    wire.send({"type": "pulse", "sequence": wire.sequence})
    page.wait_for_timeout(1200)
    wire.catch_up = None
    expect(pill(page)).to_have_text("1 new update", timeout=5000)


def test_another_epoch_takes_the_page_again_in_place(wire: Wire, page: Page):
    wire.open()
    page.locator("#h-8").evaluate("heading => { window.kept = heading }")
    wire.epoch, wire.sequence = "f", 3
    del wire.posts["2"]
    wire.posts["7"] = article(7, version=5, text="<p>Restored words.</p>") | {"sequence": 2}
    wire.posts["30"] = article(30) | {"sequence": 3}
    wire.html = wire.render()
    wire.send({"type": "pulse", "sequence": 99})
    expect(pill(page)).to_have_text("1 new update", timeout=8000)
    expect(page.locator("#p-7")).to_contain_text("Restored words.")
    assert page.evaluate("window.kept.isConnected")
    pill(page).click()
    assert ids(page) == ["30", "8", "7", "6", "5", "4", "3", "1"]
    wire.add(article(31))
    expect(pill(page)).to_have_text("1 new update")


def test_r11_trouble_is_named_only_after_a_while(wire: Wire, page: Page):
    page.clock.install()
    wire.open()
    page.wait_for_timeout(300)
    wire.refuse = True
    wire.catch_up = lambda route, _after: route.abort()
    wire.cut()
    page.clock.run_for(10_000)
    expect(page.locator("#connection")).to_be_hidden()
    page.clock.run_for(8_000)
    expect(page.locator("#connection")).to_have_text(re.compile("Reconnecting – last update 15:0[01] GMT Refresh"))
    wire.refuse, wire.catch_up = False, None
    page.clock.run_for(10_000)
    expect(page.locator("#connection")).to_be_hidden(timeout=30000)


def test_r9_a_clock_a_day_off_is_not_believed(wire: Wire, page: Page):
    page.clock.set_system_time("2025-03-19T15:00:00Z")
    wire.open()
    expect(page.locator("#p-8 time .ago")).to_have_text("52 min ago")
    assert "your time" in page.locator("#p-8 time").get_attribute("title")


def test_what_the_page_cannot_take_is_had_with_a_fresh_page(wire: Wire, page: Page, errors: list[str]):
    wire.open()
    wire.add(article(8, version=2, text="<p>Second.</p>"), send=False)
    wire.html = wire.render()
    wire.send({**article(8, version=2), "html": "No article", "after": 8, "sequence": 9})
    expect(page.locator("#p-8")).to_contain_text("Second.", timeout=8000)
    wire.add(article(20))
    expect(pill(page)).to_have_text("1 new update")


def test_a_partial_answer_on_the_socket_is_continued_at_once(wire: Wire, page: Page):
    wire.open()
    wire.add(article(20), send=False)
    wire.add(article(21), send=False)
    first = wire.since(8, "e")
    wire.send({**first, "updates": first["updates"][:1], "sequence": 9, "more": True})
    expect(pill(page)).to_have_text("2 new updates", timeout=1500)
