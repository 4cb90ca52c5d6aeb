"""Events and partners in the plain admin."""

from django.urls import reverse

from events import publishing
from events.models import Event

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
        "theme": "{}",
        "active": "on",
        "origins": "https://a.example; script-src *",
    }
    assert "is no origin" in admin_client_of_ada.post("/admin/events/partner/add/", data).content.decode()
    answer = admin_client_of_ada.post(
        "/admin/events/partner/add/", data | {"origins": "https://a.example\nhttp://localhost:8001"}
    )
    assert answer.status_code == 302
