"""`manage.py demo`: a rehearsal that can be played again and again."""

import time

import pytest
from django.core.management import CommandError

from events import publishing, seeding
from events.models import Event
from tests import cast
from tests.command import call
from tests.services import ROOT

TRAM = ROOT / "seeds" / "nawrasan-tram.yaml"


@pytest.mark.django_db(transaction=True)
def test_demo_plays_everything_but_the_end(settings):
    settings.DEBUG = True
    printed = call("demo", "--speed=1e6", "--once")
    event = Event.objects.get(slug="trump-putin-call-demo")
    assert (event.visibility, event.state, event.indexed) == ("rehearsal", "live", False)
    assert "rehearsal" in event.notice
    assert str(event) == "Rehearsal: the Trump–Putin call"
    assert event.posts.count() == 17
    assert event.pinned is not None
    assert set(event.updates.values_list("verb", flat=True)) >= {"revise", "correct", "pin", "pause", "open"}
    assert "left out" not in printed


def test_demo_puts_eight_posts_there_at_once_at_todays_times(db):
    show = seeding.stage(seeding.read(ROOT / "seeds" / "trump-putin-call.yaml"))
    posts = list(show.event.posts.oldest())
    assert len(posts) == 8
    assert 0 < time.time() - posts[-1].published_at.timestamp() < 60
    assert 15 * 60 < (posts[-1].published_at - posts[0].published_at).total_seconds() < 60 * 60
    assert all(15 <= seconds <= 30 for seconds, _step in show.waits(1))


def test_demo_empties_its_event_and_begins_a_new_epoch(db):
    script = seeding.read(TRAM)
    first = seeding.stage(script)
    epoch = first.event.stream.epoch
    second = seeding.stage(script)
    assert second.event.pk == first.event.pk
    assert second.event.posts.count() == 8
    assert Event.objects.get(pk=first.event.pk).stream.epoch != epoch
    with pytest.raises(seeding.Overtaken):
        first.do(first.steps[0])


def test_demo_goes_on_when_the_desk_was_quicker(db, settings):
    show = seeding.stage(seeding.read(TRAM))
    for post in show.event.posts.all():
        publishing.withdraw(post, by=None)
    refused = 0
    for step in show.steps:
        try:
            show.do(step)
        except publishing.Refused:
            refused += 1
    assert refused == 2
    assert show.event.posts.published().count() == 1


def test_demo_leaves_a_public_event_alone(db, settings):
    settings.DEBUG = True
    kept = cast.event("trump-putin-call-demo")
    cast.post(kept)
    with pytest.raises(CommandError, match="no rehearsal"):
        call("demo", "--once")
    assert kept.posts.count() == 1


def test_demo_plays_only_with_debug(db, settings):
    settings.DEBUG = False
    with pytest.raises(CommandError, match="only with DEBUG"):
        call("demo", "--once")
    assert not Event.objects.exists()


@pytest.mark.parametrize("speed", ["0", "-1", "fast", "nan", "inf"])
def test_demo_refuses_a_speed_that_is_none(db, speed):
    with pytest.raises(CommandError, match="is no speed"):
        call("demo", f"--speed={speed}")
