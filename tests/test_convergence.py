"""Any stale page plus what it is sent equals a fresh page."""

import random
from datetime import timedelta
from importlib import import_module

import pytest
from django.apps import apps
from django.db import transaction
from django.test import TestCase
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from events import frames, publishing
from events.live import channel
from events.models import Event, Post, Stream
from events.publishing import Line, Refused, Words
from tests import cast
from tests.page import Page

VERBS = """publish publish publish background revise correct withdraw hold retract restore remove undo
    mark unmark move stand pin unpin summarise pause open change""".split()


class Newsroom:
    """Does random deeds in one event, and hears the frames that go out."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.event = cast.event(f"call-{seed}")
        self.words = 0
        self.heard: list[dict] = []

    def do(self, verb: str) -> None:
        """Do one deed to some post; what the rules refuse does nothing."""
        posts = list(Post.objects.filter(event=self.event).order_by("id"))
        post = self.chance.choice(posts) if posts else None
        channel._queue.clear()
        try:
            with TestCase.captureOnCommitCallbacks(execute=True), transaction.atomic():
                self._do(verb, post)
        except Refused:
            return
        self.heard += [frames.orjson.loads(message["frame"]) for message in channel._queue if "frame" in message]

    def _do(self, verb: str, post: Post | None) -> None:
        self.words += 1
        words = Words(headline=f"word{self.words}", body=f"<p>text{self.words}</p>", key_event=self.words % 3 == 0)
        event = Event.objects.get(pk=self.event.pk)
        if verb in ("publish", "background"):
            kind = "background" if verb == "background" else "news"
            publishing.publish(event, words=Words(**(vars(words) | {"kind": kind})), by=None)
        elif verb in ("unpin", "pause", "open"):
            getattr(publishing, verb)(event, by=None)
        elif verb == "change":
            publishing.change(event, by=None, title=f"Title {self.words}")
        elif verb == "summarise":
            publishing.summarise(event, lines=[Line(text=f"line{self.words}", post=post)], by=None)
        elif post is None:
            return
        elif verb == "pin":
            publishing.pin(event, post=post, by=None)
        elif verb == "revise":
            change = self.chance.choice(["typo", "addition", "clarification"])
            publishing.revise(post, words=words, revision=post.revision, change=change, note="A note.", by=None)
        elif verb == "correct":
            publishing.correct(post, words=words, revision=post.revision, note="It was wrong.", by=None)
        elif verb in ("mark", "unmark"):
            publishing.mark(post, by=None, key_event=verb == "mark", key_label=f"label{self.words}")
        elif verb == "move" and post.sort_at:
            publishing.move(post, by=None, sort_at=post.sort_at - timedelta(minutes=self.chance.randrange(60)))
        elif verb == "stand":
            publishing.stand(post, by=None, standing=self.chance.choice(["confirmed", "disputed"]))
        elif verb == "retract":
            publishing.retract(post, by=None, note="We no longer stand by it.")
        elif verb in ("withdraw", "hold", "restore", "remove", "undo"):
            getattr(publishing, verb)(post, by=None)

    def fresh(self) -> Page:
        """A page loaded now."""
        stream = Stream.objects.get(event=self.event)
        page = Page(stream.epoch)
        assert page.take(frames.catch_up(self.event.pk, 0, stream.epoch))
        return page


def catch_up(newsroom: Newsroom, page: Page) -> None:
    """Fetch as a client does, and hold the answer to what may be said at all."""
    answer = frames.catch_up(newsroom.event.pk, page.have, page.epoch)
    only_present_words(newsroom, answer["updates"])
    assert page.take(answer)


def pulse_of(event: Event) -> dict:
    """The frame that tells where the event is."""
    stream = Stream.objects.get(event=event)
    return frames.pulse(stream.epoch, stream.sequence)


def only_present_words(newsroom: Newsroom, updates: list[dict]) -> None:
    """No replaced or withdrawn word may be in what is replayed."""
    for row in updates:
        post = Post.objects.get(pk=row["post"])
        if not post.is_public:
            assert "word" not in row["html"]
            assert "text" not in row["html"]
        else:
            assert f"<p>{post.html[3:-4]}</p>" in row["html"]


@pytest.mark.django_db
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(0, 10_000), st.lists(st.sampled_from(VERBS), min_size=3, max_size=18), st.integers(0, 18))
def test_any_stale_page_converges(seed: int, verbs: list[str], stale_at: int):
    with transaction.atomic():
        newsroom = Newsroom(seed)
        for verb in verbs[:stale_at]:
            newsroom.do(verb)
        page = newsroom.fresh()
        start = len(newsroom.heard)
        for verb in verbs[stale_at:]:
            newsroom.do(verb)
        wire = newsroom.heard[start:]
        lossy = [frame for frame in wire if newsroom.chance.random() > 0.3]
        if newsroom.chance.random() < 0.3:
            newsroom.chance.shuffle(lossy)
        for frame in lossy + lossy[:2]:
            if not page.take(frame):
                catch_up(newsroom, page)
        if not page.take(pulse_of(newsroom.event)):
            catch_up(newsroom, page)
        fresh = newsroom.fresh()
        assert page.shown() == fresh.shown()
        assert page.parts == fresh.parts
        assert page.total == fresh.total == newsroom.event.posts.published().count()
        assert page.have == fresh.have
        transaction.set_rollback(True)


@pytest.mark.django_db
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(0, 10_000), st.lists(st.sampled_from(VERBS), min_size=3, max_size=15), st.integers(0, 30))
def test_the_ring_answers_as_the_database_does(seed: int, verbs: list[str], after: int):
    with transaction.atomic():
        newsroom = Newsroom(seed)
        start = newsroom.fresh()
        for verb in verbs:
            newsroom.do(verb)
        head = Stream.objects.get(event=newsroom.event)
        after = max(start.have, min(after, head.sequence))
        merged = frames.merge(newsroom.heard, after=after, sequence=head.sequence, epoch=head.epoch)
        asked = frames.catch_up(newsroom.event.pk, after, head.epoch)
        assert merged is not None
        assert {row["post"]: row["html"] for row in merged["updates"]} == {
            row["post"]: row["html"] for row in asked["updates"]
        }
        for name, html in merged["parts"].items():
            assert asked["parts"][name] == html
        assert [row["total"] for row in merged["updates"][-1:]] == [row["total"] for row in asked["updates"][-1:]]
        only_present_words(newsroom, merged["updates"])
        transaction.set_rollback(True)


@pytest.mark.django_db
def test_a_long_absence_is_answered_in_pages_or_with_a_reset(monkeypatch, event):
    monkeypatch.setattr(frames, "PAGE", 4)
    page = Page(event.stream.epoch)
    for number in range(10):
        cast.post(event, f"Post {number}")
    answers = 0
    while not page.take(pulse_of(event)):
        assert page.take(frames.catch_up(event.pk, page.have, page.epoch))
        answers += 1
    assert answers == 3
    assert len(page.shown()) == 10
    for number in range(11):
        cast.post(event, f"Post {number}")
    assert frames.catch_up(event.pk, 0, page.epoch)["reset"]
    assert frames.catch_up(event.pk, 5, "another")["reset"]


@pytest.mark.django_db
def test_beyond_the_head_there_is_nothing_yet(event):
    assert frames.catch_up(event.pk, 99, event.stream.epoch)["updates"] == []


@pytest.mark.django_db
def test_a_frame_over_16_kb_goes_without_its_html(event):
    with TestCase.captureOnCommitCallbacks(execute=True):
        channel._queue.clear()
        publishing.publish(event, words=Words(body="<p>" + "x" * 17_000 + "</p>"), by=None)
    frame = frames.orjson.loads(channel._queue[-1]["frame"])
    assert "html" not in frame
    assert not Page(event.stream.epoch, frame["after"]).take(frame)


@pytest.mark.django_db
def test_posts_from_before_they_were_counted_are_counted_by_the_migration(event):
    cast.post(event)
    publishing.withdraw(cast.post(event).post, by=None)
    cast.event("empty")
    Stream.objects.update(readable=7)
    import_module("events.migrations.0015_readable").count(apps, None)
    assert dict(Stream.objects.values_list("event__slug", "readable")) == {"call": 1, "empty": 0}
