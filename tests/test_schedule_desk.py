"""The desk and the plain admin: what waits for its time is scheduled, shown, stopped, asked about."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Group, User
from django.db import connection
from django.test import Client
from django.utils import timezone

from events import permissions, publishing
from events.models import Beat, Event, Post
from events.publishing import Named
from tests import cast
from tests.desks import do
from tests.waiting import outcome, round_of_the_clock, scheduled, set_back

pytestmark = pytest.mark.django_db


@pytest.fixture
def missed(event) -> Post:
    post = set_back(scheduled(event), 2400)
    round_of_the_clock()
    return post


@pytest.fixture
def delayed(event) -> Event:
    publishing.change(event, by=None, send_delay=10)
    event.refresh_from_db()
    return event


@pytest.fixture
def clock(db) -> None:
    publishing.beat(publishing.CLOCK)


def timeline(client: Client, event: Event) -> dict:
    return client.get(f"/admin/events/event/{event.pk}/desk/timeline/").json()


WORDS = {"headline": "They talk", "body": "<p>Now.</p>", "kind": "news"}


def test_the_desk_schedules_in_the_events_zone(ada, clock, editor):
    event = cast.event(zone="Asia/Kolkata", zone_name="in India")
    answer = do(ada, event, "schedule", words=WORDS, due_at="2036-03-18T14:00", pin=True).json()
    assert answer["message"] == "Scheduled for 14:00 (in India) on 18 March 2036."
    assert answer["due"] == "2036-03-18T08:30:00+00:00" and answer["sequence"] is None
    (row,) = timeline(ada, event)["inbox"]
    assert "14:00, 18 March" in row["html"] and "Back to drafts" in row["html"]
    post = Post.objects.get()
    assert post.pin_when_out and post.created_by == editor
    assert do(ada, event, "unschedule", post=post.pk).json()["message"].startswith("Back among the drafts")


def test_a_post_that_leaves_its_time_while_the_inbox_is_read_is_one_row(ada, event):
    post = scheduled(event)

    def read(execute, sql, params, many, context):
        answer = execute(sql, params, many, context)
        if 'ORDER BY "events_post"."missed_at"' in sql:
            event.posts.filter(pk=post.pk, state="scheduled").update(state="draft", due_at=None)
        return answer

    with connection.execute_wrapper(read):
        told = timeline(ada, event)
    assert [(row["id"], row["state"]) for row in told["inbox"]] == [(post.pk, "draft")]
    assert told["waiting"] == 1


@pytest.mark.parametrize("typed", ["", "soon", "2027-13-45T99:00", "2036-03-18T14:00+05:30", 7, None])
def test_what_is_no_time_gets_a_sentence_at_its_field(ada, clock, event, typed):
    answer = do(ada, event, "schedule", words=WORDS, due_at=typed)
    assert answer.status_code == 400
    assert "Write the day and the time" in answer.json()["error"] and answer.json()["field"] == "due_at"


def test_without_a_clock_nothing_is_left_to_wait(ada, event):
    answer = do(ada, event, "schedule", words=WORDS, due_at="2036-03-18T14:00")
    assert answer.status_code == 400 and "The clock is not running" in answer.json()["error"]
    assert timeline(ada, event)["clock"] is False
    publishing.beat(publishing.CLOCK)
    assert timeline(ada, event)["clock"] is True
    Beat.objects.update(at=timezone.now() - timedelta(seconds=11))
    assert timeline(ada, event)["clock"] is False
    assert not Post.objects.exists()


def test_with_a_delay_publish_waits_and_says_so(ada, clock, delayed):
    answer = do(ada, delayed, "publish", key="k", words=WORDS).json()
    assert answer["message"] == "Goes out in 10 s." and answer["due"]
    assert "Stop" in timeline(ada, delayed)["inbox"][0]["html"]
    again = do(ada, delayed, "publish", key="k", words=WORDS).json()
    assert again["repeated"] and again["post"] == answer["post"]
    set_back(Post.objects.get())
    round_of_the_clock()
    assert do(ada, delayed, "publish", key="k", words=WORDS).json()["message"] == "Published, with no source named."
    assert Post.objects.count() == 1


def test_with_a_delay_and_without_a_clock_publish_asks_whether_at_once(ada, delayed):
    answer = do(ada, delayed, "publish", key="k", words=WORDS)
    assert answer.status_code == 400 and answer.json()["field"] == "clock"
    assert (
        do(ada, delayed, "publish", key="k", words=WORDS, at_once=True).json()["message"]
        == "Published, with no source named."
    )


def test_what_was_missed_comes_first_and_asks(ada, event, missed):
    publishing.save_draft(event, words=cast.words("A draft"), by=None)
    scheduled(event, "In time")
    rows = timeline(ada, event)["inbox"]
    assert [row["id"] for row in rows].index(missed.pk) == 0
    assert "No clock ran at its time." in rows[0]["html"]
    for question in ("Publish now", "Schedule anew…", "Back to drafts"):
        assert question in rows[0]["html"]


def test_a_contributor_neither_schedules_nor_touches_what_is_scheduled(event, clock):
    carl = User.objects.create(username="carl", is_staff=True)
    carl.groups.add(Group.objects.get(name="contributor"))
    browser = Client()
    browser.force_login(carl)
    assert do(browser, event, "schedule", words=WORDS, due_at="2036-03-18T14:00").status_code == 403
    seen = cast.words(attributions=(Named(basis="witnessed"),))
    mine = publishing.save_draft(event, words=seen, by=carl, submit=True).post
    assert permissions.may_edit(carl, mine)
    scheduled(event, words=seen, post=mine)
    for verb in ("unschedule", "draft", "submit", "delete", "publish"):
        assert do(browser, event, verb, post=mine.pk, words=WORDS).status_code == 403, verb
    (row,) = timeline(browser, event)["inbox"]
    assert "Scheduled" in row["html"] and "<button" not in row["html"]


# In the plain admin


def test_the_admin_lists_what_is_due_and_acts_on_it(ada, event, missed):
    waiting, other = scheduled(event, "Waits", pin=True), scheduled(event, "Stops")
    page = ada.get("/admin/events/post/?waits=yes").content.decode()
    assert "Waits" in page and "At its time" not in page and f"{waiting.due_at:%Y}" in page
    page = ada.get("/admin/events/post/?waits=missed").content.decode()
    assert "At its time" in page and "Waits" not in page
    for action, post in (("publish_posts", waiting), ("unschedule_posts", other)):
        chosen = {"action": action, "_selected_action": [post.pk]}
        assert ada.post("/admin/events/post/", chosen).status_code == 302
    assert (outcome(waiting)[0], outcome(other)[0]) == ("published", "draft")
    event.refresh_from_db()
    assert event.pinned == waiting
