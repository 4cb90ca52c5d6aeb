"""Search and filters of the desk's timeline."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from events import publishing
from events.views.desk.inbox import WAITING
from events.views.desk.timeline import ROWS
from tests import cast
from tests.test_desk import at


@pytest.fixture
def ada(client, editor):
    """The editor's browser, logged in."""
    client.force_login(editor)
    return client


@pytest.fixture
def told(ada, event, editor):
    """Ask the timeline; answers the headlines, newest first."""
    cast.post(event, "Markets fall", kind="background")
    quote = publishing.Named(source=cast.scavino(), quote="Going splendidly.")
    publishing.publish(event, words=cast.words("The call goes on", attributions=(quote,)), by=editor)
    cast.post(event, "A key moment", key_event=True)
    publishing.withdraw(cast.post(event, "Said twice").post, by=None, note="Twice.")

    def ask(**asked):
        rows = ada.get(at(event, "timeline/"), asked).json()["posts"]
        return [event.posts.get(pk=row["id"]).headline for row in rows]

    return ask


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"q": "markets"}, ["Markets fall"]),
        ({"q": "LINE fall"}, ["Markets fall"]),
        ({"q": "splendidly"}, ["The call goes on"]),
        ({"q": "scavino"}, ["The call goes on"]),
        ({"source": "Dan"}, ["The call goes on"]),
        ({"kind": "background"}, ["Markets fall"]),
        ({"key": "1"}, ["A key moment"]),
        ({"state": "withdrawn"}, ["Said twice"]),
        ({"q": "markets", "key": "1"}, []),
        ({"q": "\x00markets"}, ["Markets fall"]),
    ],
)
def test_it_finds(told, asked, found):
    assert told(**asked) == found


@pytest.mark.parametrize(
    ("word", "is_found"),
    [("AT&T", True), ("at&amp;t", False), ("<3", True), ("strong", False), ("noopener", False), ("ample", False),
     ("hearsay", True), ("100%", True), ("10_%", False)],
)  # fmt: skip
def test_the_text_is_searched_as_it_is_read(ada, event, word, is_found):
    body = '<p>AT&amp;T &lt;3 <strong>hear</strong>say, <a href="https://ample.org/">100%</a></p>'
    cast.post(event, "A merger", body=body)
    assert len(ada.get(at(event, "timeline/"), {"q": word}).json()["posts"]) == is_found


def test_an_author_is_found(told, editor):
    assert told(author=editor.pk) == ["The call goes on"]


@pytest.mark.parametrize("asked", [{"author": "x"}, {"author": "9" * 30}, {"kind": "gossip"}, {"state": "draft"}])
def test_nonsense_filters_nothing_and_shows_no_draft(told, event, asked):
    publishing.save_draft(event, words=cast.words("Secret"), by=None)
    assert len(told(**asked)) == 4


def test_what_is_found_comes_in_pages_with_as_many_queries(ada, event):
    cast.post(event, "Needle 0")
    with CaptureQueriesContext(connection) as few:
        ada.get(at(event, "timeline/"), {"q": "needle"})
    for number in range(1, ROWS + 5):
        cast.post(event, f"Needle {number}")
        cast.post(event, f"Hay {number}")
    with CaptureQueriesContext(connection) as many:
        first = ada.get(at(event, "timeline/"), {"q": "needle"}).json()
    assert len(first["posts"]) == ROWS and first["more"]
    assert len(many) <= len(few) + 2
    rest = ada.get(at(event, "timeline/"), {"q": "needle", "before": first["posts"][-1]["id"]}).json()
    assert len(rest["posts"]) == 5 and not rest["more"]


# The inbox


def waiting(event, number, *, submit=True, **words):
    return publishing.save_draft(event, words=cast.words(f"Waits {number}", **words), by=None, submit=submit).post


@pytest.fixture
def inbox(ada, event):
    """Ask for the inbox; answers the headlines, the whole number, and how many are news without a row."""

    def ask(**asked):
        answer = ada.get(at(event, "timeline/"), asked).json()
        names = {post.pk: post.headline for post in event.posts.all()}
        return [names[row["id"]] for row in answer["inbox"]], answer["waiting"], len(answer["unseen"])

    return ask


def test_nothing_that_has_a_time_is_lost_behind_submissions(event, inbox, editor):
    soon = timezone.now() + timedelta(hours=1)
    publishing.save_draft(event, words=cast.words("A draft"), by=editor)
    publishing.schedule(event, words=cast.words("At one"), by=None, at=soon)
    missed = publishing.schedule(event, words=cast.words("Missed"), by=None, at=soon + timedelta(hours=1)).post
    event.posts.filter(pk=missed.pk).update(missed_at=timezone.now(), missed_because="late")
    for number in range(WAITING + 2):
        waiting(event, number)
    rows, total, unseen = inbox()
    # The one that waited longest is there, and the latest are told of.
    assert rows == ["Missed", "At one", *(f"Waits {number}" for number in range(WAITING))]
    assert (total, unseen) == (WAITING + 5, 2)
    rows, total, unseen = inbox(inbox=str(WAITING * 2))
    assert rows[-2:] == [f"Waits {WAITING + 1}", "A draft"] and (len(rows), unseen) == (total, 0)
    assert inbox(inbox="x")[1] == inbox(inbox="-1")[1] == total


def test_a_search_reaches_the_inbox_and_hides_nothing_that_has_a_time(event, inbox):
    publishing.schedule(event, words=cast.words("At one"), by=None, at=timezone.now() + timedelta(hours=1))
    waiting(event, 1), waiting(event, 2, kind="background"), waiting(event, 3, submit=False)
    assert inbox(q="waits 2") == (["At one", "Waits 2"], 2, 2 - 1)
    assert inbox(kind="background")[0] == ["At one", "Waits 2"]
    # What is looked for among the public posts by their state is no business of the inbox.
    assert inbox(state="withdrawn")[1] == 4


def test_the_newest_that_can_be_read_are_there_whatever_is_looked_at(ada, event):
    seen = publishing.publish(event, words=cast.words("Seen"), by=None).post
    gone = publishing.publish(event, words=cast.words("Gone"), by=None).post
    publishing.withdraw(gone, by=None)
    clock = f"{seen.sort_at.astimezone(event.tz):%H:%M}"
    for asked in ({}, {"trash": "1"}, {"q": "nothing of the kind"}):
        latest = ada.get(at(event, "timeline/"), asked).json()["latest"]
        assert latest == [{"id": seen.pk, "title": "Seen", "time": clock, "standing": ""}]
