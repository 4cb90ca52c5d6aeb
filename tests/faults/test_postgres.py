"""PostgreSQL is the truth: while it is away nothing is published, nobody is thrown out, and no text is lost."""

import asyncio
import json
import time
from contextlib import AsyncExitStack, asynccontextmanager
from urllib.parse import urlsplit

import psycopg
import pytest

from tests import processes
from tests.faults.scene import Desk, equals_fresh, posting
from tests.follower import Reader
from tests.proxy import Proxy
from tests.test_metrics import until, value

#: Seconds after which the desk's script gives up; it then says so, and keeps the text.
ANSWERED = 15.0
#: What the editor is told by: our answer, or, where a connection swallows the question, the script.
SAID_BY = {"down": (503,), "black_hole": (0, 503)}


def through(line, database):
    """The database's address by way of a proxy."""
    parts = urlsplit(database)
    login = parts.netloc.rpartition("@")[0]
    return parts._replace(netloc=f"{login}@127.0.0.1:{line.port}").geturl()


def port_of(database):
    return urlsplit(database).port or 5432


async def connect(database, **further):
    """A connection of the test's own, past all servers."""
    return await psycopg.AsyncConnection.connect(database.replace("postgres://", "postgresql://", 1), **further)


@asynccontextmanager
async def watched(database):
    """A server, a reader and a desk of one event, and a connection that sees and ends theirs."""
    async with AsyncExitStack() as stack:
        server = stack.enter_context(processes.serve(database, pen=True))
        event = (await server.write("begin"))["pk"]
        reader = await stack.enter_async_context(Reader(server.ws_url))
        desk = await asyncio.to_thread(Desk, server, event)
        watcher = await stack.enter_async_context(await connect(database, autocommit=True))
        yield server, reader, desk, watcher


async def press(desk, headline, key):
    """Press once; the status and the sentence. Status 0 where the desk's own script gives up (`desk-send.js`)."""
    try:
        return await asyncio.to_thread(desk.publish, headline, key=key)
    except TimeoutError:
        return 0, {"error": "No connection to the newsroom. Your text is still here: press again."}


async def press_until_out(desk, headline, key, seconds=20.0):
    """Press again, as an editor does, until the desk says that it is out; return the post's id."""
    limit = time.monotonic() + seconds
    while True:
        status, said = await press(desk, headline, key)
        if status == 200:
            return said["post"]
        assert status in (0, 503) and "press again" in said["error"], (status, said)
        assert time.monotonic() < limit, f"PostgreSQL is back, and the desk does not see it: {said}"
        await asyncio.sleep(0.2)


async def waits_for_lock(watcher):
    """The backend that waits for the test's lock."""
    while True:
        row = await (
            await watcher.execute(
                "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
            )
        ).fetchone()
        if row:
            return row[0]
        await asyncio.sleep(0.01)


async def kill_all(watcher):
    """End every other connection to this database, and wait until those are gone."""
    others = "FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
    there = [row[0] for row in await (await watcher.execute(f"SELECT pid {others}")).fetchall()]
    await watcher.execute("SELECT pg_terminate_backend(pid) FROM unnest(%s::int[]) AS pid", [there])
    while (await (await watcher.execute(f"SELECT count(*) {others} AND pid = ANY(%s)", [there])).fetchone())[0]:  # noqa: ASYNC110 - another server tells nobody
        await asyncio.sleep(0.01)


async def test_a_connection_killed_in_mid_save_stores_nothing_and_a_second_press_stores_it_once(database):
    async with watched(database) as (server, reader, desk, watcher), await connect(database) as blocker:
        # The save has the event's row by then, and waits for this table.
        await blocker.execute("LOCK TABLE events_update IN EXCLUSIVE MODE")
        press = asyncio.create_task(asyncio.to_thread(desk.publish, "Said once.", key="the-press"))
        async with asyncio.timeout(10):
            backend = await waits_for_lock(watcher)
        await watcher.execute("SELECT pg_terminate_backend(%s)", [backend])
        status, said = await press
        assert (status, "Your text is still here" in said["error"]) == (503, True)
        await blocker.rollback()
        assert not (await equals_fresh(server, reader)).posts
        async with posting(server.write) as work:
            post = await press_until_out(desk, "Said once.", "the-press")
            assert (await asyncio.to_thread(desk.publish, "Said once.", key="the-press"))[1]["post"] == post
        page = await equals_fresh(server, reader)
        work.all_out(page)
        assert sum("Said once." in html for *_order, html in page.shown()) == 1
        assert reader.connections <= 2, "the reader's socket stayed"


async def test_all_connections_killed_at_once_lose_no_post(database):
    """What the pool holds is dead then, and is replaced; at worst the editor reads a sentence and presses again."""
    async with watched(database) as (server, reader, desk, watcher):
        for number in range(3):
            await asyncio.gather(
                *(asyncio.to_thread(desk.publish, f"A-{number}-{n}.", key=f"a{number}{n}") for n in range(4))
            )
            await kill_all(watcher)
            await press_until_out(desk, f"After the kill {number}.", f"b{number}")
        page = await equals_fresh(server, reader)
        assert len(page.shown()) == 15
        assert reader.connections <= 2, "the reader's socket stayed"


async def away(database, seconds, fault):
    """PostgreSQL away for so long: `fault` is the proxy's `down` or `black_hole`."""
    async with AsyncExitStack() as stack:
        line = stack.enter_context(Proxy(port_of(database)))
        server = stack.enter_context(processes.serve(through(line, database), pen=True))
        event = (await server.write("begin"))["pk"]
        readers = [await stack.enter_async_context(Reader(server.ws_url)) for _count in range(3)]
        desk = await asyncio.to_thread(Desk, server, event)
        async with posting(server.write):
            await asyncio.sleep(1)
        await equals_fresh(server, *readers)
        getattr(line, fault)()
        began, sentences = time.monotonic(), 0
        while time.monotonic() < began + seconds:
            pressed = time.monotonic()
            status, said = await press(desk, "Kept by the editor.", "kept")
            assert status in SAID_BY[fault] and "Your text is still here" in said["error"], (status, said)
            assert time.monotonic() < pressed + ANSWERED + 5
            sentences += 1
            await asyncio.sleep(1)
        assert sentences
        assert all(reader.connections <= 2 for reader in readers), "the readers stayed"
        await until(lambda: value(server, "liveblog_database_silent") == 1)
        # What is asked of one process is asked of all: a balancer must not find none to send readers to.
        assert await asyncio.to_thread(server.is_ready)
        line.clear()
        line.up()
        await press_until_out(desk, "Kept by the editor.", "kept")
        async with posting(server.write) as work:
            await asyncio.sleep(1)
        page = await equals_fresh(server, *readers)
        work.all_out(page)
        assert sum("Kept by the editor." in html for *_order, html in page.shown()) == 1
        assert all(reader.connections <= 2 for reader in readers), "the readers stayed"
        await until(lambda: value(server, "liveblog_database_silent") == 0)
        assert server.log.count("does not answer the look") <= 4, server.log


async def test_postgresql_gone_for_a_moment(database):
    await away(database, 2, "down")


@pytest.mark.slow_fault
async def test_postgresql_down_for_a_minute(database):
    await away(database, 60, "down")


@pytest.mark.slow_fault
async def test_postgresql_behind_a_black_hole(database):
    await away(database, 20, "black_hole")


def epochs_heard(reader):
    """The epochs that a reader was told of, in that order."""
    told = (json.loads(text).get("epoch") for text in reader.texts)
    return list(dict.fromkeys(epoch for epoch in told if epoch))


# Few posts are overtaken by the new history before two looks have seen the number fall: the layer's messages tell then.
@pytest.mark.parametrize("lost", [6, 60])
async def test_a_restored_older_backup_begins_a_new_history(database, redis_store, lost):
    url = processes.address(redis_store)
    async with AsyncExitStack() as stack:
        one = stack.enter_context(processes.serve(database, url, pen=True))
        two = stack.enter_context(processes.serve(database, url, pen=True))
        await one.write("begin")
        readers = [await stack.enter_async_context(Reader(server.ws_url)) for server in (one, two)]
        done = await one.write("publish_many", count=lost, body="Before the backup was restored.")
        for reader in readers:
            await reader.reach(done["sequence"])
        epoch = readers[0].page.epoch
        await one.write("set_back", sequence=3)
        async with posting(two.write) as work:
            for reader in readers:
                await reader.until(lambda reader=reader: reader.page.epoch != epoch)
        page = await equals_fresh(one, *readers)
        work.all_out(page)
        # However many processes saw it, one of them began anew, and once.
        assert page.epoch != epoch
        assert all(epochs_heard(reader) == [epoch, page.epoch] for reader in readers)
        assert sum("Before the backup was restored." in html for *_order, html in page.shown()) == 2
