"""Redis is a hint: whatever becomes of it, nobody waits and nobody loses anything."""

import asyncio
import json
import time
from contextlib import AsyncExitStack, ExitStack, contextmanager
from itertools import permutations

import pytest
import redis.asyncio

from events.live.channel import SEND_TIMEOUT, group_name
from tests import processes
from tests.faults.scene import equals_fresh, posting, quickest
from tests.follower import Reader
from tests.proxy import Proxy

#: How often saves are looked at, on a machine that is busy with other things.
TIMES = 4


async def told_at_once(writer, reader, seconds=60.0):
    """Wait until an update comes by the layer again: as a frame, not as the answer of a heal."""
    limit = time.monotonic() + seconds
    while True:
        heard = len(reader.texts)
        done = await writer.write("publish", headline="Is the layer back?")
        await reader.reach(done["sequence"])
        if any(
            text.startswith('{"type":"update",') and f'"sequence":{done["sequence"]},' in text
            for text in reader.texts[heard:]
        ):
            return
        assert time.monotonic() < limit, "the subscription was never restored"
        await asyncio.sleep(0.5)


async def waits_for_nobody(server, usual):
    """Saves take no longer than `usual`, whatever the layer does; a wait for it would add a timeout each time."""
    for _time in range(TIMES):
        if await quickest(server.write) < usual + SEND_TIMEOUT / 2:
            return
    pytest.fail("saves waited for Redis")


@pytest.fixture(scope="module")
def running(shared_database):
    """A private Redis, and two servers of one event; each test leaves them as they were."""
    with ExitStack() as stack:
        store = stack.enter_context(processes.redis())
        yield store, *two_servers(stack, shared_database, processes.address(store))


def two_servers(stack, database, url):
    """One server to write at and another to read at."""
    one, two = (stack.enter_context(processes.serve(database, url, pen=True)) for _server in range(2))
    one.pen("begin")
    return one, two


async def two_readers(stack, *servers):
    """A reader of each server."""
    readers = [await stack.enter_async_context(Reader(server.ws_url)) for server in servers]
    for reader in readers:
        await reader.reach(1)
    return readers


async def test_two_servers_and_a_command_write_and_every_reader_has_it_all(running):
    store, one, two = running
    database, url = one.env["DATABASE_URL"], processes.address(store)
    async with AsyncExitStack() as stack:
        near, far = await two_readers(stack, one, two)
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


async def test_redis_killed_and_restarted_loses_nothing(running):
    store, one, two = running
    async with AsyncExitStack() as stack:
        near, far = await two_readers(stack, one, two)
        usual = await quickest(one.write)
        async with posting(one.write) as work:
            store.kill()
            await waits_for_nobody(one, usual)
            await asyncio.sleep(1)
            store.restart()
            await asyncio.sleep(1)
        await told_at_once(one, far)
        work.all_out(await equals_fresh(one, near, far))
        assert near.connections <= 3 and far.connections <= 3, "their sockets stayed"
        assert two.log.count("Traceback") <= 3, two.log


async def freeze(running, seconds):
    """Freeze Redis for so long while posts go on."""
    store, one, two = running
    async with AsyncExitStack() as stack:
        near, far = await two_readers(stack, one, two)
        usual = await quickest(one.write)
        async with posting(one.write, every=max(0.2, seconds / 100)) as work:
            store.freeze()
            try:
                await waits_for_nobody(one, usual)
                await asyncio.sleep(seconds)
                late = await stack.enter_async_context(Reader(one.ws_url))
                await late.reach(2)
            finally:
                store.thaw()
            await asyncio.sleep(0.5)
        await told_at_once(one, far)
        work.all_out(await equals_fresh(one, near, far, late))


async def test_redis_frozen_holds_up_no_save_and_no_reader(running):
    await freeze(running, 3)


@pytest.mark.slow_fault
async def test_redis_frozen_for_a_minute(running):
    await freeze(running, 60)


@pytest.mark.slow_fault
async def test_redis_behind_a_black_hole_is_given_up_and_found_again(database):
    """Its connections stay open and say nothing, for ever: only new ones work again."""
    async with AsyncExitStack() as stack:
        store = stack.enter_context(processes.redis())
        line = stack.enter_context(Proxy(store.port))
        one, two = await asyncio.to_thread(two_servers, stack, database, f"redis://127.0.0.1:{line.port}/0")
        near, far = await two_readers(stack, one, two)
        await told_at_once(one, far)
        usual = await quickest(one.write)
        async with posting(one.write) as work:
            line.black_hole()
            await waits_for_nobody(one, usual)
            await asyncio.sleep(5)
            line.clear()
            # The old connections are lost all the same: this is where a mere subscription would stay deaf.
            await asyncio.sleep(1)
        await told_at_once(one, far, seconds=30)
        await told_at_once(one, near, seconds=30)
        work.all_out(await equals_fresh(one, near, far))


async def test_without_redis_at_boot_it_serves_and_finds_it_later(database):
    async with AsyncExitStack() as stack:
        store = stack.enter_context(processes.redis(started=False))
        one, two = await asyncio.to_thread(two_servers, stack, database, processes.address(store))
        near, far = await two_readers(stack, one, two)
        async with posting(one.write) as work:
            absent = await quickest(one.write)
            store.restart()
            await asyncio.sleep(1)
        await told_at_once(one, far)
        await told_at_once(two, near)
        assert absent < await quickest(one.write) + SEND_TIMEOUT / 2, "saves waited for Redis"
        work.all_out(await equals_fresh(one, near, far))
        assert one.log.count("Traceback") <= 3, one.log


async def test_killed_subscriptions_come_back(running):
    store, one, two = running
    async with AsyncExitStack() as stack:
        near, far = await two_readers(stack, one, two)
        await told_at_once(one, far)
        client = redis.asyncio.Redis.from_url(processes.address(store))
        async with posting(one.write) as work:
            for _time in range(3):
                assert await client.execute_command("CLIENT", "KILL", "TYPE", "pubsub") >= 1
                await asyncio.sleep(1.5)
        await client.aclose()
        await told_at_once(one, far)
        work.all_out(await equals_fresh(one, near, far))


async def test_corrupt_and_doubled_messages_do_no_harm(running):
    store, server, _two = running
    async with AsyncExitStack() as stack:
        reader = await stack.enter_async_context(Reader(server.ws_url))
        client = redis.asyncio.Redis.from_url(processes.address(store))
        heard = client.pubsub()
        # The only event of a new database.
        name = f"{server.env['REDIS_PREFIX']}__group__{group_name(1)}"
        await heard.subscribe(name)
        await told_at_once(server, reader)
        messages = []
        for count in range(3):
            await server.write("publish", headline=f"Post {count}")
        while len(messages) < 3:
            message = await heard.get_message(ignore_subscribe_messages=True, timeout=2)
            if message:
                messages.append(message["data"])
        for junk in (b"", b"\xc1", b"\x90", b"not msgpack at all", *reversed(messages), messages[1], messages[1][:-9]):
            await client.publish(name, junk)
        done = await server.write("publish", headline="After the junk")
        await reader.reach(done["sequence"])
        await heard.aclose()
        await client.aclose()
        await equals_fresh(server, reader)
        assert reader.connections <= 3


@contextmanager
def overheard(stack, database):
    """A server whose layer is another Redis, so that nobody hears it, and what it would have told."""
    apart = processes.address(stack.enter_context(processes.redis()))
    with processes.serve(database, apart, pen=True) as writer:
        yield writer, apart


async def messages_of(heard, count):
    """The next messages of a subscription, as the layer packs them."""
    found = []
    async with asyncio.timeout(10):
        while len(found) < count:
            message = await heard.get_message(ignore_subscribe_messages=True, timeout=2)
            found += [message["data"]] if message else []
    return found


async def test_messages_in_another_order_are_heard_once_each_and_in_their_own(running):
    store, reads, _two = running
    async with AsyncExitStack() as stack:
        writer, apart = stack.enter_context(overheard(stack, reads.env["DATABASE_URL"]))
        reader = await stack.enter_async_context(Reader(reads.ws_url))
        client, other = (redis.asyncio.Redis.from_url(url) for url in (processes.address(store), apart))
        heard, name = other.pubsub(), f"{reads.env['REDIS_PREFIX']}__group__{group_name(1)}"
        await heard.subscribe(name)
        await told_at_once(reads, reader)
        start, before, log = reader.page.have, len(reader.texts), len(reads.log)
        for order in permutations(range(3)):
            for number in range(3):
                done = await writer.write("publish", headline=f"Post {number}")
            # The look may have passed meanwhile, now and then; not each time.
            messages = await messages_of(heard, 3)
            for place in order:
                await client.publish(name, messages[place])
            await reader.reach(done["sequence"])
        for one in (heard, client, other):
            await one.aclose()
        await equals_fresh(reads, reader)
        frames = [json.loads(text) for text in reader.texts[before:]]
        told = [frame["sequence"] for frame in frames if frame["type"] == "update"]
        assert told == sorted(set(told)), "what the layer brings is passed on once, and in order"
        # With what was healed. An answer that was asked for while a message arrived may say the same again.
        healed = [item["sequence"] for frame in frames for item in frame.get("updates", [frame]) if "post" in item]
        assert list(dict.fromkeys(healed)) == list(range(start + 1, start + 19))
        assert reader.connections <= 3, "it was told everything and had no need to come back"
        assert "died and is started again" not in reads.log[log:]
        assert "could not be read" not in reads.log[log:]


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
