"""`after` and `epoch` of every wrong kind, over HTTP and on the socket: answered, and nobody else disturbed."""

import asyncio
import json
import urllib.error
import urllib.request
from contextlib import AsyncExitStack
from urllib.parse import quote

import pytest
import websockets

from tests import processes
from tests.faults.scene import equals_fresh, posting
from tests.follower import Reader
from tests.page import Page

#: What is no sequence: negative, not a number, 2^63 and beyond, and what only looks like one.
NONSENSE = [
    "",
    "-1",
    "+1",
    "abc",
    "1.0",
    "1e3",
    "0x1",
    "9223372036854775808",
    "1" * 16,
    "9" * 400,
    "٣",
    "1\0",
    "1\n",
    " 1",
]


@pytest.fixture(scope="module")
def server(shared_database):
    with processes.newsroom(shared_database) as running:
        for number in range(3):
            running.pen("publish", headline=f"Post {number}.")
        yield running


@pytest.fixture(scope="module")
def epoch(server):
    return server.pen("fresh")["answer"]["epoch"]


def get(server, query):
    """The status and the JSON of a catch-up."""
    try:
        with urllib.request.urlopen(f"{server.url}/events/call/updates/?{query}", timeout=5) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as error:
        return error.code, json.load(error)


async def hear(server, query, count=2):
    """The first frames of a socket."""
    async with websockets.connect(f"{server.ws_url}/ws/events/call/?{query}", compression=None) as socket:
        return [json.loads(await asyncio.wait_for(socket.recv(), 5)) for _frame in range(count)]


@pytest.mark.parametrize("after", NONSENSE)
async def test_no_sequence_is_refused_over_http_and_told_to_fetch_on_the_socket(server, epoch, after):
    query = f"after={quote(after)}&epoch={epoch}"
    status, said = await asyncio.to_thread(get, server, query)
    assert status == 400 and said["error"].endswith(".")
    assert [frame["type"] for frame in await hear(server, query)] == ["hello", "behind"]


async def test_a_sequence_in_the_future_gets_nothing_yet_on_both_ways(server, epoch):
    head = server.pen("fresh")["answer"]["sequence"]
    for after in (head + 1, 10**14, 999_999_999_999_999):
        status, answer = await asyncio.to_thread(get, server, f"after={after}&epoch={epoch}")
        on_socket = (await hear(server, f"after={after}&epoch={epoch}"))[1]
        for one in (answer, on_socket):
            assert (one["updates"], one["reset"], one["more"]) == ([], False, False)
        assert status == 200


@pytest.mark.parametrize("wrong", ["another", "", "%00", "x" * 40, "٣"])
async def test_another_epoch_means_take_the_page_again_on_both_ways(server, wrong):
    for after in (0, 2, 99):
        query = f"after={after}&epoch={quote(wrong, safe='%')}"
        status, answer = await asyncio.to_thread(get, server, query)
        on_socket = (await hear(server, query))[1]
        assert status in (200, 400)
        if status == 200:
            assert answer["reset"] is True and answer["updates"] == []
        assert on_socket.get("reset") is True and on_socket["updates"] == []


async def test_every_old_sequence_ends_as_a_fresh_page_on_both_ways(server, epoch):
    fresh = Page(epoch)
    whole = server.pen("fresh")["answer"]
    assert fresh.take(whole)
    for after in range(whole["sequence"] + 1):
        _status, answer = await asyncio.to_thread(get, server, f"after={after}&epoch={epoch}")
        on_socket = (await hear(server, f"after={after}&epoch={epoch}"))[1]
        for one in (answer, on_socket):
            known = [post for post in whole["updates"] if post["sequence"] > after]
            assert [post["post"] for post in one["updates"]] == [post["post"] for post in known]
            assert one["sequence"] == whole["sequence"]


async def test_a_storm_of_nonsense_disturbs_no_reader(server, epoch):
    async with AsyncExitStack() as stack:
        reader = await stack.enter_async_context(Reader(server.ws_url))
        queries = [f"after={quote(after)}&epoch={epoch}" for after in NONSENSE] + [
            "",
            "after",
            "x=1",
            "after=1&after=2",
        ]
        async with posting(server.write) as work:
            for query in queries * 3:
                await asyncio.gather(asyncio.to_thread(get, server, query), hear(server, query, count=1))
        page = await equals_fresh(server, reader)
        assert set(work.posts) <= set(page.posts)
        assert reader.connections <= 2
        assert "Traceback" not in server.log
