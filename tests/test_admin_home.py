"""The admin's first page: the way to the desks."""

import pytest
from django.test import Client

from events import publishing
from events.models import Event
from events.publishing import Refused
from tests import cast

pytestmark = pytest.mark.django_db


def home(client: Client, name: str, group: str) -> str:
    client.force_login(cast.member(name, group))
    return client.get("/admin/").content.decode()


def test_an_editor_finds_the_desks_and_makes_an_event(client, event):
    page = home(client, "edith", "editor")
    # The title is the way there, and so is the button.
    assert f'<a href="/admin/events/event/{event.pk}/desk/"><strong>{event.title}</strong></a>' in page
    assert '<a class="button" href="/admin/events/event/add/">New event</a>' in page
    # The desks come first, and say what they are for; the records are headed so.
    assert page.index("Your desks") < page.index("are written, published and corrected") < page.index(">Records <")


def test_only_desks_that_are_open_to_one_are_listed(client, event):
    hidden = cast.event("hidden", title="For those named", only_named=True)
    page = home(client, "carol", "contributor")
    assert f'href="/admin/events/event/{event.pk}/desk/"' in page
    assert hidden.title not in page and "New event" not in page


def test_whoever_has_no_place_at_any_desk_gets_no_list(client, event):
    assert "Open the desk" not in home(client, "nora", "")
    client.logout()
    assert client.get("/admin/").status_code == 302


# The site's freeze


def press(client: Client, **fields: str) -> str:
    return client.post("/admin/freeze/", fields, follow=True).content.decode()


def test_an_administrator_freezes_the_site_and_what_was_frozen_before_stays_so(client, event):
    own, other = cast.event("own"), cast.event("other")
    publishing.change(own, by=None, frozen=True)
    assert "Freeze all 2 events" in home(client, "olga", "administrator")
    page = press(client)
    assert "Every event is frozen." in page and "Unfreeze 2 events" in page
    with pytest.raises(Refused, match="is frozen"):
        cast.post(other)
    assert "This has published nothing." in press(client, lift="1")
    assert [one.slug for one in Event.objects.filter(frozen=True)] == ["own"]
    # Lifted by hand and frozen again it is no business of the site's any more.
    press(client)
    for frozen in (False, True):
        publishing.change(event, by=None, frozen=frozen)
    press(client, lift="1")
    assert set(Event.objects.filter(frozen=True)) == {own, event}


@pytest.mark.parametrize("group", ["editor", "viewer", ""])
def test_nobody_else_freezes_the_site(client, event, group):
    assert "Freeze the whole site" not in home(client, "edith", group)
    client.post("/admin/freeze/")
    client.get("/admin/freeze/")
    assert not Event.objects.filter(frozen=True).exists()


def test_a_look_at_the_freeze_freezes_nothing(client, event):
    home(client, "olga", "administrator")
    assert client.get("/admin/freeze/").status_code == 302
    assert not Event.objects.filter(frozen=True).exists()
