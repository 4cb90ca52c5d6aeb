"""A reader who was away for long, or came with a page from a cache."""

from contextlib import AsyncExitStack

import pytest

from events.live import ring
from tests import processes
from tests.faults.scene import equals_fresh, fresh
from tests.follower import Reader
from tests.page import Page


class Leaving:
    """A reader who goes and comes again with what they had."""

    def __init__(self, server):
        self.server, self.page, self.reader = server, None, None

    async def come(self):
        self.reader = Reader(self.server.ws_url)
        if self.page is not None:
            self.reader.page = self.page
        await self.reader.__aenter__()
        return self.reader

    async def go(self):
        self.page = self.reader.page
        await self.reader.__aexit__()


async def long_absence(database, deeds):
    """One reader stays, one is away while `deeds` are done; both end with a fresh page."""
    async with AsyncExitStack() as stack:
        server = stack.enter_context(processes.serve(database, pen=True))
        await server.write("begin")
        stays = await stack.enter_async_context(Reader(server.ws_url))
        first = await server.write("publish", headline="Before")
        leaving = Leaving(server)
        reader = await leaving.come()
        await reader.reach(first["sequence"])
        await leaving.go()
        await deeds(server, first["post"])
        reader = await leaving.come()
        try:
            page = await equals_fresh(server, stays, reader, seconds=60)
            assert reader.resets == 0, "what is five pages back is caught up, not taken anew"
        finally:
            await leaving.go()
        return page


@pytest.mark.slow_fault
async def test_more_updates_than_the_ring_holds(database):
    async def deeds(server, first):
        for _time in range(12):
            done = await server.write("publish_many", count=ring.LENGTH // 12 + 2)
        await server.write("withdraw", post=done["posts"][3])
        await server.write("revise", post=first, headline="Before, put better")

    page = await long_absence(database, deeds)
    assert len(page.posts) > ring.LENGTH + 10


async def test_more_bytes_than_the_ring_holds(database):
    body = "The presidents are on the line. " * 480
    count = ring.SIZE // len(body) + 12

    async def deeds(server, first):
        await server.write("publish_many", count=count, body=body)
        await server.write("revise", post=first, headline="Before, put better")

    assert count < ring.LENGTH
    page = await long_absence(database, deeds)
    assert len(page.posts) == count + 1


async def test_a_stale_page_from_a_cache_plus_a_socket(database, redis_store):
    """The page says where it is; the socket brings the rest, from whichever process, words of now only."""
    url = processes.address(redis_store)
    async with AsyncExitStack() as stack:
        one = stack.enter_context(processes.serve(database, url, pen=True))
        two = stack.enter_context(processes.serve(database, url, pen=True))
        await one.write("begin")
        posts = [
            (await one.write("publish", headline=f"Post {number}.", body="mackerel"))["post"] for number in range(3)
        ]
        stale = await fresh(one)
        await one.write("revise", post=posts[0], headline="Post 0.", body="Better words.")
        await one.write("withdraw", post=posts[1])
        await one.write("remove", post=posts[2])
        await one.write("publish", headline="Post 4.")
        for server in (one, two):
            reader = Reader(server.ws_url)
            reader.page = Page(stale.epoch, stale.have, dict(stale.posts), dict(stale.parts))
            async with reader:
                await equals_fresh(one, reader)
                assert "mackerel" not in "".join(reader.texts)
                assert reader.resets == 0 and reader.connections == 1


async def test_words_withdrawn_while_offline_are_never_heard(database):
    async with AsyncExitStack() as stack:
        server = stack.enter_context(processes.serve(database, pen=True))
        await server.write("begin")
        leaving = Leaving(server)
        await leaving.come()
        await leaving.go()
        for verb in ("withdraw", "remove", "revise"):
            done = await server.write("publish", headline="mackerel", body="mackerel")
            order = {"headline": "Better", "body": "Better."} if verb == "revise" else {}
            await server.write(verb, post=done["post"], **order)
        reader = await leaving.come()
        await equals_fresh(server, reader)
        assert "mackerel" not in "".join(reader.texts)
        await leaving.go()
