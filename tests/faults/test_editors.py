"""Editors press twice, lose the answer, and meet on one post; through all of it each deed happens once."""

import asyncio
import http.client
from contextlib import AsyncExitStack, ExitStack

import pytest

from tests import processes
from tests.faults.scene import Desk, equals_fresh, posting
from tests.follower import Reader
from tests.proxy import Proxy


@pytest.fixture(scope="module")
def running(shared_database):
    """Two servers of one newsroom, and the key of its event."""
    with ExitStack() as stack:
        url = processes.address(stack.enter_context(processes.redis()))
        servers = [stack.enter_context(processes.serve(shared_database, url, pen=True)) for _one in range(2)]
        yield servers, servers[0].pen("begin")["pk"]


@pytest.fixture
async def newsroom(running):
    """The two servers, a desk at each, and a reader at each."""
    servers, event = running
    async with AsyncExitStack() as stack:
        desks = [await asyncio.to_thread(Desk, server, event) for server in servers]
        readers = [await stack.enter_async_context(Reader(server.ws_url)) for server in servers]
        yield servers, desks, readers, event


def count_of(page, words):
    return sum(words in html for *_order, html in page.shown())


async def test_a_double_submit_at_two_servers_at_once_makes_one_post(newsroom):
    servers, desks, readers, _event = newsroom
    async with posting(servers[0].write, every=0.05) as work:
        for number in range(5):
            pressed = [
                asyncio.to_thread(desk.publish, f"Pressed {number}.", key=f"press-{number}") for desk in desks * 3
            ]
            answers = await asyncio.gather(*pressed)
            assert [status for status, _said in answers] == [200] * 6
            assert len({said["post"] for _status, said in answers}) == 1
            assert sum(not said["repeated"] for _status, said in answers) == 1
    page = await equals_fresh(servers[0], *readers)
    work.all_out(page)
    assert [count_of(page, f"Pressed {number}.") for number in range(5)] == [1] * 5


async def test_a_publish_whose_answer_was_lost_is_retried_and_out_once(newsroom):
    servers, _desks, readers, event = newsroom
    with Proxy(servers[0].port) as line:
        desk = await asyncio.to_thread(Desk, servers[0], event, url=line.url)
        async with posting(servers[1].write) as work:
            for number in range(4):
                line.delay = 0.2
                press = asyncio.create_task(
                    asyncio.to_thread(desk.publish, f"Retried {number}.", key=f"retry-{number}")
                )
                # Cut at ever later moments: before it arrives, in mid-save, on the way back.
                await asyncio.sleep(0.1 + 0.1 * number)
                await asyncio.to_thread(line.cut)
                with pytest.raises((OSError, http.client.HTTPException)):
                    await press
                line.clear()
                status, said = await asyncio.to_thread(desk.publish, f"Retried {number}.", key=f"retry-{number}")
                assert status == 200 and said["ok"]
        page = await equals_fresh(servers[0], *readers)
    work.all_out(page)
    assert [count_of(page, f"Retried {number}.") for number in range(4)] == [1] * 4


async def test_of_two_editors_on_one_post_one_gets_both_texts_and_neither_is_lost(newsroom):
    servers, desks, readers, _event = newsroom
    _status, said = await asyncio.to_thread(desks[0].publish, "As it was.", key="first")
    post = said["post"]
    async with posting(servers[1].write, every=0.05) as work:
        for revision in range(1, 5):
            texts = [f"Ada has text {revision}.", f"Ben has text {revision}."]
            answers = await asyncio.gather(
                *(
                    asyncio.to_thread(desk.revise, post, text, revision=revision, key=f"{text[:3]}-{revision}")
                    for desk, text in zip(desks, texts, strict=True)
                )
            )
            assert sorted(status for status, _said in answers) == [200, 409]
            won = next(text for (status, _said), text in zip(answers, texts, strict=True) if status == 200)
            conflict = next(said for status, said in answers if status == 409)["conflict"]
            assert conflict["words"]["headline"] == won, "whoever came second sees what stands"
            assert conflict["revision"] == revision + 1
    page = await equals_fresh(servers[0], *readers)
    work.all_out(page)
    assert count_of(page, won) == 1
