"""The only writer."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from events import frames, publishing
from events.models import Attribution, Deed, Event, Post, Revision, Stream, Update
from events.publishing import Conflict, Named, Refused, Words
from tests import cast

pytestmark = pytest.mark.django_db


def sequence(event: Event) -> int:
    return Stream.objects.get(event=event).sequence


def test_publishing_takes_the_next_sequence_and_keeps_the_words(event, editor):
    before = sequence(event)
    done = publishing.publish(event, words=cast.words("A call"), by=editor)
    assert done.sequence == before + 1 == sequence(event)
    assert done.post.version == done.post.revision == 1
    assert Update.objects.get(event=event, sequence=done.sequence).action == "publish"
    assert Revision.objects.get(post=done.post).headline == "A call"
    assert Deed.objects.get(post=done.post).by == editor


def test_the_same_key_does_it_once(event):
    first = cast.post(event, "Once", key="k1")
    again = cast.post(event, "Once", key="k1")
    assert again.repeated
    assert (again.post.pk, again.sequence) == (first.post.pk, first.sequence)
    assert Post.objects.filter(event=event).count() == 1


def test_a_key_of_another_deed_is_refused(event):
    done = cast.post(event, key="k1")
    with pytest.raises(Refused):
        publishing.hold(done.post, by=None, key="k1")


@pytest.mark.parametrize("body", ["", "<p></p>", "<p>&nbsp;</p>", "<script>alert(1)</script>"])
def test_an_empty_post_is_refused(event, body):
    with pytest.raises(Refused) as refusal:
        publishing.publish(event, words=Words(body=body), by=None)
    assert refusal.value.field == "body"
    assert not Post.objects.exists()


def test_a_headline_alone_is_enough(event):
    assert publishing.publish(event, words=Words(headline="A snap"), by=None).post.headline == "A snap"


def test_a_quotation_alone_is_enough(event):
    assert publishing.publish(event, words=cast.quote(), by=None).post.attributions.get().quote


def test_a_body_over_100_kb_is_refused_with_its_size(event):
    with pytest.raises(Refused, match="101 KB"):
        publishing.publish(event, words=Words(body="<p>" + "x" * 102_500 + "</p>"), by=None)


def test_what_runs_never_reaches_the_html(event):
    done = publishing.publish(event, words=Words(body="<p onclick=x()>A<script>1</script></p>"), by=None)
    assert done.post.html == "<p>A</p>"


def test_every_name_of_the_door_is_there():
    assert [name for name in publishing.__all__ if not hasattr(publishing, name)] == []


@pytest.mark.parametrize("change", ["addition", "clarification"])
def test_the_public_sentence_has_room_for_so_much(event, change):
    post = cast.post(event).post
    given = {"words": cast.words("Filled in"), "revision": 1, "by": None, "change": change}
    with pytest.raises(Refused, match="room for 300") as refused:
        publishing.revise(post, note="x" * 301, **given)
    assert refused.value.field == "note"
    assert publishing.revise(post, note="x" * 300, **given).sequence


def test_a_revise_from_an_old_revision_is_a_conflict_with_both_texts(event):
    post = cast.post(event, "First").post
    publishing.revise(post, words=cast.words("Second"), revision=1, by=None)
    with pytest.raises(Conflict) as conflict:
        publishing.revise(post, words=cast.words("Mine"), revision=1, by=None)
    assert conflict.value.revision.headline == "Second"
    assert Post.objects.get(pk=post.pk).headline == "Second"


def test_marking_raises_the_version_and_not_the_revision(event):
    post = cast.post(event).post
    publishing.mark(post, by=None, key_event=True, key_label="Begun")
    post.refresh_from_db()
    assert (post.version, post.revision) == (2, 1)
    publishing.revise(post, words=cast.words("Still mine"), revision=1, by=None)


def test_a_correction_makes_an_entry_of_its_own(event):
    post = cast.post(event, "It began at seven").post
    done = publishing.correct(
        post, words=cast.words("It began at 7:30"), revision=1, note="It was 7:30.", by=None, key="c"
    )
    assert done.entry.kind == "correction"
    assert done.entry.sequence == done.sequence + 1
    assert "It was 7:30." in done.entry.html
    assert post.corrections.get().entry == done.entry
    again = publishing.correct(
        post, words=cast.words("It began at 7:30"), revision=1, note="It was 7:30.", by=None, key="c"
    )
    assert again.entry.pk == done.entry.pk


def test_attributions_keep_the_name_that_was_shown(event):
    source = cast.scavino()
    post = publishing.publish(event, words=cast.quote(), by=None).post
    source.name = "Somebody Else"
    source.save()
    assert post.attributions.get().as_named == "Dan Scavino"
    source.delete()
    assert Attribution.objects.get(post=post).as_named == "Dan Scavino"


def test_an_unnamed_source_needs_a_description_and_a_reason(event):
    with pytest.raises(Refused):
        publishing.publish(
            event, words=cast.words(attributions=(Named(basis="unnamed", described_as="a diplomat"),)), by=None
        )
    with pytest.raises(Refused):
        named = Named(basis="unnamed", described_as="a diplomat", reason_unnamed="not allowed to speak", as_named="Jo")
        publishing.publish(event, words=cast.words(attributions=(named,)), by=None)


@pytest.mark.parametrize(("field", "size"), [("medium", 81), ("as_role", 121), ("link", 501), ("quote", 2001)])
def test_an_attribution_that_is_too_long_is_refused_with_the_room_there_is(event, field, size):
    value = "https://example.org/".ljust(size, "x")
    with pytest.raises(Refused, match=str(size - 1)):
        publishing.publish(event, words=cast.words(attributions=(Named(as_named="Jo", **{field: value}),)), by=None)


def test_the_database_refuses_a_named_unnamed_source(event):
    post = cast.post(event).post
    with pytest.raises(IntegrityError), transaction.atomic():
        Attribution.objects.create(post=post, basis="unnamed", as_named="Jo", described_as="x", reason_unnamed="y")


def test_the_database_refuses_a_published_post_without_a_time(event):
    with pytest.raises(IntegrityError), transaction.atomic():
        Post.objects.create(event=event, state="published", headline="x", version=1, revision=1)


def test_withdrawn_words_are_in_no_frame(event):
    post = cast.post(event, "CANARY", body="<p>CANARY</p>").post
    after = sequence(event)
    publishing.withdraw(post, by=None, note="It was said twice.")
    answer = frames.catch_up(event.pk, after, event.stream.epoch)
    assert "CANARY" not in frames.dump(answer)
    assert answer["updates"][0]["flags"] == ["tombstone"]


def test_removing_leaves_no_words_anywhere(event):
    post = cast.post(event, "CANARY", body="<p>CANARY</p>", byline="CANARY").post
    publishing.remove(post, by=None)
    post.refresh_from_db()
    everything = [post.headline, post.body, post.html, post.byline, *Revision.objects.values_list("headline", "body")]
    assert "CANARY" not in str(everything)
    with pytest.raises(Refused):
        publishing.restore(post, by=None)


def test_undo_leaves_nothing_for_readers_and_the_words_for_the_editor(event):
    post = cast.post(event, "Too soon").post
    publishing.undo(post, by=None)
    answer = frames.catch_up(event.pk, 0, event.stream.epoch)
    assert [row["html"] for row in answer["updates"]] == [""]
    post.refresh_from_db()
    assert post.headline == "Too soon"


def test_undo_refuses_once_the_post_was_revised(event):
    post = cast.post(event).post
    publishing.revise(post, words=cast.words("x"), revision=1, by=None)
    with pytest.raises(Refused):
        publishing.undo(post, by=None)


def test_a_held_post_comes_back_as_a_new_version(event):
    post = cast.post(event, "Held").post
    publishing.hold(post, by=None)
    done = publishing.restore(post, by=None)
    assert done.post.state == "published"
    assert done.post.version == 3


def test_what_was_false_and_withdrawn_can_come_back(event):
    post = cast.post(event).post
    publishing.stand(post, by=None, standing="false")
    publishing.withdraw(post, by=None)
    assert publishing.restore(post, by=None).post.standing == "false"


def test_withdrawing_the_pinned_post_unpins_it(event):
    post = cast.post(event).post
    publishing.pin(event, post=post, by=None)
    publishing.withdraw(post, by=None)
    event.refresh_from_db()
    assert event.pinned is None


def test_a_frozen_event_lets_only_protection_through(event):
    post = cast.post(event).post
    publishing.change(event, by=None, frozen=True)
    with pytest.raises(Refused):
        cast.post(event, "Another")
    publishing.hold(post, by=None)
    publishing.change(event, by=None, frozen=False)
    cast.post(event, "Another")


def test_an_embargo_blocks_and_its_end_publishes_nothing(event):
    publishing.change(event, by=None, embargo_until=timezone.now() + timedelta(hours=1))
    with pytest.raises(Refused):
        cast.post(event)
    publishing.change(event, by=None, embargo_until=None)
    assert not Post.objects.exists()


def test_a_submission_without_a_source_is_not_published(event, editor):
    draft = publishing.save_draft(event, words=cast.words("From the street"), by=editor, submit=True).post
    with pytest.raises(Refused):
        publishing.publish(event, post=draft, words=cast.words("From the street"), by=editor)
    seen = cast.words("From the street", attributions=(Named(basis="witnessed"),))
    assert publishing.publish(event, post=draft, words=seen, by=editor).post.pk == draft.pk


def test_a_draft_takes_no_sequence(event):
    before = sequence(event)
    publishing.save_draft(event, words=Words(headline="Half a"), by=None)
    assert sequence(event) == before


def test_nothing_is_announced_before_the_commit(event, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks() as told:
        cast.post(event)
        cast.post(event)
    assert len(told) == 2
    with django_capture_on_commit_callbacks() as told, publishing.importing():
        cast.post(event)
    assert told == []


@pytest.mark.parametrize(
    ("language", "title"),
    [
        ("en", "Correction to “The call begins”"),
        ("ar", "تصحيح لما ورد في «The call begins»"),
        ("hi", "“The call begins” में भूल सुधार"),
    ],
)
def test_the_entry_of_a_correction_names_its_post_in_marks(event, language, title):
    publishing.change(event, by=None, language=language)
    done = publishing.correct(cast.post(event).post, words=cast.words(), revision=1, note="It was 14:00.", by=None)
    assert done.entry.headline == title


def test_a_long_headline_is_shortened_within_the_marks(event):
    words = cast.words("Word " * 39 + "ends")
    post = cast.post(event, words.headline).post
    headline = publishing.correct(post, words=words, revision=1, note="It was 14:00.", by=None).entry.headline
    assert len(headline) <= 200 and headline.endswith("…”")
