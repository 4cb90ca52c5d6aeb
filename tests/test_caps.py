"""Places at the door: whoever finds none polls, and nobody is refused to read."""

import ipaddress

import pytest
from channels.db import database_sync_to_async

from events.live.caps import Caps, address_of
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
