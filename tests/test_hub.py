"""The ring, the stream and the hub, without a server."""

import asyncio
import logging
import threading

import orjson
import pytest
from channels.db import database_sync_to_async
from channels.layers import get_channel_layer
from django.db import connection
from django.test.utils import CaptureQueriesContext

from events import frames, publishing
from events.live import channel, database, ring
from events.live import hub as hubs
from events.live.patience import Complaint, quieten
from events.live.ring import Ring
from events.live.sockets import Message, Socket
from events.live.stream import EventStream, Taken
from events.models import Event, Stream
from tests import cast


def frame(sequence, post="a", html="words", action="revise", **fields):
    """An update frame of a post, or of the event when `post` is empty."""
    made = {"type": "update", "after": sequence - 1, "sequence": sequence, "action": action, "at": "", **fields}
    return made | ({"post": post, "version": sequence, "html": html} if post else {})


def message(one, epoch="e"):
    """What the layer brings."""
    return {"type": "live.update", "event": 1, "epoch": epoch, "sequence": one["sequence"], "frame": frames.dump(one)}


class Ear(Socket):
    """A socket that notes what it is offered, and can be slow."""

    def __init__(self, behind=lambda: Message("behind")):
        super().__init__(behind)
        self.release()
        self.heard, self.slow = [], False

    def _put(self, offered):
        if not self.slow:
            self.heard.append(offered.text)
        return not self.slow


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
        kept.add(frame(2, action="revise"), 10)
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
        assert [orjson.loads(text) for text in slow.heard] == [{"type": "behind", "sequence": 3}]

    async def test_the_loop_gets_a_turn_between_slices(self):
        stream = EventStream(1, "e", 0)
        for _count in range(1000):
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


@pytest.fixture
async def hub():
    made = hubs.current()
    made.held = True
    yield made
    await made.stop()


async def until(condition, seconds=4.0):
    """Wait until it holds."""
    async with asyncio.timeout(seconds):
        while not condition():  # noqa: ASYNC110 - what it waits for sets no event
            await asyncio.sleep(0.01)


publish = database_sync_to_async(cast.post)


@pytest.mark.django_db(transaction=True)
class TestHub:
    async def test_a_stream_is_loaded_once_however_many_ask(self, hub, monkeypatch):
        await database_sync_to_async(cast.event)()
        asked, find = [], database.find_head
        monkeypatch.setattr(database, "find_head", lambda slug: asked.append(slug) or find(slug))
        streams = await asyncio.gather(*(hub.find("call") for _count in range(50)))
        assert len({id(stream) for stream in streams}) == 1
        assert asked == ["call"]

    async def test_a_former_address_leads_to_the_same_stream(self, hub):
        event = await database_sync_to_async(cast.event)()
        await database_sync_to_async(publishing.change)(event, by=None, slug="renamed")
        assert await hub.find("call") is await hub.find("renamed") is not None

    async def test_a_private_event_is_not_found(self, hub):
        await database_sync_to_async(cast.event)(visibility="private")
        assert await hub.find("call") is None

    async def test_what_the_layer_loses_the_look_finds(self, hub, monkeypatch):
        event = await database_sync_to_async(cast.event)()
        stream = await hub.find("call")
        monkeypatch.setattr(channel, "announce", lambda *_args: None)
        done = await publish(event, "Never announced")
        await until(lambda: stream.sequence == done.sequence)

    async def test_a_bad_message_does_not_end_the_listening(self, hub, monkeypatch):
        event = await database_sync_to_async(cast.event)()
        stream, ear = await hub.find("call"), Ear()
        stream.add(ear)
        await until(lambda: channel.group_name(event.pk) in hub.groups._joined)
        layer = get_channel_layer()
        for junk in ({"type": "live.update"}, {"event": event.pk, "frame": "{"}, {"event": event.pk, "frame": "[]"}):
            await layer.group_send(channel.group_name(event.pk), junk)
        await asyncio.sleep(0.3)
        done = await publish(event)
        await until(lambda: any(f'"sequence":{done.sequence},"action"' in text for text in ear.heard))
        assert orjson.loads(ear.heard[-1])["type"] == "update"

    async def test_a_task_that_dies_is_started_again(self, hub):
        event = await database_sync_to_async(cast.event)()
        stream = await hub.find("call")
        for task in list(hub._tasks.values()):
            task.cancel()
        await asyncio.sleep(1.2)
        assert not any(task.done() for task in hub._tasks.values())
        done = await publish(event)
        await until(lambda: stream.sequence == done.sequence)

    async def test_a_look_is_one_query_for_all_events(self, hub):
        for number in range(5):
            await database_sync_to_async(cast.event)(f"event-{number}")
            await hub.find(f"event-{number}")

        def look():
            with CaptureQueriesContext(connection) as asked:
                heads = database.read_heads(database.Database(), list(hub.streams), anyway=True)
            return len(heads), [query for query in asked if query["sql"].startswith("SELECT")]

        count, queries = await database_sync_to_async(look)()
        assert (count, len(queries)) == (5, 1)

    async def test_a_catch_up_beyond_the_ring_is_asked_once_for_all(self, hub, monkeypatch):
        event = await database_sync_to_async(cast.event)()
        await publish(event)
        stream = await hub.find("call")
        asked, catch_up = [], frames.catch_up
        monkeypatch.setattr(frames, "catch_up", lambda *args: asked.append(args) or catch_up(*args))
        answers = await asyncio.gather(*(hub.catch_up(stream, 1, stream.epoch) for _count in range(20)))
        assert len(asked) == 1
        assert [len(answer["updates"]) for answer in answers] == [1] * 20

    async def test_when_many_questions_wait_further_ones_are_told_when_to_come_back(self, hub, monkeypatch):
        event = await database_sync_to_async(cast.event)()
        await publish(event)
        stream = await hub.find("call")
        monkeypatch.setattr(hubs, "MAX_WAITING", 2)
        await asyncio.sleep(0.1)
        opened = threading.Event()
        waiting = [asyncio.create_task(hub.database.ask(opened.wait, 5)) for _count in range(2)]
        await asyncio.sleep(0)
        for miss in (hub.catch_up(stream, 1, stream.epoch), hub.find("elsewhere")):
            with pytest.raises(hubs.Busy) as busy:
                await miss
            assert hubs.BUSY_SECONDS[0] <= busy.value.seconds <= hubs.BUSY_SECONDS[1]
        assert (await hub.catch_up(stream, stream.sequence, stream.epoch))["updates"] == []
        opened.set()
        await asyncio.gather(*waiting)
        assert len((await hub.catch_up(stream, 1, stream.epoch))["updates"]) == 1

    async def test_another_epoch_and_the_end_of_being_public_are_seen(self, hub):
        event = await database_sync_to_async(cast.event)()
        stream = await hub.find("call")
        await Stream.objects.filter(event=event).aupdate(epoch="another")
        await until(lambda: stream.epoch == "another")
        await Event.objects.filter(pk=event.pk).aupdate(visibility="private")
        await until(lambda: event.pk not in hub.streams)
        assert await hub.find("call") is None

    async def test_an_event_is_left_some_time_after_its_last_reader(self, hub, monkeypatch):
        event = await database_sync_to_async(cast.event)()
        stream, ear = await hub.find("call"), Ear()
        await until(lambda: channel.group_name(event.pk) in hub.groups._joined)
        stream.add(ear)
        monkeypatch.setattr(hubs, "LINGER", 0.0)
        await asyncio.sleep(0.6)
        assert event.pk in hub.streams
        await hub.leave(stream, ear)
        await until(lambda: event.pk not in hub.streams and channel.group_name(event.pk) not in hub.groups._joined)

    async def test_the_pulse_tells_where_the_event_is(self, hub, settings):
        settings.PULSE_SECONDS = 0.1
        event = await database_sync_to_async(cast.event)()
        stream, ear = await hub.find("call"), Ear()
        stream.add(ear)
        await until(lambda: f'{{"type":"pulse","sequence":{stream.sequence}}}' in ear.heard)
        assert stream.event == event.pk

    async def test_without_a_server_it_ends_with_its_last_reader(self):
        await database_sync_to_async(cast.event)()
        hub = hubs.current()
        stream, ear = await hub.find("call"), Ear()
        stream.add(ear)
        await hub.leave(stream, ear)
        assert all(task.done() for task in hub._tasks.values())
        assert hubs.current() is not hub
        await hubs.current().stop()

    async def test_a_database_that_is_away_is_told_once_and_asked_again(self, hub, monkeypatch, caplog):
        event = await database_sync_to_async(cast.event)()
        stream = await hub.find("call")

        def away(*_args):
            raise OSError("no route to the database")

        with monkeypatch.context() as patched, caplog.at_level(logging.WARNING):
            patched.setattr(database, "read_heads", away)
            for _time in range(4):
                hub.suspect(event.pk)
                await asyncio.sleep(0.3)
        assert len([record for record in caplog.records if "does not answer" in record.message]) == 1
        await until(lambda: hub.look.trouble._told is None)
        done = await publish(event)
        await until(lambda: stream.sequence == done.sequence)


def test_a_lasting_trouble_is_told_once(caplog):
    log = logging.getLogger("a.library")
    trouble = Complaint(log, "It is away.")
    for _time in range(5):
        trouble.make()
    trouble.over()
    assert [record.getMessage() for record in caplog.records] == ["It is away.", "Over: It is away."]


def test_a_library_that_cries_each_second_is_made_quiet(caplog):
    quieten("a.crying.library")
    log = logging.getLogger("a.crying.library")
    for _time in range(5):
        try:
            raise OSError("away")
        except OSError:
            log.exception("Unexpected exception")
    assert [record.getMessage() for record in caplog.records] == ["Unexpected exception (away)"]
    assert caplog.records[0].exc_info is None
