"""The plain socket: its reader may be slow, too early or stuck, and nobody else waits."""

import asyncio

import pytest
from channels.db import database_sync_to_async

from events.live import hub as hubs
from events.live import sockets
from events.live.sockets import Message, PlainSocket
from tests import cast

pytestmark = pytest.mark.django_db(transaction=True)

begin = database_sync_to_async(cast.event)


class Server:
    """ASGI's `send` of a server whose reader takes nothing until told to."""

    def __init__(self):
        self.sent, self.open = [], asyncio.Event()

    async def send(self, message):
        await self.open.wait()
        self.sent.append(message.get("text") or message["code"])


async def test_a_plain_socket_with_a_send_under_way_is_skipped_and_told_when_it_drains():
    server = Server()
    socket = PlainSocket(server.send, lambda: Message("behind"))
    socket.release()
    for text in ("one", "two", "three"):
        socket.offer(Message(text))
    await asyncio.sleep(0)
    assert socket.slow_since is not None
    server.open.set()
    await asyncio.sleep(0.05)
    assert server.sent == ["one", "behind"]
    assert socket.slow_since is None


async def test_a_socket_is_held_until_its_greeting_is_through():
    server = Server()
    server.open.set()
    socket = PlainSocket(server.send, lambda: Message("behind"))
    socket.offer(Message("too early"))
    await socket.first(Message("hello"))
    assert socket.release() is True
    socket.offer(Message("live"))
    await asyncio.sleep(0.01)
    assert server.sent == ["hello", "live"]


async def test_what_is_stuck_is_closed_and_given_up(monkeypatch):
    monkeypatch.setattr(sockets, "CLOSE_SECONDS", 0.05)
    await begin()
    hub = hubs.current()
    stream = await hub.find("call")
    server = Server()
    stuck = PlainSocket(server.send, stream.behind)
    stuck.release()
    stream.add(stuck)
    for text in ("one", "two"):
        stream.post(Message(text))
    await stream.drained()
    stream.end_slow(seconds=0)
    await asyncio.wait_for(stuck.ending, 1)
    await asyncio.sleep(0)
    assert stuck._sending is None
    assert server.sent == []
    await hub.stop()


async def test_a_slow_reader_who_can_still_read_is_closed_with_its_own_code():
    await begin()
    hub = hubs.current()
    stream = await hub.find("call")
    server = Server()
    slow = PlainSocket(server.send, stream.behind)
    slow.release()
    stream.add(slow)
    for text in ("one", "two"):
        stream.post(Message(text))
    await stream.drained()
    stream.end_slow(seconds=0)
    server.open.set()
    await asyncio.wait_for(slow.ending, 1)
    assert server.sent == ["one", 4408]
    await hub.stop()
