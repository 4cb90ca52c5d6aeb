"""The hub, without a server."""

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
from events.live import channel, database, questions
from events.live import hub as hubs
from events.live import look as looks
from events.live.patience import Complaint, quieten
from events.models import Event, Stream
from tests import cast
from tests.ears import Ear


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

    async def test_who_comes_back_to_a_new_process_is_answered_from_memory(self, hub, monkeypatch):
        event = await database_sync_to_async(cast.event)()
        first = await publish(event, "Known before the restart")
        second = await publish(event, "Missed")
        await database_sync_to_async(publishing.mark)(first.post, by=None, key_event=True)
        stream = await hub.find("call")
        fresh = await database_sync_to_async(frames.catch_up)(event.pk, first.sequence, stream.epoch)
        monkeypatch.setattr(frames, "catch_up", lambda *_asked: pytest.fail("The database was asked."))
        answer = await hub.catch_up(stream, first.sequence, stream.epoch)
        assert [(item["post"], item["action"]) for item in answer["updates"]] == [
            (second.post.pk, "publish"),
            (first.post.pk, "revise"),
        ]
        assert answer == fresh

    async def test_what_is_published_while_an_event_is_read_needs_no_second_reading(self, hub, monkeypatch):
        event = await database_sync_to_async(cast.event)()
        catch_up, joined = frames.catch_up, asyncio.Event()
        join = hub.groups.join

        def note(group, then):
            join(group, lambda: (joined.set(), then()))

        def read_and_publish(*asked):
            answer = catch_up(*asked)
            asyncio.run_coroutine_threadsafe(asyncio.wait_for(joined.wait(), 5), hub.loop).result(5)
            cast.post(event, "In between")
            return answer

        monkeypatch.setattr(hub.groups, "join", note)
        monkeypatch.setattr(hub.look, "once", lambda: asyncio.sleep(0))
        monkeypatch.setattr(frames, "catch_up", read_and_publish)
        before = (await Stream.objects.aget(event=event)).sequence
        stream = await hub.find("call")
        await until(lambda: stream.sequence == before + 1)

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

    async def test_what_the_look_saw_before_it_was_announced_comes_by_the_layer(self, hub, monkeypatch):
        look, held, asked, ear = hub.look.once, [], [], Ear()
        monkeypatch.setattr(hub.look, "once", lambda: asyncio.sleep(0))
        event = await database_sync_to_async(cast.event)()
        stream = await hub.find("call")
        stream.add(ear)
        await until(lambda: channel.group_name(event.pk) in hub.groups._joined)
        announce, read, catch_up = channel.announce, database.read_heads, frames.catch_up

        def read_then_announce(*args):
            heads = read(*args)
            announce(*held.pop())
            return heads

        monkeypatch.setattr(channel, "announce", lambda *args: held.append(args))
        monkeypatch.setattr(database, "read_heads", read_then_announce)
        monkeypatch.setattr(frames, "catch_up", lambda *args: asked.append(args) or catch_up(*args))
        # However slow the machine is.
        monkeypatch.setattr(looks, "PATIENCE", 1000)
        done = await publish(event, "Committed, and on its way")
        await look()
        await stream.drained()
        assert (stream.sequence, asked) == (done.sequence, [])
        assert [orjson.loads(text)["type"] for text in ear.heard] == ["update"]

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
        monkeypatch.setattr(hubs, "WARM", 0)
        stream = await hub.find("call")
        asked, catch_up = [], frames.catch_up
        monkeypatch.setattr(frames, "catch_up", lambda *args: asked.append(args) or catch_up(*args))
        answers = await asyncio.gather(*(hub.catch_up(stream, 1, stream.epoch) for _count in range(20)))
        assert len(asked) == 1
        assert [len(answer["updates"]) for answer in answers] == [1] * 20

    async def test_when_many_questions_wait_further_ones_are_told_when_to_come_back(self, hub, monkeypatch):
        event = await database_sync_to_async(cast.event)()
        await publish(event)
        monkeypatch.setattr(hubs, "WARM", 0)
        stream = await hub.find("call")
        monkeypatch.setattr(questions, "MAX_WAITING", 2)
        await asyncio.sleep(0.1)
        opened = threading.Event()
        waiting = [asyncio.create_task(hub.questions.database.ask(opened.wait, 5)) for _count in range(2)]
        await asyncio.sleep(0)
        misses = (hub.catch_up(stream, 1, stream.epoch), hub.find("elsewhere"), hub.questions.ask(database.is_ready))
        for miss in misses:
            with pytest.raises(questions.Busy) as busy:
                await miss
            assert questions.BUSY_SECONDS[0] <= busy.value.seconds <= questions.BUSY_SECONDS[1]
        monkeypatch.setattr(questions, "MAX_WAITING", 4)
        page = asyncio.create_task(hub.questions.ask(database.is_ready))
        with pytest.raises(questions.Busy):
            await hub.find("yet-elsewhere")
        assert (await hub.catch_up(stream, stream.sequence, stream.epoch))["updates"] == []
        opened.set()
        await asyncio.gather(*waiting, page)
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
        await until(lambda: frames.dump(frames.pulse(stream.epoch, stream.sequence)) in ear.heard)
        assert stream.event == event.pk

    async def test_who_is_stuck_is_closed_though_the_pulse_stands_still(self, hub, monkeypatch):
        monkeypatch.setattr(hubs, "SLOW_SECONDS", 0.0)
        await database_sync_to_async(cast.event)()
        stream, stuck = await hub.find("call"), Ear()
        stream.add(stuck)
        monkeypatch.setattr(hub, "_pulse", asyncio.Event().wait)
        hub._tasks["pulse"].cancel()
        stuck.slow_since = 0.0
        await until(lambda: stuck.ending is not None)
        assert {"pulse", "housekeeping"} <= set(hub._tasks)

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
