"""Rows that are sent together are stored as Django would store them, or not at all."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from events.batch import Batch
from events.models import Deed, Post, Revision, Stream
from tests import cast

pytestmark = pytest.mark.django_db


def test_rows_are_stored_whole(event):
    post = cast.post(event).post
    batch = Batch()
    batch.insert(
        Revision(post=post, number=7, headline="“Ünï”\n%s", attributions=[{"as_named": "A"}], at=timezone.now())
    )
    batch.insert(Deed(event=event, key="k", verb="publish", post=post, at=timezone.now(), before={"pin": None}))
    assert not Deed.objects.filter(key="k").exists()
    batch.send()
    stored = post.revisions.get(number=7)
    assert (stored.headline, stored.body, stored.attributions) == ("“Ünï”\n%s", "", [{"as_named": "A"}])
    deed = Deed.objects.get(key="k")
    assert (deed.post, deed.by, deed.before) == (post, None, {"pin": None})


def test_a_row_with_its_own_key_is_known_as_stored(event):
    draft = Post(event=event, headline="Half a thought")
    batch = Batch()
    batch.insert(draft)
    batch.send()
    assert not draft._state.adding
    stored = Post.objects.get(pk=draft.pk)
    for field in Post._meta.concrete_fields:
        assert getattr(stored, field.attname) == getattr(draft, field.attname), field.name


def test_only_the_named_fields_of_that_row_change(event):
    other = cast.event("other")  # opened: one update
    stream = Stream.objects.get(event=event)
    stream.sequence, stream.epoch = 41, "another"
    batch = Batch()
    batch.update(stream, "sequence", "parts_sequence")
    stream.sequence = 99
    batch.send()
    present = Stream.objects.get(event=event)
    assert present.sequence == 41
    assert present.epoch != "another"
    assert Stream.objects.get(event=other).sequence == 1


def test_what_cannot_be_stored_is_an_error_of_djangos_and_undoes_all(event):
    batch = Batch()
    for verb in ("publish", "revise"):
        batch.insert(Deed(event=event, key="twice", verb=verb, at=timezone.now()))
    with pytest.raises(IntegrityError), transaction.atomic():
        batch.send()
    assert not Deed.objects.filter(key="twice").exists()


def test_nothing_is_sent_twice_and_nothing_for_nothing(event):
    batch = Batch()
    batch.insert(Deed(event=event, key="once", verb="publish", at=timezone.now()))
    batch.send()
    with CaptureQueriesContext(connection) as asked:
        batch.send()
    assert len(asked) == 0
    assert Deed.objects.filter(key="once").count() == 1
