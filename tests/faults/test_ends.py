"""An event ends, or stops being public, under open sockets."""

import asyncio
import urllib.error
import urllib.request
from contextlib import AsyncExitStack

import pytest

from tests import processes
from tests.faults.scene import equals_fresh
from tests.follower import Reader


async def test_an_event_made_private_says_so_to_every_open_socket(database, redis_store):
    url = processes.address(redis_store)
    async with AsyncExitStack() as stack:
        one = stack.enter_context(processes.serve(database, url, pen=True))
        two = stack.enter_context(processes.serve(database, url, pen=True))
        await one.write("begin")
        readers = [await stack.enter_async_context(Reader(server.ws_url)) for server in (one, one, two)]
        await one.write("publish", headline="While it was public")
        await equals_fresh(one, *readers)
        await asyncio.to_thread(processes.write_elsewhere, database, url, "change", fields={"visibility": "private"})
        for reader in readers:
            await reader.until(lambda reader=reader: reader.gone and reader.code is not None)
            assert reader.code == 4404
            assert '"type":"gone"' in reader.texts[-1]
        stranger = Reader(two.ws_url)
        stranger._task = asyncio.create_task(stranger._follow())
        await stranger.until(lambda: stranger.code is not None)
        assert (stranger.code, stranger.texts) == (4404, [])
        for address in ("/events/call/", "/events/call/updates/?after=0", "/embed/call/"):
            with pytest.raises(urllib.error.HTTPError) as refused:
                await asyncio.to_thread(urllib.request.urlopen, two.url + address)
            assert refused.value.code == 404


async def test_an_event_that_ends_keeps_its_sockets_for_the_corrections(database):
    async with AsyncExitStack() as stack:
        server = stack.enter_context(processes.serve(database, pen=True))
        await server.write("begin")
        reader = await stack.enter_async_context(Reader(server.ws_url))
        done = await server.write("publish", headline="The last word")
        await server.write("end")
        await server.write("revise", post=done["post"], headline="The last word, corrected")
        page = await equals_fresh(server, reader)
        assert "The last word, corrected" in page.shown()[0][3]
        assert "Ended" in page.parts["header"]
        assert not reader.gone
