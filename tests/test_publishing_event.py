"""The only writer, of what belongs to the event itself: its fields, its summary, the order of its posts."""

from datetime import timedelta

import pytest

from events import frames, publishing
from events.models import Stream
from events.publishing import Line, Refused
from tests import cast

pytestmark = pytest.mark.django_db


def test_a_change_of_zone_asks_for_the_page_again(event):
    epoch = event.stream.epoch
    done = publishing.change(event, by=None, zone="Europe/Kyiv", zone_name="in Kyiv")
    assert frames.catch_up(event.pk, done.sequence - 1, epoch)["reset"]
    assert not frames.catch_up(event.pk, done.sequence, epoch)["reset"]


def test_an_old_address_is_kept(event):
    publishing.change(event, by=None, slug="another")
    assert event.addresses.get().slug == "call"
    with pytest.raises(Refused):
        cast.event("call")


@pytest.mark.parametrize(
    ("fields", "field"),
    [({"zone": "Mars/Olympus"}, "zone"), ({"title": ""}, "title"), ({"zones": [{"zone": "UTC"}]}, "zones")],
)
def test_a_mistake_in_an_event_names_its_field(event, fields, field):
    with pytest.raises(Refused) as refusal:
        publishing.change(event, by=None, **fields)
    assert refusal.value.field == field


def test_a_summary_line_leads_to_a_post_of_the_same_event(event):
    other = cast.post(cast.event("other")).post
    with pytest.raises(Refused):
        publishing.summarise(event, lines=[Line(text="Known", post=other)], by=None)


def test_a_summary_line_rests_on_nothing_that_was_never_public(event):
    draft = publishing.save_draft(event, words=cast.words(), by=None).post
    with pytest.raises(Refused, match="not out yet"):
        publishing.summarise(event, lines=[Line(text="Known", post=draft)], by=None)
    held = cast.post(event).post
    publishing.hold(held, by=None)
    publishing.summarise(event, lines=[Line(text="Known", post=held)], by=None)
    assert event.summary_lines.get().post == held


def test_posts_sort_by_place_then_by_sequence(event):
    first, second = cast.post(event, "1").post, cast.post(event, "2").post
    assert first.order < second.order
    publishing.move(second, by=None, sort_at=first.sort_at - timedelta(minutes=5))
    second.refresh_from_db()
    assert second.order < first.order
    assert [post.pk for post in event.posts.visible().newest()] == [first.pk, second.pk]


def test_only_a_rehearsal_is_emptied(event):
    with pytest.raises(Refused):
        publishing.empty_rehearsal(event)
    rehearsal = cast.event("demo", visibility="rehearsal")
    post = cast.post(rehearsal).post
    publishing.pin(rehearsal, post=post, by=None)
    epoch = rehearsal.stream.epoch
    publishing.empty_rehearsal(rehearsal)
    stream = Stream.objects.get(event=rehearsal)
    assert stream.sequence == 0
    assert stream.epoch != epoch
    assert not rehearsal.posts.exists()
