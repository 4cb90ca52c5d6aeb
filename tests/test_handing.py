"""From hand to hand: submissions, claims, what is sent back, the second editor, presence, and private notes."""

import json
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from events import archive, frames, publishing
from events.live import channel
from events.models import Event, Post, Presence
from events.publishing import Named, Refused
from tests import cast
from tests.desks import at, send

pytestmark = pytest.mark.django_db

WITNESSED = (Named(basis="witnessed"),)
UNNAMED = (Named(basis="unnamed", described_as="a diplomat", reason_unnamed="not allowed to speak"),)


def submission(event: Event, by, **words) -> Post:
    given = {"attributions": WITNESSED} | words
    return publishing.save_draft(event, words=cast.words("They talk", **given), by=by, submit=True).post


def browser(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_a_submission_says_who_submitted_it_and_when(event, carl):
    post = submission(event, carl)
    assert (post.submitted_by, post.state) == (carl, "submitted")
    assert timezone.now() - post.handed_at < timedelta(minutes=1)


def test_the_second_to_claim_is_told_and_may_take_over(event, editor, bo, carl):
    post = submission(event, carl)
    publishing.claim(post, by=editor)
    publishing.claim(post, by=editor)
    with pytest.raises(Refused, match="ada has claimed this already") as refusal:
        publishing.claim(post, by=bo)
    assert refusal.value.field == "claimed"
    with pytest.raises(Refused, match="and not you"):
        publishing.unclaim(post, by=bo)
    assert publishing.claim(post, by=bo, over=True).post.claimed_by == bo
    assert publishing.unclaim(post, by=bo).post.claimed_by is None


@pytest.mark.parametrize("gone", ["published", "draft", "deleted"])
def test_what_is_no_submission_any_more_is_neither_claimed_nor_sent_back(event, editor, carl, gone):
    post = submission(event, carl)
    if gone == "published":
        publishing.publish(event, words=cast.words(attributions=WITNESSED), by=editor, post=post)
    elif gone == "draft":
        publishing.save_draft(event, words=cast.words(), by=carl, post=post)
    else:
        publishing.delete_draft(post, by=carl)
    for deed in (publishing.claim, publishing.unclaim):
        with pytest.raises(Refused):
            deed(post, by=editor)
    with pytest.raises(Refused):
        publishing.send_back(post, by=editor, reason="No.")


def test_what_is_sent_back_is_its_authors_draft_with_the_reason(event, editor, carl):
    post = submission(event, carl)
    publishing.claim(post, by=editor)
    ada, his = browser(editor), browser(carl)
    for reason, sentence in (("", "Write why"), (" \n", "Write why"), ("a" * 301, "room for 300")):
        answer = send(ada, event, "deeds/send_back/", post=post.pk, reason=reason)
        assert answer.status_code == 400 and sentence in answer.json()["error"]
        assert answer.json()["field"] == "reason"
    assert send(ada, event, "deeds/send_back/", post=post.pk, reason="Who says so?").status_code == 200
    post.refresh_from_db()
    assert (post.state, post.claimed_by, post.sent_back_reason) == ("draft", None, "Who says so?")
    (row,) = his.get(at(event, "timeline/")).json()["inbox"]
    assert "Who says so?" in row["html"] and "sent-back" in row["html"] and "data-news" in row["html"]
    # Saved on the way, the reason stays; submitted again, it is done with.
    send(his, event, "deeds/draft/", post=post.pk, words={"headline": "They talk"})
    post.refresh_from_db()
    assert post.sent_back_reason
    send(his, event, "deeds/submit/", post=post.pk, words={"headline": "They talk"})
    post.refresh_from_db()
    assert (post.state, post.sent_back_reason) == ("submitted", "")


def test_ones_own_submission_is_no_news(event, editor, bo):
    submission(event, editor)
    for user, news in ((editor, False), (bo, True)):
        (row,) = browser(user).get(at(event, "timeline/")).json()["inbox"]
        assert ("data-news" in row["html"]) == news


# The second editor


# Private


def canaries(event: Event, by) -> Post:
    """A public post, a draft, and submissions, one of which came back: each with words for the desk alone."""
    post = cast.post(event, "For all").post
    publishing.note(post, by=by, note="canary note")
    publishing.change(event, by=by, handover="canary handover")
    back = submission(event, by, body="<p>canary submission</p>")
    publishing.send_back(back, by=by, reason="canary reason")
    publishing.save_draft(event, words=cast.words("canary draft"), by=by)
    publishing.note(submission(event, by), by=by, note="canary of a submission")
    return post


def test_no_note_reaches_a_reader(event, editor, client, django_capture_on_commit_callbacks):
    channel._queue.clear()
    with django_capture_on_commit_callbacks(execute=True):
        post = canaries(event, editor)
        publishing.revise(post, words=cast.words("For all of us"), revision=1, by=None)
    told = json.dumps(list(channel._queue))
    assert "For all of us" in told and "canary" not in told
    caught = frames.dump(frames.catch_up(event.pk, 0, event.stream.epoch))
    assert "For all of us" in caught and "canary" not in caught
    pages = ["/", f"/events/{event.slug}/", f"/events/{event.slug}/posts/{post.pk}/", f"/embed/{event.slug}/"]
    pages += [
        f"/events/{event.slug}/?order=oldest",
        f"/events/{event.slug}/updates/?after=0&epoch={event.stream.epoch}",
    ]
    for page in pages:
        answer = client.get(page)
        assert answer.status_code == 200 and b"canary" not in answer.content, page
    assert b"canary" not in archive.zipped(event)


def test_signals_tell_that_and_never_what(event, editor, django_capture_on_commit_callbacks):
    channel._queue.clear()
    with django_capture_on_commit_callbacks(execute=True):
        publishing.save_draft(event, words=cast.words("canary"), by=editor)
    assert list(channel._queue) == [{"type": "desk.changed", "event": event.pk, "about": "inbox"}]


def test_notes_are_read_and_written_at_the_desk(event, editor, carl):
    post, ada = cast.post(event).post, browser(editor)
    sequence = event.stream.sequence
    assert send(ada, event, "deeds/note/", post=post.pk, note=" Call the spokesman.\nTwice. ").status_code == 200
    assert send(ada, event, "deeds/handover/", handover="Paris rings at six.").status_code == 200
    answer = ada.get(at(event, "timeline/")).json()
    assert "Call the spokesman.\nTwice." in answer["posts"][0]["html"] and answer["handover"] == "Paris rings at six."
    assert "Call the spokesman." not in browser(carl).get(at(event, "timeline/")).content.decode()
    event.stream.refresh_from_db()
    assert event.stream.sequence == sequence
    assert send(ada, event, "deeds/note/", post=post.pk, note="a" * 2001).status_code == 400
    assert send(ada, event, "deeds/note/", post=post.pk, note="").status_code == 200
    post.refresh_from_db()
    assert post.note == ""


def test_a_note_can_be_written_while_the_event_is_frozen(event, editor, carl):
    post = submission(event, carl)
    publishing.change(event, by=None, frozen=True)
    publishing.note(post, by=editor, note="Wait.")
    publishing.claim(post, by=editor)
    publishing.send_back(post, by=editor, reason="We are frozen.")


# Presence


def test_each_is_told_of_the_others_once_however_many_tabs(event, editor, bo):
    ada, his = browser(editor), browser(bo)
    post = cast.post(event).post
    assert send(his, event, "presence/", tab="one", post=post.pk, writing=True).json()["others"] == []
    send(his, event, "presence/", tab="two", post="", writing=False)
    told = send(ada, event, "presence/", tab="three").json()["others"]
    assert told == [{"user": bo.pk, "name": "bo", "posts": [post.pk], "writing": True}]


def test_a_silent_tab_counts_no_more_and_is_forgotten(event, editor, bo):
    ada, his = browser(editor), browser(bo)
    send(his, event, "presence/", tab="one", post="x")
    Presence.objects.update(at=timezone.now() - timedelta(seconds=21))
    assert send(ada, event, "presence/", tab="two").json()["others"] == []
    assert [row.tab for row in Presence.objects.all()] == ["two"]
    send(ada, event, "presence/", tab="two", gone=True)
    assert not Presence.objects.exists()


def test_only_what_changed_is_told_on(event, editor):
    ada = browser(editor)
    channel._queue.clear()
    for post in ("", "", "x", "x"):
        send(ada, event, "presence/", tab="one", post=post)
    assert [message["about"] for message in channel._queue] == ["presence", "presence"]


@pytest.mark.parametrize("content", [{}, {"tab": ""}, {"tab": "a" * 25}, {"tab": 7}])
def test_a_tab_without_a_name_gets_a_sentence(event, editor, content):
    assert send(browser(editor), event, "presence/", **content).status_code == 400
    answer = browser(editor).post(at(event, "presence/"), "[]", content_type="application/json")
    assert answer.status_code == 400 and answer.json()["error"]


def test_who_looks_on_holds_nothing(event, editor):
    viewer = browser(cast.member("vi", "viewer"))
    assert send(viewer, event, "presence/", tab="one", post="x").status_code == 200
    assert Presence.objects.get().post == ""
