"""The desk's door, over plain ASGI: from where, who, for how long, and what is told."""

import asyncio
import json

import pytest
from asgiref.testing import ApplicationCommunicator
from channels.db import database_sync_to_async
from channels.layers import get_channel_layer
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.auth.models import User
from django.contrib.sessions.backends.db import SessionStore

from events import publishing
from events.live import channel, desk_door
from events.live import hub as hubs
from events.live.database import Database
from events.live.doors import router
from events.models import Event, Role
from tests import cast
from tests.test_socket import PATIENCE

pytestmark = pytest.mark.django_db(transaction=True)

HOST = b"testserver"
HERE = b"http://testserver"


@database_sync_to_async
def begin(group: str = "editor", **fields) -> tuple[Event, User, str]:
    """An event, somebody in a group, and the key of their session."""
    event, user = cast.event(**fields), cast.member("edith", group)
    return event, user, session_of(user)


def session_of(user: User) -> str:
    """The key of a session of theirs."""
    session = SessionStore()
    session.update({SESSION_KEY: str(user.pk), BACKEND_SESSION_KEY: settings.AUTHENTICATION_BACKENDS[0]})
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    return str(session.session_key)


def knock(
    event: int, key: str = "", origin: bytes | None = HERE, host: bytes = HOST, address: str = ""
) -> ApplicationCommunicator:
    headers = [(b"host", host), (b"cookie", f"csrftoken=x; sessionid={key}".encode())]
    headers += [(b"origin", origin)] if origin is not None else []
    return ApplicationCommunicator(
        router,
        {
            "type": "websocket",
            "path": f"/ws/desk/{event}/",
            "query_string": b"",
            "headers": headers,
            "client": (address, 1234),
        },
    )


class Visit:
    """One open desk. ``async with Visit(event.pk, key) as visit: …``."""

    def __init__(self, *args, **kwargs):
        self.door = knock(*args, **kwargs)

    async def __aenter__(self):
        await self.door.send_input({"type": "websocket.connect"})
        assert (await self.door.receive_output(PATIENCE))["type"] == "websocket.accept"
        # What was said before the group was joined.
        assert await self.hear() == ["timeline"]
        return self

    async def __aexit__(self, *_error):
        await self.door.send_input({"type": "websocket.disconnect", "code": 1000})
        await self.door.wait(PATIENCE)

    async def hear(self):
        """What changed, by the next message, which says nothing else."""
        message = json.loads((await self.door.receive_output(PATIENCE))["text"])
        assert set(message) == {"type", "about"} and message["type"] == "changed"
        return message["about"]

    async def closed(self):
        """The close code that comes next."""
        message = await self.door.receive_output(PATIENCE)
        assert message["type"] == "websocket.close", message
        return message["code"]


class Further(Visit):
    """A desk of an event that has one in this process already: nothing was missed, and nothing is said at first."""

    async def __aenter__(self):
        await self.door.send_input({"type": "websocket.connect"})
        assert (await self.door.receive_output(PATIENCE))["type"] == "websocket.accept"
        return self


async def refused(*args, **kwargs) -> int:
    """The code with which the handshake is refused."""
    door = knock(*args, **kwargs)
    await door.send_input({"type": "websocket.connect"})
    message = await door.receive_output(PATIENCE)
    assert message["type"] == "websocket.close"
    await door.wait(PATIENCE)
    return message["code"]


async def test_it_says_that_something_changed_and_not_what():
    event, user, key = await begin()
    async with Visit(event.pk, key) as visit:
        await database_sync_to_async(publishing.save_draft)(event, words=cast.words("canary"), by=user)
        assert await visit.hear() == ["inbox"]
        channel.signal(event.pk, "presence")
        assert await visit.hear() == ["presence"]
        await database_sync_to_async(cast.post)(event)
        # Public deeds come by the reader's socket.
        assert await visit.door.receive_nothing(0.4)


async def test_where_readers_have_no_socket_public_deeds_are_told_too():
    event, _user, key = await begin(visibility="private")
    async with Visit(event.pk, key) as visit:
        await database_sync_to_async(cast.post)(event)
        assert await visit.hear() == ["timeline"]
        # Shown to readers: this very deed their socket, which the desk has not yet, does not tell it.
        for visibility in ("public", "private"):
            await database_sync_to_async(publishing.change)(event, by=None, visibility=visibility)
            assert await visit.hear() == ["timeline"]


async def test_another_events_desk_is_not_woken():
    event, _user, key = await begin()
    other = await database_sync_to_async(cast.event)("other")
    async with Visit(event.pk, key) as visit, Visit(other.pk, key) as elsewhere:
        channel.signal(other.pk, "inbox")
        assert await elsewhere.hear() == ["inbox"]
        assert await visit.door.receive_nothing(0.3)


@pytest.mark.parametrize(
    "origin", [None, b"", b"null", b"https://evil.example", b"http://testserver.evil.example", b"http://testserver:81"]
)
async def test_a_handshake_from_elsewhere_is_refused(origin):
    event, _user, key = await begin()
    assert await refused(event.pk, key, origin=origin) == 4403


async def test_an_origin_that_agrees_with_a_host_that_is_not_ours_is_refused():
    event, _user, key = await begin()
    assert await refused(event.pk, key, origin=b"http://evil.example", host=b"evil.example") == 4403


async def test_the_sites_own_and_trusted_origins_are_let_in(settings):
    settings.CSRF_TRUSTED_ORIGINS = ["https://desk.example.org"]
    event, _user, key = await begin()
    for origin in (settings.SITE_URL.encode(), b"https://desk.example.org", b"https://testserver"):
        async with Visit(event.pk, key, origin=origin):
            pass


async def test_without_a_session_or_with_anybodys_invention_it_is_refused():
    event, _user, _key = await begin()
    assert await refused(event.pk, "") == 4403
    assert await refused(event.pk, "a" * 32) == 4401


async def test_who_has_no_place_is_refused_like_who_asks_for_no_event():
    event, _user, key = await begin("")
    assert await refused(event.pk, key) == 4403
    assert await refused(event.pk + 1000, key) == 4403


async def test_a_role_opens_the_desk_of_its_event_alone():
    event, user, key = await begin("")
    other = await database_sync_to_async(cast.event)("other")
    await Role.objects.acreate(event=event, user=user, part="viewer")
    async with Visit(event.pk, key):
        assert await refused(other.pk, key) == 4403


async def test_a_logout_closes_it(monkeypatch):
    monkeypatch.setattr(desk_door, "CHECK_SECONDS", 0.2)
    event, _user, key = await begin()
    async with Visit(event.pk, key) as visit:
        assert await visit.door.receive_nothing(0.5)
        await database_sync_to_async(SessionStore(key).flush)()
        assert await visit.closed() == 4401


async def test_a_logout_closes_it_at_once_and_leaves_the_others():
    event, _user, key = await begin()
    second = await database_sync_to_async(lambda: session_of(cast.member("otto", "editor")))()
    async with Visit(event.pk, second) as stays:
        leaves = knock(event.pk, key)
        await leaves.send_input({"type": "websocket.connect"})
        assert (await leaves.receive_output(PATIENCE))["type"] == "websocket.accept"
        await database_sync_to_async(SessionStore(key).flush)()
        channel.signal(event.pk, channel.DOOR)
        assert await leaves.receive_output(PATIENCE) == {"type": "websocket.close", "code": 4401}
        assert await stays.door.receive_nothing(0.3)
        await leaves.wait(PATIENCE)


async def test_who_must_show_a_second_factor_and_has_not_is_logged_out(settings):
    settings.SECOND_FACTOR_REQUIRED = True
    event, _user, key = await begin()
    assert await refused(event.pk, key) == 4401


async def test_a_changed_password_closes_it(monkeypatch):
    monkeypatch.setattr(desk_door, "CHECK_SECONDS", 0.2)
    event, user, key = await begin()
    async with Visit(event.pk, key) as visit:
        user.set_password("another-long-one")
        await user.asave()
        assert await visit.closed() == 4401


async def test_a_lost_place_closes_it(monkeypatch):
    monkeypatch.setattr(desk_door, "CHECK_SECONDS", 0.2)
    event, _user, key = await begin()
    async with Visit(event.pk, key) as visit:
        await database_sync_to_async(publishing.change)(event, by=None, only_named=True)
        while (message := await visit.door.receive_output(PATIENCE))["type"] != "websocket.close":
            assert "canary" not in message["text"]
        assert message["code"] == 4403


async def test_who_talks_is_closed():
    event, _user, key = await begin()
    async with Visit(event.pk, key) as visit:
        await visit.door.send_input({"type": "websocket.receive", "text": "hello?"})
        assert await visit.closed() == 4400


async def test_many_changes_at_once_are_one_message():
    event, _user, key = await begin()
    async with Visit(event.pk, key) as visit:
        for _time in range(50):
            channel.signal(event.pk, "inbox")
        heard = 0
        while not await visit.door.receive_nothing(0.4):
            assert await visit.hear() == ["inbox"]
            heard += 1
        assert 0 < heard < 10


async def test_a_layer_that_is_away_costs_the_editor_nothing(monkeypatch):
    async def never(*_args):
        await asyncio.sleep(60)

    event, user, key = await begin()
    async with Visit(event.pk, key):
        monkeypatch.setattr(get_channel_layer(), "group_send", never, raising=False)
        async with asyncio.timeout(5):
            for _time in range(5):
                await database_sync_to_async(publishing.save_draft)(event, words=cast.words(), by=user)


async def test_a_database_that_is_away_sends_the_desk_back_later(monkeypatch):
    async def away(*_args, **_more):
        raise OSError("no route to the database")

    event, _user, key = await begin()
    monkeypatch.setattr(Database, "ask", away)
    assert await refused(event.pk, key) == 1012


async def test_the_last_desk_ends_a_hub_that_nobody_holds():
    event, _user, key = await begin()
    async with Visit(event.pk, key):
        hub = hubs.current()
        assert hub.desks
    assert not hub._running and not hub.desks
