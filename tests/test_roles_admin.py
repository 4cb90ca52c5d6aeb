"""Who may do what in the plain admin: the same as at the desk, asked for each row."""

import pytest
from django.contrib.auth.models import User
from django.urls import reverse

from events import permissions, publishing
from events.models import Event, Post, Role
from tests import cast
from tests.desks import at, send
from tests.test_roles import browser, only_named, somebody

pytestmark = pytest.mark.django_db


def test_the_plain_admin_lists_nothing_of_other_peoples_events(event):
    client = browser(somebody("editor", None, event))
    other = cast.event("open", title="An open event")
    secret, public = cast.post(event, "canary").post, cast.post(other, "For all").post
    only_named(event)
    for page in ("event/", "post/", "deed/", f"event/?q={event.slug}", "post/?q=line"):
        answer = client.get(f"/admin/events/{page}").content.decode()
        assert "canary" not in answer and event.title not in answer, page
    assert "For all" in client.get("/admin/events/post/").content.decode()
    found = client.get("/admin/autocomplete/?app_label=events&model_name=post&field_name=event&term=").json()["results"]
    assert [one["id"] for one in found] == [str(other.pk)]
    for name, pk in (("events_event", event.pk), ("events_post", secret.pk)):
        for page in ("change", "history"):
            answer = client.get(reverse(f"admin:{name}_{page}", args=[pk]))
            assert answer.status_code == 302 and "canary" not in answer.headers["Location"]
    assert client.get(reverse("admin:events_post_change", args=[public.pk])).status_code == 200


def test_actions_of_the_plain_admin_ask_for_each_row(event):
    other = cast.event("other")
    mine, theirs = cast.post(event, "Mine").post, cast.post(other, "Theirs").post
    user = somebody("editor", None, event)
    Role.objects.create(event=other, user=user, part="viewer")
    client = browser(user)
    for action in ("hold_posts", "pin_post", "mark_key"):
        client.post("/admin/events/post/", {"action": action, "_selected_action": [theirs.pk, mine.pk]})
    client.post("/admin/events/event/", {"action": "end_events", "_selected_action": [event.pk, other.pk]})
    for row in (mine, theirs, event, other):
        row.refresh_from_db()
    assert (mine.state, theirs.state, theirs.key_event, other.pinned) == ("withdrawn", "published", False, None)
    assert (event.state, other.state) == ("ended", "live")


def test_a_contributor_publishes_by_no_form(event):
    client = browser(somebody("contributor", None, event))
    mine = send(client, event, "deeds/submit/", words={"headline": "Mine"}).json()["post"]
    data = {
        "event": event.pk, "headline": "Mine", "body": "<p>x</p>", "kind": "news", "standing": "reported",
        "occurred_precision": "minute", "deed": "publish", "revision": "", "key": "k",
        "attributions-TOTAL_FORMS": 0, "attributions-INITIAL_FORMS": 0,
    }  # fmt: skip
    for address in (reverse("admin:events_post_add"), reverse("admin:events_post_change", args=[mine])):
        answer = client.post(address, data)
        assert answer.status_code == 200 and "is not one of the available choices" in answer.content.decode()
    assert not Post.objects.filter(state="published").exists()


def test_a_role_lets_somebody_without_a_group_work_in_the_plain_admin(event):
    client = browser(somebody("", "editor", event))
    cast.event("other", title="Not theirs")
    answer = client.get("/admin/events/event/").content.decode()
    assert event.title in answer and "Not theirs" not in answer
    assert client.get("/admin/").content.decode().count("/admin/events/post/")
    assert client.get(reverse("admin:events_event_change", args=[event.pk])).status_code == 200


def test_an_administrator_names_people_in_the_events_form(event):
    client = browser(cast.member("olga", "administrator"))
    # With nothing but an account.
    sam = User.objects.create(username="sam")
    data = {
        "title": event.title, "slug": event.slug, "language": "en", "visibility": "public", "zone": event.zone,
        "zone_name": event.zone_name, "zones": "Asia/Kolkata in India", "send_delay": "0", "indexed": "on",
        "second_editor": "unnamed", "only_named": "on",
        "roles-TOTAL_FORMS": 1, "roles-INITIAL_FORMS": 0,
        "summary_lines-TOTAL_FORMS": 0, "summary_lines-INITIAL_FORMS": 0,
        "roles-0-event": event.pk, "roles-0-user": sam.pk, "roles-0-part": "editor",
    }  # fmt: skip
    answer = client.post(reverse("admin:events_event_change", args=[event.pk]), data, follow=True)
    assert "Sam has staff status now" in answer.content.decode()
    event.refresh_from_db()
    assert event.only_named and permissions.may_publish(User.objects.get(username="sam"), event)
    assert browser(User.objects.get(username="sam")).get(at(event)).status_code == 200


def test_an_editor_names_nobody_and_locks_nobody_out(event):
    client = browser(somebody("editor", None, event))
    page = client.get(reverse("admin:events_event_change", args=[event.pk])).content.decode()
    assert 'name="roles-TOTAL_FORMS"' not in page and 'name="only_named"' not in page
    data = {
        "title": "Another", "slug": event.slug, "language": "en", "visibility": "public", "zone": event.zone,
        "zones": "", "send_delay": "0", "second_editor": "unnamed", "only_named": "on",
        "roles-TOTAL_FORMS": 1, "roles-INITIAL_FORMS": 0,
        "summary_lines-TOTAL_FORMS": 0, "summary_lines-INITIAL_FORMS": 0, "roles-0-user": "1", "roles-0-part": "editor",
    }  # fmt: skip
    assert client.post(reverse("admin:events_event_change", args=[event.pk]), data).status_code == 302
    event.refresh_from_db()
    assert (event.title, event.only_named, Role.objects.count()) == ("Another", False, 0)
    data["title"], data["slug"] = "New", "new"
    assert client.post(reverse("admin:events_event_add"), data).status_code == 302
    assert Event.objects.get(slug="new").created_by.username == "sam"


@pytest.mark.parametrize(("group", "part"), [("administrator", None), ("viewer", None), ("contributor", None)])
def test_a_post_that_one_may_only_read_opens_in_the_plain_admin(event, group, part):
    client = browser(somebody(group, part, event))
    post = publishing.publish(event, words=cast.quote(), by=None).post
    if group == "administrator":
        publishing.withdraw(post, by=None)
    answer = client.get(reverse("admin:events_post_change", args=[post.pk]))
    page = answer.content.decode()
    assert answer.status_code == 200 and "The call is going well." in page
    assert 'name="deed"' not in page and 'name="_save"' not in page


@pytest.mark.parametrize("group", ["", "viewer"])
def test_an_editor_by_role_keeps_the_sources_of_a_post(event, group):
    client = browser(somebody(group, "editor", event))
    post = publishing.publish(event, words=cast.quote(), by=None).post
    row = post.attributions.get()
    address = reverse("admin:events_post_change", args=[post.pk])
    assert 'name="attributions-0-quote"' in client.get(address).content.decode()
    data = {
        "event": event.pk, "headline": "They talk", "body": "", "kind": "quote", "standing": "reported",
        "occurred_precision": "minute", "deed": "typo", "asked": "true", "revision": 1, "key": "k",
        "attributions-TOTAL_FORMS": 1, "attributions-INITIAL_FORMS": 1, "attributions-0-id": row.pk,
        "attributions-0-post": post.pk, "attributions-0-source": row.source_id, "attributions-0-basis": "on_record",
        "attributions-0-verb": "wrote", "attributions-0-medium": "on X", "attributions-0-quote": row.quote,
        "attributions-0-quote_form": "verbatim", "attributions-0-said_precision": "minute",
        "attributions-0-as_named": row.as_named, "attributions-0-as_role": row.as_role,
        "attributions-0-as_organisation": row.as_organisation, "attributions-0-speaker_type": row.speaker_type,
    }  # fmt: skip
    answer = client.post(address, data)
    assert answer.status_code == 302, answer.context["errors"]
    post.refresh_from_db()
    assert (post.headline, post.attributions.get().quote) == ("They talk", "The call is going well.")


def test_a_form_without_its_sources_stores_nothing(event, monkeypatch):
    client = browser(somebody("editor", None, event))
    post = publishing.publish(event, words=cast.quote(), by=None).post
    monkeypatch.setattr("events.admin.post.PostAdmin.get_inlines", lambda *_arguments: ())
    data = {
        "event": event.pk, "headline": "They talk", "body": "", "kind": "quote", "standing": "reported",
        "occurred_precision": "minute", "deed": "typo", "asked": "true", "revision": 1, "key": "k",
    }  # fmt: skip
    answer = client.post(reverse("admin:events_post_change", args=[post.pk]), data)
    assert "without the sources" in answer.content.decode()
    assert post.attributions.count() == 1 and not post.deeds.filter(verb="revise").exists()


@pytest.mark.parametrize(
    ("part", "finds", "adds", "audits"),
    [("editor", 200, 200, 200), ("contributor", 200, 200, 403), ("viewer", 200, 403, 403)],
)
def test_a_role_alone_finds_and_adds_sources_and_reads_the_audit(event, part, finds, adds, audits):
    client = browser(somebody("", part, event))
    cast.scavino()
    cast.post(cast.event("other"), "Not theirs")
    cast.post(event, "Theirs")
    found = client.get("/admin/autocomplete/?app_label=events&model_name=attribution&field_name=source&term=scavino")
    assert found.status_code == finds and "Dan Scavino" in found.content.decode()
    assert client.get("/admin/events/source/add/").status_code == adds
    audit = client.get("/admin/events/deed/")
    assert audit.status_code == audits
    assert ("Theirs" in audit.content.decode()) == (audits == 200) and "Not theirs" not in audit.content.decode()
    assert client.get("/admin/events/source/1/delete/").status_code in (302, 403)
