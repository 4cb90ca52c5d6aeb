"""Many editors at once, on the database that is used in earnest."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from events import publishing
from events.models import Deed, Event, Post, Stream, Update
from events.publishing import Conflict, Words
from tests import cast

pytestmark = pytest.mark.django_db(transaction=True)

EDITORS = 20
POSTS = 5


def publish_some(event_pk: int, editor: int) -> None:
    """One editor: publishes, revises, and saves drafts in between."""
    event = Event.objects.get(pk=event_pk)
    connection.close()
    for number in range(POSTS):
        try:
            done = publishing.publish(
                event, words=Words(headline=f"{editor}/{number}"), by=None, key=f"{editor}-{number}"
            )
            publishing.save_draft(event, words=Words(headline=f"draft {editor}/{number}"), by=None)
            publishing.revise(done.post, words=Words(headline=f"{editor}/{number}, again"), revision=1, by=None)
        finally:
            connection.close()  # as the end of a request does: the pool is smaller than the newsroom


def test_twenty_editors_leave_no_hole_and_no_deadlock():
    event = cast.event()
    with ThreadPoolExecutor(EDITORS) as pool:
        for result in [pool.submit(publish_some, event.pk, editor) for editor in range(EDITORS)]:
            result.result()
    stream = Stream.objects.get(event=event)
    sequences = list(Update.objects.filter(event=event).order_by("sequence").values_list("sequence", flat=True))
    assert sequences == list(range(1, stream.sequence + 1))
    assert stream.sequence == 1 + EDITORS * POSTS * 2
    assert Post.objects.filter(event=event, state="published", version=2).count() == EDITORS * POSTS
    assert Post.objects.filter(event=event, state="draft").count() == EDITORS * POSTS


def test_a_double_click_makes_one_post():
    event = cast.event()

    def press(_time: int) -> str:
        try:
            return publishing.publish(event, words=Words(headline="Once"), by=None, key="one-click").post.pk
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        assert len(set(pool.map(press, range(4)))) == 1
    assert Post.objects.count() == 1
    assert Deed.objects.filter(key="one-click").count() == 1


def test_of_two_editors_on_one_post_one_gets_both_texts():
    event = cast.event()
    post = publishing.publish(event, words=Words(headline="First"), by=None).post

    def revise(name: str) -> str:
        try:
            publishing.revise(post, words=Words(headline=name), revision=1, by=None)
        except Conflict as conflict:
            return f"conflict with {conflict.revision.headline}"
        finally:
            connection.close()
        return name

    with ThreadPoolExecutor(2) as pool:
        answers = sorted(pool.map(revise, ("Ada", "Ben")))
    assert answers in (["Ada", "conflict with Ada"], ["Ben", "conflict with Ben"])


def test_a_failure_in_mid_deed_leaves_no_trace():
    event = cast.event()
    before = Stream.objects.get(event=event).sequence
    with pytest.raises(ValidationError):
        publishing.publish(event, words=Words(headline="Broken", occurred_at="yesterday"), by=None)  # type: ignore[arg-type]
    assert Stream.objects.get(event=event).sequence == before
    assert not Post.objects.exists()
    assert not Deed.objects.filter(verb="publish").exists()


def test_a_double_click_on_a_draft_gives_both_the_same_answer():
    event = cast.event()
    draft = publishing.save_draft(event, words=Words(headline="Half a thought"), by=None).post

    def press(_time: int) -> tuple[str, int | None]:
        try:
            done = publishing.publish(event, post=draft, words=Words(headline="A thought"), by=None, key="both")
            return done.post.pk, done.sequence
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        assert len(set(pool.map(press, range(4)))) == 1
    assert Stream.objects.get(event=event).sequence == 2
