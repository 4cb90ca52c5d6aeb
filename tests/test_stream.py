"""The ring and the stream of one event, without a hub."""

import asyncio

import orjson
import pytest

from events import frames
from events.live import ring
from events.live.ring import Ring
from events.live.sockets import Message
from events.live.stream import SLICE, EventStream, Taken
from tests.ears import Ear, frame, message


class TestRing:
    def test_it_answers_from_its_floor_and_not_below(self):
        kept = Ring(5)
        kept.add(frame(6), 10)
        assert kept.since(4) is None
        assert [one["sequence"] for one in kept.since(5)] == [6]
        assert kept.since(6) == []

    def test_newer_words_drop_the_earlier_ones(self):
        kept = Ring(0)
        kept.add(frame(1, html="mackerel", action="publish"), 10)
        kept.add(frame(2, post="b"), 10)
        kept.add(frame(3, html="", action="withdraw"), 10)
        assert "mackerel" not in frames.dump({"all": kept.since(0)})
        assert [one["sequence"] for one in kept.since(0)] == [2, 3]

    def test_a_dropped_post_leaves_its_parts_until_they_change_too(self):
        kept = Ring(0)
        kept.add(frame(1, html="mackerel", parts={"keys": "old keys", "header": "first"}), 10)
        kept.add(frame(2, html="better", parts={"keys": "new keys"}), 10)
        answer = frames.merge(kept.since(0), after=0, sequence=2, epoch="e")
        assert answer["parts"] == {"keys": "new keys", "header": "first"}
        assert [one["html"] for one in answer["updates"]] == ["better"]
        kept.add(frame(3, post="", action="event", parts={"header": "second"}), 10)
        assert "first" not in frames.dump({"all": kept.since(0)})
        assert "old keys" not in frames.dump({"all": kept.since(0)})

    def test_what_a_reader_has_never_seen_comes_as_published(self):
        kept = Ring(0)
        kept.add(frame(1, action="publish"), 10)
        kept.add(frame(2, action="revise", born=1), 10)
        assert [one["action"] for one in kept.since(0)] == ["publish"]
        assert [one["action"] for one in kept.since(1)] == ["revise"]

    def test_it_stays_within_its_length_and_its_size(self):
        kept = Ring(0)
        for sequence in range(1, ring.LENGTH + 11):
            kept.add(frame(sequence, post=f"p{sequence}"), 10)
        assert len(kept) == ring.LENGTH
        assert kept.floor == 10
        assert kept.since(9) is None
        kept.add(frame(400, post="big"), ring.SIZE)
        assert len(kept) == 1
        assert kept.since(399) is not None


class TestStream:
    async def test_it_takes_the_next_frame_once(self):
        stream, ear = EventStream(1, "e", 4), Ear()
        stream.add(ear)
        assert stream.take(message(frame(5))) is Taken.NEW
        assert stream.take(message(frame(5))) is Taken.OLD
        await stream.drained()
        assert [orjson.loads(text)["sequence"] for text in ear.heard] == [5]

    @pytest.mark.parametrize("strange", [message(frame(7)), message(frame(5), epoch="other")])
    async def test_it_never_jumps_by_a_frame(self, strange):
        stream = EventStream(1, "e", 4)
        assert stream.take(strange) is Taken.STRANGE
        assert (stream.epoch, stream.sequence) == ("e", 4)

    async def test_another_text_under_a_known_number_is_a_fork(self):
        stream = EventStream(1, "e", 4)
        assert stream.take(message(frame(5, html="before the restore"))) is Taken.NEW
        assert stream.take(message(frame(5, html="before the restore"))) is Taken.OLD
        assert stream.take(message(frame(5, html="after the restore"))) is Taken.FORKED
        assert stream.take(message(frame(4, html="never heard of"))) is Taken.OLD

    async def test_a_heal_is_one_updates_frame_and_fills_the_ring(self):
        stream, ear = EventStream(1, "e", 1), Ear()
        stream.add(ear)
        items = [frame(2), frame(4, post="b")]
        stream.heal(frames.answer(epoch="e", after=1, sequence=5, updates=items, parts={"header": "h"}))
        await stream.drained()
        assert [orjson.loads(text)["type"] for text in ear.heard] == ["updates"]
        assert stream.sequence == 5
        again = stream.answer(3, "e")
        assert [one["sequence"] for one in again["updates"]] == [4]
        assert again["parts"] == {"header": "h"}

    async def test_a_heal_keeps_what_came_as_a_frame_meanwhile(self):
        stream = EventStream(1, "e", 1)
        stream.take(message(frame(2, html="two")))
        stream.heal(frames.answer(epoch="e", after=1, sequence=3, updates=[frame(2, html="two"), frame(3, post="b")]))
        assert [one["sequence"] for one in stream.answer(1, "e")["updates"]] == [2, 3]
        stream.heal(frames.answer(epoch="e", after=1, sequence=2, updates=[frame(2)]))
        assert stream.sequence == 3

    async def test_an_old_answer_sets_nobody_back(self):
        stream, ear = EventStream(1, "e", 5), Ear()
        stream.add(ear)
        stream.take(message(frame(6)))
        stream.heal(frames.answer(epoch="e", after=0, sequence=5, reset=True))
        await stream.drained()
        assert stream.position == ("e", 6)
        assert [orjson.loads(text)["type"] for text in ear.heard] == ["update"]
        assert stream.answer(5, "e")["updates"]

    async def test_another_epoch_resets_and_forgets(self):
        stream, ear = EventStream(1, "e", 9), Ear()
        stream.add(ear)
        stream.heal(frames.answer(epoch="f", after=9, sequence=3, reset=True))
        await stream.drained()
        assert (stream.epoch, stream.sequence) == ("f", 3)
        assert orjson.loads(ear.heard[0])["reset"] is True
        assert stream.answer(1, "f") is None
        assert stream.answer(2, "e")["reset"] is True

    async def test_who_is_slow_is_skipped_and_told_once(self):
        stream, quick = EventStream(1, "e", 0), Ear()
        slow = Ear(stream.behind)
        slow.slow = True
        for ear in (quick, slow):
            stream.add(ear)
        for sequence in (1, 2, 3):
            stream.take(message(frame(sequence)))
        await stream.drained()
        assert (len(quick.heard), slow.heard) == (3, [])
        slow.slow = False
        slow._drained()
        slow._drained()
        assert [orjson.loads(text) for text in slow.heard] == [{"type": "behind", "epoch": "e", "sequence": 3}]

    async def test_what_waits_behind_a_fan_out_goes_out_as_one_without_withdrawn_words(self):
        stream, ear = EventStream(1, "e", 0), Ear()
        stream.add(ear)
        for sequence in range(1, 10):
            stream.take(message(frame(sequence, post=f"p{sequence}", html="a secret" if sequence == 5 else "words")))
        stream.take(message(frame(10, post="p5", action="withdraw", html="")))
        stream.post(Message(frames.dump(frames.pulse(*stream.position))))
        await stream.drained()
        (one,) = map(orjson.loads, ear.heard)
        assert (one["type"], one["after"], one["sequence"]) == ("updates", 0, 10)
        assert len(one["updates"]) == 9
        assert "a secret" not in ear.heard[0]

    async def test_a_few_that_wait_stay_frames_and_many_pulses_are_one(self):
        stream, ear = EventStream(1, "e", 0), Ear()
        stream.add(ear)
        for sequence in (1, 2, 3):
            stream.take(message(frame(sequence)))
        await stream.drained()
        assert [orjson.loads(text)["type"] for text in ear.heard] == ["update"] * 3
        for _count in range(9):
            stream.post(Message(frames.dump(frames.pulse(*stream.position))))
        await stream.drained()
        assert [orjson.loads(text)["type"] for text in ear.heard[3:]] == ["pulse"]

    async def test_more_than_can_be_merged_is_fetched(self):
        stream, ear = EventStream(1, "e", 0), Ear()
        stream.add(ear)
        for sequence in range(1, 10):
            stream.take(message(frame(sequence, post=f"p{sequence}", html="x" * 10_000)))
        await stream.drained()
        assert [orjson.loads(text)["type"] for text in ear.heard] == ["behind"]

    async def test_a_frame_without_its_words_is_filled_for_those_who_come_back(self):
        stream = EventStream(1, "e", 0)
        stream.take(message(frame(1, post="a", parts={"keys": "old"})))
        bare = frame(2, post="b", action="publish")
        del bare["html"]
        assert stream.take(message(bare)) is Taken.BARE
        assert stream.answer(0, "e") is None
        old = frames.answer(epoch="e", after=1, sequence=1)
        assert not stream.fill(old)
        long = {**bare, "html": "long words"}
        assert stream.fill(frames.answer(epoch="e", after=1, sequence=2, updates=[long], parts={"keys": "new"}))
        answer = stream.answer(0, "e")
        assert [one["html"] for one in answer["updates"]] == ["words", "long words"]
        assert answer["parts"] == {"keys": "new"}

    async def test_pages_of_before_a_reset_are_told_from_memory(self):
        stream = EventStream(1, "e", 0)
        stream.take(message(frame(1)))
        stream.take(message(frame(2, post="", action="event", parts={"header": "h"}, reset=True)))
        stream.take(message(frame(3, post="b")))
        assert stream.answer(1, "e")["reset"] is True
        assert [one["post"] for one in stream.answer(2, "e")["updates"]] == ["b"]

    async def test_the_loop_gets_a_turn_between_slices(self):
        stream = EventStream(1, "e", 0)
        for _count in range(5 * SLICE):
            stream.add(Ear())
        turns = 0
        stream.take(message(frame(1)))
        while not stream._pump.done():
            turns += 1
            await asyncio.sleep(0)
        assert turns >= 5

    async def test_one_broken_socket_does_not_cost_the_others_a_message(self):
        stream, broken, well = EventStream(1, "e", 0), Ear(), Ear()
        broken._put = None
        stream.add(broken)
        stream.add(well)
        stream.take(message(frame(1)))
        await stream.drained()
        assert len(well.heard) == 1
        assert broken not in stream.sockets
