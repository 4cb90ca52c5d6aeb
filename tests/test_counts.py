"""Readers now, and how late they are, over several processes on one Redis; and Redis itself in the metrics."""

import asyncio
from contextlib import ExitStack

import pytest
import websockets

from events.live import counts
from events.live.counts import Counts, Readers
from events.live.stream import EventStream
from tests import processes
from tests.follower import Reader
from tests.test_hub import Ear
from tests.test_metrics import until, value


@pytest.fixture(scope="module")
def running(shared_database):
    """A private Redis, and two servers of one event."""
    with ExitStack() as stack:
        store = stack.enter_context(processes.redis())
        url = processes.address(store)
        one, two = (stack.enter_context(processes.serve(shared_database, url, pen=True)) for _server in range(2))
        one.pen("begin")
        yield store, one, two


async def test_each_process_knows_the_readers_of_all(running):
    _store, one, two = running
    async with Reader(one.ws_url), Reader(one.ws_url), Reader(two.ws_url) as far:
        for server in (one, two):
            await until(lambda server=server: server.pen("readers")["sockets"] == 3, 15)
        done = await one.write("publish", headline="How late?")
        await far.reach(done["sequence"])
        for server in (one, two):
            await until(lambda server=server: server.pen("readers")["delay"] is not None)
    for server in (one, two):
        await until(lambda server=server: server.pen("readers")["sockets"] == 0, 15)


async def test_a_desk_that_listens_like_a_reader_is_not_counted(running):
    _store, one, two = running
    async with websockets.connect(f"{one.ws_url}/ws/events/call/?desk"), Reader(one.ws_url):
        for server in (one, two):
            await until(lambda server=server: server.pen("readers")["sockets"] == 1, 15)
    for server in (one, two):
        await until(lambda server=server: server.pen("readers")["sockets"] == 0, 15)


async def test_a_layer_that_is_away_is_told_and_so_is_its_return(running):
    store, one, two = running
    async with Reader(two.ws_url) as far:
        await until(lambda: value(two, "liveblog_layer_up") == 1, 15)
        healed = value(two, "liveblog_gaps_healed_total", by="look")
        store.kill()
        done = await one.write("publish", headline="Without Redis")
        await far.reach(done["sequence"])
        await until(lambda: value(two, "liveblog_layer_up") == 0, 15)
        await until(lambda: value(one, "liveblog_announcements_lost_total", how="failed") >= 1)
        assert (
            value(two, "liveblog_gaps_healed_total", by="look") + value(two, "liveblog_gaps_healed_total", by="suspect")
            > healed
        )
        assert value(two, "liveblog_publish_to_hub_seconds_count", way="look") >= 1
        store.restart()
        await until(lambda: value(two, "liveblog_layer_up") == 1, 25)


def word(name, *rows):
    """What another process tells."""
    return {"type": counts.KIND, "hub": name, "rows": [list(row) for row in rows]}


def test_what_others_told_is_added_and_forgotten(monkeypatch):
    stream = EventStream(1, "e", 0)
    stream.add(Ear())
    stream.delay = 0.2
    mine = Counts("me", {1: stream})
    mine.take(word("me", (1, 100, 100, 9.0)))
    mine.take(word("other", (1, 2, 3, 0.5), (7, 4, 0, None)))
    mine.take(word("third", (1, 1, 0, None)))
    assert mine.readers(1) == Readers(4, 3)
    assert mine.delay(1) == 0.5
    assert (mine.readers(7), mine.delay(7)) == (Readers(4, 0), None)
    mine.take(word("other"))
    assert (mine.readers(1), mine.delay(1)) == (Readers(2, 0), 0.2)
    monkeypatch.setattr(counts, "KEPT", -1.0)
    assert (mine.readers(1), mine.readers(2)) == (Readers(1, 0), Readers(0, 0))


def test_the_desks_own_sockets_are_no_readers():
    stream, reader, desk = EventStream(1, "e", 0), Ear(), Ear()
    stream.add(reader)
    stream.add(desk, desk=True)
    mine = Counts("me", {1: stream})
    assert mine.readers(1) == Readers(1, 0)
    stream.discard(desk)
    assert mine.readers(1) == Readers(1, 0)
    stream.discard(reader)
    assert mine.readers(1) == Readers(0, 0)


def test_requests_count_for_a_while_and_leave_nothing(monkeypatch):
    now = 1000.0
    monkeypatch.setattr(counts.time, "monotonic", lambda: now)
    mine = Counts("me", {})
    for _request in range(3):
        mine.polled(1)
    now += counts.POLL_SECONDS - 1
    mine.polled(1)
    assert mine.readers(1) == Readers(0, 4)
    now += 1
    assert mine.readers(1) == Readers(0, 1)
    now += 10 * counts.POLL_SECONDS
    assert mine.readers(1) == Readers(0, 0)
    mine.note()
    assert mine._polls == {}


async def test_where_nobody_reads_one_last_word_is_said(monkeypatch):
    said = []

    class Layer:
        async def group_send(self, group, message):
            said.append((group, message["rows"]))

    monkeypatch.setattr(counts, "get_channel_layer", Layer)
    stream, ear = EventStream(1, "e", 0), Ear()
    mine = Counts("me", {1: stream})
    await mine.tell()
    stream.add(ear)
    await mine.tell()
    stream.discard(ear)
    for _time in range(3):
        await mine.tell()
    assert said == [("hubs", [[1, 1, 0, None]]), ("hubs", [])]
    await asyncio.sleep(0)
