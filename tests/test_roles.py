"""Who may do what: by group everywhere, by role in one event, and nothing across events."""

import pytest
from django.contrib.auth.models import Group, User
from django.test import Client

from events import permissions, publishing
from events.forms.deeds import DEEDS
from events.forms.deeds.deed import Right
from events.models import Event, Post, Presence, Role, Source
from tests import cast
from tests.desks import send

pytestmark = pytest.mark.django_db

#: Group, role in the event, whether the event is for the named alone -> what they may: enter, submit, publish, steer.
TABLE = [
    ("administrator", None, False, "enter submit publish steer remove"),
    ("administrator", None, True, "enter submit publish steer remove"),
    ("administrator", "viewer", True, "enter submit publish steer remove"),
    ("editor", None, False, "enter submit publish steer"),
    ("editor", None, True, ""),
    ("editor", "editor", True, "enter submit publish steer"),
    ("editor", "contributor", False, "enter submit"),
    ("editor", "viewer", False, "enter"),
    ("contributor", None, False, "enter submit"),
    ("contributor", None, True, ""),
    ("contributor", "editor", False, "enter submit publish steer"),
    ("contributor", "viewer", False, "enter"),
    ("viewer", None, False, "enter"),
    ("viewer", None, True, ""),
    ("viewer", "contributor", True, "enter submit"),
    ("", None, False, ""),
    ("", "editor", True, "enter submit publish steer"),
    ("", "viewer", False, "enter"),
]
PREDICATES = {
    "enter": permissions.may_enter,
    "submit": permissions.may_submit,
    "publish": permissions.may_publish,
    "steer": permissions.may_steer,
    "remove": permissions.may_remove,
}
RIGHTS = {"enter": permissions.ENTER, "submit": permissions.SUBMIT, "publish": permissions.PUBLISH}
#: Every address of the desk that only looks, and the name of the event in what it answers.
PAGES = ("", "timeline/", "sources/", "posts/{post}/", "article/", "article/html/", "archive/")


def somebody(group: str, part: str | None, event: Event) -> User:
    user = cast.member("sam", group)
    if part:
        Role.objects.create(event=event, user=user, part=part)
    return user


def browser(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def only_named(event: Event) -> Event:
    publishing.change(event, by=None, only_named=True)
    event.refresh_from_db()
    return event


@pytest.mark.parametrize(("group", "part", "named", "rights"), TABLE)
def test_group_and_role_together_say_who_may(event, group, part, named, rights):
    user = somebody(group, part, event)
    if named:
        only_named(event)
    assert " ".join(name for name, may in PREDICATES.items() if may(user, event)) == rights
    for name, right in RIGHTS.items():
        assert permissions.events_for(user, right).filter(pk=event.pk).exists() == (name in rights.split()), name


def test_a_role_in_one_event_opens_no_other(event):
    other = cast.event("other")
    user = somebody("", "editor", event)
    assert permissions.may_publish(user, event) and permissions.may_publish(user)
    assert not any(may(user, other) for may in PREDICATES.values())


def test_whoever_has_left_may_nothing(event):
    user = somebody("administrator", "editor", event)
    user.is_active = False
    assert not any(may(user, event) for may in PREDICATES.values())
    assert not permissions.events_for(user).exists() and not permissions.posts_for(user).exists()


@pytest.mark.parametrize("verb", sorted(DEEDS))
@pytest.mark.parametrize(("group", "part"), [("contributor", None), ("editor", "contributor"), ("", "contributor")])
def test_a_contributor_does_no_editors_deed_by_the_desk(event, verb, group, part):
    client = browser(somebody(group, part, event))
    public = cast.post(event).post
    anothers = publishing.save_draft(event, words=cast.words("Not theirs"), by=None, submit=True).post
    before = event.stream.sequence
    for post in (public, anothers):
        answer = send(client, event, f"deeds/{verb}/", post=post.pk, words={"headline": "x"}, note="n", reason="r")
        assert answer.status_code == 403, verb
        assert answer.json()["error"].startswith("Only ")
    if DEEDS[verb].right is not Right.WRITE:
        mine = send(client, event, "deeds/submit/", words={"headline": "Mine"}).json()["post"]
        for post in (mine, None):
            answer = send(client, event, f"deeds/{verb}/", post=post, words={"headline": "x"}, lines=[], reason="r")
            assert answer.status_code == 403, verb
    event.stream.refresh_from_db()
    assert event.stream.sequence <= before + 1  # the public post that this test itself has published


@pytest.mark.parametrize("verb", sorted(DEEDS))
@pytest.mark.parametrize(
    ("group", "part", "named"), [("viewer", None, False), ("editor", "viewer", False), ("editor", None, True)]
)
def test_who_looks_on_and_who_is_not_named_does_nothing_at_all(event, verb, group, part, named):
    client = browser(somebody(group, part, event))
    post = cast.post(event).post
    if named:
        only_named(event)
    for given in (post.pk, None):
        answer = send(client, event, f"deeds/{verb}/", post=given, words={"headline": "x"}, lines=[], note="n")
        assert answer.status_code == 403 and answer.json()["error"], verb
    assert Post.objects.count() == 1


@pytest.mark.parametrize("verb", sorted(DEEDS))
@pytest.mark.parametrize("group", ["", "administrator"])
def test_the_id_of_another_events_post_leads_nowhere(event, verb, group):
    """Neither for whoever has no place there, nor for whoever may everything, by the wrong desk."""
    other = cast.event("other")
    client = browser(somebody(group, None if group else "editor", event))
    public, withdrawn = cast.post(other, "canary").post, cast.post(other, "canary").post
    publishing.withdraw(withdrawn, by=None)
    submitted = publishing.save_draft(other, words=cast.words("canary"), by=None, submit=True).post
    before = list(Post.objects.filter(event=other).order_by("pk").values())
    for post in (public, withdrawn, submitted):
        content = {
            "post": post.pk, "words": {"headline": "x"}, "revision": 1, "note": "n", "reason": "r", "number": 1,
            "change": "typo", "standing": "false", "sort_at": "2025-03-18T14:00", "which": "x", "instead": post.pk,
            "lines": [{"text": "x", "post": post.pk}],
        }  # fmt: skip
        answer = send(client, event, f"deeds/{verb}/", **content)
        assert b"canary" not in answer.content
        for page in (f"posts/{post.pk}/", f"posts/{post.pk}/history/"):
            assert client.get(f"/admin/events/event/{event.pk}/desk/{page}").status_code == 400
        assert not event.posts.filter(pk=post.pk).exists()
    assert list(Post.objects.filter(event=other).order_by("pk").values()) == before
    assert Event.objects.get(pk=other.pk).pinned_id is None


def test_no_address_of_the_desk_opens_for_who_is_not_named(event):
    client = browser(somebody("editor", None, event))
    post = publishing.save_draft(event, words=cast.words("canary"), by=None).post
    only_named(event)
    for page in PAGES:
        answer = client.get(f"/admin/events/event/{event.pk}/desk/{page.format(post=post.pk)}")
        assert answer.status_code in (403, 404), page
        assert b"canary" not in answer.content and event.title.encode() not in answer.content, page
    for path in ("autosave/", "presence/", "sources/"):
        assert send(client, event, path, tab="t", content={"a": 1}, name="Ann").status_code == 403, path
    assert not Presence.objects.exists() and not Source.objects.exists()


def test_the_four_groups_are_there():
    assert set(Group.objects.values_list("name", flat=True)) >= {"administrator", "editor", "contributor", "viewer"}
