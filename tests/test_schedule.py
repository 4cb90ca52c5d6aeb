"""Posts that wait for their time, in one process: what goes out by itself, and what asks."""

from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from events import publishing
from events.models import Deed, Event, Post, Role, Update
from events.publishing import Named, Refused
from tests import cast
from tests.waiting import ahead, outcome, round_of_the_clock, scheduled, set_back

pytestmark = pytest.mark.django_db


# What goes out


def test_it_goes_out_at_its_time_once_and_in_the_name_of_who_scheduled_it(event, editor):
    post = scheduled(event, by=editor)
    assert post.state == "scheduled" and round_of_the_clock() == []
    set_back(post)
    (done,) = round_of_the_clock()
    assert done.sequence == Update.objects.get(post=post).sequence
    assert outcome(post) == ("published", "")
    assert post.due_at is None and post.revision == 1
    assert Deed.objects.get(post=post, verb="publish").by == editor
    assert round_of_the_clock() == []
    assert Update.objects.filter(post=post).count() == 1


def test_it_is_pinned_when_it_goes_out_and_not_before(event):
    post = scheduled(event, pin=True)
    event.refresh_from_db()
    assert event.pinned is None
    set_back(post)
    round_of_the_clock()
    event.refresh_from_db()
    assert event.pinned == post


def test_a_scheduled_post_is_seen_by_no_reader(event, client):
    scheduled(event, "CANARY")
    assert "CANARY" not in client.get(event.get_absolute_url()).content.decode()


def test_sources_and_words_are_those_that_were_scheduled(event):
    post = set_back(scheduled(event, words=cast.quote()))
    round_of_the_clock()
    post.refresh_from_db()
    assert post.revisions.get().attributions[0]["as_named"] == "Dan Scavino"


def test_a_published_post_frees_its_words_for_a_revise(event):
    post = set_back(scheduled(event))
    round_of_the_clock()
    publishing.revise(post, words=cast.words("Filled in"), revision=1, by=None)


# What asks


def paused(event: Event) -> None:
    publishing.pause(event, by=None)


def ended(event: Event) -> None:
    publishing.end(event, by=None)


def frozen(event: Event) -> None:
    publishing.change(event, by=None, frozen=True)


def embargo(event: Event) -> None:
    publishing.change(event, by=None, embargo_until=ahead())


@pytest.mark.parametrize("happens", [paused, ended, frozen, embargo])
def test_what_is_due_in_an_event_that_is_not_what_it_was_meant_for_asks(event, happens):
    post = scheduled(event)
    happens(event)
    set_back(post)
    (done,) = round_of_the_clock()
    assert done.sequence is None
    assert outcome(post) == ("scheduled", happens.__name__)
    assert round_of_the_clock() == []
    assert not Update.objects.filter(post=post).exists()


def test_an_event_that_never_went_live_keeps_its_posts(db):
    event = publishing.create_event(by=None, slug="later", title="Later")
    post = set_back(scheduled(event))
    round_of_the_clock()
    assert outcome(post) == ("scheduled", "upcoming")


def test_nothing_old_goes_out_by_itself(event):
    young, old = set_back(scheduled(event, "Young"), 55), set_back(scheduled(event, "Old"), 61)
    round_of_the_clock()
    assert outcome(young) == ("published", "")
    assert outcome(old) == ("scheduled", "late")


@pytest.mark.parametrize("change", [{"is_active": False}, {"is_staff": False}])
def test_it_goes_out_in_nobodys_name_who_may_publish_no_more(event, change):
    edith = cast.member("edith", "editor")
    post, other = scheduled(event, by=edith), scheduled(event, "By a command")
    User.objects.filter(pk=edith.pk).update(**change)
    set_back(post), set_back(other)
    round_of_the_clock()
    assert outcome(post) == ("scheduled", "refused")
    assert outcome(other) == ("published", "")


def test_it_goes_out_in_nobodys_name_who_only_looks_on_by_now(event):
    edith = cast.member("edith", "editor")
    post = scheduled(event, by=edith)
    Role.objects.create(event=event, user=edith, part="viewer")
    set_back(post)
    round_of_the_clock()
    assert outcome(post) == ("scheduled", "refused")


def test_one_that_cannot_go_out_does_not_keep_back_the_others(event):
    stuck, fine = set_back(scheduled(event, "Stuck"), 2), set_back(scheduled(event, "Fine"), 1)
    key = f"due-{stuck.pk}-{stuck.due_at.astimezone(UTC):%Y%m%dT%H%M%S.%f}"
    Deed.objects.create(event=event, key=key, verb="hold", at=timezone.now())
    round_of_the_clock()
    assert outcome(stuck) == ("scheduled", "refused")
    assert outcome(fine) == ("published", "")


@pytest.fixture
def missed(event) -> Post:
    post = set_back(scheduled(event), 2400)
    round_of_the_clock()
    post.refresh_from_db()
    assert post.missed_at is not None
    return post


def test_what_was_missed_is_published_by_hand(event, missed):
    publishing.publish(event, words=cast.words("Late, and meant so"), by=None, post=missed)
    assert outcome(missed) == ("published", "")
    assert missed.missed_at is None


def test_what_was_missed_is_scheduled_anew(event, missed):
    publishing.schedule(event, words=cast.words(), by=None, post=missed, at=ahead())
    assert outcome(missed) == ("scheduled", "")
    set_back(missed)
    round_of_the_clock()
    assert outcome(missed) == ("published", "")


def test_what_was_missed_goes_back_to_the_drafts(event, missed):
    publishing.unschedule(missed, by=None)
    assert outcome(missed) == ("draft", "")
    assert round_of_the_clock() == []


def test_a_draft_that_was_scheduled_goes_out_no_more(event):
    post = scheduled(event)
    publishing.save_draft(event, words=cast.words("Rather not yet"), by=None, post=post)
    set_back(post)
    assert round_of_the_clock() == []
    with pytest.raises(Refused, match="among the drafts already"):
        publishing.unschedule(post, by=None)


def test_what_is_out_cannot_be_unscheduled(event):
    post = set_back(scheduled(event))
    round_of_the_clock()
    with pytest.raises(Refused, match="too late to stop"):
        publishing.unschedule(post, by=None)


# Times


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("2027-03-28T02:30", "There is no 02:30 on 28 March 2027"),
        ("2027-03-28T02:00", "There is no 02:00"),
        ("2027-10-31T02:30", "02:30 comes twice on 31 October 2027"),
        ("2020-01-01T12:00", "This time is past"),
    ],
)
def test_a_time_at_which_nothing_can_go_out_is_refused(typed, sentence):
    event = cast.event(zone="Europe/Berlin", zone_name="in Berlin")
    with pytest.raises(Refused, match=sentence) as refusal:
        scheduled(event, at=datetime.fromisoformat(typed))
    assert refusal.value.field == "due_at"
    assert not Post.objects.exists()


@pytest.mark.parametrize(
    ("typed", "instant"),
    [
        ("2027-03-28T01:59", "2027-03-28T00:59+00:00"),
        ("2027-03-28T03:00", "2027-03-28T01:00+00:00"),
        ("2027-10-31T01:59", "2027-10-30T23:59+00:00"),
        ("2027-10-31T03:00", "2027-10-31T02:00+00:00"),
    ],
)
def test_a_time_is_one_of_the_events_own_clocks(typed, instant):
    event = cast.event(zone="Europe/Berlin")
    assert scheduled(event, at=datetime.fromisoformat(typed)).due_at == datetime.fromisoformat(instant)


def test_an_embargo_is_awaited(event):
    publishing.change(event, by=None, embargo_until=ahead(minutes=30))
    with pytest.raises(Refused, match="under embargo until"):
        scheduled(event)
    assert scheduled(event, at=ahead(minutes=31)).state == "scheduled"


def test_nothing_is_scheduled_where_all_has_ended(event):
    publishing.end(event, by=None)
    with pytest.raises(Refused, match="has ended"):
        scheduled(event)


def test_a_submission_without_a_source_is_not_scheduled(event, editor):
    draft = publishing.save_draft(event, words=cast.words(), by=editor, submit=True).post
    with pytest.raises(Refused, match="Name a source"):
        scheduled(event, post=draft)
    seen = cast.words(attributions=(Named(basis="witnessed"),))
    assert scheduled(event, post=draft, words=seen).pk == draft.pk


def test_what_needs_a_second_editor_is_not_scheduled_by_its_author(event, editor):
    named = Named(basis="unnamed", described_as="a diplomat", reason_unnamed="not allowed to speak")
    unnamed = cast.words(attributions=(named,))
    with pytest.raises(Refused, match="editor"):
        scheduled(event, words=unnamed, by=editor)
    assert not Post.objects.exists()


def test_the_same_key_schedules_once(event):
    at = timezone.now() + timedelta(hours=1)
    first, again = (scheduled(event, key="k", at=at) for _time in range(2))
    assert first == again and Post.objects.count() == 1


# The send delay


@pytest.fixture
def delayed(event) -> Event:
    publishing.change(event, by=None, send_delay=10)
    event.refresh_from_db()
    return event


def sent(event: Event, **more) -> Post:
    return publishing.send(event, words=cast.words("On its way"), by=None, **more).post


def test_a_sent_post_waits_for_the_delay_and_can_be_stopped(delayed):
    post = sent(delayed)
    assert post.sending and 9 < (post.due_at - timezone.now()).total_seconds() <= 10
    publishing.unschedule(post, by=None)
    assert outcome(post) == ("draft", "")
    again = sent(delayed, post=post)
    set_back(again)
    round_of_the_clock()
    assert outcome(post) == ("published", "") and not post.sending


def test_the_delay_holds_before_the_event_is_live_too(db):
    event = publishing.create_event(by=None, slug="later", title="Later", send_delay=5)
    post = set_back(sent(event))
    round_of_the_clock()
    assert outcome(post) == ("published", "")


def test_a_pause_within_the_delay_asks(delayed):
    post = sent(delayed)
    publishing.pause(delayed, by=None)
    set_back(post)
    round_of_the_clock()
    assert outcome(post) == ("scheduled", "paused")


def test_a_frozen_event_takes_nothing_for_later(delayed):
    publishing.change(delayed, by=None, frozen=True)
    with pytest.raises(Refused, match="is frozen"):
        sent(delayed)


def test_only_some_delays_can_be_chosen(event):
    with pytest.raises(Refused) as refusal:
        publishing.change(event, by=None, send_delay=7)
    assert refusal.value.field == "send_delay"
