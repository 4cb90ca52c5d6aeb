"""Every door of the public side, as the list of addresses has them: no word that is not public goes through any.

Doors that are added later are walked through too: they stand in the same list.
"""

import re
from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from events import frames, publishing
from events.models import Event, Partner, Post
from events.publishing import Line, Named
from tests import cast

pytestmark = pytest.mark.django_db

#: In every field that can be typed, and in no other word.
CANARY = "zxcanaryzx"
#: Rooms of the desk, behind their own doors.
INSIDE = ("admin/", "accounts/")
#: What an argument of an address is filled with, by its name.
FILLED = {"slug": "call", "key": "paper", "form": "html", "format": "atom", "name": "x", "path": "x"}
QUERIES = ("", "?order=oldest", "?show=key", f"?q={CANARY}", "?q=line", "?after=0", "?format=json&url={url}")


def words(canary: str = CANARY, **fields) -> publishing.Words:
    named = Named(basis="on_record", as_named=canary, as_role=canary, quote=canary, medium=canary, place=canary)
    return publishing.Words(
        headline=f"About {canary}", body=f"<p>{canary} on the line</p>", byline=canary, key_event=True,
        key_label=canary, attributions=(named,), **fields,
    )  # fmt: skip


def addresses(resolver: URLResolver, before: str = "") -> Iterator[str]:
    """Every public address, with ``<name>`` where an argument stands."""
    for entry in resolver.url_patterns:
        here = before + str(entry.pattern).lstrip("^")
        if here.startswith(INSIDE):
            continue
        if isinstance(entry, URLResolver):
            yield from addresses(entry, here)
        elif isinstance(entry, URLPattern) and "(?P" not in here:
            yield re.sub(r"<(?:\w+:)?(\w+)>", r"<\1>", here)


def everything(client: Client, event: Event) -> str:
    """All bytes and headers that a stranger is given, through every door, for the event and each of its posts."""
    posts = list(Post.objects.filter(event=event).values_list("pk", flat=True))
    given = []
    for pattern in addresses(get_resolver()):
        for post in posts if "<post_id>" in pattern else ("",):
            path = re.sub(r"<(\w+)>", lambda name: {"post_id": post, **FILLED}.get(name[1], "1"), pattern)  # noqa: B023
            for query in QUERIES:
                url = f"http://testserver{event.get_absolute_url()}"
                answer = client.get(f"/{path}{query.format(url=url)}")
                body = answer.getvalue().decode("utf-8", "replace") if answer.status_code == 200 else ""
                # What was searched for is repeated to whoever searches.
                given.append(f"{path} {answer.headers} {body if CANARY not in query else ''}")
    return "".join(given)


@pytest.fixture
def call(event: Event, settings) -> Event:
    Partner.objects.create(name="The Paper", key="paper", origins=["https://paper.example"])
    publishing.change(event, by=None, coming_up="More")
    cast.post(event, "One that all may read, down the line")
    return event


def test_every_door_is_walked_through(client, call):
    doors = set(addresses(get_resolver()))
    assert {"", "events/<slug>/", "events/<slug>/updates/", "events/<slug>/posts/<post_id>/", "embed/<slug>/"} <= doors
    publishing.publish(call, words=words(), by=None)
    assert everything(client, call).count(CANARY) > 50


def test_nothing_that_is_not_public_goes_through_any(client, call, editor, caplog):
    public = cast.post(call, "Another").post
    for submit in (False, True):
        publishing.save_draft(call, words=words(), by=editor, submit=submit)
    back = publishing.save_draft(call, words=words(), by=editor, submit=True).post
    publishing.send_back(back, by=editor, reason=CANARY)
    publishing.note(public, by=editor, note=CANARY)
    publishing.change(call, by=editor, handover=CANARY)
    for verb in ("hold", "withdraw", "retract", "remove", "undo"):
        post = publishing.publish(call, words=words(), by=editor, pin=True).post
        getattr(publishing, verb)(post, by=editor, **({"note": "We were wrong."} if verb == "retract" else {}))
    corrected = publishing.publish(call, words=words(), by=editor).post
    publishing.correct(corrected, words=cast.words("Right"), revision=1, note="We were wrong.", by=editor)
    # The entry's headline names the post as it was corrected, and nothing of what it was.
    publishing.summarise(call, lines=[Line(text=CANARY)], by=editor)
    publishing.summarise(call, lines=[Line(text="They talk.")], by=editor)
    assert CANARY not in everything(client, call)
    assert CANARY not in frames.dump(frames.catch_up(call.pk, 0, call.stream.epoch))
    assert CANARY not in caplog.text
