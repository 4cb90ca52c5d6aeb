"""Nobody looks, nobody is there, or it is over: when the client rests, and how it wakes."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.wire import Wire, article


def see(page: Page, *, hidden: bool) -> None:
    """Put the tab behind another, or in front again."""
    page.evaluate(
        """hidden => {
            Object.defineProperty(document, "hidden", { configurable: true, get: () => hidden });
            document.dispatchEvent(new Event("visibilitychange"));
        }""",
        hidden,
    )


def follow(wire: Wire) -> None:
    """Open the page and its socket; nothing is asked for besides."""
    wire.told = True
    wire.open()
    wire.until(lambda: len(wire.sockets) == 1)
    wire.page.wait_for_timeout(100)
    assert (wire.tried, wire.asked) == (1, 0)


def keep_alive(wire: Wire, minutes: int) -> None:
    """Let time go by on a socket that pulses each minute, which is just enough."""
    pulse(wire)
    for _minute in range(minutes):
        wire.page.clock.run_for(60_000)
        pulse(wire)


def pulse(wire: Wire) -> None:
    """Say that the socket lives, and let the page hear it."""
    wire.send({"type": "pulse", "sequence": wire.sequence})
    wire.page.wait_for_timeout(50)


def end(wire: Wire) -> None:
    """End the coverage, as the header's part says it."""
    wire.add({"action": "event"}, header='<p data-state="ended">Ended</p>')
    wire.page.wait_for_function("document.getElementById('live').dataset.state === 'ended'")


def test_r9_five_minutes_out_of_sight_it_sleeps_and_wakes_with_jitter(still: Wire, page: Page):
    follow(still)
    see(page, hidden=True)
    keep_alive(still, 4)
    still.run(55_000)
    assert len(still.sockets) == 1
    still.run(6_000)
    still.until(lambda: still.sockets == [])
    still.add(article(20), send=False)
    page.clock.run_for(300_000)
    page.wait_for_timeout(100)
    assert (still.tried, still.asked) == (1, 0)
    page.evaluate("window.chance = 0.9")
    see(page, hidden=False)
    still.run(800)
    assert (still.tried, still.asked) == (1, 0)
    still.run(200)
    expect(page.locator("#pill")).to_have_text("1 new update")
    still.until(lambda: still.tried == 2 and still.asked == 1)
    still.add(article(21))
    expect(page.locator("#pill")).to_have_text("2 new updates")


def test_asleep_it_does_not_poll_either(still: Wire, page: Page):
    still.refuse = True
    still.open()
    see(page, hidden=True)
    still.run(60_000)
    assert still.asked > 5
    page.clock.run_for(241_000)
    page.wait_for_timeout(200)
    asked, tried = still.asked, still.tried
    page.clock.run_for(180_000)
    page.wait_for_timeout(200)
    assert (still.asked, still.tried) == (asked, tried)
    still.add(article(20), send=False)
    see(page, hidden=False)
    still.run(1_100)
    expect(page.locator("#pill")).to_have_text("1 new update")
    # Polling is taken up again, too.
    still.add(article(21), send=False)
    still.run(10_000)
    expect(page.locator("#pill")).to_have_text("2 new updates")


def test_a_tab_opened_behind_another_sleeps_as_well(still: Wire, page: Page):
    page.add_init_script("Object.defineProperty(document, 'hidden', { configurable: true, get: () => true });")
    follow(still)
    keep_alive(still, 4)
    assert len(still.sockets) == 1
    still.run(61_000)
    still.until(lambda: still.sockets == [])
    still.run(60_000)
    assert still.tried == 1


def test_shown_again_before_it_sleeps_it_asks_once_and_keeps_its_socket(still: Wire, page: Page):
    follow(still)
    see(page, hidden=True)
    still.run(20_000)
    still.add(article(20), send=False)
    see(page, hidden=False)
    still.run(1_100)
    expect(page.locator("#pill")).to_have_text("1 new update")
    # The five minutes are forgotten.
    keep_alive(still, 6)
    assert (len(still.sockets), still.tried, still.asked) == (1, 1, 1)


def test_r10_half_an_hour_after_the_end_it_rests_and_when_shown_it_asks_once(still: Wire, page: Page):
    follow(still)
    end(still)
    keep_alive(still, 29)
    still.add(article(8, version=2, text="<p>Corrected.</p>"))
    expect(page.locator("#p-8")).to_contain_text("Corrected.")
    still.run(61_000)
    still.until(lambda: still.sockets == [])
    page.clock.run_for(120_000)
    assert (still.tried, still.asked) == (1, 0)
    for turn in (1, 2):
        still.add(article(7, version=turn + 1, text=f"<p>Corrected {turn} times.</p>"), send=False)
        see(page, hidden=True)
        still.run(2_000)
        see(page, hidden=False)
        still.run(1_100)
        expect(page.locator("#p-7")).to_contain_text(f"Corrected {turn} times.")
        page.clock.run_for(120_000)
        page.wait_for_timeout(100)
        assert (still.tried, still.asked) == (1, turn)
    expect(page.locator("#connection")).to_be_hidden()


def test_coverage_that_goes_on_wakes_who_asks(still: Wire, page: Page):
    follow(still)
    end(still)
    keep_alive(still, 31)
    still.until(lambda: still.sockets == [])
    still.add({"action": "event"}, send=False, header='<p data-state="live">Live</p>')
    see(page, hidden=False)
    still.run(1_100)
    page.wait_for_function("document.getElementById('live').dataset.state === 'live'")
    still.run(1_100)
    still.until(lambda: still.tried == 2 and len(still.sockets) == 1)


def test_coverage_that_goes_on_before_it_rests_changes_nothing(still: Wire, page: Page):
    follow(still)
    end(still)
    keep_alive(still, 5)
    still.add({"action": "event"}, header='<p data-state="live">Live</p>')
    keep_alive(still, 31)
    assert (len(still.sockets), still.tried, still.asked) == (1, 1, 0)


def test_online_leaves_the_old_socket_and_asks(still: Wire, page: Page):
    follow(still)
    page.evaluate("window.chance = 0.9")
    old = still.sockets[0]
    still.add(article(20), send=False)
    page.evaluate("dispatchEvent(new Event('online'))")
    still.until(lambda: old not in still.sockets)
    still.run(800)
    assert (still.tried, still.asked) == (1, 0)
    still.run(200)
    expect(page.locator("#pill")).to_have_text("1 new update")
    still.until(lambda: still.tried == 2)


def test_online_wakes_nobody_who_sleeps(still: Wire, page: Page):
    follow(still)
    see(page, hidden=True)
    page.clock.run_for(310_000)
    page.wait_for_timeout(200)
    tried, asked = still.tried, still.asked
    page.evaluate("dispatchEvent(new Event('online'))")
    still.run(10_000)
    assert (still.tried, still.asked, still.sockets) == (tried, asked, [])


def test_r11_offline_is_said_after_a_quarter_of_a_minute_unless_something_is_heard(still: Wire, page: Page):
    follow(still)
    line = page.locator("#connection")
    page.evaluate("dispatchEvent(new Event('offline'))")
    still.run(14_000)
    still.send({"type": "pulse", "sequence": still.sequence})
    page.wait_for_timeout(100)
    still.run(5_000)
    expect(line).to_be_hidden()
    page.evaluate("dispatchEvent(new Event('offline'))")
    still.run(15_100)
    expect(line).to_contain_text("Reconnecting – last update 15:00 GMT")
    page.evaluate("dispatchEvent(new Event('online'))")
    still.run(1_100)
    expect(line).to_be_hidden()


def test_another_release_takes_the_page_again_when_next_hidden_and_never_before(still: Wire, page: Page):
    still.release = "s"
    follow(still)
    page.evaluate("window.kept = true")
    keep_alive(still, 2)
    assert still.loaded == 1
    see(page, hidden=True)
    still.until(lambda: still.loaded == 2)
    page.wait_for_function("!window.kept")


def test_another_release_while_hidden_waits_for_the_next_time(still: Wire, page: Page):
    follow(still)
    page.evaluate("window.kept = true")
    see(page, hidden=True)
    hello = {"type": "hello", "v": 1, "epoch": "e", "sequence": 8, "pulse": 25, "release": "s"}
    still.send(hello)
    page.wait_for_timeout(100)
    still.run(20_000)
    see(page, hidden=False)
    still.run(5_000)
    assert still.loaded == 1
    see(page, hidden=True)
    still.until(lambda: still.loaded == 2)
    # A page that is still on its way when the test ends would keep the browser waiting.
    page.wait_for_function("!window.kept")


def test_the_same_release_takes_nothing_again(still: Wire, page: Page):
    follow(still)
    see(page, hidden=True)
    still.run(5_000)
    assert still.loaded == 1


@pytest.mark.parametrize("persisted", [False, True])
def test_leaving_closes_the_socket_and_only_a_page_that_comes_back_wakes(still: Wire, page: Page, persisted: bool):
    follow(still)
    page.evaluate("dispatchEvent(new PageTransitionEvent('pagehide'))")
    still.until(lambda: still.sockets == [])
    page.evaluate("persisted => dispatchEvent(new PageTransitionEvent('pageshow', { persisted }))", persisted)
    still.run(1_100)
    still.until(lambda: still.tried == 1 + persisted and still.asked == persisted)


def test_another_release_is_not_taken_where_it_cannot_be_had(still: Wire, page: Page):
    still.release = "s"
    follow(still)
    page.evaluate("window.kept = true")
    keep_alive(still, 2)
    page.route("**/updates/**", lambda route: route.abort())
    see(page, hidden=True)
    page.wait_for_timeout(300)
    assert still.loaded == 1
    see(page, hidden=False)
    page.unroute("**/updates/**")
    see(page, hidden=True)
    still.until(lambda: still.loaded == 2)
    page.wait_for_function("!window.kept")
