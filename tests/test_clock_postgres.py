"""The clock and PostgreSQL: an event that is busy, a database that goes away and comes back."""

from urllib.parse import urlsplit

import psycopg
import pytest
from django.db import connection

from events.models import Event
from tests import cast
from tests.clocks import clock, here, out, until
from tests.proxy import Proxy
from tests.waiting import scheduled, set_back

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def event(transactional_db) -> Event:
    return cast.event()


def waiting_for_a_lock() -> int:
    """How many connections of this database wait for somebody else's transaction."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
        )
        return cursor.fetchone()[0]


def test_a_busy_event_is_tried_again(event):
    post = set_back(scheduled(event))
    address = here().replace("postgres://", "postgresql://", 1)
    with psycopg.connect(address) as other, clock() as process:
        other.execute("SELECT 1 FROM events_stream WHERE event_id = %s FOR UPDATE", [event.pk])
        until(lambda: waiting_for_a_lock() > 0, process)
        until(lambda: waiting_for_a_lock() == 0, process)
        other.rollback()
        until(lambda: out(event) == 1, process)
    assert event.posts.published().get() == post


def test_it_survives_a_database_that_is_away_and_says_so_once(event):
    given = urlsplit(here())
    with Proxy(given.port or 5432) as line:
        way = given._replace(netloc=f"{given.netloc.rpartition('@')[0]}@127.0.0.1:{line.port}").geturl()
        line.down()
        with clock(way) as process:
            until(lambda: "does not answer the clock" in process.log, process)
            set_back(scheduled(event, "While it was away"))
            line.up()
            until(lambda: out(event) == 1, process)
            until(lambda: "Over: The database does not answer the clock" in process.log, process)
            line.down()
            until(lambda: process.log.count("does not answer the clock; scheduled posts wait.") == 3, process)
            line.up()
            set_back(scheduled(event, "And again"))
            until(lambda: out(event) == 2, process)
            assert process.terminate() == 0
