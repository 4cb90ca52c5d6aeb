"""The open socket, on a real connection: what it writes, what it hears, and every way to its end."""

import asyncio
import socket
import struct
import time

import pytest
import uvicorn
import websockets

from events.live import pings, sockets
from events.live.opened import HIGH, OpenSocket, close_frame
from events.live.pings import Pings
from events.live.sockets import EXTENSION, Message
from tests.services import free_port
from tests.test_hub import until

MASK = b"\x01\x02\x03\x04"


def frame(opcode, payload=b"", *, fin=True, mask=True):
    """A frame as a client sends it."""
    size = len(payload)
    lengths = struct.pack("!H", size) if size < 65536 else struct.pack("!Q", size)
    short, lengths = (size, b"") if size < 126 else (126 if size < 65536 else 127, lengths)
    head = bytes([opcode | (0x80 if fin else 0), short | (0x80 if mask else 0)]) + lengths
    if not mask:
        return head + payload
    return head + MASK + bytes(byte ^ MASK[place % 4] for place, byte in enumerate(payload))


class Line:
    """An open socket and its reader, with a small kernel buffer between them."""

    async def __aenter__(self):
        loop = asyncio.get_running_loop()
        ours, self.reader = socket.socketpair()
        for end in (ours, self.reader):
            end.setblocking(False)
            end.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4096)
        self.transport, _protocol = await loop.create_connection(asyncio.Protocol, sock=ours)
        self.connections, self.left = set(), []
        self.open = OpenSocket(self.transport, self.connections, lambda: Message("behind"))
        self.open.on_gone = lambda: self.left.append(True)
        return self

    async def __aexit__(self, *_error):
        self.transport.abort()
        self.reader.close()
        await asyncio.sleep(0)

    async def say(self, data):
        """Send bytes as the reader."""
        await asyncio.get_running_loop().sock_sendall(self.reader, data)

    async def hear(self, size=65536, seconds=2):
        """Some bytes, as the reader; nothing at the end."""
        async with asyncio.timeout(seconds):
            return await asyncio.get_running_loop().sock_recv(self.reader, size)

    async def hear_out(self, seconds=2):
        """All bytes until the end."""
        heard = b""
        while data := await self.hear(seconds=seconds):
            heard += data
        return heard

    async def clog(self):
        """Offer messages until the reader counts as slow."""
        while self.open.slow_since is None:
            self.open.offer(Message("x" * 8000))
            await asyncio.sleep(0)

    async def drain(self):
        """Read until the reader counts as well again, and what comes then; return all of it."""
        heard = b""
        while self.open.slow_since is not None or b"behind" not in heard[-20:]:
            heard += await self.hear()
        return heard


async def test_messages_go_out_between_the_greeting_and_the_close():
    async with Line() as line:
        line.open.offer(Message("too early"))
        await line.open.first(Message("hello"))
        assert line.open.release() is True
        line.open.offer(Message("live"))
        line.open.end(4404, "gone")
        line.open.offer(Message("too late"))
        await asyncio.sleep(0.01)
        assert await line.hear() == b"\x81\x05hello\x81\x04live\x81\x04gone" + close_frame(4404)


async def test_who_is_slow_is_skipped_and_told_once_when_they_read_again():
    async with Line() as line:
        line.open.release()
        await line.clog()
        for _count in range(50):
            line.open.offer(Message("missed"))
        heard = await line.drain()
        assert b"missed" not in heard
        assert heard.endswith(b"\x81\x06behind")
        line.open.offer(Message("live"))
        assert await line.hear() == b"\x81\x04live"


async def test_who_was_slow_and_missed_nothing_is_told_nothing():
    async with Line() as line:
        line.open.release()
        await line.clog()
        while line.open.slow_since is not None:
            await line.hear()
        line.open.offer(Message("live"))
        await asyncio.sleep(0.01)
        heard = await line.hear()
        assert heard.endswith(b"\x81\x04live")
        assert b"behind" not in heard


async def test_a_slow_socket_holds_no_more_than_its_mark_and_one_message():
    async with Line() as line:
        line.open.release()
        largest = Message("x" * 64 * 1024)
        for _count in range(100):
            line.open.offer(largest)
            await asyncio.sleep(0)
        assert line.transport.get_write_buffer_size() <= HIGH + 65 * 1024 < 100_000


async def test_who_is_slow_again_and_again_is_closed(monkeypatch):
    monkeypatch.setattr(sockets, "SLOW_TIMES", 3)
    async with Line() as line:
        line.open.release()
        for _time in range(2):
            await line.clog()
            line.open.offer(Message("missed"))
            await line.drain()
        assert line.open.ending is None
        await line.clog()
        assert line.open.ending is not None
        heard = b""
        while not heard.endswith(close_frame(4408)):
            heard += await line.hear()


async def test_slow_times_long_ago_are_forgotten(monkeypatch):
    monkeypatch.setattr(sockets, "SLOW_TIMES", 2)
    monkeypatch.setattr(sockets, "SLOW_WINDOW", -1.0)
    async with Line() as line:
        line.open.release()
        for _time in range(3):
            await line.clog()
            line.open.offer(Message("missed"))
            await line.drain()
        assert line.open.ending is None


async def test_who_never_reads_is_cut_and_leaves_once(monkeypatch):
    monkeypatch.setattr(sockets, "CLOSE_SECONDS", 0.05)
    async with Line() as line:
        line.open.release()
        await line.clog()
        ending = line.open.end(4408)
        assert line.open.end(1012) is ending
        await asyncio.wait_for(ending, 2)
        assert line.left == [True]
        assert line.connections == set()


async def test_whose_connection_is_gone_has_ended():
    async with Line() as line:
        line.reader.close()
        await until(lambda: line.left)
        await asyncio.wait_for(line.open.end(1012, "bye"), 1)
        line.open.offer(Message("nobody hears this"))
        line.open.ping(b"")


@pytest.mark.parametrize(
    "talk",
    [
        frame(1, b"hello?"),
        frame(2, b""),
        frame(1, b"x" * 5000),
        frame(2, b"x" * 70_000),
        frame(1, b"part", fin=False) + frame(0, b"rest"),
    ],
)
async def test_who_talks_is_closed_and_their_close_is_heard(talk):
    async with Line() as line:
        line.open.release()
        await line.say(talk + frame(8, struct.pack("!H", 4400)))
        began = time.monotonic()
        assert await line.hear_out() == close_frame(4400)
        assert time.monotonic() - began < sockets.CLOSE_SECONDS


async def test_frames_may_come_in_pieces():
    async with Line() as line:
        line.open.release()
        for place in frame(9, b"are you there?") + frame(10) + frame(2, b"y" * 300) + frame(8):
            await line.say(bytes([place]))
            await asyncio.sleep(0)
        assert await line.hear_out() == b"\x8a\x0eare you there?" + close_frame(4400)


async def test_a_reader_who_goes_is_let_go():
    async with Line() as line:
        line.open.release()
        await line.say(frame(8, struct.pack("!H", 1001) + b"going away"))
        assert await line.hear_out() == close_frame(1000)
        assert line.left == [True]


@pytest.mark.parametrize(
    "wrong",
    [
        frame(9, b"x", mask=False),
        frame(9, b"x" * 126),
        frame(9, b"x", fin=False),
        frame(3, b"x"),
        frame(11, b"x"),
        b"\xf9\x80" + MASK,
    ],
)
async def test_what_is_no_websocket_is_closed(wrong):
    async with Line() as line:
        line.open.release()
        await line.say(wrong)
        assert await line.hear() == close_frame(1002)


async def test_who_does_not_read_gets_no_pongs():
    async with Line() as line:
        line.open.release()
        await line.clog()
        held = line.transport.get_write_buffer_size()
        await line.say(frame(9, b"x" * 100) * 20)
        await asyncio.sleep(0.05)
        assert line.transport.get_write_buffer_size() <= held


async def test_who_answers_pings_stays_and_who_does_not_is_cut():
    async with Line() as alive, Line() as silent:
        turns = Pings()
        for line in (alive, silent):
            line.open.release()
            turns.add(line.open)
        for _second in range(pings.EVERY):
            turns.turn()
        assert await alive.hear() == await silent.hear() == b"\x89\x00"
        await alive.say(frame(10))
        await asyncio.sleep(0.02)
        for _second in range(pings.PATIENCE - 1):
            turns.turn()
        assert not silent.transport.is_closing()
        turns.turn()
        await asyncio.sleep(0.02)
        assert (alive.left, silent.left) == ([], [True])
        turns.discard(silent.open)


async def test_a_connection_that_is_handed_over_needs_no_task():
    opened = []

    async def application(scope, receive, send):
        if scope["type"] != "websocket":
            return
        await receive()
        assert scope["extensions"][EXTENSION].hand_over(lambda: Message("behind")) is None, "not yet open"
        await send({"type": "websocket.accept"})
        opened.append(scope["extensions"][EXTENSION].hand_over(lambda: Message("behind")))
        opened[0].release()

    port = free_port()
    server = uvicorn.Server(
        uvicorn.Config(
            application, port=port, ws="events.live.protocol:ReaderProtocol", lifespan="off", log_config=None
        )
    )
    serving = asyncio.create_task(server._serve())
    await until(lambda: server.started)
    async with websockets.connect(f"ws://127.0.0.1:{port}/", compression=None) as reader:
        await until(lambda: not server.server_state.tasks)
        assert server.server_state.connections == set(opened)
        opened[0].offer(Message("live"))
        assert await asyncio.wait_for(reader.recv(), 2) == "live"
        server.should_exit = True
        with pytest.raises(websockets.ConnectionClosed):
            await asyncio.wait_for(reader.recv(), 5)
        assert reader.close_code == 1012
    await asyncio.wait_for(serving, 10)
