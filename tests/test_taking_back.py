"""Undo at its edges: what comes back with the words, what stands in its way, and what is final."""

import pytest

from events import publishing
from events.models import Deed, Post
from events.publishing import Refused
from tests import cast


@pytest.fixture
def post(event, editor) -> Post:
    """A quotation that Ada has just published."""
    return publishing.publish(event, words=cast.quote(), by=editor, key="out").post


def back(event, editor, key: str = ""):
    return publishing.takeback(event, which="deed", by=editor, key=key)


def test_source_and_times_of_the_earlier_words_come_back(event, editor, post):
    significant = post.significant_at
    change = {"change": "clarification", "note": "They speak, they do not write."}
    publishing.revise(post, words=cast.words("They speak"), revision=1, by=editor, key="deed", **change)
    back(event, editor)
    row = post.attributions.get()
    assert (row.quote, row.source, row.medium) == ("The call is going well.", cast.scavino(), "on X")
    post.refresh_from_db()
    assert (post.kind, post.revised_at, post.significant_at) == ("quote", None, significant)
    assert list(post.revisions.order_by("number").values_list("headline", flat=True)) == ["", "They speak", ""]


def test_another_post_stands_in_nobodys_way(event, editor, post):
    publishing.mark(post, by=editor, key_event=True, key="deed")
    cast.post(event, "Another")
    back(event, editor)
    post.refresh_from_db()
    assert not post.key_event


def test_the_key_of_another_event_takes_nothing_back(event, editor, post):
    publishing.mark(post, by=editor, key_event=True, key="deed")
    with pytest.raises(Refused, match="cannot be taken back"):
        back(cast.event("other"), editor)


@pytest.mark.parametrize("how", ["hold", "withdraw", "retract", "undo"])
def test_what_was_restored_is_down_again_as_it_was(event, editor, post, how):
    more = {"withdraw": {"note": "It was said twice.", "replaced_by": cast.post(event, "Once").post}}
    more["retract"] = {"note": "It was wrong."}
    getattr(publishing, how)(post, by=editor, **more.get(how, {}))
    post.refresh_from_db()
    fields = ("state", "withdrawal", "withdrawn_note", "withdrawn_at", "replaced_by_id")
    was = [getattr(post, name) for name in fields]
    notes = list(post.corrections.values_list("kind", "note", "at", "by"))
    publishing.restore(post, by=editor, key="deed")
    publishing.pin(event, post=post, by=None)
    back(event, editor)
    post.refresh_from_db()
    event.refresh_from_db()
    assert [getattr(post, name) for name in fields] == was
    assert list(post.corrections.values_list("kind", "note", "at", "by")) == notes
    assert event.pinned_id is None


def test_a_frozen_event_brings_nothing_back(event, editor, post):
    publishing.hold(post, by=editor, key="deed")
    publishing.change(event, by=editor, frozen=True)
    with pytest.raises(Refused, match="is frozen"):
        back(event, editor)
    post.refresh_from_db()
    assert post.withdrawal == "hold"


def test_a_correction_whose_entry_was_changed_since_is_not_taken_back_by_half(event, editor, post):
    done = publishing.correct(post, words=cast.words("Right"), revision=1, note="It was wrong.", by=editor, key="deed")
    publishing.mark(done.entry, by=None, key_event=True)
    with pytest.raises(Refused, match="too late"):
        back(event, editor)
    post.refresh_from_db()
    assert (post.headline, post.corrections.get().entry) == ("Right", done.entry)
    assert Post.objects.get(pk=done.entry.pk).is_public


def test_a_publication_is_taken_back_while_frozen_though_the_earlier_pin_is_not(event, editor, post):
    publishing.pin(event, post=post, by=editor)
    second = publishing.publish(event, words=cast.words("Second"), by=editor, key="deed", pin=True).post
    publishing.change(event, by=editor, frozen=True)
    back(event, editor)
    second.refresh_from_db()
    event.refresh_from_db()
    assert (second.withdrawal, event.pinned) == ("undo", None)


@pytest.mark.parametrize("verb", ["retract", "remove"])
def test_what_is_final_is_not_taken_back(event, editor, post, verb, settings, tmp_path):
    settings.REMOVALS_FILE = tmp_path / "removals.jsonl"
    more = {"note": "It was wrong."} if verb == "retract" else {}
    getattr(publishing, verb)(post, by=editor, key="deed", **more)
    with pytest.raises(Refused, match="cannot be taken back"):
        back(event, editor)
    assert Deed.objects.get(key="deed").before is None or verb == "retract"


def test_the_sentence_of_a_withdrawal_is_not_said_twice(event, editor):
    withdrawn, retracted = cast.post(event).post, cast.post(event, "Wrong").post
    publishing.withdraw(withdrawn, by=editor, note="This post was withdrawn. It was said twice.")
    publishing.retract(retracted, by=editor, note="We no longer stand by this post: the paper is false.")
    assert event.posts.get(pk=withdrawn.pk).withdrawn_note == "It was said twice."
    assert event.posts.get(pk=retracted.pk).withdrawn_note == "The paper is false."
    with pytest.raises(Refused, match="Write why"):
        publishing.retract(cast.post(event, "Other").post, by=editor, note="We no longer stand by this post.")
