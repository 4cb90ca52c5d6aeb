"""Processes die, at the worst moment too, and go in good order: what was committed reaches everybody."""

import asyncio
import random
import signal
import socket
from contextlib import AsyncExitStack, closing, suppress

import pytest

from tests import processes
from tests.faults.scene import AWAY, equals_fresh, posting
from tests.follower import Reader
from tests.proxy import Proxy
from tests.services import free_port


async def both(stack, database, url=None, **further):
    """Two servers of one event, and a reader at each."""
    one = stack.enter_context(processes.serve(database, url, pen=True, **further))
    two = stack.enter_context(processes.serve(database, url, pen=True, **further))
    await one.write("begin")
    readers = [await stack.enter_async_context(Reader(server.ws_url)) for server in (one, two)]
    return one, two, *readers


async def test_what_was_committed_and_never_announced_is_found(database, redis_store):
    async with AsyncExitStack() as stack:
        one, two, near, far = await both(stack, database, processes.address(redis_store))
        done = await one.write("publish", headline="Before")
        await far.reach(done["sequence"])
        with suppress(AWAY):
            await one.write("publish_and_die", headline="Committed and never announced")
        assert await asyncio.to_thread(one.wait) == 9
        await far.until(lambda: any("Committed and never announced" in text for text in far.texts), 5)
        async with posting(two.write) as work:
            await asyncio.to_thread(one.restart)
        page = await equals_fresh(two, near, far)
        work.all_out(page)
        assert sum("never announced" in html for *_order, html in page.shown()) == 1


async def test_a_command_that_dies_after_its_commit_loses_nothing(database):
    async with AsyncExitStack() as stack:
        server = stack.enter_context(processes.serve(database, pen=True))
        await server.write("begin")
        reader = await stack.enter_async_context(Reader(server.ws_url))
        with suppress(AssertionError):
            await asyncio.to_thread(
                processes.write_elsewhere, database, None, "publish_and_die", headline="By a command that died"
            )
        await reader.reach(2)
        page = await equals_fresh(server, reader)
        assert len(page.shown()) == 1


async def test_the_hubs_tasks_die_and_are_started_again(database, redis_store):
    async with AsyncExitStack() as stack:
        one, two, near, far = await both(stack, database, processes.address(redis_store))
        async with posting(one.write) as work:
            for _time in range(2):
                for server in (one, two):
                    killed = await server.write("kill_tasks")
                    assert {"announce", "listen", "look", "pulse"} <= set(killed["tasks"])
                await asyncio.sleep(1.5)
        page = await equals_fresh(one, near, far)
        work.all_out(page)
        # And not by the look alone: an update comes as a frame again.
        await asyncio.sleep(1.5)
        done = await one.write("publish", headline="Told by the layer")
        await far.reach(done["sequence"])
        assert far.texts[-1].startswith('{"type":"update",')
        assert near.connections <= 3 and far.connections <= 3, "their sockets stayed"


async def test_a_killed_server_comes_back_and_so_do_its_readers(database):
    async with AsyncExitStack() as stack:
        server = stack.enter_context(processes.serve(database, pen=True))
        await server.write("begin")
        reader = await stack.enter_async_context(Reader(server.ws_url))
        done = await server.write("publish", headline="Words that will be withdrawn: mackerel")
        await reader.reach(done["sequence"])
        server.kill()
        heard = len(reader.texts)
        elsewhere = processes.write_elsewhere
        await asyncio.to_thread(elsewhere, database, None, "withdraw", post=done["post"])
        await asyncio.to_thread(elsewhere, database, None, "publish", headline="Meanwhile")
        server.restart()
        await equals_fresh(server, reader)
        assert not any("mackerel" in text for text in reader.texts[heard:])


@pytest.mark.slow_fault
async def test_a_rolling_deploy_under_load_loses_nothing(database, redis_store):
    """Servers go one after the other, each when the next one is ready, while posts go on."""
    url = processes.address(redis_store)
    async with AsyncExitStack() as stack:
        line = stack.enter_context(Proxy())
        quick = {"SITE_URL": line.url, "DRAIN_NOTICE": "0", "DRAIN_SECONDS": "1"}

        def serve():
            return stack.enter_context(processes.serve(database, url, free_port(), pen=True, **quick))

        old = [serve(), serve()]
        line.upstreams = [server.port for server in old]
        await old[0].write("begin")
        readers = [await stack.enter_async_context(Reader(line.ws_url)) for _count in range(20)]
        running = list(old)

        async def write(verb, **order):
            # The balancer sends no editor to a server that goes; a deed is not repeated, since some have no key.
            return await running[-1].write(verb, **order)

        async with posting(write, every=0.05) as work:
            for leaving in old:
                new = await asyncio.to_thread(serve)
                running.append(new)
                line.upstreams = [server.port for server in running if server is not leaving]
                running.remove(leaving)
                await asyncio.sleep(0.3)
                leaving.signal(signal.SIGTERM)
                assert await asyncio.to_thread(leaving.wait) == 0
        work.all_out(await equals_fresh(running[0], *readers))
        assert all(reader.connections >= 2 for reader in readers), "each had to come back"
        assert all(reader.resets == 1 for reader in readers), "none had to begin anew"


def stuck(port):
    """A reader's raw socket, after the handshake, whose window is small; it never reads."""
    client = socket.socket()
    client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    client.connect(("127.0.0.1", port))
    lines = ["GET /ws/events/call/ HTTP/1.1", "Host: x", "Connection: Upgrade", "Upgrade: websocket"]
    lines += ["Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==", "", ""]
    client.sendall("\r\n".join(lines).encode())
    assert client.recv(12) == b"HTTP/1.1 101"
    return client


async def test_a_stuck_socket_holds_up_no_end(database):
    async with AsyncExitStack() as stack:
        server = stack.enter_context(processes.serve(database, pen=True, DRAIN_NOTICE="0", DRAIN_SECONDS="1"))
        await server.write("begin")
        reader = await stack.enter_async_context(Reader(server.ws_url))
        stack.enter_context(closing(stuck(server.port)))
        filling = random.Random(1)
        for number in range(20):
            body = " ".join(str(filling.random()) for _word in range(500))
            done = await server.write("publish", headline=f"Flood {number}", body=body)
        await reader.reach(done["sequence"])
        server.signal(signal.SIGTERM)
        # It would hold plain Uvicorn for ever. Neither Uvicorn's patience nor the process's last resort is needed.
        assert await asyncio.to_thread(server.wait) == 0
        assert "left behind" not in server.log and "exceeded" not in server.log
        await asyncio.to_thread(processes.write_elsewhere, database, None, "publish", headline="Meanwhile")
        await asyncio.to_thread(server.restart)
        await equals_fresh(server, reader)
