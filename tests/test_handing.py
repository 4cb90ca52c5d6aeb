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


@pytest.fixture
def carl(db):
    """A contributor."""
    return cast.member("carl", "contributor")


@pytest.fixture
def bo(db):
    """Another editor."""
    return cast.member("bo", "editor")


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


def test_an_unnamed_source_waits_for_somebody_else(event, editor, bo):
    words = cast.words(attributions=UNNAMED)
    with pytest.raises(Refused, match="Submit it: somebody else publishes it"):
        publishing.publish(event, words=words, by=editor)
    post = publishing.save_draft(event, words=words, by=editor, submit=True).post
    with pytest.raises(Refused, match="second editor"):
        publishing.publish(event, words=words, by=editor, post=post)
    assert publishing.publish(event, words=words, by=bo, post=post).post.state == "published"


def test_the_same_holds_for_what_goes_out_later(event, editor, bo):
    words, later = cast.words(attributions=UNNAMED), timezone.now() + timedelta(hours=1)
    for deed in (
        lambda: publishing.schedule(event, words=words, by=editor, at=later),
        lambda: publishing.send(event, words=words, by=editor),
    ):
        with pytest.raises(Refused, match="second editor"):
            deed()
    post = publishing.save_draft(event, words=words, by=editor).post
    assert publishing.schedule(event, words=words, by=bo, post=post, at=later).post.state == "scheduled"


def test_whoever_submitted_it_for_somebody_else_is_no_second_editor(event, editor, carl):
    post = submission(event, carl, attributions=UNNAMED)
    words = cast.words(attributions=UNNAMED)
    publishing.save_draft(event, words=words, by=editor, post=post, submit=True)
    with pytest.raises(Refused, match="second editor"):
        publishing.publish(event, words=words, by=editor, post=post)


def test_whoever_adds_an_unnamed_source_has_written_it(event, editor, bo, carl):
    post = submission(event, carl)
    with pytest.raises(Refused, match="second editor"):
        publishing.publish(event, words=cast.words(attributions=UNNAMED), by=editor, post=post)
    publishing.publish(event, words=cast.words(attributions=WITNESSED), by=editor, post=post)
    for deed in (publishing.revise, publishing.correct):
        with pytest.raises(Refused, match="a post of its own"):
            deed(post, words=cast.words(attributions=UNNAMED), revision=1, by=bo, note="It was seven.")
    post.refresh_from_db()
    assert post.revision == 1


DIPLOMAT = (Named(basis="unnamed", described_as="a diplomat", reason_unnamed="not allowed to speak", quote="No."),)


@pytest.mark.parametrize("saving", ["draft", "submission", "schedule"])
def test_whoever_saved_an_unnamed_source_first_has_written_it_no_less(event, editor, bo, saving):
    words, later = cast.words(attributions=UNNAMED), timezone.now() + timedelta(hours=1)
    post = submission(event, editor)
    if saving == "schedule":
        publishing.change(event, by=None, second_editor="never")
        publishing.schedule(event, words=words, by=bo, post=post, at=later)
        publishing.change(event, by=None, second_editor="unnamed")
    else:
        publishing.save_draft(event, words=words, by=bo, post=post, keep=saving == "submission")
    for _again in range(2):
        with pytest.raises(Refused, match="second editor"):
            publishing.publish(event, words=words, by=bo, post=post)
        # Saved once more it says nothing new, and is theirs as before.
        publishing.save_draft(event, words=words, by=bo, post=post)
    cat = cast.member("cat", "editor")
    assert publishing.publish(event, words=words, by=cat, post=post).post.state == "published"


def test_who_edits_around_anothers_unnamed_source_may_publish_it_and_who_changes_what_it_says_may_not(
    event, editor, bo
):
    post = submission(event, editor, attributions=DIPLOMAT)
    around = cast.words("They are talking", attributions=DIPLOMAT)
    other = Named(basis="unnamed", described_as="a diplomat", reason_unnamed="not allowed to speak", quote="Yes, all.")
    for deed in (publishing.save_draft, publishing.publish):
        if deed is publishing.publish:
            with pytest.raises(Refused, match="second editor"):
                deed(event, words=cast.words(attributions=(other,)), by=bo, post=post)
        deed(event, words=around, by=bo, post=post)


def test_by_the_rule_always_whoever_wrote_to_a_draft_is_one_of_its_authors(event, editor, bo):
    publishing.change(event, by=None, second_editor="always")
    post = publishing.save_draft(event, words=cast.words(), by=editor).post
    with pytest.raises(Refused, match="Every post of this event"):
        publishing.publish(event, words=cast.words("Nothing is as it was"), by=bo, post=post)
    # What sort of post it is is no word of it.
    publishing.save_draft(event, words=cast.words(kind="analysis", key_event=True), by=bo, post=post)
    publishing.save_draft(event, words=cast.words("Nothing is as it was"), by=bo, post=post)
    with pytest.raises(Refused, match="Every post of this event"):
        publishing.publish(event, words=cast.words("Nothing is as it was"), by=bo, post=post)
    cat = cast.member("cat", "editor")
    publishing.publish(event, words=cast.words("Nothing is as it was"), by=cat, post=post)


def test_one_unnamed_source_is_not_put_in_the_place_of_another(event, editor):
    post = publishing.publish(event, words=cast.words(attributions=UNNAMED), by=None).post
    other = Named(basis="unnamed", described_as="a general", reason_unnamed="not allowed to speak")
    with pytest.raises(Refused, match="a post of its own"):
        publishing.revise(post, words=cast.words(attributions=(other,)), revision=1, by=editor, asked=True)
    slip = Named(basis="unnamed", described_as="a diplomatt", reason_unnamed="not allowed to speak")
    assert publishing.revise(post, words=cast.words(attributions=(slip,)), revision=1, by=editor, asked=True).sequence


def test_what_is_out_with_an_unnamed_source_can_be_corrected_by_one(event, editor):
    post = publishing.publish(event, words=cast.words(attributions=UNNAMED), by=None).post
    words = cast.words("It was seven", attributions=UNNAMED)
    assert publishing.correct(post, words=words, revision=1, by=editor, note="It was seven.").sequence


@pytest.mark.parametrize("rule", ["always", "unnamed"])
def test_ones_own_post_on_hold_is_corrected_by_oneself(event, editor, rule):
    post = publishing.publish(event, words=cast.words(attributions=UNNAMED), by=None).post
    Post.objects.filter(pk=post.pk).update(created_by=editor)
    publishing.change(event, by=None, second_editor=rule)
    publishing.hold(post, by=editor)
    words = cast.words("It was seven", attributions=UNNAMED)
    assert publishing.correct(post, words=words, revision=1, by=editor, note="It was seven.", held=True).sequence
    publishing.hold(post, by=editor)
    with pytest.raises(Refused, match="needs a second editor"):
        more = cast.words(attributions=(*UNNAMED, *UNNAMED))
        publishing.revise(post, words=more, revision=2, by=editor, asked=True, held=True)


def test_always_and_never_are_rules_too(event, editor, bo):
    publishing.change(event, by=None, second_editor="always")
    with pytest.raises(Refused, match="Every post of this event"):
        publishing.publish(event, words=cast.words(), by=editor)
    draft = publishing.save_draft(event, words=cast.words(), by=editor).post
    with pytest.raises(Refused, match="Every post of this event"):
        publishing.publish(event, words=cast.words(), by=editor, post=draft)
    publishing.publish(event, words=cast.words(), by=bo, post=draft)
    publishing.publish(event, words=cast.words(attributions=UNNAMED), by=None)
    publishing.change(event, by=None, second_editor="never")
    publishing.publish(event, words=cast.words(attributions=UNNAMED), by=editor)


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
