"""Places at the door: whoever finds none polls, and nobody is refused to read."""

import ipaddress
from collections import Counter

import pytest
from asgiref.testing import ApplicationCommunicator
from channels.db import database_sync_to_async

from events.live import caps, doors
from events.live.caps import AddressRates, Caps, Rate, address_of
from events.live.doors import router
from tests import cast
from tests.test_socket import PATIENCE, Visit

begin = database_sync_to_async(cast.event)


@pytest.mark.django_db(transaction=True)
async def test_a_full_process_says_so_and_has_room_again_when_somebody_leaves(settings):
    settings.SOCKETS_MAX = 1
    await begin()
    async with Visit() as first:
        assert (await first.hear())["type"] == "hello"
        async with Visit() as second:
            assert await second.closed() == 4429
    async with Visit() as third:
        assert (await third.hear())["type"] == "hello"


def knock(address):
    """A reader's handshake from an address, at a server that can refuse one."""
    scope = {"type": "websocket", "path": "/ws/events/call/", "query_string": b"", "headers": []}
    return ApplicationCommunicator(
        router, {**scope, "client": (address, 1234), "extensions": {"websocket.http.response": {}}}
    )


async def answer(door):
    """The door's first word."""
    await door.send_input({"type": "websocket.connect"})
    return await door.receive_output(PATIENCE)


async def leave(door):
    """Go, and wait until the place is given back."""
    await door.send_input({"type": "websocket.disconnect", "code": 1000})
    await door.wait(PATIENCE)


@pytest.mark.django_db(transaction=True)
async def test_an_address_beyond_its_share_does_not_use_up_everybodys_rate(settings, monkeypatch):
    settings.SOCKETS_PER_ADDRESS, settings.ACCEPT_RATE = 1, 2
    monkeypatch.setattr(doors, "rate", Rate())
    await begin()
    first = knock("8.8.8.8")
    assert (await answer(first))["type"] == "websocket.accept"
    for _time in range(10):
        more = knock("8.8.8.8")
        await answer(more)
        await leave(more)
    other = knock("9.9.9.9")
    assert (await answer(other))["type"] == "websocket.accept"
    for door in (first, other):
        await leave(door)
    assert not doors.caps._places


@pytest.mark.django_db(transaction=True)
async def test_who_comes_and_goes_all_the_time_keeps_nobody_else_off(settings, monkeypatch):
    settings.SOCKETS_PER_ADDRESS, settings.ACCEPT_RATE = 3, 20
    monkeypatch.setattr(doors, "rate", Rate())
    monkeypatch.setattr(doors, "address_rates", AddressRates())
    await begin()
    told = Counter()
    for _time in range(60):
        door = knock("8.8.8.8")
        told[(await answer(door))["type"]] += 1
        await leave(door)
    assert told["websocket.http.response.start"] > told["websocket.accept"] >= 3
    other = knock("9.9.9.9")
    assert (await answer(other))["type"] == "websocket.accept"
    await leave(other)


async def test_of_many_without_a_place_some_are_told_to_poll_and_the_others_refused(settings, monkeypatch):
    settings.SOCKETS_MAX = 0
    told = iter((True, False))
    monkeypatch.setattr(doors.full_rate, "take", lambda: next(told))
    monkeypatch.setattr(doors.rate, "take", lambda: pytest.fail("It is not theirs."))
    first, second = knock("8.8.8.8"), knock("8.8.8.8")
    assert (await answer(first))["type"] == "websocket.accept"
    assert await first.receive_output(PATIENCE) == {"type": "websocket.close", "code": 4429}
    refused = await answer(second)
    assert (refused["type"], refused["status"]) == ("websocket.http.response.start", 503)


async def test_who_is_refused_gives_the_place_back(monkeypatch):
    monkeypatch.setattr(doors.rate, "take", lambda: False)
    door = knock("8.8.8.8")
    assert (await answer(door))["type"] == "websocket.http.response.start"
    await leave(door)
    assert not doors.caps._places


async def test_a_door_that_is_knocked_at_too_fast_refuses_before_the_upgrade(monkeypatch):
    monkeypatch.setattr(doors.rate, "take", lambda: False)
    scope = {"type": "websocket", "path": "/ws/events/call/", "query_string": b"", "headers": []}
    for extensions, types in (
        ({"websocket.http.response": {}}, ["websocket.http.response.start", "websocket.http.response.body"]),
        ({}, ["websocket.close"]),
    ):
        door = ApplicationCommunicator(router, {**scope, "extensions": extensions})
        await door.send_input({"type": "websocket.connect"})
        said = [await door.receive_output(PATIENCE) for _type in types]
        assert [one["type"] for one in said] == types
        if len(said) == 2:
            assert said[0]["status"] == 503
            seconds = int(dict(said[0]["headers"])[b"retry-after"])
            assert doors.STORM_SECONDS[0] <= seconds <= doors.STORM_SECONDS[1]
        await door.wait()


def test_the_door_opens_so_many_times_a_second_and_no_more(settings):
    settings.ACCEPT_RATE = 2
    rate = Rate()
    assert [rate.take() for _time in range(3)] == [True, True, False]
    rate._filled -= 0.5
    assert [rate.take() for _time in range(2)] == [True, False]
    rate._filled -= 60
    assert [rate.take() for _time in range(3)] == [True, True, False]


def test_an_address_comes_as_often_at_once_as_it_has_places_and_then_at_its_share(settings):
    settings.SOCKETS_PER_ADDRESS, settings.ACCEPT_RATE = 5, 40
    rates = AddressRates()
    assert [rates.take("8.8.8.8") for _time in range(6)] == [True] * 5 + [False]
    assert rates.take("9.9.9.9"), "others have their own"
    assert all(rates.take("") for _time in range(100)), "who has no address shares nobody's"
    rates._rates["8.8.8.8"]._filled -= 1
    assert [rates.take("8.8.8.8") for _time in range(3)] == [True, True, False]


def test_addresses_are_forgotten_and_the_last_ones_are_not(monkeypatch, settings):
    settings.SOCKETS_PER_ADDRESS, settings.ACCEPT_RATE = 2, 1
    monkeypatch.setattr(caps, "ADDRESSES", 3)
    rates = AddressRates()
    told = []
    for number in range(20):
        told.append(rates.take("8.8.8.8"))
        assert rates.take(f"9.9.9.{number}")
    assert len(rates._rates) == 3
    assert not all(told)


def test_a_share_of_the_rate_is_at_least_one(settings):
    settings.ACCEPT_RATE = 20
    part = Rate(0.1)
    assert [part.take() for _time in range(3)] == [True, True, False]
    settings.ACCEPT_RATE = 1
    assert Rate(0.1).take()


def test_one_address_takes_no_more_than_its_share(settings):
    settings.SOCKETS_MAX, settings.SOCKETS_PER_ADDRESS = 10, 2
    places = Caps()
    assert [places.enter("192.0.2.1") for _time in range(3)] == [True, True, False]
    assert places.enter("192.0.2.2")
    assert all(places.enter("") for _time in range(5)), "an unknown address may be many readers"
    places.leave("192.0.2.1")
    assert places.enter("192.0.2.1")


def test_entering_costs_the_same_however_many_addresses_are_here(settings):
    class Uncounted(Counter):
        """Places that nobody may add up."""

        def total(self):
            pytest.fail("It adds up all addresses.")

        values = items = __iter__ = total

    settings.SOCKETS_MAX = 5
    places = Caps()
    places._places = Uncounted()
    assert [places.enter(f"192.0.2.{number}") for number in range(6)] == [True] * 5 + [False]
    places.leave("192.0.2.0")
    assert places.enter("192.0.2.9") and not places.enter("192.0.2.10")


@pytest.mark.parametrize(
    ("client", "forwarded", "address"),
    [
        ("8.8.8.8", "", "8.8.8.8"),
        ("8.8.8.8", "1.1.1.1", "8.8.8.8"),
        ("10.0.0.7", "1.1.1.1", "1.1.1.1"),
        ("10.0.0.7", "9.9.9.9, 1.1.1.1, 10.0.0.8", "1.1.1.1"),
        ("10.0.0.7", "nonsense", ""),
        ("10.0.0.7", "", ""),
        ("192.168.0.4", "1.1.1.1", ""),
        ("", "1.1.1.1", ""),
        # Whatever stands before what cannot be read, the reader may have written.
        ("10.0.0.7", "1.1.1.1, nonsense", ""),
        ("10.0.0.7", "1.1.1.1, nonsense, 10.0.0.8", ""),
        ("10.0.0.7", "1.1.1.1, , 10.0.0.8", ""),
        ("10.0.0.7", "nonsense, 1.1.1.1", "1.1.1.1"),
        ("8.8.8.7", "1.1.1.1, unknown", "8.8.8.7"),
        # A household has a /64, and all of it is one reader's.
        ("2606:4700:1:2:3:4:5:6", "", "2606:4700:1:2::/64"),
        ("10.0.0.7", "2606:4700:1:2::99", "2606:4700:1:2::/64"),
        ("fd00::1", "", ""),
        # Listening on IPv6 a server sees IPv4 like this.
        ("::ffff:8.8.8.8", "", "8.8.8.8"),
        ("::ffff:10.0.0.7", "::ffff:1.1.1.1", "1.1.1.1"),
        ("::ffff:192.168.0.4", "", ""),
    ],
)
def test_only_a_trusted_proxy_is_believed(settings, client, forwarded, address):
    settings.TRUSTED_PROXIES = [ipaddress.ip_network("10.0.0.0/8"), ipaddress.ip_network("8.8.8.7")]
    headers = [(b"x-forwarded-for", forwarded.encode())] if forwarded else []
    assert address_of({"client": (client, 1234), "headers": headers}) == address
