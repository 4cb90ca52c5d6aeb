"""The admin's first page: the way to the desks."""

import pytest
from django.test import Client

from tests import cast

pytestmark = pytest.mark.django_db


def home(client: Client, name: str, group: str) -> str:
    client.force_login(cast.member(name, group))
    return client.get("/admin/").content.decode()


def test_an_editor_finds_the_desks_and_makes_an_event(client, event):
    page = home(client, "edith", "editor")
    assert f'href="/admin/events/event/{event.pk}/desk/"' in page and event.title in page
    assert '<a class="button" href="/admin/events/event/add/">New event</a>' in page


def test_only_desks_that_are_open_to_one_are_listed(client, event):
    hidden = cast.event("hidden", title="For those named", only_named=True)
    page = home(client, "carol", "contributor")
    assert f'href="/admin/events/event/{event.pk}/desk/"' in page
    assert hidden.title not in page and "New event" not in page


def test_whoever_has_no_place_at_any_desk_gets_no_list(client, event):
    assert "Open the desk" not in home(client, "nora", "")
    client.logout()
    assert client.get("/admin/").status_code == 302
