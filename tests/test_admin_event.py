"""Events and partners in the plain admin."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from events import publishing
from events.models import Event
from tests import cast

NO_ROLES = {f"{rows}-{count}_FORMS": 0 for rows in ("roles", "summary_lines") for count in ("TOTAL", "INITIAL")}


def test_an_event_made_here_has_its_stream_and_zones(admin_client_of_ada):
    data = {
        "title": "A vote", "slug": "a-vote", "language": "en", "visibility": "public", "zone": "UTC",
        "zones": "Asia/Kolkata in India", "send_delay": "0", "second_editor": "unnamed", "indexed": "on",
        **NO_ROLES,
    }  # fmt: skip
    answer = admin_client_of_ada.post("/admin/events/event/add/", data)
    assert answer.status_code == 302, answer.context["errors"]
    made = Event.objects.get(slug="a-vote")
    assert answer["Location"] == f"/admin/events/event/{made.pk}/desk/"
    # Without a date it is new, and stands first.
    publishing.create_event(by=None, slug="later", title="Later", starts_at=made.created_at)
    listed = admin_client_of_ada.get("/admin/events/event/").content.decode()
    assert listed.index("A vote") < listed.index("Later")
    assert made.stream.sequence == 0
    assert made.zones == [{"zone": "Asia/Kolkata", "name": "in India"}]
    assert made.created_by.username == "ada"


def test_a_changed_title_is_one_update(admin_client_of_ada, event):
    before = event.stream.sequence
    data = {
        "title": "Another title", "slug": event.slug, "language": "en", "visibility": "public", "zone": event.zone,
        "zone_name": event.zone_name, "zones": "Asia/Kolkata in India", "send_delay": "0", "indexed": "on",
        "second_editor": "unnamed", **NO_ROLES,
    }  # fmt: skip
    answer = admin_client_of_ada.post(reverse("admin:events_event_change", args=[event.pk]), data)
    assert answer.status_code == 302, answer.context["errors"]
    event.refresh_from_db()
    assert event.title == "Another title" and event.state == "live"
    event.stream.refresh_from_db()
    assert event.stream.sequence == before + 1


def test_a_zone_that_is_none_gets_a_sentence(admin_client_of_ada):
    data = {
        "title": "A vote",
        "slug": "a-vote",
        "language": "en",
        "visibility": "public",
        "zone": "IST",
        "send_delay": "0",
        "second_editor": "unnamed",
        **NO_ROLES,
    }
    page = admin_client_of_ada.post("/admin/events/event/add/", data).content.decode()
    assert "is no time zone" in page
    assert not Event.objects.exists()


def test_a_partners_origin_is_an_origin(admin_client_of_ada):
    data = {
        "name": "The Paper",
        "key": "paper",
        "theme": "",
        "active": "on",
        "origins": "https://a.example; script-src *",
    }
    assert "is no origin" in admin_client_of_ada.post("/admin/events/partner/add/", data).content.decode()
    answer = admin_client_of_ada.post(
        "/admin/events/partner/add/", data | {"origins": "https://a.example\nhttp://localhost:8001"}
    )
    assert answer.status_code == 302


# What is on top


@pytest.fixture
def form(admin_client_of_ada, event):
    """Open an event's form; answers a function that saves it with another end of the pin, and shows what came of it."""

    def opened():
        address = reverse("admin:events_event_change", args=[event.pk])
        page = admin_client_of_ada.get(address).context["adminform"].form
        until = page["pinned_until"].value()
        data = {
            "title": event.title, "slug": event.slug, "language": "en", "visibility": "public", "zone": event.zone,
            "zone_name": event.zone_name, "zones": "Asia/Kolkata in India", "send_delay": "0", "indexed": "on",
            "second_editor": "unnamed", "seen": page["seen"].value(), **clock(until, event), **NO_ROLES,
        }  # fmt: skip

        def save(until=None, **fields):
            answer = admin_client_of_ada.post(address, data | (clock(until, event) if until else {}) | fields)
            event.refresh_from_db()
            if answer.status_code == 302:
                return ""
            shown = answer.context["adminform"].form
            data["seen"] = shown["seen"].value()
            return " ".join(sentence for errors in shown.errors.values() for sentence in errors)

        return save

    return opened


def clock(moment, event):
    """The two fields of a time, on the event's clocks."""
    local = moment.astimezone(event.tz) if moment else None
    return {"pinned_until_0": f"{local:%Y-%m-%d}", "pinned_until_1": f"{local:%H:%M:%S}"} if local else {}


def test_who_leaves_the_pin_alone_leaves_it_as_another_has_made_it(form, event):
    soon = timezone.now() + timedelta(hours=1)
    publishing.pin(event, post=cast.post(event).post, by=None, until=soon)
    save = form()
    other = cast.post(event, "Another").post
    publishing.pin(event, post=other, by=None, until=soon + timedelta(hours=1))
    at = event.updates.filter(verb="pin").count()
    assert save(title="Mine") == ""
    assert (event.title, event.pinned, event.pinned_until) == ("Mine", other, soon + timedelta(hours=1))
    assert event.updates.filter(verb="pin").count() == at


def test_an_end_is_given_to_the_post_that_was_on_top_when_the_form_was_opened(form, event):
    soon = (timezone.now() + timedelta(hours=1)).replace(microsecond=0)
    publishing.pin(event, post=cast.post(event).post, by=None)
    save = form()
    publishing.pin(event, post=cast.post(event, "Another").post, by=None)
    assert "Another post is on top by now: “Another”" in save(soon)
    assert event.pinned_until is None
    assert save(soon) == "" and (event.pinned.headline, event.pinned_until) == ("Another", soon)
    save = form()
    publishing.pin(event, post=event.pinned, by=None, until=soon + timedelta(minutes=9))
    assert "Somebody else has changed this meanwhile" in save(soon + timedelta(minutes=5))
    assert event.pinned_until == soon + timedelta(minutes=9)
    assert save(soon + timedelta(minutes=5)) == "" and event.pinned_until == soon + timedelta(minutes=5)
