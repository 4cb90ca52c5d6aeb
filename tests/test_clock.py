"""`manage.py clock` as a process: killed, doubled, left without a database. Nothing is lost, nothing is doubled."""

import asyncio

import pytest
from django.utils import timezone

from events import publishing
from events.models import Deed, Event, Post, Stream, Update
from tests import cast, processes
from tests.clocks import clock, here, out, until
from tests.command import manage
from tests.follower import Reader
from tests.waiting import scheduled, set_back

pytestmark = pytest.mark.django_db(transaction=True)

NOWHERE = "postgres://postgres@127.0.0.1:1/nothing"


def all_due(event: Event, count: int) -> None:
    """So many posts that are due this moment."""
    for number in range(count):
        scheduled(event, f"Post {number}")
    event.posts.update(due_at=timezone.now())


def check_each_went_out_once(event: Event, count: int) -> None:
    posts = list(event.posts.all())
    assert [post.state for post in posts] == ["published"] * count
    assert {(post.version, post.revision) for post in posts} == {(1, 1)}
    # Going live was the first.
    told = list(
        Update.objects.filter(event=event, verb="publish").order_by("sequence").values_list("sequence", flat=True)
    )
    assert told == list(range(2, count + 2))
    assert Stream.objects.get(event=event).sequence == count + 1
    assert Deed.objects.filter(event=event, verb="publish").count() == count


@pytest.fixture
def event(transactional_db) -> Event:
    return cast.event()


def test_it_publishes_what_is_due_and_ends_when_it_is_told_to(event):
    due, later = set_back(scheduled(event, "Due")), scheduled(event, "Later")
    with clock() as process:
        until(lambda: out(event) == 1, process)
        until(lambda: publishing.is_beating(publishing.CLOCK), process)
        until(lambda: f"Clock: published {due.pk} of “Two presidents on the phone”" in process.log, process)
        assert process.terminate() == 0
    later.refresh_from_db()
    assert later.state == "scheduled"


def test_killed_in_mid_work_and_begun_anew_it_loses_and_doubles_nothing(event):
    count = 120
    all_due(event, count)
    for _time in range(3):
        with clock() as process:
            before = out(event)
            until(lambda before=before: out(event) > before, process)
            process.kill()
        assert out(event) < count, "it was killed too late to show anything"
    with clock() as process:
        until(lambda: out(event) == count, process)
    check_each_went_out_once(event, count)


def test_told_to_end_it_ends_between_two_posts(event):
    count = 120
    all_due(event, count)
    with clock() as process:
        until(lambda: out(event) > 0, process)
        assert process.terminate() == 0
        assert process.log.count("Clock: published") == out(event) < count


def test_two_clocks_at_once_double_nothing(event):
    count = 60
    all_due(event, count)
    with clock() as one, clock() as two:
        until(lambda: out(event) == count, one)
        until(lambda: one.log.count("Clock: published") + two.log.count("Clock: published") == count, one)
        assert (one.terminate(), two.terminate()) == (0, 0)
        assert "Traceback" not in one.log + two.log
    check_each_went_out_once(event, count)


def test_after_forty_minutes_without_a_clock_nothing_goes_out_and_all_of_it_asks(event):
    late = [set_back(scheduled(event, f"{minutes} minutes old"), 60 * minutes) for minutes in (40, 25, 5)]
    fresh = set_back(scheduled(event, "Fresh"))
    with clock() as process:
        until(lambda: event.posts.filter(missed_at__isnull=False).count() == 3, process)
        until(lambda: out(event) == 1, process)
        assert process.log.count("No clock ran at its time.") == 3
        assert process.terminate() == 0
    assert event.posts.published().get() == fresh
    assert {post.pk for post in Post.objects.filter(missed_because="late", state="scheduled")} == {
        post.pk for post in late
    }


def test_once_does_one_round_and_leaves_no_sign_of_a_clock(event):
    post = set_back(scheduled(event))
    answer = manage("clock", "--once", DATABASE_URL=here())
    assert answer.returncode == 0 and answer.stdout.startswith(f"Clock: published {post.pk}")
    assert manage("clock", "--once", DATABASE_URL=here()).stdout == ""
    assert not publishing.is_beating(publishing.CLOCK)


def test_what_it_cannot_do_is_one_sentence(tmp_path):
    answer = manage("clock", "--once", DATABASE_URL=NOWHERE)
    assert answer.returncode == 1 and "The database cannot be used" in answer.stderr
    for arguments in (["--once"], []):
        answer = manage("clock", *arguments, DATABASE_URL=f"sqlite:///{tmp_path}/empty.sqlite3")
        assert answer.returncode == 1 and "The database has no tables yet" in answer.stderr


@pytest.mark.parametrize("with_redis", [True, False])
async def test_what_it_publishes_reaches_readers_elsewhere(database, redis_url, with_redis):
    url = redis_url if with_redis else None
    with processes.newsroom(database, url) as server, clock(database, url):
        async with Reader(server.ws_url) as reader:
            done = await server.write("schedule", headline="From the clock", seconds=1)
            await reader.until(lambda: any("From the clock" in text for text in reader.texts))
            assert reader.page.have == 2
            assert done["sequence"] is None
            fresh = await asyncio.to_thread(server.pen, "fresh")
            assert [row["post"] for row in fresh["answer"]["updates"] if row.get("post")] == [done["post"]]
