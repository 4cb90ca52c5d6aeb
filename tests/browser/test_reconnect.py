"""When the socket is lost: how soon the client comes back, what it does meanwhile, and when it gives up."""

import json

import pytest
from playwright.sync_api import Page, expect

from tests.browser.wire import Wire, article


def dice(wire: Wire, chance: float) -> None:
    """What every throw of the page's dice shows from now on, between 0 and 1."""
    wire.page.evaluate("chance => { window.chance = chance }", chance)


def lose(wire: Wire, code: int = 1012) -> None:
    """Close the open socket from the server's side, and let the client hear of it."""
    wire.until(lambda: len(wire.sockets) == 1)
    wire.cut(code)
    wire.page.wait_for_timeout(100)


@pytest.mark.parametrize("chance", [0.1, 0.9])
def test_readers_of_one_server_come_back_at_different_times(still: Wire, chance: float):
    still.told = True
    still.open()
    dice(still, chance)
    lose(still)
    still.run(int(10_000 * chance) - 200)
    assert still.tried == 1
    still.run(300)
    still.until(lambda: still.tried == 2)


@pytest.mark.parametrize("code", [1006, 1012, 4400, 4408])
def test_a_close_that_is_not_for_good_means_to_come_back(still: Wire, page: Page, code: int):
    still.told = True
    still.open()
    # A browser may not be told 1006; its server's end may vanish without a code.
    lose(still, 1001 if code == 1006 else code)
    still.add(article(20), send=False)
    still.run(5100)
    still.until(lambda: still.tried == 2)
    expect(page.locator("#pill")).to_have_text("1 new update")
    assert still.asked == 0


def test_each_failure_doubles_the_wait_up_to_a_minute(still: Wire):
    still.open()
    still.refuse = True
    lose(still)
    for tries, wait in enumerate([5_000, 10_000, 20_000, 30_000, 30_000], start=1):
        still.run(wait - 200)
        assert still.tried == tries
        still.run(300)
        still.until(lambda tries=tries: still.tried == tries + 1)


def test_only_a_socket_that_stays_for_half_a_minute_makes_the_next_wait_short(still: Wire):
    still.open()
    lose(still)
    still.run(5_100)
    still.until(lambda: still.tried == 2)
    still.run(29_000)
    lose(still)
    # 29 s were not enough: the second wait, up to 20 s.
    still.run(9_800)
    assert still.tried == 2
    still.run(400)
    still.until(lambda: still.tried == 3)
    still.run(30_100)
    lose(still)
    still.run(5_100)
    still.until(lambda: still.tried == 4)


def test_silence_for_two_and_a_half_pulses_means_dead(still: Wire):
    still.told = True
    still.open()
    still.until(lambda: len(still.sockets) == 1)
    still.page.wait_for_timeout(100)
    still.run(50_000)
    still.send({"type": "pulse", "sequence": still.sequence})
    still.page.wait_for_timeout(100)
    still.run(62_000)
    assert len(still.sockets) == 1
    still.run(600)
    still.until(lambda: still.sockets == [])
    still.run(5_100)
    still.until(lambda: still.tried == 2 and len(still.sockets) == 1)


def test_a_server_that_says_how_often_it_pulses_is_believed(still: Wire):
    still.open()
    still.send({"type": "hello", "v": 1, "epoch": "e", "sequence": 8, "pulse": 4, "release": "r"})
    still.page.wait_for_timeout(100)
    still.send({"type": "pulse", "sequence": 8})
    still.page.wait_for_timeout(100)
    still.run(9_900)
    assert len(still.sockets) == 1
    still.run(200)
    still.until(lambda: still.sockets == [])


def test_a_refused_socket_means_polling_until_it_is_taken_again(still: Wire, page: Page):
    still.refuse = True
    still.open()
    still.run(2_000)
    still.until(lambda: still.asked == 1)
    before = still.asked
    for number in range(20, 24):
        still.add(article(number), send=False)
        still.run(8_100)
        expect(page.locator("#pill")).to_have_text(f"{number - 19} new update{'s' if number > 20 else ''}")
    assert 4 <= still.asked - before <= 5
    assert still.tried >= 3
    still.refuse = False
    still.run(60_000)
    still.until(lambda: len(still.sockets) == 1)
    still.page.wait_for_timeout(200)
    asked = still.asked
    for _minute in range(2):
        still.send({"type": "pulse", "sequence": still.sequence})
        still.page.wait_for_timeout(100)
        still.run(60_000)
    assert still.asked == asked
    assert len(still.sockets) == 1


def test_polls_are_spread_and_not_hurried_by_failing_sockets(still: Wire):
    still.refuse = True
    still.open()
    dice(still, 0)
    still.run(2_000)
    asked = still.asked
    # The dice let sockets be tried at once, again and again; the polls keep their pace, here of 6 s.
    for _second in range(12):
        still.run(1_000)
    assert still.tried > 5
    assert still.asked - asked <= 3


def test_a_full_server_means_polling_and_a_try_after_a_minute(still: Wire, page: Page):
    still.code = 4429
    still.open()
    still.run(2_000)
    still.add(article(20), send=False)
    still.run(8_100)
    expect(page.locator("#pill")).to_have_text("1 new update")
    still.run(49_000)
    assert still.tried == 1
    still.code = 0
    still.run(32_000)
    still.until(lambda: still.tried == 2 and len(still.sockets) == 1)


@pytest.mark.parametrize("by", ["code", "frame"])
def test_gone_stops_everything(still: Wire, page: Page, by: str):
    still.open()
    still.until(lambda: len(still.sockets) == 1)
    page.evaluate("addEventListener('lb:ended', e => { window.gone = e.detail.gone })")
    if by == "code":
        still.cut(4404)
    else:
        still.send({"type": "gone"})
    page.wait_for_function("window.gone === true")
    for event in ("online", "visibilitychange"):
        page.evaluate("name => (name === 'online' ? window : document).dispatchEvent(new Event(name))", event)
    for _minute in range(5):
        still.run(60_000)
    assert (still.tried, still.asked, still.loaded) == (1, 0, 1)
    expect(page.locator("#connection")).to_be_hidden()


def test_a_bye_sends_away_for_as_long_as_it_says(still: Wire, page: Page):
    still.told = True
    still.open()
    still.until(lambda: len(still.sockets) == 1)
    still.send({"type": "bye", "after_ms": 4000})
    still.until(lambda: still.sockets == [])
    still.add(article(20), send=False)
    # 4 s, and half of two more.
    still.run(4_800)
    assert still.tried == 1
    still.run(300)
    still.until(lambda: still.tried == 2)
    expect(page.locator("#pill")).to_have_text("1 new update")
    assert still.asked == 0


def test_after_a_bye_to_nobody_it_polls(still: Wire, page: Page):
    still.open()
    still.until(lambda: len(still.sockets) == 1)
    still.send({"type": "bye", "after_ms": 1000})
    still.until(lambda: still.sockets == [])
    still.refuse = True
    still.add(article(20), send=False)
    still.run(2_100)
    still.until(lambda: still.tried == 2)
    still.page.wait_for_timeout(100)
    still.run(8_100)
    expect(page.locator("#pill")).to_have_text("1 new update")


def test_what_a_reconnect_is_not_told_is_fetched_at_a_time_of_its_own(still: Wire, page: Page):
    still.open()
    lose(still)
    still.add(article(20), send=False)
    still.run(5_100)
    still.until(lambda: still.tried == 2)
    still.page.wait_for_timeout(100)
    dice(still, 0.9)
    # A second for the socket's own answer, then up to two.
    still.run(2_500)
    assert still.asked == 0
    still.run(400)
    expect(page.locator("#pill")).to_have_text("1 new update")


def test_messages_of_unknown_types_are_ignored(still: Wire, page: Page):
    still.open()
    for message in ({"type": "rest"}, {"type": "weather", "sequence": 99}, {"no": "type"}):
        still.send(json.dumps(message))
    still.add(article(20))
    expect(page.locator("#pill")).to_have_text("1 new update")
    still.run(5_000)
    assert (still.tried, still.asked) == (1, 0)
