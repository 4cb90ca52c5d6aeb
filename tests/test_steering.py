"""The event from the desk: its end, freeze and embargo at every door, its own fields, the strip."""

import io
import json
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.contrib.auth.models import Group, User
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from events import publishing
from events.live import hub as hubs
from events.live.counts import Readers
from events.models import Event, Post, Update
from events.publishing import Line, Refused
from tests import cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada(client, editor) -> Client:
    client.force_login(editor)
    return client


def at(event: Event, path: str = "") -> str:
    return f"/admin/events/event/{event.pk}/desk/{path}"


def send(client: Client, event: Event, verb: str, **content):
    return client.post(at(event, f"deeds/{verb}/"), json.dumps(content), content_type="application/json")


def heard(client: Client, event: Event) -> dict:
    return client.get(at(event, "timeline/")).json()


def words(headline: str = "They talk") -> dict:
    return {"headline": headline, "body": "<p>Now.</p>", "kind": "news"}


# The end


def test_the_end_brings_a_wrap_up_and_its_pin(ada, event):
    answer = send(ada, event, "end", key="e", headline="What was said", wrap_up="One.\n\nTwo & three.", pin=True)
    assert answer.json()["message"] == "The wrap-up is out, and the event has ended."
    event.refresh_from_db()
    post = Post.objects.get()
    assert post.html == "<p>One.</p><p>Two &amp; three.</p>"
    assert (event.state, event.pinned_id) == ("ended", post.pk)
    assert event.ended_at is not None
    assert list(Update.objects.filter(event=event).values_list("verb", flat=True))[-2:] == ["publish", "end"]


def test_the_end_goes_without_a_wrap_up(ada, event):
    assert send(ada, event, "end", key="e", wrap_up=" \n ").json()["message"] == "The event has ended."
    assert not Post.objects.exists()


def test_pressed_twice_it_ends_once(ada, event):
    first, second = (send(ada, event, "end", key="e", wrap_up="Once.").json() for _time in range(2))
    assert first["ok"] and second["repeated"]
    assert Post.objects.count() == 1
    assert "has ended already" in send(ada, event, "end", key="other", wrap_up="Twice.").json()["error"]
    assert Post.objects.count() == 1


def test_a_wrap_up_that_is_refused_ends_nothing(ada, event):
    answer = send(ada, event, "end", key="e", headline="a" * 201, wrap_up="Text.")
    assert answer.status_code == 400 and answer.json()["field"] == "headline"
    event.refresh_from_db()
    assert event.state == "live"
    assert send(ada, event, "end", key="e", headline="Shorter", wrap_up="Text.").json()["ok"]


def test_a_broken_off_end_goes_on_where_it_broke(ada, event, monkeypatch):
    real = publishing.end

    def breaks(*args, **kwargs):
        raise Refused("The line broke.")

    monkeypatch.setattr(publishing, "end", breaks)
    assert send(ada, event, "end", key="e", wrap_up="Once.").status_code == 400
    monkeypatch.setattr(publishing, "end", real)
    assert send(ada, event, "end", key="e", wrap_up="Once.").json()["ok"]
    assert Post.objects.count() == 1


def test_it_opens_again_after_the_end(ada, event):
    send(ada, event, "end", key="e")
    assert send(ada, event, "open", key="o").json()["ok"]
    event.refresh_from_db()
    assert (event.state, event.ended_at) == ("live", None)


# Freeze and embargo


def shut(event: Event, how: str) -> None:
    if how == "frozen":
        publishing.change(event, by=None, frozen=True)
    else:
        publishing.change(event, by=None, embargo_until=timezone.now() + timedelta(hours=1))
    event.refresh_from_db()


@pytest.mark.parametrize("how", ["frozen", "embargo"])
def test_every_door_is_shut(ada, event, editor, how, monkeypatch):
    post = cast.post(event).post
    draft = publishing.save_draft(event, words=cast.words("A draft"), by=editor).post
    shut(event, how)
    before = event.stream.sequence
    sentence = "is frozen" if how == "frozen" else "is under embargo until"
    deeds = {
        "publish": {"words": words()},
        "revise": {"post": post.pk, "words": words(), "revision": 1},
        "pin": {"post": post.pk},
        "mark": {"post": post.pk, "key_event": True},
        "summarise": {"lines": [{"text": "They talk."}]},
        "pause": {},
        "end": {"wrap_up": "Over."},
        "change": {"coming_up": "More"},
    }
    for verb, content in deeds.items():
        answer = send(ada, event, verb, key=verb, **content)
        assert answer.status_code == 400 and sentence in answer.json()["error"], verb
    form = {
        "action": "publish_posts",
        "_selected_action": [draft.pk],
    }
    assert sentence in ada.post("/admin/events/post/", form, follow=True).content.decode()
    monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=io.BytesIO()))
    with pytest.raises(CommandError, match=sentence):
        call_command("post", event.slug, user="ada", headline="From the command line", stdout=io.StringIO())
    event.stream.refresh_from_db()
    assert event.stream.sequence == before


@pytest.mark.parametrize("how", ["frozen", "embargo"])
def test_what_protects_works_all_the_same(ada, event, how):
    held, withdrawn = cast.post(event, "One").post, cast.post(event, "Two").post
    shut(event, how)
    assert send(ada, event, "hold", post=held.pk).json()["ok"]
    assert send(ada, event, "withdraw", post=withdrawn.pk).json()["ok"]
    assert send(ada, event, "draft", words=words()).json()["ok"]
    publishing.remove(held, by=None)


def test_what_is_said_of_a_freeze_and_lifting_it_publishes_nothing(ada, event):
    assert heard(ada, event)["closed"] is None
    before = event.stream.sequence
    assert send(ada, event, "freeze").json()["ok"]
    assert heard(ada, event)["closed"] == {
        "why": "Frozen: only hold, withdraw and remove work.",
        "short": "frozen",
    }
    assert "published nothing" in send(ada, event, "unfreeze").json()["message"]
    assert heard(ada, event)["closed"] is None
    event.stream.refresh_from_db()
    assert event.stream.sequence == before


def test_an_embargo_is_typed_in_the_events_zone(ada, event):
    tomorrow = (timezone.now() + timedelta(days=1)).astimezone(event.tz)
    typed = f"{tomorrow:%Y-%m-%dT16:00}"
    assert send(ada, event, "change", embargo_until=typed).json()["ok"]
    told = heard(ada, event)
    assert told["closed"]["why"].startswith("Under embargo until 16:00 GMT on ")
    assert told["embargo"] == typed
    assert "published nothing" in send(ada, event, "lift").json()["message"]
    assert heard(ada, event)["closed"] is None


def test_an_embargo_that_is_over_shuts_nothing(ada, event):
    Event.objects.filter(pk=event.pk).update(embargo_until=timezone.now() - timedelta(seconds=1))
    assert heard(ada, event)["closed"] is None
    assert send(ada, event, "publish", words=words()).json()["ok"]


def test_under_embargo_a_hidden_event_is_prepared_and_not_shown(ada):
    until = timezone.now() + timedelta(hours=1)
    event = publishing.create_event(by=None, slug="later", title="Later", visibility="private", embargo_until=until)
    assert send(ada, event, "change", title="Another title").json()["ok"]
    with pytest.raises(Refused, match="under embargo"):
        publishing.change(event, by=None, visibility="public")
    event.refresh_from_db()
    assert (event.title, event.visibility) == ("Another title", "private")


def test_a_public_event_can_be_hidden_under_embargo(event):
    shut(event, "embargo")
    publishing.change(event, by=None, visibility="private")
    event.refresh_from_db()
    assert event.visibility == "private"


def test_only_those_who_steer_do_so(event):
    user = User.objects.create(username="carl", is_staff=True)
    user.groups.add(Group.objects.get(name="contributor"))
    carl = Client()
    carl.force_login(user)
    for verb in ("freeze", "unfreeze", "lift", "change", "end"):
        assert send(carl, event, verb).status_code == 403, verb
    page = carl.get(at(event)).content.decode()
    assert "data-steer" not in page and "event-dialog" not in page


def test_events_are_frozen_from_the_list(ada, event):
    other = cast.event("other")
    chosen = {"_selected_action": [event.pk, other.pk]}
    page = ada.post("/admin/events/event/", chosen | {"action": "freeze_events"}, follow=True).content.decode()
    assert "2 events are frozen." in page
    assert Event.objects.filter(frozen=True).count() == 2
    ada.post("/admin/events/event/", chosen | {"action": "unfreeze_events"})
    assert not Event.objects.filter(frozen=True).exists()


# The event's own fields


def test_fields_are_changed_at_the_desk_and_readers_hear_of_it(ada, event):
    before = cast.event("before")
    given = {"short_title": "The call", "coming_up": "A statement", "team_line": "By Ada in Delhi", "notice": "Live"}
    told = send(ada, event, "change", key="c", continues=str(before.pk), **given).json()
    assert told["message"] == "Changed." and told["sequence"]
    event.refresh_from_db()
    assert {name: getattr(event, name) for name in given} == given
    assert event.continues == before
    assert heard(ada, event)["about"]["coming_up"] == "A statement"


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"title": ""}, "title"),
        ({"short_title": "a" * 61}, "short_title"),
        ({"notice": "a" * 301}, "notice"),
        ({"continues": "99999"}, "continues"),
        ({"continues": "x"}, "continues"),
        ({"embargo_until": "tomorrow"}, "embargo_until"),
    ],
)
def test_a_mistake_is_said_at_its_field(ada, event, fields, field):
    answer = send(ada, event, "change", **fields)
    assert answer.status_code == 400 and answer.json()["field"] == field, answer.json()


# The strip


def test_readers_and_delay_come_from_this_process_and_its_fellows(ada, event, monkeypatch):
    told = heard(ada, event)
    assert (told["readers"], told["delay"]) == (None, None)
    hub = SimpleNamespace(readers=lambda _pk: Readers(1200, 34), delay=lambda _pk: 0.25)
    monkeypatch.setattr(hubs, "held", lambda: hub)
    told = heard(ada, event)
    assert (told["readers"], told["delay"]) == (1234, 0.25)


def test_after_ninety_minutes_the_desk_is_asked(ada, event):
    post = cast.post(event).post
    long_ago = timezone.now() - timedelta(minutes=91)
    assert heard(ada, event)["quiet"] == ""
    Post.objects.filter(pk=post.pk).update(significant_at=long_ago)
    assert heard(ada, event)["quiet"] == ""
    Update.objects.filter(event=event, verb="open").update(at=long_ago)
    assert heard(ada, event)["quiet"] == f"{long_ago.astimezone(event.tz):%H:%M} GMT"
    publishing.publish(event, words=publishing.Words(headline="B", kind="background"), by=None)
    assert heard(ada, event)["quiet"]
    cast.post(event, "Something new")
    assert heard(ada, event)["quiet"] == ""


def test_the_summary_names_the_posts_that_it_rests_on(ada, event):
    post = cast.post(event, "The call begins").post
    publishing.summarise(event, lines=[Line(text="They talk.", post=post), Line(text="More.")], by=None)
    assert [line["title"] for line in heard(ada, event)["summary"]] == ["The call begins", ""]


# The plain admin


def test_posts_are_held_and_restored_from_the_list(ada, event):
    post = cast.post(event).post
    ada.post("/admin/events/post/", {"action": "hold_posts", "_selected_action": [post.pk]})
    post.refresh_from_db()
    assert (post.state, post.withdrawal) == ("withdrawn", "hold")
    ada.post("/admin/events/post/", {"action": "restore_posts", "_selected_action": [post.pk]})
    post.refresh_from_db()
    assert post.state == "published"


@pytest.mark.parametrize(("deed", "withdrawal"), [("withdraw", "withdraw"), ("retract", "retraction")])
def test_the_form_withdraws_with_a_sentence(ada, event, deed, withdrawal):
    post = cast.post(event).post
    address = f"/admin/events/post/{post.pk}/change/"
    data = {
        "event": event.pk, "headline": post.headline, "body": post.body, "kind": "news", "standing": "reported",
        "occurred_precision": "minute", "deed": deed, "sentence": "", "revision": 1, "key": "form-w",
        "attributions-TOTAL_FORMS": 0, "attributions-INITIAL_FORMS": 0,
    }  # fmt: skip
    if deed == "retract":
        assert "Write why we no longer stand" in ada.post(address, data).content.decode()
    assert ada.post(address, data | {"sentence": "This was wrong."}).status_code == 302
    post.refresh_from_db()
    assert (post.withdrawal, post.withdrawn_note) == (withdrawal, "This was wrong.")


def test_the_log_in_page_has_a_heading(client):
    assert "<h1>Log in</h1>" in client.get("/admin/login/").content.decode()
