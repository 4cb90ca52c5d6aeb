"""The look of several processes at one history that forked."""

import asyncio
from types import SimpleNamespace

import pytest

from events import frames
from events.arguments import View
from events.live import database, metrics, reads
from events.live.copies import Copy
from events.live.database import Head
from events.live.look import Look
from events.live.stream import EventStream
from tests.ears import frame, message


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


class Answers:
    """A database that answers each look with the next of these, and heals to 7."""

    def __init__(self, *heads):
        self.heads, self.found = list(heads), []

    async def ask(self, question, *_args):
        if question is database.read_heads:
            return self.heads.pop(0)
        if question is frames.catch_up:
            self.found.append(behind())
            return frames.answer(epoch="one", after=5, sequence=7)
        return None


def behind():
    """The gauge, as Prometheus would read it."""
    return metrics.head_minus_served.collect()[0].samples[0].value


async def test_what_is_announced_after_the_look_saw_it_is_neither_healed_nor_told_as_behind():
    stream, told, loop = EventStream(1, "one", 5), [], asyncio.get_running_loop()

    class Overtaken(Answers):
        """A database whose look is quicker than the announcements of what it sees."""

        async def ask(self, question, *args):
            for sequence in (6, 7):
                loop.call_soon(stream.take, message(frame(sequence), "one"))
            loop.call_soon(lambda: told.append(behind()))
            return await super().ask(question, *args)

    asked = Overtaken({1: Head(1, "one", 7)})
    await Look({1: stream}, asked, forget=lambda _stream: None, renew=None).once()
    assert (asked.found, told, stream.sequence) == ([], [0], 7)


async def test_what_was_healed_is_behind_no_more_and_what_cannot_have_moved_neither():
    streams = {1: EventStream(1, "one", 5)}
    asked = Answers({1: Head(1, "one", 7)}, None, {})
    look = Look(streams, asked, forget=lambda _stream: None, renew=None)
    await look.once()
    assert (asked.found, behind()) == ([2], 0)
    metrics.head_minus_served.set(3)
    await look.once()
    assert behind() == 0
    streams.clear()
    metrics.head_minus_served.set(3)
    await look.once()
    assert behind() == 0


@pytest.mark.parametrize("epoch,sequence,suspected", [("one", 4, []), ("one", 5, []), ("one", 6, [1]), ("two", 4, [1])])
async def test_a_page_calls_for_a_look_only_where_it_knows_more_than_we_do(epoch, sequence, suspected):
    called = []

    async def ask(*_question):
        return Copy("", reads.HTML, {"ETag": ""}, epoch, sequence)

    hub = SimpleNamespace(questions=SimpleNamespace(ask=ask), suspect=called.append)
    await reads._make_page(hub, EventStream(1, "one", 5), View())
    assert called == suspected
