"""What is pinned until a time: the clock takes it from the top."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Group, Permission
from django.core.management import call_command
from django.utils import timezone

from events import publishing
from events.models import Deed, Event, Post
from events.publishing import Refused
from tests import cast
from tests.desks import at, do
from tests.test_plain_deeds import choose, press

pytestmark = pytest.mark.django_db


def pinned(event: Event) -> Event:
    """An event whose pin is over since a moment ago."""
    publishing.pin(event, post=cast.post(event).post, by=None)
    Event.objects.filter(pk=event.pk).update(pinned_until=timezone.now() - timedelta(seconds=1))
    event.refresh_from_db()
    return event


def test_a_pin_ends_at_its_time_once(event):
    pinned(event)
    assert len(list(publishing.lapse(timezone.now()))) == 1
    assert list(publishing.lapse(timezone.now())) == []
    event.refresh_from_db()
    assert event.pinned is None and event.updates.filter(verb="unpin").count() == 1
    assert Deed.objects.get(verb="unpin").detail == "its time was over"


@pytest.mark.parametrize(
    "closed", [{"frozen": True}, {"embargo_until": timezone.now() + timedelta(hours=1)}], ids=["frozen", "embargo"]
)
def test_what_is_closed_keeps_its_top_until_it_is_opened(event, closed):
    publishing.change(pinned(event), by=None, **closed)
    assert list(publishing.lapse(timezone.now())) == []
    publishing.change(event, by=None, **dict.fromkeys(closed) | ({"frozen": False} if "frozen" in closed else {}))
    assert len(list(publishing.lapse(timezone.now()))) == 1


def test_a_pin_without_an_end_stays(event):
    publishing.pin(event, post=cast.post(event).post, by=None)
    assert list(publishing.lapse(timezone.now() + timedelta(days=9))) == []


def test_whoever_pins_another_is_told_what_is_no_longer_pinned(ada, event):
    first, second = (cast.post(event, name).post for name in ("First", "Second"))
    assert do(ada, event, "pin", key="a", post=first.pk).json()["message"] == "Pinned to the top."
    assert ada.get(at(event, "timeline/")).json()["pinned"] == {"post": first.pk, "title": "First"}
    # The same once more takes nothing from the top.
    assert do(ada, event, "pin", key="b", post=first.pk).json()["message"] == "Pinned to the top."
    said = do(ada, event, "pin", key="c", post=second.pk).json()["message"]
    assert said == "Pinned to the top. “First” is no longer pinned."
    words = {"headline": "Third", "body": "", "kind": "news"}
    said = do(ada, event, "publish", key="d", words=words, pin=True).json()["message"]
    assert said == "Published, with no source named. “Second” is no longer pinned."
    do(ada, event, "unpin", key="e")
    assert ada.get(at(event, "timeline/")).json()["pinned"] is None


def test_it_ends_so_many_minutes_after_the_deed(ada, event):
    done = do(ada, event, "publish", words={"headline": "They talk"}, pin=True, pin_minutes=15)
    event.refresh_from_db()
    assert event.pinned_until - event.pinned_at == timedelta(minutes=15)
    assert list(publishing.lapse(event.pinned_at + timedelta(minutes=14))) == []
    (lapsed,) = publishing.lapse(event.pinned_until)
    assert lapsed.sequence > done.json()["sequence"]


def test_the_clock_takes_it_from_the_top(event):
    pinned(event)
    call_command("clock", once=True)
    event.refresh_from_db()
    assert event.pinned is None


def test_its_end_is_kept_when_it_is_pinned_again_and_taken_away(ada, event):
    post = cast.post(event).post
    assert do(ada, event, "pin", post=post.pk, minutes=60).json()["ok"]
    event.refresh_from_db()
    until = event.pinned_until
    assert until is not None
    assert do(ada, event, "pin", post=post.pk).json()["ok"]
    event.refresh_from_db()
    assert event.pinned_until == until
    assert do(ada, event, "pin", post=post.pk, minutes=0).json()["ok"]
    event.refresh_from_db()
    assert event.pinned_until is None


def test_whoever_keeps_on_top_what_no_clock_took_is_not_refused(ada, event):
    post = pinned(event).pinned
    assert do(ada, event, "pin", post=post.pk).json()["ok"]
    event.refresh_from_db()
    assert (event.pinned, event.pinned_until) == (post, None)


def test_an_end_that_is_past_is_refused(event):
    post = cast.post(event).post
    with pytest.raises(Refused, match="This time is past"):
        publishing.pin(event, post=post, by=None, until=timezone.now())


def test_only_who_steers_puts_a_post_on_top_but_keeps_what_was_promised(client, event):
    publishing.beat(publishing.CLOCK)
    writer = cast.member("wim", "editor")
    Group.objects.get(name="editor").permissions.remove(Permission.objects.get(codename="publish_event"))
    client.force_login(writer)
    given = {"words": {"headline": "They talk"}, "pin": True, "pin_minutes": 15}
    later = {"due_at": "2036-03-18T14:00"}
    assert do(client, event, "pin", post=cast.post(event).post.pk).status_code == 403
    assert do(client, event, "publish", **given).json()["ok"]
    event.refresh_from_db()
    assert event.pinned is None
    due = do(client, event, "schedule", **given, **later).json()["post"]
    publishing.change(event, by=None, send_delay=10)
    held = do(client, event, "publish", **given | {"words": {"headline": "Another"}}).json()["post"]
    assert not Post.objects.filter(pk__in=(due, held), pin_when_out=True).exists()
    Post.objects.filter(pk=due).update(pin_when_out=True)
    assert do(client, event, "schedule", post=due, **given, **later).json()["ok"]
    assert Post.objects.get(pk=due).pin_when_out


def promised(event: Event) -> Post:
    return publishing.schedule(
        event, words=cast.words(), by=None, at=timezone.now() + timedelta(hours=1), pin=True, pin_minutes=60
    ).post


def test_the_plain_form_keeps_the_pin_that_was_promised(ada, event):
    publishing.beat(publishing.CLOCK)
    post = promised(event)
    press(ada, post, "schedule", due_at_0="2036-03-18", due_at_1="14:00")
    post.refresh_from_db()
    assert (f"{post.due_at:%Y}", post.pin_when_out, post.pin_minutes) == ("2036", True, 60)
    press(ada, post, "publish")
    event.refresh_from_db()
    assert event.pinned == post and event.pinned_until - event.pinned_at == timedelta(hours=1)


def test_the_list_keeps_the_pin_that_was_promised(ada, event):
    post = promised(event)
    choose(ada, "publish_posts", post)
    event.refresh_from_db()
    assert event.pinned == post and event.pinned_until - event.pinned_at == timedelta(hours=1)
