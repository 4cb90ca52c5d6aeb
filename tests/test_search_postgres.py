"""Search by PostgreSQL's full text: stems of the event's language, and an index for each."""

import pytest
from django.db import connection
from django.test import Client

from events import search
from events.models import Event
from tests import cast
from tests.test_search import find, labels

pytestmark = pytest.mark.django_db


def test_r25_words_are_found_by_their_stems_in_the_events_language(client: Client, event: Event):
    cast.post(event, "They were negotiating")
    page = find(client, "negotiation")
    assert labels(page) == ["They were negotiating"]
    assert "<mark>negotiating</mark>" in page
    # What a language uses everywhere asks for nothing.
    assert labels(find(client, "the negotiation")) == ["They were negotiating"]
    assert labels(find(client, "the")) == []


def test_r25_an_arabic_event_is_searched_in_arabic(client: Client):
    event = cast.event("hiwar", title="رئيسان على الهاتف", language="ar")
    cast.post(event, "المفاوضات تبدأ غدا")
    page = find(client, "مفاوضات", "hiwar")
    assert labels(page) == ["المفاوضات تبدأ غدا"]
    assert 'lang="ar" dir="rtl"' in page and "<mark>المفاوضات</mark>" in page


@pytest.mark.parametrize("configuration", search.CONFIGURATIONS.values())
def test_r25_the_database_has_an_index_for_it(db, configuration: str):
    for table, words in (("post", search.POST_WORDS), ("attribution", search.SOURCE_WORDS)):
        condition = " AND state = 'published'" if table == "post" else ""
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off")
            cursor.execute(
                f"EXPLAIN SELECT 1 FROM events_{table}"
                f" WHERE to_tsvector('{configuration}', {words}) @@ plainto_tsquery('{configuration}', 'x'){condition}"
            )
            plan = str(cursor.fetchall())
        assert f"{table}_search_{configuration}" in plan


def test_r25_a_search_that_takes_too_long_is_given_up_in_a_sentence(client: Client, event: Event, monkeypatch):
    cast.post(event, "Grain")
    slow = search.matching(event, ["grain"]).extra(where=["pg_sleep(5) IS NOT NULL"])
    monkeypatch.setattr(search, "matching", lambda _event, _asked: slow)
    monkeypatch.setattr(search, "PATIENCE_MS", 50)
    page = find(client, "grain")
    assert "This search takes too long." in page and labels(page) == []
    monkeypatch.undo()
    # The next one has its own time again.
    assert labels(find(client, "grain")) == ["Grain"]
