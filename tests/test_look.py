"""The look of several processes at one history that forked."""

import asyncio

from events import frames
from events.live import database
from events.live.database import Head
from events.live.look import Look
from events.live.stream import EventStream


class Shared:
    """One event's row, as all processes see it, and how often its epoch was renewed."""

    def __init__(self):
        self.epoch, self.sequence, self.renewed = "one", 5, 0

    def renew(self, _event, seen):
        if seen == self.epoch:
            self.renewed += 1
            self.epoch = f"epoch {self.renewed}"

    async def ask(self, question, *args):
        await asyncio.sleep(0)
        if question is database.read_heads:
            return {1: Head(1, self.epoch, self.sequence)}
        if question is frames.catch_up:
            _event, after, epoch = args
            return frames.answer(epoch=self.epoch, after=after, sequence=self.sequence, reset=epoch != self.epoch)
        return question(*args) if question == self.renew else None


def looks(shared, count, sequence):
    """So many processes that stand at `sequence`."""
    made = []
    for _process in range(count):
        streams = {1: EventStream(1, "one", sequence)}
        made.append((Look(streams, shared, forget=lambda _stream: None, renew=shared.renew), streams[1]))
    return made


async def test_a_fork_that_all_processes_heard_of_is_renewed_once():
    shared = Shared()
    made = looks(shared, 4, 5)
    for look, _stream in made:
        look.forked(1)
    for _turn in range(3):
        for look, _stream in made:
            await look.once()
    assert shared.renewed == 1
    assert {stream.epoch for _look, stream in made} == {"epoch 1"}


async def test_a_number_that_fell_is_renewed_once_by_whoever_sees_it_first():
    shared = Shared()
    made = looks(shared, 4, 9)
    for _turn in range(4):
        for look, _stream in made:
            await look.once()
    assert shared.renewed == 1
    assert {stream.epoch for _look, stream in made} == {"epoch 1"}
