"""The reader's door, over plain ASGI: greeting, catching up, and every way to an end."""

import asyncio
import json
from urllib.parse import quote

import pytest
from asgiref.testing import ApplicationCommunicator
from channels.db import database_sync_to_async

from events import frames, publishing
from events.live import doors
from events.live import hub as hubs
from events.live.doors import router
from tests import cast

pytestmark = pytest.mark.django_db(transaction=True)

#: Seconds within which a door says what it has to say, on a machine that is busy with much else.
PATIENCE = 20

begin = database_sync_to_async(cast.event)
publish = database_sync_to_async(cast.post)
withdraw = database_sync_to_async(publishing.withdraw)
change = database_sync_to_async(publishing.change)


def knock(path, headers=()):
    """A websocket's handshake at the router, as a server brings it."""
    path, _mark, query = path.partition("?")
    scope = {"type": "websocket", "path": path, "query_string": query.encode(), "headers": list(headers)}
    return ApplicationCommunicator(router, scope)


class Visit:
    """One visit to the door. ``async with Visit("?after=0") as visit: …``."""

    def __init__(self, query="", slug="call", headers=()):
        self.door = knock(f"/ws/events/{slug}/{query}", headers)

    async def __aenter__(self):
        await self.door.send_input({"type": "websocket.connect"})
        assert (await self.door.receive_output(PATIENCE))["type"] == "websocket.accept"
        return self

    async def __aexit__(self, *_error):
        await self.door.send_input({"type": "websocket.disconnect", "code": 1000})
        await self.door.wait(PATIENCE)

    async def say(self, **said):
        """Talk, which no reader may."""
        await self.door.send_input({"type": "websocket.receive", **said})

    async def hear(self, seconds=PATIENCE):
        """The next frame."""
        return json.loads((await self.door.receive_output(seconds))["text"])

    async def closed(self, seconds=PATIENCE):
        """The close code that comes next."""
        message = await self.door.receive_output(seconds)
        assert message["type"] == "websocket.close", message
        return message["code"]


async def test_it_says_hello_first():
    event = await begin()
    async with Visit() as visit:
        hello = await visit.hear()
        assert hello["type"] == "hello"
        assert (hello["v"], hello["sequence"]) == (1, 1)
        assert hello["epoch"] == (await database_sync_to_async(lambda: event.stream.epoch)())
        assert await visit.door.receive_nothing()


async def test_a_post_reaches_an_open_socket_at_once():
    event = await begin()
    async with Visit() as visit:
        await visit.hear()
        await asyncio.sleep(0.2)
        done = await publish(event, "On the line")
        frame = await visit.hear(1)
        assert (frame["type"], frame["after"], frame["sequence"]) == ("update", 1, done.sequence)
        assert "On the line" in frame["html"]


async def test_it_takes_any_origin():
    await begin()
    async with Visit(headers=[(b"origin", b"null")]) as visit:
        assert (await visit.hear())["type"] == "hello"


async def test_after_is_answered_from_the_database_and_then_from_the_ring():
    event = await begin()
    first = await publish(event, "Before anybody came")
    async with Visit() as open_door:
        epoch = (await open_door.hear())["epoch"]
        async with Visit(f"?after=1&epoch={epoch}") as visit:
            assert (await visit.hear())["type"] == "hello"
            answer = await visit.hear()
            assert (answer["type"], answer["after"], answer["sequence"]) == ("updates", 1, first.sequence)
            assert [one["post"] for one in answer["updates"]] == [first.post.pk]
        second = await publish(event, "While somebody listens")
        await open_door.hear()
        stream = await hubs.current().find("call")
        assert stream.answer(first.sequence, epoch) is not None
        async with Visit(f"?after={first.sequence}&epoch={epoch}") as visit:
            await visit.hear()
            answer = await visit.hear()
            assert [one["post"] for one in answer["updates"]] == [second.post.pk]


async def test_those_who_come_back_together_share_one_answer_until_the_event_moves(monkeypatch):
    event = await begin()
    asked, merge = [], frames.merge
    monkeypatch.setattr(frames, "merge", lambda *args, **more: asked.append(more["after"]) or merge(*args, **more))
    async with Visit() as open_door:
        epoch = (await open_door.hear())["epoch"]
        done = await publish(event, "mackerel")
        await open_door.hear()
        for _reader in range(5):
            async with Visit(f"?after=1&epoch={epoch}") as visit:
                await visit.hear()
                assert "mackerel" in json.dumps(await visit.hear())
        assert asked == [1]
        await withdraw(done.post, by=None)
        await open_door.hear()
        async with Visit(f"?after=1&epoch={epoch}") as visit:
            await visit.hear()
            answer = await visit.hear()
        assert (answer["sequence"], [one["action"] for one in answer["updates"]]) == (3, ["withdraw"])
        assert "mackerel" not in json.dumps(answer)


async def test_a_long_answer_comes_in_parts_that_lead_to_the_end(monkeypatch):
    monkeypatch.setattr(doors, "MAX_ANSWER", 2000)
    event = await begin()
    posts = [await publish(event, f"Number {number}") for number in range(6)]
    async with Visit() as open_door:
        epoch = (await open_door.hear())["epoch"]
    after, heard, parts = 1, [], 0
    while True:
        async with Visit(f"?after={after}&epoch={epoch}") as visit:
            await visit.hear()
            answer = await visit.hear()
        heard += [one["post"] for one in answer["updates"]]
        after, parts = answer["sequence"], parts + 1
        if not answer["more"]:
            break
    assert heard == [post.post.pk for post in posts]
    assert (after, parts > 1) == (posts[-1].sequence, True)


async def test_withdrawn_words_are_never_sent_again():
    event = await begin()
    async with Visit() as open_door:
        epoch = (await open_door.hear())["epoch"]
        done = await publish(event, "mackerel")
        await open_door.hear()
        await withdraw(done.post, by=None)
        await open_door.hear()
        for after in range(4):
            async with Visit(f"?after={after}&epoch={epoch}") as visit:
                await visit.hear()
                answer = await visit.hear()
                assert "mackerel" not in json.dumps(answer)
                assert answer["sequence"] == 3 if after <= 3 else after


async def test_another_epoch_means_take_the_page_again():
    await begin()
    async with Visit("?after=0&epoch=somethingelse") as visit:
        await visit.hear()
        assert (await visit.hear())["reset"] is True


async def test_beyond_the_head_there_is_nothing_yet():
    await begin()
    async with Visit() as visit:
        epoch = (await visit.hear())["epoch"]
    async with Visit(f"?after=999999999999999&epoch={epoch}") as visit:
        await visit.hear()
        answer = await visit.hear()
        assert (answer["updates"], answer["reset"]) == ([], False)


async def test_after_of_a_wrong_kind_gets_hello_and_then_behind():
    await begin()
    for after in ("", "-1", "one", "1.0", "٣", "9223372036854775808", "1%00", "0x1", "%2B1", "1%20", "1\n"):
        async with Visit(f"?after={quote(after, safe='%')}&epoch=x") as visit:
            hello = await visit.hear()
            assert hello["type"] == "hello"
            assert await visit.hear() == {"type": "behind", "epoch": hello["epoch"], "sequence": 1}, after


async def test_who_talks_is_closed():
    await begin()
    for said in ({"text": "hello?"}, {"bytes": b"\x00\xff"}, {"text": ""}):
        async with Visit() as visit:
            await visit.hear()
            await visit.say(**said)
            assert await visit.closed() == 4400


async def test_an_unknown_and_a_private_event_are_closed_alike():
    await begin("secret", visibility="private")
    for slug in ("secret", "nothing-there"):
        async with Visit(slug=slug) as visit:
            assert await visit.closed() == 4404


async def test_an_unknown_path_is_refused_quietly(caplog):
    for path in ("/", "/ws/", "/ws/events/call", "/ws/events/call/more/", "/wp-admin/", "//"):
        door = knock(path)
        await door.send_input({"type": "websocket.connect"})
        assert (await door.receive_output(PATIENCE))["type"] == "websocket.close"
        await door.wait()
    assert caplog.records == []


async def test_a_former_address_still_works():
    event = await begin()
    await change(event, by=None, slug="renamed")
    async with Visit(slug="call") as visit:
        assert (await visit.hear())["type"] == "hello"


async def test_an_event_made_private_says_gone_and_closes():
    event = await begin()
    async with Visit() as visit:
        await visit.hear()
        await change(event, by=None, visibility="private")
        heard = await visit.hear()
        while heard["type"] != "gone":
            heard = await visit.hear()
        assert await visit.closed() == 4404


async def test_a_database_that_is_away_sends_the_reader_back_later(monkeypatch):
    async def away(*_args):
        raise OSError("no route to the database")

    monkeypatch.setattr(hubs.Hub, "find", away)
    async with Visit() as visit:
        assert await visit.closed() == 1012
    await hubs.current().stop()
