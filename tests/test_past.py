"""The past of a post at the desk: history, trash, undo, the kind of a change, what rests on what."""

import json
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from events import publishing
from events.models import Deed, Event, Post
from events.publishing import Conflict, Line, Named, Refused
from events.publishing.earlier import facts_of, words_again
from tests import cast
from tests.desks import at, do

pytestmark = pytest.mark.django_db


def ask(client: Client, event: Event, path: str):
    return client.get(at(event, path))


def old(event: Event, headline: str, **fields) -> Post:
    """A post that went out an hour ago."""
    at = timezone.now() - timedelta(hours=1)
    return publishing.publish(event, words=cast.words(headline, **fields), by=None, at=at).post


def back(event: Event, editor: User, which: str = "k"):
    return publishing.takeback(event, which=which, by=editor)


# What was there before


def test_words_come_back_as_they_were(event):
    named = Named(source=cast.scavino(), verb="wrote", medium="on X", quote="Going well.", said_at=timezone.now())
    words = cast.words("It goes well", standing="disputed", key_event=True, key_label="Well", attributions=(named,))
    post = publishing.publish(event, words=words, by=None).post
    again = words_again(json.loads(json.dumps(facts_of(post))))
    done = publishing.revise(post, words=again, revision=1, by=cast.editor())
    assert done.sequence is None
    assert post.attributions.get().source == cast.scavino()


# Undo


def test_a_revision_is_taken_back_as_a_new_version(event, editor):
    post = cast.post(event, "As it was").post
    publishing.revise(post, words=cast.words("Too fast"), revision=1, by=editor, key="k", change="addition", note="New")
    back(event, editor)
    post.refresh_from_db()
    assert (post.headline, post.revision) == ("As it was", 3)
    assert not post.corrections.exists()


def test_a_correction_is_taken_back_with_its_entry(event, editor):
    post = cast.post(event, "Seven in London").post
    done = publishing.correct(post, words=cast.words("Seven"), revision=1, note="Not London.", by=editor, key="k")
    back(event, editor)
    post.refresh_from_db()
    assert post.headline == "Seven in London"
    assert not post.corrections.exists()
    assert Post.objects.get(pk=done.entry.pk).withdrawal == "undo"


@pytest.mark.parametrize("verb", ["withdraw", "hold"])
def test_what_was_taken_down_is_shown_again_and_pinned_again(event, editor, verb):
    post = cast.post(event).post
    publishing.pin(event, post=post, by=editor)
    getattr(publishing, verb)(post, by=editor, key="k")
    back(event, editor)
    post.refresh_from_db()
    event.refresh_from_db()
    assert post.is_public and event.pinned == post


def test_a_withdrawal_out_of_a_hold_goes_back_to_the_hold(event, editor):
    post = cast.post(event).post
    publishing.hold(post, by=editor)
    publishing.withdraw(post, by=editor, note="Wrong.", key="k")
    back(event, editor)
    post.refresh_from_db()
    assert (post.withdrawal, post.withdrawn_note) == ("hold", "")


def test_a_publication_is_taken_back_and_the_earlier_pin_is_there_again(event, editor):
    first = cast.post(event, "First").post
    publishing.pin(event, post=first, by=editor)
    done = publishing.publish(event, words=cast.words("Second"), by=editor, key="k", pin=True)
    back(event, editor)
    event.refresh_from_db()
    assert event.pinned == first
    assert Post.objects.get(pk=done.post.pk).withdrawal == "undo"


def test_pins_marks_summaries_and_pauses_are_taken_back(event, editor):
    first, second = cast.post(event, "First").post, cast.post(event, "Second").post
    publishing.pin(event, post=first, by=editor)
    publishing.pin(event, post=second, by=editor, key="pin")
    back(event, editor, "pin")
    event.refresh_from_db()
    assert event.pinned == first
    publishing.unpin(event, by=editor, key="unpin")
    back(event, editor, "unpin")
    event.refresh_from_db()
    assert event.pinned == first
    publishing.mark(first, by=editor, key_event=True, key_label="So", key="mark")
    back(event, editor, "mark")
    first.refresh_from_db()
    assert (first.key_event, first.key_label) == (False, "")
    publishing.summarise(event, lines=[Line(text="One", post=first)], by=editor)
    publishing.summarise(event, lines=[Line(text="Two")], by=editor, key="sum")
    back(event, editor, "sum")
    assert event.summary_lines.get().text == "One"
    publishing.pause(event, by=editor, note="Back at six", key="pause")
    back(event, editor, "pause")
    event.refresh_from_db()
    assert (event.state, event.pause_note) == ("live", "")


def test_what_somebody_changed_since_is_not_taken_back(event, editor):
    post = cast.post(event).post
    publishing.revise(post, words=cast.words("Mine"), revision=1, by=editor, key="k")
    publishing.revise(post, words=cast.words("Theirs"), revision=2, by=None)
    with pytest.raises(Refused, match="Somebody has changed this since"):
        back(event, editor)
    publishing.pin(event, post=post, by=editor, key="pin")
    publishing.pin(event, post=cast.post(event, "Other").post, by=None)
    with pytest.raises(Refused, match="Somebody has changed this since"):
        back(event, editor, "pin")


def test_it_is_too_late_after_the_window_and_not_for_others(event, editor):
    post = cast.post(event).post
    publishing.mark(post, by=editor, key_event=True, key="k")
    with pytest.raises(Refused, match="cannot be taken back"):
        back(event, User.objects.create(username="bob"))
    Deed.objects.filter(key="k").update(at=timezone.now() - timedelta(minutes=1))
    with pytest.raises(Refused, match="too late"):
        back(event, editor)


def test_the_desk_offers_it_and_twice_does_it_once(ada, event):
    post = cast.post(event).post
    told = do(ada, event, "mark", key="k", post=post.pk, key_event=True).json()
    assert told["undo"] == "k"
    first = do(ada, event, "takeback", key="b", which="k").json()
    again = do(ada, event, "takeback", key="b", which="k").json()
    assert (first["message"], first["repeated"], again["repeated"]) == ("Taken back.", False, True)
    assert do(ada, event, "restore", key="r", post=post.pk).status_code == 400
    assert do(ada, event, "hold", post=post.pk).json()["ok"]
    assert do(ada, event, "restore", key="s", post=post.pk).json()["undo"] == "s"


# Which kind of change it is


def test_a_number_in_an_older_post_asks_and_then_passes(ada, event):
    post = old(event, "It lasted 90 minutes")
    given = {"post": post.pk, "revision": 1, "words": {"headline": "It lasted 120 minutes", "body": post.body}}
    answer = do(ada, event, "revise", key="k", change="typo", **given)
    assert answer.status_code == 400
    assert answer.json()["field"] == "change" and "a number" in answer.json()["error"]
    assert do(ada, event, "revise", key="k", change="", asked=True, **given).json()["field"] == "change"
    assert do(ada, event, "revise", key="k", change="typo", asked=True, **given).json()["message"] == "Revised."


def test_a_young_post_asks_nothing_and_a_command_is_asked_nothing(event, editor):
    young, aged = cast.post(event, "It lasted 90 minutes").post, old(event, "It lasted 90 minutes")
    assert publishing.revise(young, words=cast.words("It lasted 120 minutes"), revision=1, by=editor).sequence
    assert publishing.revise(aged, words=cast.words("It lasted 120 minutes"), revision=1, by=None).sequence


@pytest.mark.parametrize("change", ["typo", "addition"])
def test_a_change_inside_quotation_marks_is_a_correction(event, editor, change):
    named = Named(source=cast.scavino(), quote="The call is going well.")
    other = Named(source=cast.scavino(), quote="The call is going very well.")
    post = old(event, "Scavino", attributions=(named,))
    words = cast.words("Scavino", attributions=(other,))
    with pytest.raises(Refused, match="a correction") as refused:
        publishing.revise(post, words=words, revision=1, by=editor, change=change, asked=True)
    assert refused.value.field == "change"
    assert publishing.correct(post, words=words, revision=1, note="We left out “very”.", by=editor).entry


def test_a_revision_that_changes_nothing_makes_no_version(ada, event):
    post = cast.post(event).post
    words = {"headline": post.headline, "body": post.body}
    told = do(ada, event, "revise", key="k", post=post.pk, revision=1, words=words).json()
    assert told["message"] == "Nothing has changed: there is no new version."
    assert post.revisions.count() == 1


def test_the_plain_form_asks_too(ada, event):
    post = old(event, "It lasted 90 minutes")
    address = f"/admin/events/post/{post.pk}/change/"
    given = {
        "headline": "It lasted 120 minutes", "body": post.body, "kind": "news", "standing": "reported",
        "occurred_precision": "minute", "deed": "typo", "revision": "1", "key": "form-1",
        "attributions-TOTAL_FORMS": "0", "attributions-INITIAL_FORMS": "0",
    }  # fmt: skip
    page = ada.post(address, given).content.decode()
    assert "Say what kind of change it is" in page
    assert 'name="asked" value="true"' in page
    assert ada.post(address, given | {"asked": "true"}).status_code == 302
    post.refresh_from_db()
    assert post.headline == "It lasted 120 minutes"


# Conflict


def test_a_conflict_says_what_both_began_from(ada, event):
    post = cast.post(event, "As it was").post
    publishing.revise(post, words=cast.words("Theirs"), revision=1, by=None)
    words = {"headline": "Mine", "body": ""}
    answer = do(ada, event, "revise", key="k", post=post.pk, revision=1, words=words)
    assert answer.status_code == 409
    told = answer.json()["conflict"]
    assert (told["base"]["headline"], told["words"]["headline"], told["revision"]) == ("As it was", "Theirs", 2)


def test_a_correction_waits_in_no_merge(ada, event):
    post = cast.post(event, "Seven in London").post
    publishing.revise(post, words=cast.words("Seven in London, they say"), revision=1, by=None)
    words = {"headline": "Seven in Delhi", "body": post.body}
    given = {"post": post.pk, "revision": 1, "words": words, "change": "correction", "note": "It was Delhi."}
    told = do(ada, event, "revise", key="k", **given).json()
    assert "those words are in its history" in told["message"]
    post.refresh_from_db()
    assert (post.headline, post.revision) == ("Seven in Delhi", 3)
    with pytest.raises(Conflict):
        publishing.revise(post, words=cast.words("Late"), revision=2, by=None)


# History and trash
