"""Where a reader cannot know the day, it is said: permalinks, key events, later notes, pages that begin in the past."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from events import publishing
from events.models import Event, Post
from tests import cast

pytestmark = pytest.mark.django_db

NOON = datetime(2025, 3, 18, 12, 0, tzinfo=UTC)
DAY = timedelta(days=1)


def put(event: Event, headline: str, at: datetime, **fields) -> Post:
    return publishing.publish(event, words=cast.words(headline, **fields), by=None, at=at).post


def read(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def first(page: str) -> str:
    """What stands before the first post."""
    return page.split('<section id="posts"')[1].split("<article", maxsplit=1)[0]


def test_r19_a_permalink_says_on_which_day_it_was(client: Client, event: Event):
    before, post = put(event, "The day before", NOON - DAY), put(event, "The call", NOON)
    put(event, "An hour later", NOON + timedelta(hours=1))
    page = read(client, post.get_absolute_url())
    assert '<p class="day" data-separator>Tuesday 18 March 2025</p>' in first(page)
    # Its neighbours have a date where it is another.
    assert ">13:00 GMT</time>" in page and ">12:00 GMT on 17 March 2025</time>" in page
    assert "Monday 17 March 2025" in first(read(client, before.get_absolute_url()))


def test_r26_key_events_stand_under_their_days(client: Client, event: Event):
    for hours in (0, 3, 30):
        put(event, f"After {hours} hours", NOON + timedelta(hours=hours), key_event=True)
    keys = re.search(r'<div data-part="keys">(.*?)</div>', read(client, "/events/call/"), re.S)
    assert keys
    said = re.findall(r'<b class="label">([^<]*)</b>|<time[^>]*>([^<]*)</time>', keys[1])
    assert ["".join(one) for one in said] == ["19 March 2025", "18:00 GMT", "18 March 2025", "15:00 GMT", "12:00 GMT"]


def test_r26_a_key_event_of_a_day_is_no_instant(client: Client, event: Event):
    put(event, "It began", NOON, key_event=True, occurred_at=NOON - 2 * DAY, occurred_precision="day")
    page = read(client, "/events/call/")
    assert page.count('<time datetime="2025-03-16">16 March 2025</time>') == 2
    assert 'datetime="2025-03-16T' not in page


def test_r26_what_came_on_a_later_day_has_its_date(client: Client, event: Event):
    post = put(event, "Said", NOON)
    publishing.correct(post, words=cast.words("Said so"), revision=1, note="A word.", by=None, at=NOON + DAY)
    publishing.stand(post, by=None, standing="disputed", at=NOON + 2 * DAY)
    gone = put(event, "Gone", NOON)
    publishing.withdraw(gone, by=None)
    page = read(client, "/events/call/")
    # The note, and "Edited".
    assert page.count(">12:00 GMT on 19 March 2025</time>") == 2
    assert re.search(r'class="sentence">[^<]*<time[^>]*>[^<]* GMT on ', page)
    assert ">12:00 GMT on 20 March 2025</time>" in page
    assert '<time datetime="2025-03-18T12:00:00Z" data-ago>12:00 GMT</time>' in page


def test_r26_a_page_that_begins_in_the_past_begins_with_its_day(client: Client, event: Event):
    for number in range(25):
        put(event, f"Post {number}", NOON + timedelta(minutes=number))
    newest = read(client, "/events/call/")
    assert "data-separator" not in first(newest)
    older = re.search(r'rel="next" href="(\?[^"]*)"', newest)
    assert older
    for address in (older[1], "?order=oldest"):
        page = read(client, f"/events/call/{address}")
        assert first(page).endswith('<p class="day" data-separator>Tuesday 18 March 2025</p>'), address


def test_r26_an_event_that_is_over_says_when_on_any_screen(client: Client, event: Event):
    publishing.end(event, by=None, at=NOON)
    page = read(client, "/events/call/")
    assert '<small class="narrow">18 March 2025</small>' in page and "12:00 GMT, 18 March 2025</time>" in page


def test_r22_the_list_of_key_events_says_how_many_there_are_beyond_those_it_shows(client: Client, event: Event):
    for number in range(32):
        put(event, f"Key {number}", NOON + timedelta(minutes=number), key_event=True)
    assert '<h2 id="keys-title">Key events</h2> <span>32</span>' in read(client, "/events/call/")


def test_r18_a_list_of_what_changed_has_dates_where_it_is_another_day(client: Client, event: Event):
    post = put(event, "Said", NOON, key_event=True)
    put(event, "The next day", NOON + DAY, key_event=True)
    publishing.correct(post, words=cast.words("Said so"), revision=1, note="A word.", by=None, at=NOON + DAY)
    page = read(client, "/events/call/since/1/")
    assert page.count(">12:00 GMT on 19 March 2025</time>") >= 2
    assert '<p class="day" data-separator>Wednesday 19 March 2025</p>' in page
