"""The front page: by state, LIVE only where somebody has spoken lately, and all that has ended in pages."""

import html
import re
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from events import pages, publishing
from events.models import Event
from tests import cast

pytestmark = pytest.mark.django_db


def read(client: Client, query: str = "") -> str:
    answer = client.get(f"/{query}")
    assert answer.status_code == 200
    return html.unescape(answer.content.decode())


def group(page: str, name: str) -> str:
    """One group of events; empty when it is not there."""
    found = re.search(rf'<section class="{name}">(.*?)</section>', page, re.S)
    return found[1] if found else ""


def long_ago(event: Event) -> None:
    at = timezone.now() - timedelta(minutes=90, seconds=5)
    publishing.publish(event, words=cast.words(), by=None, at=at)


def test_live_is_said_only_where_somebody_has_spoken_lately(client: Client, event: Event):
    quiet, paused = cast.event("quiet", title="Quiet"), cast.event("paused", title="Rests")
    cast.post(event)
    long_ago(quiet)
    cast.post(quiet, kind="background")
    publishing.pause(paused, by=None)
    page = read(client)
    assert ">LIVE<" in group(page, "live") and "Two presidents" in group(page, "live")
    assert "Quiet" not in group(page, "live") and "Rests" not in group(page, "live")
    later = group(page, "paused")
    assert "Quiet" in later and "Last update " in later and ">Paused<" in later and ">LIVE<" not in later
    cast.post(quiet)
    assert "Quiet" in group(read(client), "live")


def test_the_search_page_says_so_too_and_timeless_pages_say_neither(client: Client, event: Event):
    post = cast.post(event).post
    assert ">LIVE<" in read(client, "events/call/search/?q=call")
    for address in (post.get_absolute_url(), "/events/call/since/1/"):
        page = read(client, address[1:])
        assert ">LIVE<" not in page and ">Live coverage<" in page
    quiet = cast.event("quiet")
    long_ago(quiet)
    page = read(client, "events/quiet/search/?q=call")
    assert ">LIVE<" not in page and "Last update " in page


def test_what_has_ended_goes_on_page_by_page(client: Client, monkeypatch):
    monkeypatch.setattr(pages.home, "ENDED", 3)
    for number in range(7):
        at = datetime(2025, 3, 1 + number // 2, tzinfo=UTC)
        publishing.end(cast.event(f"e{number}", title=f"Event {number}", starts_at=at), by=None)
    cast.event("now", title="Going on")
    seen, query = [], ""
    for number in range(3):
        page = read(client, query)
        seen += re.findall(r">Event (\d)</a>", page)
        assert ("Going on" in page) == (number == 0)
        query = (re.findall(r'rel="next" href="([^"]*)"', page) or [""])[0]
    assert seen == list("6543210") and query == ""
    assert "Event" not in read(client, "?before=00000000000000000-0000000000")
    assert "Going on" in read(client, "?before=nonsense")


def test_it_is_made_once_while_nothing_happens(client: Client, event: Event, django_assert_num_queries):
    first = read(client)
    with django_assert_num_queries(1):
        assert read(client) == first
    publishing.change(event, by=None, title="Another title")
    assert "Another title" in read(client)
    publishing.change(event, by=None, visibility="private")
    assert "There is no coverage yet." in read(client)
