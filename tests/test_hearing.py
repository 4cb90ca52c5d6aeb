"""The open socket, on a real connection: what it hears, and what it makes of it."""

import asyncio
import struct
import time

import pytest

from events.live import pings, sockets
from events.live.opened import FRAMES, OpenSocket, close_frame
from events.live.pings import Pings
from tests.line import MASK, Line, frame


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


def goodbye(code):
    """A reader's close."""
    return frame(8, struct.pack("!H", code))


async def test_who_pings_now_and_then_is_answered_and_stays():
    async with Line() as line:
        line.open.release()
        for _turn in range(3):
            line.open.ping(b"\x89\x00")
            assert await line.hear() == b"\x89\x00"
            await line.say(frame(10) + frame(9, b"and you?") + frame(10) * (FRAMES - 2))
            assert await line.hear() == b"\x8a\x08and you?"
        assert line.open.ending is None


@pytest.mark.parametrize("opcode", [9, 10])
async def test_who_sends_control_frames_without_end_is_closed(opcode):
    async with Line() as line:
        line.open.release()
        await line.say(frame(opcode, b"x") * (FRAMES + 1) + goodbye(1001))
        assert await line.hear_out() == b"\x8a\x01x" * (opcode == 9) * (FRAMES + 1) + close_frame(4400)
        assert line.left == [True]
        line.open.abort()


async def test_who_is_being_closed_is_heard_no_more_but_for_their_close():
    async with Line() as line:
        line.open.release()
        line.open.end(4408)
        await line.say(frame(9, b"wait!") + frame(1, b"please") + frame(10) + goodbye(4408))
        assert await line.hear_out() == close_frame(4408)


async def test_who_goes_on_and_on_while_being_closed_is_listened_to_no_more(monkeypatch):
    monkeypatch.setattr(sockets, "CLOSE_SECONDS", 0.2)
    taken, take = [], OpenSocket._take
    monkeypatch.setattr(OpenSocket, "_take", lambda self, *more: taken.append(self) or take(self, *more))
    async with Line() as line:
        line.open.release()
        await line.say(frame(10) * 20_000 + frame(1, b"") * 20_000)
        assert await line.hear_out() == close_frame(4400)
        assert line.left == [True]
        assert len(taken) <= 2 * FRAMES + 2
        assert len(line.open._pending) < 140


async def test_many_frames_at_once_are_not_copied_for_each_of_them():
    class Bytes(bytes):
        """Received bytes that note how much of them is copied."""

        copied = 0

        def __radd__(self, other):
            return self if not other else Bytes(other + bytes(self))

        def __getitem__(self, place):
            part = super().__getitem__(place)
            Bytes.copied += len(part) if isinstance(place, slice) else 0
            return part

    async with Line() as line:
        line.open.release()
        line.open.data_received(Bytes(frame(10, b"x" * 100) * FRAMES + frame(1, b"x" * 60_000)))
        assert Bytes.copied < 2000


async def test_after_what_is_no_websocket_nothing_is_understood(monkeypatch):
    monkeypatch.setattr(sockets, "CLOSE_SECONDS", 0.2)
    async with Line() as line:
        line.open.release()
        await line.say(frame(3, b"x"))
        assert await line.hear() == close_frame(1002)
        for said in (frame(9, b"still there?"), goodbye(1000)):
            await line.say(said)
        assert await line.hear_out() == b""


async def test_who_does_not_read_gets_no_pongs():
    async with Line() as line:
        line.open.release()
        await line.clog()
        held = line.transport.get_write_buffer_size()
        await line.say(frame(9, b"x" * 100) * FRAMES)
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
