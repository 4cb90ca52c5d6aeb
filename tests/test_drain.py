"""The end of a server: who is told, who may finish, who is cut, and that nothing is lost by it."""

import asyncio
import http.client
import json
import signal
import socket
import time
from contextlib import AsyncExitStack, closing

import pytest
import websockets

from events.live import farewell
from tests import processes
from tests.follower import Reader
from tests.page import Page
from tests.services import answers
from tests.test_server import flood, sleeper, status


def until(condition, seconds=15.0):
    """Wait until the condition holds. Raises AssertionError when it never does."""
    limit = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < limit, "waited in vain"
        time.sleep(0.02)


async def wait_until(condition, seconds=15.0):
    """The same, from a test that is asynchronous."""
    await asyncio.to_thread(until, condition, seconds)


def is_draining(server):
    return status(f"{server.url}/readyz") == (503, b"not ready: draining\n")


async def test_a_balancer_has_notice_while_everything_is_served(database):
    with processes.serve(database, pen=True, DRAIN_NOTICE="4", DRAIN_SECONDS="0.5") as server:
        await server.write("begin")
        async with Reader(server.ws_url) as before:
            server.signal(signal.SIGTERM)
            await wait_until(lambda: is_draining(server), 3)
            assert await asyncio.to_thread(status, f"{server.url}/healthz") == (200, b"ok\n")
            done = await server.write("publish", headline="Still published")
            async with Reader(server.ws_url) as late:
                await late.reach(done["sequence"])
                await before.reach(done["sequence"])
                await before.until(lambda: '"bye"' in before.texts[-1])
                await late.until(lambda: '"bye"' in late.texts[-1])
        assert not answers(server.port)
        assert await asyncio.to_thread(server.wait) == 0
        assert "Traceback" not in server.log


def test_an_answer_given_while_draining_ends_its_connection(database):
    with processes.serve(database, DRAIN_NOTICE="3", DRAIN_SECONDS="0") as server:
        with closing(http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)) as kept:

            def ask():
                kept.request("GET", "/healthz")
                answer = kept.getresponse()
                return answer.read(), answer.getheader("Connection")

            assert ask() == (b"ok\n", None)
            server.signal(signal.SIGTERM)
            until(lambda: is_draining(server), 3)
            assert ask() == (b"ok\n", "close")
        assert server.wait() == 0


def test_a_save_that_is_under_way_is_finished(database):
    with processes.serve(database, pen=True, DRAIN_SECONDS="0") as server:
        server.pen("begin")
        order = json.dumps({"verb": "publish", "headline": "Half of it was here when the end came"}).encode()
        with closing(socket.create_connection(("127.0.0.1", server.port), timeout=10)) as editor:
            editor.sendall(b"POST /pen HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n" % len(order) + order[:20])
            server.signal(signal.SIGTERM)
            until(lambda: not answers(server.port))
            editor.sendall(order[20:])
            answer = b""
            while data := editor.recv(1000):
                answer += data
        assert answer.startswith(b"HTTP/1.1 200")
        assert server.wait() == 0
    saved = processes.write_elsewhere(database, None, "fresh")["answer"]
    assert "Half of it was here" in saved["updates"][-1]["html"]


async def test_a_socket_that_is_stuck_holds_nobody_up(database):
    with processes.serve(database, pen=True, DRAIN_SECONDS="0") as server:
        await server.write("begin")
        with closing(sleeper(server)):
            async with Reader(server.ws_url) as quick:
                await quick.reach(await flood(server, "Flood"))
                server.signal(signal.SIGTERM)
                await quick.until(lambda: '"bye"' in quick.texts[-1])
                assert await asyncio.to_thread(server.wait) == 0
                await quick.until(lambda: quick.code == 1012)
        # Uvicorn's own patience was not needed.
        assert "exceeded" not in server.log
        assert "left behind" not in server.log
        assert "Traceback" not in server.log


async def test_two_signals_in_a_second_are_one_order(database):
    with processes.serve(database, pen=True) as server:
        await server.write("begin")
        async with Reader(server.ws_url) as reader:
            await reader.reach(1)
            server.signal(signal.SIGTERM)
            server.signal(signal.SIGINT)
            await reader.until(lambda: '"bye"' in reader.texts[-1])
        assert await asyncio.to_thread(server.wait) == 0


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_second_signal_ends_at_once(database, number):
    with processes.serve(database, DRAIN_NOTICE="300") as server:
        server.signal(signal.SIGTERM)
        until(lambda: is_draining(server))
        time.sleep(1.5)
        assert is_draining(server)
        server.signal(number)
        assert server.wait() == 0
        assert "Told a second time" in server.log


class Going:
    """A socket that notes when it was ended."""

    def __init__(self):
        self.at = None

    async def _go(self):
        pass

    def end(self, code, last):
        assert code == 1012
        assert json.loads(last)["type"] == "bye"
        self.at = time.monotonic()
        return asyncio.create_task(self._go())


class Hub:
    """As much of a hub as a farewell needs: two events with so many readers."""

    def __init__(self, *counts):
        self.streams = {event: type("Stream", (), {})() for event in range(len(counts))}
        for stream, count in zip(self.streams.values(), counts, strict=True):
            stream.sockets = {Going() for _reader in range(count)}

    def times(self):
        return sorted(going.at for stream in self.streams.values() for going in stream.sockets)


async def sent_away(hub, seconds):
    """Seconds after which each reader was sent away. A busy machine is later, and never earlier."""
    began = time.monotonic()
    await farewell.send_away(hub, seconds)
    return [at - began for at in hub.times()]


async def test_readers_are_sent_away_one_slice_after_another():
    times = await sent_away(Hub(70, 30), 10)
    # Five slices of the least size: few readers do not take the whole time.
    assert [at >= 0.1 * (place // 20) - 0.01 for place, at in enumerate(times)] == [True] * 100
    assert times[-1] < 9


async def test_many_readers_take_the_whole_time():
    times = await sent_away(Hub(300), 0.5)
    assert [at >= 0.1 * (place // 60) - 0.01 for place, at in enumerate(times)] == [True] * 300
    assert await sent_away(Hub(), 10) == []


async def equals_fresh(server, *readers):
    """Every reader shows what a fresh catch-up from nothing shows."""
    answer = (await server.write("fresh"))["answer"]
    fresh = Page(answer["epoch"])
    assert fresh.take(answer)
    for reader in readers:
        await reader.reach(answer["sequence"], 20)
        assert reader.page.shown() == fresh.shown()


async def test_a_server_restarted_under_load_loses_nothing(database):
    async with AsyncExitStack() as stack:
        desk = stack.enter_context(processes.serve(database, pen=True))
        await desk.write("begin")
        server = stack.enter_context(processes.serve(database, pen=True))
        readers = [await stack.enter_async_context(Reader(server.ws_url)) for _count in range(25)]
        stack.enter_context(closing(sleeper(server)))
        await flood(server, "Flood")
        posts = []

        async def post():
            for count in range(40):
                posts.append(await desk.write("publish", headline=f"Post {count}", body="water " * 800))
                await asyncio.sleep(0.1)

        posting = asyncio.create_task(post())
        await asyncio.sleep(1)
        assert await asyncio.to_thread(server.terminate) == 0
        await asyncio.to_thread(server.restart)
        await posting
        await equals_fresh(desk, *readers)
        assert all(reader.connections >= 2 for reader in readers)
        assert len(readers[0].page.shown()) == len(posts) + 30


async def test_a_socket_that_is_let_in_at_the_last_moment_is_closed_all_the_same(database):
    with processes.serve(database, pen=True, DRAIN_NOTICE="2", DRAIN_SECONDS="1") as server:
        await server.write("begin")
        # A handshake that is begun before the end, and finished after readers were sent away.
        with closing(socket.create_connection(("127.0.0.1", server.port), timeout=10)) as late:
            late.sendall(b"GET /ws/events/call/ HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n")
            server.signal(signal.SIGTERM)
            await wait_until(lambda: not answers(server.port))
            late.sendall(b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n")
            read = b""
            while data := await asyncio.to_thread(late.recv, 1000):
                read += data
        assert b"101 Switching" in read
        # A close frame of two bytes: 1012.
        assert read.endswith(b"\x88\x02\x03\xf4")
        assert await asyncio.to_thread(server.wait) == 0
        assert "Traceback" not in server.log
        with pytest.raises(OSError):
            await websockets.connect(f"{server.ws_url}/ws/events/call/")
