"""Times as readers see them: absolute, in the event's zone, by the house's name for it."""

import json
from datetime import UTC, datetime

import pytest
from django.test import Client
from django.utils import translation

from events import publishing
from events.models import Event, Post
from events.publishing import Named
from events.templatetags import newsroom
from tests import cast
from tests.services import ROOT

#: The page's scripts have the same table: `tests/js/times.test.mjs`.
TABLE = json.loads((ROOT / "tests" / "times.json").read_text(encoding="utf-8"))
NOON = datetime(2025, 3, 18, 12, 0, tzinfo=UTC)


def event_in(zone: str, name: str = "") -> Event:
    return Event(slug="call", title="Two presidents", zone=zone, zone_name=name, zones=[])


@pytest.mark.parametrize(
    ("zone", "moment", "text"),
    [
        ("UTC", NOON, "12:00 UTC"),
        ("Europe/Paris", NOON, "13:00 UTC+1"),
        ("Europe/Paris", datetime(2025, 7, 1, 12, 0, tzinfo=UTC), "14:00 UTC+2"),
        ("Asia/Kolkata", NOON, "17:30 UTC+5:30"),
        ("Asia/Dubai", NOON, "16:00 UTC+4"),
        ("America/New_York", NOON, "08:00 UTC−4"),
        ("America/St_Johns", NOON, "09:30 UTC−2:30"),
        ("Asia/Kathmandu", NOON, "17:45 UTC+5:45"),
        ("Asia/Jerusalem", NOON, "14:00 UTC+2"),
        ("Europe/London", datetime(2025, 3, 30, 0, 59, tzinfo=UTC), "00:59 UTC"),
        ("Europe/London", datetime(2025, 3, 30, 1, 0, tzinfo=UTC), "02:00 UTC+1"),
    ],
)
def test_a_zone_without_a_name_is_its_distance_from_utc(zone: str, moment: datetime, text: str):
    assert newsroom.clock(moment, event_in(zone)) == text


@pytest.mark.parametrize("case", TABLE, ids=lambda case: case["name"])
def test_r26_times_are_right_across_midnight_and_dst(case):
    event = event_in(case["zone"], case["zoneName"])
    moment = datetime.fromisoformat(case["at"])
    with translation.override(case["language"]):
        assert newsroom.clock(moment, event) == case["clock"]
        assert newsroom.date(moment, event) == case["date"]
    html = newsroom.instant(moment, event)
    assert html == f'<time datetime="{case["at"]}">{case["clock"]}</time>'


def test_r26_the_house_names_its_zone():
    assert newsroom.clock(NOON, event_in("Europe/London", "GMT")) == "12:00 GMT"
    html = newsroom.instant(NOON, event_in("Asia/Kolkata", "in <Delhi>"), "ago")
    assert html == '<time datetime="2025-03-18T12:00:00Z" data-ago>17:30 in &lt;Delhi&gt;</time>'


def test_no_time_is_no_text():
    assert newsroom.clock(None, event_in("UTC")) == newsroom.instant(None, event_in("UTC")) == newsroom.iso(None) == ""


@pytest.mark.parametrize(
    ("occurred", "precision", "text"),
    [
        (None, "minute", ""),
        (NOON, "minute", ""),
        (datetime(2025, 3, 18, 11, 2, tzinfo=UTC), "minute", "11:02 GMT"),
        (datetime(2025, 3, 18, 11, 0, tzinfo=UTC), "hour", "about 11:00 GMT"),
        (datetime(2025, 3, 17, 23, 59, tzinfo=UTC), "minute", "23:59 GMT on 17 March 2025"),
        (datetime(2025, 3, 17, 22, 0, tzinfo=UTC), "hour", "about 22:00 GMT on 17 March 2025"),
        (datetime(2025, 3, 17, 0, 0, tzinfo=UTC), "day", "17 March 2025"),
        (datetime(2025, 3, 18, 0, 0, tzinfo=UTC), "day", ""),
    ],
)
def test_when_it_happened_is_said_as_exactly_as_it_is_known(occurred, precision: str, text: str):
    event = event_in("Europe/London", "GMT")
    post = Post(event=event, published_at=NOON, occurred_at=occurred, occurred_precision=precision)
    assert newsroom.occurred(post) == text


@pytest.mark.django_db
def test_a_day_is_never_written_as_an_instant(client: Client, event: Event):
    words = cast.words(occurred_at=datetime(2025, 3, 10, tzinfo=UTC), occurred_precision="day")
    publishing.publish(event, words=words, by=None, at=NOON)
    page = client.get("/events/call/").content.decode()
    assert '<time datetime="2025-03-10">10 March 2025</time>' in page
    assert "2025-03-10T" not in page


@pytest.mark.django_db
def test_the_start_is_said_in_the_further_zones(client: Client):
    cast.event(starts_at=datetime(2025, 3, 18, 14, 0, tzinfo=UTC))
    page = client.get("/events/call/").content.decode()
    assert '<time datetime="2025-03-18T14:00:00Z">14:00 GMT on 18 March 2025</time>' in page
    assert '7:30 pm in India <time datetime="2025-03-18T14:00:00Z" data-own></time>' in page


@pytest.mark.django_db
def test_no_page_prints_an_abbreviation_of_the_tz_database(client: Client):
    for slug, zone in (("delhi", "Asia/Kolkata"), ("haifa", "Asia/Jerusalem"), ("dubai", "Asia/Dubai")):
        event = cast.event(slug, zone=zone, zone_name="", starts_at=NOON)
        publishing.publish(event, words=cast.words(), by=None, at=NOON)
        page = client.get(f"/events/{slug}/").content.decode()
        assert "UTC+" in page
        for abbreviation in (" IST", " +04", " EDT"):
            assert abbreviation not in page


@pytest.mark.parametrize(
    ("said", "precision", "text"),
    [
        (None, "minute", ""),
        (datetime(2025, 3, 18, 9, 5, tzinfo=UTC), "minute", "at 09:05 GMT"),
        (datetime(2025, 3, 18, 0, 0, tzinfo=UTC), "day", "on Tuesday"),
        (datetime(2025, 3, 16, 9, 5, tzinfo=UTC), "minute", "on Sunday"),
        (datetime(2025, 3, 4, 9, 5, tzinfo=UTC), "day", "on 4 March 2025"),
    ],
)
@pytest.mark.django_db
def test_when_it_was_said(event: Event, said, precision: str, text: str):
    named = Named(source=cast.bloomberg(), said_at=said, said_precision=precision)
    done = publishing.publish(event, words=cast.words(attributions=(named,)), by=None, at=NOON)
    post = Post.objects.for_readers().get(pk=done.post.pk)
    assert newsroom.said_when(post.attributions.get(), post) == text


@pytest.mark.django_db
def test_an_edit_is_told_after_the_grace_period_alone(client: Client, event: Event):
    for minutes, told in ((1, False), (5, True)):
        post = publishing.publish(event, words=cast.words(f"After {minutes}"), by=None, at=NOON).post
        publishing.revise(post, words=cast.words("Changed"), revision=1, by=None, at=NOON.replace(minute=minutes))
        page = client.get(post.get_absolute_url()).content.decode()
        assert ("Edited" in page) is told
