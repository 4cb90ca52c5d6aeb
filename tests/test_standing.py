"""What is checked, what stands, and what replaces it."""

import json
import re
from datetime import timedelta

import pytest
from django.conf import settings
from django.utils import timezone

from events import cards, frames, publishing
from events.models import Post, Stream
from events.publishing import Refused
from tests import cast
from tests.desks import at, do

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("change", ["typo", "correction"])
def test_a_post_on_hold_is_shown_again_with_its_new_words_and_not_before(ada, event, editor, change):
    post = cast.post(event, "Seven o’clock").post
    publishing.hold(post, by=editor)
    assert ada.get(at(event, f"posts/{post.pk}/")).json()["held"] is True
    before = event.updates.count()
    answer = do(
        ada, event, "revise", key="r", post=post.pk, words={"headline": "Half past seven"}, revision=1, change=change,
        note="We said seven: it is half past.", held=True,
    ).json()  # fmt: skip
    assert answer["ok"], answer
    post.refresh_from_db()
    assert (post.state, post.withdrawal, post.headline) == ("published", "", "Half past seven")
    assert event.updates.count() == before + (2 if change == "correction" else 1)
    assert do(ada, event, "takeback", which="r").json()["ok"]
    post.refresh_from_db()
    assert (post.state, post.withdrawal, post.headline) == ("withdrawn", "hold", "Seven o’clock")
    assert not post.corrections.exists()


@pytest.mark.parametrize("verb", ["typo", "correction", "bring_back"])
def test_a_hold_that_its_editor_did_not_know_of_is_asked_about(ada, event, verb):
    post = cast.post(event, "Seven o’clock").post
    publishing.revise(post, words=cast.words("Seven o’clock, sharp"), revision=1, by=None)
    publishing.hold(post, by=cast.member("bo"))
    given = {"post": post.pk, "revision": 2, "words": {"headline": "Seven o’clock."}, "note": "It was half past."}
    given |= {"number": 1, "change": "typo"} if verb == "bring_back" else {"change": verb}
    deed = verb if verb == "bring_back" else "revise"
    answer = do(ada, event, deed, key="k", **given)
    assert answer.status_code == 409 and answer.json()["ask"]["reason"] == "held"
    assert "bo put this post on hold at " in answer.json()["error"]
    post.refresh_from_db()
    assert (post.withdrawal, post.headline) == ("hold", "Seven o’clock, sharp")
    assert do(ada, event, deed, key="k", **given, held=True).json()["ok"]
    post.refresh_from_db()
    assert (post.state, post.withdrawal) == ("published", "")


def test_what_was_withdrawn_for_good_is_not_revised(event):
    post = cast.post(event).post
    publishing.withdraw(post, by=None)
    with pytest.raises(Refused, match="not public"):
        publishing.revise(post, words=cast.words("x"), revision=1, by=None)


def test_the_history_of_a_standing_begins_with_its_publication(client, event):
    post = publishing.publish(event, words=cast.words(standing="not_confirmed"), by=None).post
    page = client.get("/events/call/").content.decode()
    assert "Not confirmed by us." in page and "standings" not in page
    publishing.stand(post, by=None, standing="confirmed")
    publishing.stand(post, by=None, standing="confirmed")
    assert [row.standing for row in post.standing_changes.all()] == ["not_confirmed", "confirmed"]
    page = client.get("/events/call/").content.decode()
    assert re.search(r"Not confirmed by us <time.*GMT</time>, Confirmed by us <time", page)


@pytest.mark.parametrize("verb", ["stand", "move"])
def test_a_standing_and_a_place_are_taken_back(ada, event, verb):
    post = cast.post(event).post
    place = post.sort_at
    given = {"standing": "disputed"} if verb == "stand" else {"sort_at": "2025-03-18T14:00"}
    assert do(ada, event, verb, key="k", post=post.pk, **given).json()["undo"] == "k"
    assert do(ada, event, "takeback", which="k").json()["ok"]
    post.refresh_from_db()
    assert (post.standing, post.sort_at, post.standing_changes.count()) == ("reported", place, 0)


def test_a_withdrawal_leads_to_a_public_post_of_the_event_alone(ada, client, event):
    post, better = cast.post(event).post, cast.post(event, "Better").post
    draft = publishing.save_draft(event, words=cast.words(), by=None).post
    elsewhere = cast.post(cast.event("other")).post
    for wrong in (draft, elsewhere, post):
        answer = do(ada, event, "withdraw", post=post.pk, instead=wrong.pk)
        assert answer.status_code == 400 and answer.json()["field"] == "replaced_by"
    assert do(ada, event, "withdraw", post=post.pk, instead=better.pk).json()["ok"]
    assert better.get_absolute_url() in client.get(post.get_absolute_url()).content.decode()


def test_a_submission_saved_as_a_draft_in_between_still_needs_a_source(event, editor):
    carl = cast.member("carl", "contributor")
    post = publishing.save_draft(event, words=cast.words(), by=carl, submit=True).post
    publishing.save_draft(event, words=cast.words(), by=editor, post=post)
    with pytest.raises(Refused, match="Name a source"):
        publishing.publish(event, words=cast.words(), by=editor, post=post)


@pytest.mark.parametrize(
    ("standing", "sentence"),
    [("not_confirmed", "Not confirmed by us."), ("disputed", "This is disputed."), ("false", "This is false.")],
)
def test_the_sentence_travels_wherever_the_words_do(client, event, standing, sentence):
    moment = timezone.now() - timedelta(minutes=5)
    words = cast.words("A truce is near", body="<p>So they say.</p>", standing=standing)
    post = publishing.publish(event, words=words, by=None, at=moment).post
    page = client.get(post.get_absolute_url()).content.decode()
    said = f"{sentence} So they say."
    assert f'<meta name="description" content="{said}">' in page and f'"og:description" content="{said}"' in page
    (block,) = re.findall(
        r'<script type="application/ld\+json">(.*?)</script>', client.get("/events/call/").content.decode()
    )
    assert json.loads(block)["liveBlogUpdate"][0]["articleBody"] == f"{sentence}\nSo they say."
    told = client.get("/oembed/", {"url": settings.SITE_URL + post.get_absolute_url()}).json()
    assert re.search(rf"<blockquote [^>]*>{sentence} <a [^>]*>A truce is near</a></blockquote>", told["html"])
    assert f"<description>{said}</description>" in client.get("/events/call/feed.rss").content.decode()
    assert f"<strong>{sentence}</strong>" in client.get("/events/call/feed.json").json()["items"][0]["content_html"]
    assert sentence in client.get("/events/call/search/", {"q": "truce"}).content.decode()
    assert cards.of_post(Post.objects.for_readers().get(pk=post.pk)).standing == sentence


@pytest.mark.parametrize("deed", ["hold", "withdraw", "remove", "retract"])
def test_a_withdrawn_post_leads_on_only_while_readers_can_read_where_to(client, event, deed):
    post, better = cast.post(event, "Wrong").post, cast.post(event, "Better").post
    publishing.withdraw(post, by=None, replaced_by=better)
    way = f'<a href="{better.get_absolute_url()}" data-to="{better.pk}">Read instead</a>'

    def links() -> tuple[bool, bool]:
        """Whether the page has it, and what a page that stood there before is told."""
        stream = Stream.objects.get(event=event)
        told = frames.catch_up(event.pk, links.have, stream.epoch)["updates"]
        links.have = stream.sequence
        page = client.get("/events/call/").content.decode()
        return way in page, way in next(row["html"] for row in told if row["post"] == post.pk)

    links.have = 0
    assert links() == (True, True)
    left = links.have
    given = {"note": "We no longer stand by it."} if deed == "retract" else {}
    getattr(publishing, deed)(better, by=None, **given)
    assert links() == (False, False)
    told = client.get(f"/events/call/since/{left}/").content.decode()
    assert f'data-post="{post.pk}"' not in told
    if deed == "remove":
        return
    better.refresh_from_db()
    if deed == "hold":
        words = cast.words("Better still")
        said = {"change": "clarification", "note": "So it is."}
        publishing.revise(better, words=words, revision=1, by=None, held=True, **said)
    else:
        publishing.restore(better, by=None)
    assert links() == (True, True)
