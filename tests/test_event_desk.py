"""The event's own fields, its strip and its summary at the desk, and its posts in the plain admin."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.test import Client
from django.utils import timezone

from events import publishing
from events.live import hub as hubs
from events.live.counts import Readers
from events.models import Event, Post, Update
from events.publishing import Line
from tests import cast
from tests.desks import at, do

pytestmark = pytest.mark.django_db


def heard(client: Client, event: Event) -> dict:
    return client.get(at(event, "timeline/")).json()


def words(headline: str = "They talk") -> dict:
    return {"headline": headline, "body": "<p>Now.</p>", "kind": "news"}


def test_fields_are_changed_at_the_desk_and_readers_hear_of_it(ada, event):
    before = cast.event("before")
    given = {"short_title": "The call", "coming_up": "A statement", "team_line": "By Ada in Delhi", "notice": "Live"}
    told = do(ada, event, "change", key="c", continues=str(before.pk), **given).json()
    assert told["message"] == "Changed." and told["sequence"]
    event.refresh_from_db()
    assert {name: getattr(event, name) for name in given} == given
    assert event.continues == before
    assert heard(ada, event)["about"]["coming_up"] == "A statement"


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"title": ""}, "title"),
        ({"short_title": "a" * 61}, "short_title"),
        ({"notice": "a" * 301}, "notice"),
        ({"continues": "99999"}, "continues"),
        ({"continues": "x"}, "continues"),
        ({"embargo_until": "tomorrow"}, "embargo_until"),
    ],
)
def test_a_mistake_is_said_at_its_field(ada, event, fields, field):
    answer = do(ada, event, "change", **fields)
    assert answer.status_code == 400 and answer.json()["field"] == field, answer.json()


# The strip


def test_readers_and_delay_come_from_this_process_and_its_fellows(ada, event, monkeypatch):
    told = heard(ada, event)
    assert (told["readers"], told["delay"]) == (None, None)
    hub = SimpleNamespace(readers=lambda _pk: Readers(1200, 34), delay=lambda _pk: 0.25)
    monkeypatch.setattr(hubs, "held", lambda: hub)
    told = heard(ada, event)
    assert (told["readers"], told["delay"]) == (1234, 0.25)


def test_after_ninety_minutes_the_desk_is_asked(ada, event):
    post = cast.post(event).post
    long_ago = timezone.now() - timedelta(minutes=91)
    assert heard(ada, event)["quiet"] == ""
    Post.objects.filter(pk=post.pk).update(significant_at=long_ago)
    assert heard(ada, event)["quiet"] == ""
    Update.objects.filter(event=event, verb="open").update(at=long_ago)
    assert heard(ada, event)["quiet"] == f"{long_ago.astimezone(event.tz):%H:%M} GMT"
    publishing.publish(event, words=publishing.Words(headline="B", kind="background"), by=None)
    assert heard(ada, event)["quiet"]
    cast.post(event, "Something new")
    assert heard(ada, event)["quiet"] == ""


def test_the_summary_names_the_posts_that_it_rests_on(ada, event):
    post = cast.post(event, "The call begins").post
    publishing.summarise(event, lines=[Line(text="They talk.", post=post), Line(text="More.")], by=None)
    assert [line["title"] for line in heard(ada, event)["summary"]] == ["The call begins", ""]


# The plain admin


def test_posts_are_held_and_restored_from_the_list(ada, event):
    post = cast.post(event).post
    ada.post("/admin/events/post/", {"action": "hold_posts", "_selected_action": [post.pk]})
    post.refresh_from_db()
    assert (post.state, post.withdrawal) == ("withdrawn", "hold")
    ada.post("/admin/events/post/", {"action": "restore_posts", "_selected_action": [post.pk]})
    post.refresh_from_db()
    assert post.state == "published"


@pytest.mark.parametrize(("deed", "withdrawal"), [("withdraw", "withdraw"), ("retract", "retraction")])
def test_the_form_withdraws_with_a_sentence(ada, event, deed, withdrawal):
    post = cast.post(event).post
    address = f"/admin/events/post/{post.pk}/change/"
    data = {
        "event": event.pk, "headline": post.headline, "body": post.body, "kind": "news", "standing": "reported",
        "occurred_precision": "minute", "deed": deed, "sentence": "", "revision": 1, "key": "form-w",
        "attributions-TOTAL_FORMS": 0, "attributions-INITIAL_FORMS": 0,
    }  # fmt: skip
    if deed == "retract":
        assert "Write why we no longer stand" in ada.post(address, data).content.decode()
    assert ada.post(address, data | {"sentence": "This was wrong."}).status_code == 302
    post.refresh_from_db()
    assert (post.withdrawal, post.withdrawn_note) == (withdrawal, "This was wrong.")


def test_the_log_in_page_has_a_heading(client):
    assert "<h1>Log in</h1>" in client.get("/admin/login/").content.decode()
