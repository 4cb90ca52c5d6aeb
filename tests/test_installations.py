"""Two installations on one Redis, one a copy of the other: neither hears a word of the other's."""

import asyncio
from contextlib import AsyncExitStack

from tests import processes
from tests.faults.scene import equals_fresh
from tests.follower import Reader
from tests.services import free_port


async def test_a_copy_of_an_installation_on_the_same_redis_keeps_its_readers_to_itself(database, redis_url):
    await asyncio.to_thread(processes.write_elsewhere, database, None, "begin")
    async with AsyncExitStack() as stack:
        copy = stack.enter_context(processes.copied(database))
        # The same event, epoch and sequence; another number for Redis's database separates no messages.
        ours, theirs = (
            stack.enter_context(
                processes.serve(url, f"{redis_url.rpartition('/')[0]}/{number}", pen=True, REDIS_PREFIX="")
            )
            for number, url in ((1, database), (2, copy))
        )
        reader, other = [await stack.enter_async_context(Reader(server.ws_url)) for server in (ours, theirs)]
        for number in range(5):
            done = await ours.write("publish", headline=f"Ours {number}")
            await reader.reach(done["sequence"])
        await theirs.write("publish", headline="Theirs")
        await equals_fresh(theirs, other)
        await equals_fresh(ours, reader)
        assert not any("Ours" in text for text in other.texts)
        assert not any("Theirs" in text for text in reader.texts)


async def test_processes_of_one_installation_hear_each_other(database, redis_url):
    site = f"http://127.0.0.1:{free_port()}"
    async with AsyncExitStack() as stack:
        one, two = (
            stack.enter_context(processes.serve(database, redis_url, pen=True, REDIS_PREFIX="", SITE_URL=site))
            for _process in range(2)
        )
        await one.write("begin")
        reader = await stack.enter_async_context(Reader(two.ws_url))
        for number in range(40):
            done = await one.write("publish", headline=f"Post {number}")
            await reader.reach(done["sequence"])
            if any(text.startswith('{"type":"update",') for text in reader.texts):
                return
        raise AssertionError("none came by the layer")
