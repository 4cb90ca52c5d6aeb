"""After a test that commits the database is as Django would leave it."""

import pytest
from django.contrib.auth.models import Group, Permission, User
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.test import Client

from events.models import Event, Post
from tests import cast

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("round", range(5))
def test_nothing_is_left_of_it_and_nothing_is_missing(round: int, client: Client):
    for model in (Event, Post, User):
        assert not model.objects.exists()
    # As after Django's own: what migrations wrote is gone for good, what it makes itself is there.
    assert round == 0 or not Group.objects.exists()
    assert Permission.objects.filter(codename="publish_post").count() == 1
    assert not Permission.objects.filter(codename="odd").exists()
    cast.post(cast.event())
    client.force_login(cast.member("bo", "editor"))
    assert client.get("/admin/").status_code == 200
    if round == 2:
        Permission.objects.create(codename="odd", name="Odd", content_type=ContentType.objects.get_for_model(Event))
    if round == 3:
        Permission.objects.filter(codename="publish_post").delete()
    connection.check_constraints()
