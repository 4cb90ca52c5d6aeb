"""What breaks beneath a live event, and that nobody loses anything by it."""

import asyncio
import time
from contextlib import AsyncExitStack

import pytest
import redis.asyncio

from events.live.channel import group_name
from tests import processes
from tests.follower import Reader
from tests.page import Page

#: Seconds: the layer's own timeout is 5. A save that takes as long has waited for it; a busy machine alone has not.
STUCK = 4.0


@pytest.fixture(scope="module")
def empty():
    with processes.migrated() as url:
        yield url


@pytest.fixture
def database(empty):
    with processes.copied(empty) as url:
        yield url


async def equals_fresh(server, *readers):
    """Every reader shows what a fresh catch-up from nothing shows."""
    answer = (await server.write("fresh"))["answer"]
    fresh = Page(answer["epoch"])
    assert fresh.take(answer)
    for reader in readers:
        await reader.reach(answer["sequence"])
        assert reader.page.shown() == fresh.shown()
        assert reader.page.have == fresh.have
        known = {name: html for name, html in fresh.parts.items() if name in reader.page.parts}
        assert reader.page.parts == known


async def test_two_servers_and_a_command_write_and_every_reader_has_it_all(database):
    async with AsyncExitStack() as stack:
        store = stack.enter_context(processes.redis())
        url = processes.address(store)
        one = stack.enter_context(processes.serve(database, url, pen=True))
        two = stack.enter_context(processes.serve(database, url, pen=True))
        await one.write("begin")
        near = await stack.enter_async_context(Reader(one.ws_url))
        far = await stack.enter_async_context(Reader(two.ws_url))
        await near.reach(1)
        await far.reach(1)
        await asyncio.sleep(1)
        first = await one.write("publish", headline="From the first server")
        await far.reach(first["sequence"])
        second = await two.write("publish", headline="From the second server")
        await near.reach(second["sequence"])
        third = await asyncio.to_thread(processes.write_elsewhere, database, url, "publish", headline="By a command")
        for reader in (near, far):
            await reader.reach(third["sequence"])
        await two.write("revise", post=first["post"], headline="Put better")
        await one.write("withdraw", post=second["post"])
        await one.write("summarise", text="What we know.")
        await equals_fresh(one, near, far)
        assert near.connections <= 3, "it was told everything and had no need to come back"


async def test_redis_stopped_and_back_loses_nothing(database):
    async with AsyncExitStack() as stack:
        store = stack.enter_context(processes.redis())
        server = stack.enter_context(processes.serve(database, processes.address(store), pen=True))
        other = stack.enter_context(processes.serve(database, processes.address(store), pen=True))
        await server.write("begin")
        reader = await stack.enter_async_context(Reader(other.ws_url))
        await reader.reach(1)
        store.kill()
        done = await server.write("publish", headline="While Redis is away")
        assert done["seconds"] < STUCK, "the save waited for Redis"
        await reader.reach(done["sequence"])
        store.restart()
        # The subscription comes back by itself: told by the layer, no heal.
        limit = time.monotonic() + 15
        while True:
            done = await server.write("publish", headline="Redis is back")
            await reader.reach(done["sequence"])
            if '"type":"update",' in reader.texts[-1]:
                break
            assert time.monotonic() < limit, "the subscription was never restored"
            await asyncio.sleep(0.5)
        await equals_fresh(server, reader)
        assert other.log.count("Traceback") <= 2, other.log


async def test_redis_frozen_holds_up_no_save_and_no_reader(database):
    async with AsyncExitStack() as stack:
        store = stack.enter_context(processes.redis())
        server = stack.enter_context(processes.serve(database, processes.address(store), pen=True))
        await server.write("begin")
        reader = await stack.enter_async_context(Reader(server.ws_url))
        await reader.reach(1)
        store.freeze()
        for count in range(3):
            done = await server.write("publish", headline=f"While Redis is frozen, {count}")
            assert done["seconds"] < STUCK, "the save waited for Redis"
        await reader.reach(done["sequence"])
        late = await stack.enter_async_context(Reader(server.ws_url))
        await late.reach(done["sequence"])
        store.thaw()
        done = await server.write("publish", headline="Redis is back")
        await equals_fresh(server, reader, late)


async def test_without_redis_at_boot_it_serves_and_finds_it_later(database):
    async with AsyncExitStack() as stack:
        store = stack.enter_context(processes.redis(started=False))
        server = stack.enter_context(processes.serve(database, processes.address(store), pen=True))
        await server.write("begin")
        reader = await stack.enter_async_context(Reader(server.ws_url))
        done = await server.write("publish", headline="Nobody has seen Redis yet")
        assert done["seconds"] < STUCK, "the save waited for Redis"
        await reader.reach(done["sequence"])
        store.restart()
        client = redis.asyncio.Redis.from_url(processes.address(store))
        limit = time.monotonic() + 12
        while not any("event." in name.decode() for name in await client.pubsub_channels()):
            assert time.monotonic() < limit, "it never joined the group"
            await asyncio.sleep(0.1)
        await client.aclose()
        done = await server.write("publish", headline="Now it is there")
        await equals_fresh(server, reader)
        assert server.log.count("Traceback") <= 3, server.log


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


async def test_corrupt_doubled_and_disordered_messages_do_no_harm(database):
    async with AsyncExitStack() as stack:
        store = stack.enter_context(processes.redis())
        url = processes.address(store)
        server = stack.enter_context(processes.serve(database, url, pen=True))
        event = (await server.write("begin"))["pk"]
        reader = await stack.enter_async_context(Reader(server.ws_url))
        await reader.reach(1)
        client = redis.asyncio.Redis.from_url(url)
        heard = client.pubsub()
        name = f"asgi__group__{group_name(event)}"
        await asyncio.sleep(1)
        await heard.subscribe(name)
        messages = []
        for count in range(3):
            done = await server.write("publish", headline=f"Post {count}")
        while len(messages) < 3:
            message = await heard.get_message(ignore_subscribe_messages=True, timeout=2)
            if message:
                messages.append(message["data"])
        for junk in (b"", b"\xc1", b"not msgpack at all", messages[2], messages[0], messages[1], messages[1][:-9]):
            await client.publish(name, junk)
        done = await server.write("publish", headline="After the junk")
        await reader.reach(done["sequence"])
        await heard.aclose()
        await client.aclose()
        await equals_fresh(server, reader)


async def test_an_event_made_private_says_so_to_every_open_socket(database):
    async with AsyncExitStack() as stack:
        server = stack.enter_context(processes.serve(database, pen=True))
        await server.write("begin")
        reader = await stack.enter_async_context(Reader(server.ws_url))
        await reader.reach(1)
        await asyncio.to_thread(processes.write_elsewhere, database, None, "change", fields={"visibility": "private"})
        await reader.until(lambda: reader.gone and reader.code is not None)
        assert reader.code == 4404
        assert '"type":"gone"' in reader.texts[-1]
        stranger = Reader(server.ws_url)
        stranger._task = asyncio.create_task(stranger._follow())
        await stranger.until(lambda: stranger.code is not None)
        assert (stranger.code, stranger.texts) == (4404, [])


async def test_without_redis_another_process_is_heard_by_the_look(database):
    async with AsyncExitStack() as stack:
        server = stack.enter_context(processes.serve(database, pen=True))
        await server.write("begin")
        reader = await stack.enter_async_context(Reader(server.ws_url))
        await reader.reach(1)
        began = time.monotonic()
        done = await asyncio.to_thread(
            processes.write_elsewhere, database, None, "publish", headline="From another process"
        )
        ended = time.monotonic()
        await reader.reach(done["sequence"])
        arrived = next(at for at, text in reader.heard if "From another process" in text)
        assert began < arrived < ended + 1.5
        await equals_fresh(server, reader)


async def test_a_restored_backup_begins_a_new_history(database):
    async with AsyncExitStack() as stack:
        server = stack.enter_context(processes.serve(database, pen=True))
        await server.write("begin")
        reader = await stack.enter_async_context(Reader(server.ws_url))
        for count in range(4):
            done = await server.write("publish", headline=f"Post {count}")
        await reader.reach(done["sequence"])
        epoch = reader.page.epoch
        await server.write("set_back", sequence=3)
        await reader.until(lambda: reader.page.epoch != epoch)
        done = await server.write("publish", headline="After the restore")
        await equals_fresh(server, reader)
        assert len(reader.page.shown()) == 3
