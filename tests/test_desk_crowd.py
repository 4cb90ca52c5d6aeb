"""Many at the desk's door: with invented cookies, from one address, or all at once. Readers and editors do not wait."""

import asyncio
import time
from contextlib import AsyncExitStack
from itertools import count

import pytest

from events.live import checks, desk_door, doors
from events.live import hub as hubs
from events.live.caps import Rate
from events.live.database import Database
from tests.test_desk_socket import Further, Visit, begin, refused

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def slow(monkeypatch):
    """A database that takes its time to say who may be here; how many of those questions stand in its row at most."""
    found, why_not, ask = {"most": 0, "now": 0, "asked": 0}, desk_door.why_not, Database.ask

    def slowly(key, event):
        time.sleep(0.02)
        return why_not(key, event)

    async def counted(database, question, *args):
        if question is not slowly:
            return await ask(database, question, *args)
        found["now"] += 1
        found["asked"] += 1
        found["most"] = max(found["most"], found["now"])
        try:
            return await ask(database, question, *args)
        finally:
            found["now"] -= 1

    monkeypatch.setattr(desk_door, "why_not", slowly)
    monkeypatch.setattr(Database, "ask", counted)
    return found


async def test_a_flood_of_invented_cookies_keeps_no_reader_out(slow):
    event, _user, key = await begin()
    over, codes = asyncio.Event(), set()

    async def knock_on(number):
        for turn in count():
            if over.is_set():
                return
            codes.add(await refused(event.pk, f"{number:032x}", address=f"8.{number}.{turn % 250}.8"))

    async with Visit(event.pk, key):
        hub = hubs.current()
        async with asyncio.TaskGroup() as flood:
            for number in range(40):
                flood.create_task(knock_on(number))
            while slow["asked"] < 5:  # noqa: ASYNC110 - nobody tells
                await asyncio.sleep(0.01)
            asked = slow["asked"]
            # Each is loaded anew: a reader's question, of the kind that waits least.
            for number in range(20):
                assert await hub.find(f"none-{number}") is None
            assert slow["asked"] > asked + 5, "the flood went on meanwhile"
            over.set()
    assert codes == {4401, 1012}
    assert slow["most"] <= checks.AT_ONCE


async def test_whoever_knocks_with_invented_cookies_keeps_no_editor_out(slow):
    event, _user, key = await begin()
    async with Visit(event.pk, key):
        flood = [asyncio.create_task(refused(event.pk, f"{n:032x}", address="8.8.8.8")) for n in range(200)]
        async with Further(event.pk, key, address="9.9.9.9"):
            pass
        assert set(await asyncio.gather(*flood)) == {4401, 1012}
        # The first visit, the second, and of the flood what one address may wait for.
        assert slow["asked"] == 2 + checks.WAITING_PER_ADDRESS
        # A moment later it may try again.
        async with asyncio.timeout(10):
            while await refused(event.pk, "b" * 32, address="8.8.8.8") != 4401:  # noqa: ASYNC110 - nobody tells
                await asyncio.sleep(0.1)


async def test_open_desks_are_looked_at_a_few_at_a_time(slow, monkeypatch):
    monkeypatch.setattr(desk_door, "CHECK_SECONDS", 0.2)
    event, _user, key = await begin()
    async with AsyncExitStack() as stack:
        for desk in range(12):
            await stack.enter_async_context((Further if desk else Visit)(event.pk, key))
        asked = slow["asked"]
        async with asyncio.timeout(10):
            while slow["asked"] < asked + 24:  # noqa: ASYNC110 - nobody tells
                await asyncio.sleep(0.05)
        assert slow["most"] <= checks.AT_ONCE


async def test_desks_have_places_and_a_rate_of_their_own(settings, monkeypatch):
    event, _user, key = await begin()
    settings.SOCKETS_PER_ADDRESS = 1
    async with Visit(event.pk, key, address="8.8.8.8"):
        assert await refused(event.pk, key, address="8.8.8.8") == 4429
        async with Further(event.pk, key, address="9.9.9.9"):
            pass
        assert doors.caps._taken == 0, "readers' places are theirs"
        settings.ACCEPT_RATE = 10
        monkeypatch.setattr(desk_door, "rate", Rate(0.1))
        async with Further(event.pk, key, address="9.9.9.9"):
            assert await refused(event.pk, key, address="9.9.9.8") == 1012
    assert not desk_door.caps._places
