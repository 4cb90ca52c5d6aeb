"""A query compiled once answers as Django's own would, each time and for each key."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from events.compiled import Compiled
from events.models import Event, Post
from tests import cast

pytestmark = pytest.mark.django_db


def test_it_finds_what_the_queryset_finds():
    newest = Compiled(lambda event: Post.objects.filter(event=event).published().newest()[:1])
    one, two = cast.event("one"), cast.event("two")
    assert newest.first(one.pk) is None
    for event in (one, two):
        cast.post(event, "Earlier")
        cast.post(event, f"Latest of {event.slug}")
    for event in (one, two, one):
        with CaptureQueriesContext(
            connection,
        ) as asked:
            assert newest.first(event.pk) == event.posts.published().newest().first()
        assert len(asked) == 2
    assert newest.first(0) is None


def test_rows_are_whole_and_of_their_types(event):
    found = Compiled(lambda pk: Event.objects.filter(pk=pk)).first(event.pk)
    expected = Event.objects.get(pk=event.pk)
    assert found.get_deferred_fields() == set()
    for field in Event._meta.concrete_fields:
        assert getattr(found, field.attname) == getattr(expected, field.attname), field.name


def test_columns_that_are_left_out_stay_out(event):
    cast.post(event)
    found = Compiled(lambda pk: Post.objects.filter(event=pk).only("headline")).first(event.pk)
    assert found.headline == "The call begins"
    assert "body" in found.get_deferred_fields()
