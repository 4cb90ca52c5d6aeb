"""The second editor: who may send out what somebody else has to look at first."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from events import publishing
from events.models import Post
from events.publishing import Named, Refused
from tests import cast
from tests.test_handing import UNNAMED, WITNESSED, submission

pytestmark = pytest.mark.django_db

DIPLOMAT = (Named(basis="unnamed", described_as="a diplomat", reason_unnamed="not allowed to speak", quote="No."),)


def test_an_unnamed_source_waits_for_somebody_else(event, editor, bo):
    words = cast.words(attributions=UNNAMED)
    with pytest.raises(Refused, match="Submit it: somebody else publishes it"):
        publishing.publish(event, words=words, by=editor)
    post = publishing.save_draft(event, words=words, by=editor, submit=True).post
    with pytest.raises(Refused, match="waits in the inbox until another editor publishes it. The rule is .*Event…"):
        publishing.publish(event, words=words, by=editor, post=post)
    # With a further source the words are others, which have to be submitted first.
    with pytest.raises(Refused, match="Submit it"):
        publishing.publish(event, words=cast.words(attributions=UNNAMED + WITNESSED), by=editor, post=post)
    assert publishing.publish(event, words=words, by=bo, post=post).post.state == "published"


def test_the_rows_that_need_another_editor_are_those_that_publish_refuses(event, editor, bo, carl):
    unnamed, named = cast.words("No name", attributions=UNNAMED), cast.words("A name", attributions=WITNESSED)
    posts = [
        publishing.save_draft(event, words=unnamed, by=editor, submit=True).post,
        publishing.save_draft(event, words=unnamed, by=carl, submit=True).post,
        publishing.save_draft(event, words=named, by=editor, submit=True).post,
    ]
    added = submission(event, carl)
    publishing.save_draft(event, words=unnamed, by=bo, post=added, submit=True)
    posts.append(added)
    for rule in ("unnamed", "always", "never"):
        publishing.change(event, by=None, second_editor=rule)
        event.refresh_from_db()
        for who in (editor, bo):
            rows = list(event.posts.order_by("pk").prefetch_related("attributions"))
            refused = {post.pk for post in rows if _is_refused(event, who, post)}
            assert publishing.barred(event, who, rows) == refused, (rule, who)


def _is_refused(event, who, post) -> bool:
    """Whether this editor alone cannot put it out as it is stored; nothing is published by asking."""
    attributions = UNNAMED if post.attributions.filter(basis="unnamed") else WITNESSED
    try:
        with transaction.atomic():
            publishing.publish(event, words=cast.words(post.headline, attributions=attributions), by=who, post=post)
            transaction.set_rollback(True)
    except Refused as refused:
        assert "second editor" in refused.message
        return True
    return False


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
