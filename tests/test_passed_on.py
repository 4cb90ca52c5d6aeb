"""What is Django's to answer passes the door at once: no page is made to be thrown away."""

import pytest
from channels.db import database_sync_to_async

from events import embed_pages, pages, publishing
from events.live import hub as hubs
from events.live import reads
from tests import cast

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
async def ask(monkeypatch):
    """Ask the raw door; answers with the status, or None for what it passed on. `ask.made` lists the pages made."""
    hub = hubs.current()
    hub.held = True
    made = []
    for room, name in ((pages, "event_page"), (embed_pages, "embed_page")):
        make = getattr(room, name)
        monkeypatch.setattr(room, name, lambda *args, make=make: made.append(args) or make(*args))

    async def django(*_asgi):
        """It would answer now."""

    door = reads.from_memory(django)

    async def ask(path):
        said = []

        async def send(message):
            said.append(message)

        scope = {"type": "http", "method": "GET", "path": path, "query_string": b"", "headers": []}
        await door(scope, None, send)
        return said[0]["status"] if said else None

    ask.made = made
    yield ask
    await hub.stop()


async def test_a_former_address_makes_the_page_once_at_most(ask):
    event = await database_sync_to_async(cast.event)()
    await database_sync_to_async(publishing.change)(event, by=None, slug="renamed")
    assert [await ask("/events/call/") for _time in range(3)] == [None] * 3
    assert len(ask.made) == 1
    assert await ask("/events/renamed/") == 200
    assert len(ask.made) == 1


@pytest.mark.parametrize("path", ["/events/call/", "/embed/call/"])
async def test_an_event_for_partners_makes_no_page_until_everybody_may_see_it(ask, path):
    event = await database_sync_to_async(cast.event)(visibility="partners")
    assert [await ask(path) for _time in range(3)] == [None] * 3
    assert ask.made == []
    stream = await hubs.current().find("call")
    before = stream.sequence
    await database_sync_to_async(publishing.change)(event, by=None, visibility="public")
    while stream.sequence == before:
        await hubs.current().look.once()
    assert await ask(path) == 200
