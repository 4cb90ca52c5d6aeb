"""What stands between a server and its readers: proxies that cut, hold, slow, swallow and refuse."""

import asyncio
from contextlib import AsyncExitStack

import pytest

from tests import processes
from tests.faults.scene import equals_fresh, posting
from tests.follower import Reader
from tests.proxy import Proxy

#: Seconds of the tests' pulse; a reader takes a server for dead after two and a half.
PULSE = 0.5


@pytest.fixture(scope="module")
def server(shared_database):
    """One server for all: the faults are before it, not in it."""
    with processes.newsroom(shared_database, PEN_PULSE_SECONDS=str(PULSE)) as running:
        yield running


async def behind(stack, server, count=3):
    """A proxy before the server, and readers on either side."""
    line = stack.enter_context(Proxy(server.port))
    near = await stack.enter_async_context(Reader(server.ws_url))
    far = [await stack.enter_async_context(Reader(line.ws_url, patience=PULSE * 2.5 + 1)) for _count in range(count)]
    for reader in (near, *far):
        await reader.reach(1)
    return line, near, far


async def test_a_proxy_that_cuts_again_and_again(server):
    async with AsyncExitStack() as stack:
        line, near, far = await behind(stack, server)
        async with posting(server.write, every=0.05) as work:
            for _time in range(5):
                await asyncio.sleep(0.4)
                await asyncio.to_thread(line.cut)
        work.all_out(await equals_fresh(server, near, *far))
        assert all(reader.connections >= 5 for reader in far)
        assert near.connections <= 2


async def test_a_proxy_that_cuts_idle_sockets_meets_a_pulse_and_finds_none(server):
    """The pulse keeps a socket busy; where the proxy is still quicker, readers come back."""
    async with AsyncExitStack() as stack:
        line, near, far = await behind(stack, server)
        line.idle = PULSE * 4
        before = [reader.connections for reader in far]
        await asyncio.sleep(PULSE * 10)
        assert [reader.connections for reader in far] == before, "the pulse did not keep them open"
        line.idle = PULSE / 4
        async with posting(server.write, every=PULSE) as work:
            await asyncio.sleep(3)
        line.clear()
        work.all_out(await equals_fresh(server, near, *far))
        assert all(reader.connections > 3 for reader in far)


async def test_a_proxy_that_refuses_upgrade_means_polling_and_the_way_back(server):
    async with AsyncExitStack() as stack:
        line, near, far = await behind(stack, server)
        for refusal in (426, 400):
            line.refusal = refusal
            polls = [reader.polls for reader in far]
            async with posting(server.write) as work:
                await asyncio.to_thread(line.cut)
                await asyncio.sleep(1.5)
            await equals_fresh(server, near, *far)
            assert all(reader.polls > before for reader, before in zip(far, polls, strict=True))
        connections = [reader.connections for reader in far]
        line.clear()
        for reader, before in zip(far, connections, strict=True):
            await reader.until(lambda reader=reader, before=before: reader.connections > before)
        async with posting(server.write) as work:
            await asyncio.sleep(0.5)
        work.all_out(await equals_fresh(server, near, *far))


async def test_a_proxy_that_buffers_hands_out_nothing_and_readers_poll(server):
    """Bytes that wait for company never come: silence says so, and the reader comes back elsewhere."""
    async with AsyncExitStack() as stack:
        line, near, far = await behind(stack, server)
        polls = [reader.polls for reader in far]
        line.hold = 50_000
        async with posting(server.write) as work:
            await asyncio.to_thread(line.cut)
            for reader in far:
                # What was posted since, while not one frame gets through.
                await reader.until(lambda reader=reader: len(work.posts) > 3 and work.posts[-3] in reader.page.posts)
        assert all(reader.polls > before for reader, before in zip(far, polls, strict=True))
        assert all(reader.connections >= 2 for reader in far), "silence was taken for peace"
        line.clear()
        work.all_out(await equals_fresh(server, near, *far))


async def test_a_black_hole_is_left_by_who_hears_no_pulse(server):
    async with AsyncExitStack() as stack:
        line, near, far = await behind(stack, server)
        async with posting(server.write) as work:
            await asyncio.to_thread(line.black_hole)
            await asyncio.sleep(2)
            line.clear()
        work.all_out(await equals_fresh(server, near, *far))
        assert near.connections <= 2


async def test_a_slow_and_distant_line_is_late_and_complete(server):
    async with AsyncExitStack() as stack:
        line, near, far = await behind(stack, server)
        line.delay, line.rate = 0.2, 20_000
        async with posting(server.write, every=0.1) as work:
            await asyncio.sleep(3)
        work.all_out(await equals_fresh(server, near, *far))


async def test_the_server_out_of_reach_for_a_while(server):
    async with AsyncExitStack() as stack:
        line, near, far = await behind(stack, server)
        async with posting(server.write) as work:
            await asyncio.to_thread(line.down)
            await asyncio.sleep(2)
            await asyncio.to_thread(line.up)
        work.all_out(await equals_fresh(server, near, *far))
