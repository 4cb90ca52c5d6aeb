"""Places at the door: whoever finds none polls, and nobody is refused to read."""

import ipaddress

import pytest
from asgiref.testing import ApplicationCommunicator
from channels.db import database_sync_to_async

from events.live import doors
from events.live.caps import Caps, Rate, address_of
from events.live.doors import router
from tests import cast
from tests.test_socket import Visit

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


async def test_a_door_that_is_knocked_at_too_fast_refuses_before_the_upgrade(monkeypatch):
    monkeypatch.setattr(doors.rate, "take", lambda: False)
    scope = {"type": "websocket", "path": "/ws/events/call/", "query_string": b"", "headers": []}
    for extensions, types in (
        ({"websocket.http.response": {}}, ["websocket.http.response.start", "websocket.http.response.body"]),
        ({}, ["websocket.close"]),
    ):
        door = ApplicationCommunicator(router, {**scope, "extensions": extensions})
        await door.send_input({"type": "websocket.connect"})
        said = [await door.receive_output(1) for _type in types]
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


def test_one_address_takes_no_more_than_its_share(settings):
    settings.SOCKETS_MAX, settings.SOCKETS_PER_ADDRESS = 10, 2
    caps = Caps()
    assert [caps.enter("192.0.2.1") for _time in range(3)] == [True, True, False]
    assert caps.enter("192.0.2.2")
    assert all(caps.enter("") for _time in range(5)), "an unknown address may be many readers"
    caps.leave("192.0.2.1")
    assert caps.enter("192.0.2.1")


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
    ],
)
def test_only_a_trusted_proxy_is_believed(settings, client, forwarded, address):
    settings.TRUSTED_PROXIES = [ipaddress.ip_network("10.0.0.0/8")]
    headers = [(b"x-forwarded-for", forwarded.encode())] if forwarded else []
    assert address_of({"client": (client, 1234), "headers": headers}) == address
