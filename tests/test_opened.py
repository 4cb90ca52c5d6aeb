"""The open socket, on a real connection: what it writes, and every way to its end."""

import asyncio
import socket

import pytest

from events.live import sockets
from events.live.opened import HIGH, close_frame
from events.live.sockets import Message, PlainSocket, Socket
from tests.line import Line
from tests.test_hub import until


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


async def test_several_updates_in_one_turn_make_nobody_slow_on_a_plain_socket():
    sent = []

    async def send(message):
        sent.append(message)

    plain = PlainSocket(send, lambda: Message("behind"))
    plain.release()
    for _time in range(sockets.SLOW_TIMES + 1):
        plain.offer(Message("one"))
        plain.offer(Message("two"))
        await until(lambda: plain.slow_since is None and plain._sending is None)
    assert plain.ending is None
    assert [message["text"] for message in sent] == ["one", "behind"] * (sockets.SLOW_TIMES + 1)


def test_a_kind_of_socket_without_a_way_to_write_is_none():
    class Half(Socket):
        """Forgets `offer`."""

        async def first(self, message):
            pass

        def abort(self):
            pass

        def _end(self, code, last):
            pass

    with pytest.raises(TypeError, match="offer"):
        Half(lambda: Message("behind"))


async def test_what_waits_in_the_transport_goes_first():
    async with Line() as line:
        line.open.release()
        sent = [Message(f"{number:06}" + "x" * 3000) for number in range(60)]
        for message in sent[:9]:
            line.open.offer(message)
        assert 0 < line.transport.get_write_buffer_size() < HIGH
        heard = await line.hear()
        # The kernel has room again before the transport knows: what comes now must not overtake.
        for message in sent[9:]:
            line.open.offer(message)
            while line.transport.get_write_buffer_size() > HIGH // 2:
                heard += await line.hear()
        while len(heard) < sum(len(message.wire) for message in sent):
            heard += await line.hear()
        assert heard == b"".join(message.wire for message in sent)


async def test_a_lost_connections_number_is_never_written_to_again():
    async with Line() as line:
        line.open.release()
        line.open.offer(Message("first"))
        number = line.transport.get_extra_info("socket").fileno()
        line.open.abort()
        await until(lambda: line.left)
        await asyncio.sleep(0.01)
        # The kernel gives the lowest free number, so one of these has it now.
        ends = socket.socketpair()
        with ends[0], ends[1]:
            assert number in {end.fileno() for end in ends}
            line.open.release()
            line.open.offer(Message("astray"))
            for end in ends:
                end.setblocking(False)
                with pytest.raises(BlockingIOError):
                    end.recv(100)
