"""What is pinned until a time: the clock takes it from the top."""

from datetime import timedelta

import pytest
from django.utils import timezone

from events import publishing
from events.models import Deed, Event
from events.publishing import Refused
from tests import cast
from tests.desks import do

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


def test_its_end_is_typed_in_the_events_zone_and_kept_when_it_is_pinned_again(ada, event):
    post = cast.post(event).post
    later = (timezone.now() + timedelta(days=1)).astimezone(event.tz).replace(second=0, microsecond=0)
    typed = f"{later:%Y-%m-%dT%H:%M}"
    assert do(ada, event, "pin", post=post.pk, pinned_until=typed).json()["ok"]
    assert do(ada, event, "pin", post=post.pk).json()["ok"]
    event.refresh_from_db()
    assert event.pinned_until == later
    assert do(ada, event, "pin", post=post.pk, pinned_until="").json()["ok"]
    event.refresh_from_db()
    assert event.pinned_until is None


def test_an_end_that_is_past_gets_a_sentence(ada, event):
    post = cast.post(event).post
    answer = do(ada, event, "pin", post=post.pk, pinned_until="2020-01-01T10:00")
    assert answer.status_code == 400 and answer.json()["field"] == "pinned_until"
    assert "This time is past" in answer.json()["error"]
    with pytest.raises(Refused):
        publishing.pin(event, post=post, by=None, until=timezone.now())
