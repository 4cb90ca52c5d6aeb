"""What strangers make up in a catch-up's address costs readers nothing."""

import asyncio
import threading

import pytest

from events.arguments import Place
from events.live import look, reads
from events.live.copies import Copy
from events.live.hub import Hub
from events.live.questions import Busy
from events.live.stream import EventStream


class Memory:
    """A hub that answers from memory."""

    async def catch_up(self, stream, after, epoch):
        return stream.answer(after, epoch)


def stream_of(count, size=0):
    """A stream that has so many updates in memory, of so many letters each."""
    stream = EventStream(1, "e", 0)
    for number in range(1, count + 1):
        about = {"post": f"p{number}", "version": 1, "order": f"1-{number}", "kind": "news", "html": "x" * size}
        frame = {"type": "update", "action": "publish", "sequence": number, "after": number - 1, "at": "", **about}
        stream.ring.add(frame, size + 300)
    stream.sequence = count
    return stream


async def test_what_is_asked_of_numbers_that_are_not_yet_is_not_kept():
    stream = stream_of(5)
    for number in range(6, 200):
        await reads._make_updates(Memory(), stream, Place(number, "e"))
    assert not stream.shelf._copies
    # Whoever has everything asks so, and they are the most.
    await reads._make_updates(Memory(), stream, Place(5, "e"))
    assert stream.shelf.get(Place(5, "e"), "e", 5) is not None


async def test_a_readers_word_wakes_the_look_once_a_second_and_no_more(monkeypatch):
    hub, stream, woken = Hub(), stream_of(5), []
    monkeypatch.setattr(hub.look, "suspect", woken.append)
    for number in range(6, 50):
        await hub.catch_up(stream, number, "e")
    assert woken == [1]
    hub.look._doubted -= look.DOUBT
    await hub.catch_up(stream, 6, "e")
    assert woken == [1, 1]


async def test_of_many_large_answers_few_are_compressed_at_once_and_some_are_told_to_come_back(monkeypatch):
    stream, go_on, at_once, most = stream_of(40, size=1000), threading.Event(), 0, 0

    def slowly(*given):
        nonlocal at_once, most
        at_once += 1
        most = max(most, at_once)
        go_on.wait(10)
        at_once -= 1
        return Copy(*given)

    monkeypatch.setattr(reads, "Copy", slowly)
    monkeypatch.setattr(reads, "_press", reads._Press())
    asked = [asyncio.create_task(reads._make_updates(Memory(), stream, Place(number, "e"))) for number in range(20)]
    done, waiting = await asyncio.wait(asked, timeout=1)
    assert len(waiting) == reads.PRESSES + reads.MAX_WAITING
    for one in done:
        with pytest.raises(Busy):
            one.result()
    go_on.set()
    await asyncio.gather(*waiting)
    assert most == reads.PRESSES
