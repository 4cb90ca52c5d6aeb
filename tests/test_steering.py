"""The event from the desk: its end, freeze and embargo at every door, its own fields, the strip."""

import io
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.contrib.auth.models import Group, User
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from events import publishing
from events.models import Event, Post, Update
from events.publishing import Refused
from tests import cast
from tests.desks import at, do

pytestmark = pytest.mark.django_db


def heard(client: Client, event: Event) -> dict:
    return client.get(at(event, "timeline/")).json()


def words(headline: str = "They talk") -> dict:
    return {"headline": headline, "body": "<p>Now.</p>", "kind": "news"}


# The end


def test_the_end_brings_a_wrap_up_and_its_pin(ada, event):
    answer = do(ada, event, "end", key="e", headline="What was said", wrap_up="One.\n\nTwo & three.", pin=True)
    assert answer.json()["message"] == "The wrap-up is out, and the event has ended."
    event.refresh_from_db()
    post = Post.objects.get()
    assert post.html == "<p>One.</p><p>Two &amp; three.</p>"
    assert (event.state, event.pinned_id) == ("ended", post.pk)
    assert event.ended_at is not None
    assert list(Update.objects.filter(event=event).values_list("verb", flat=True))[-2:] == ["publish", "end"]


def test_the_end_goes_without_a_wrap_up(ada, event):
    assert do(ada, event, "end", key="e").json()["message"] == "The event has ended."
    assert not Post.objects.exists()


def test_the_dialog_says_that_a_wrap_up_goes_out_past_the_send_delay(ada, event):
    publishing.beat(publishing.CLOCK)
    publishing.change(event, by=None, send_delay=10)
    assert "goes out at once: the send delay does not hold it back" in ada.get(at(event)).content.decode()
    do(ada, event, "end", key="e", wrap_up="Goodbye.")
    assert Post.objects.get().state == "published"


def test_pressed_twice_it_ends_once(ada, event):
    first, second = (do(ada, event, "end", key="e", wrap_up="Once.").json() for _time in range(2))
    assert first["ok"] and second["repeated"]
    assert Post.objects.count() == 1
    assert "has ended already" in do(ada, event, "end", key="other", wrap_up="Twice.").json()["error"]
    assert Post.objects.count() == 1


def test_a_wrap_up_that_is_refused_ends_nothing(ada, event):
    answer = do(ada, event, "end", key="e", headline="a" * 201, wrap_up="Text.")
    assert answer.status_code == 400 and answer.json()["field"] == "headline"
    event.refresh_from_db()
    assert event.state == "live"
    assert do(ada, event, "end", key="e", headline="Shorter", wrap_up="Text.").json()["ok"]


def test_a_broken_off_end_goes_on_where_it_broke(ada, event, monkeypatch):
    real = publishing.end

    def breaks(*args, **kwargs):
        raise Refused("The line broke.")

    monkeypatch.setattr(publishing, "end", breaks)
    assert do(ada, event, "end", key="e", wrap_up="Once.").status_code == 400
    monkeypatch.setattr(publishing, "end", real)
    assert do(ada, event, "end", key="e", wrap_up="Once.").json()["ok"]
    assert Post.objects.count() == 1


def test_it_opens_again_after_the_end(ada, event):
    do(ada, event, "end", key="e")
    assert do(ada, event, "open", key="o").json()["ok"]
    event.refresh_from_db()
    assert (event.state, event.ended_at) == ("live", None)


# Freeze and embargo


def shut(event: Event, how: str) -> None:
    if how == "frozen":
        publishing.change(event, by=None, frozen=True)
    else:
        publishing.change(event, by=None, embargo_until=timezone.now() + timedelta(hours=1))
    event.refresh_from_db()


def public_deeds(post: Post, withdrawn: Post) -> dict[str, dict]:
    """Deeds of the desk that readers would see: verb -> what is sent with it."""
    return {
        "publish": {"words": words()},
        "revise": {"post": post.pk, "words": words(), "revision": 1},
        "pin": {"post": post.pk},
        "unpin": {},
        "restore": {"post": withdrawn.pk},
        "stand": {"post": post.pk, "standing": "false"},
        "move": {"post": post.pk, "sort_at": "2025-03-18T14:00"},
        "bring_back": {"post": post.pk, "number": 1, "revision": 1, "change": "typo"},
        "takeback": {"which": "marked"},
        "mark": {"post": post.pk, "key_event": True},
        "summarise": {"lines": [{"text": "They talk."}]},
        "pause": {},
        "end": {"wrap_up": "Over."},
        "change": {"coming_up": "More"},
    }


@pytest.mark.parametrize("how", ["frozen", "embargo"])
def test_every_door_is_shut(ada, event, editor, how, monkeypatch):
    post = cast.post(event).post
    draft = publishing.save_draft(event, words=cast.words("A draft"), by=editor).post
    withdrawn, source = cast.post(event, "Away").post, cast.scavino()
    publishing.withdraw(withdrawn, by=editor)
    quoted = cast.post(event, attributions=(publishing.Named(source=source),)).post
    publishing.pin(event, post=quoted, by=None)
    assert do(ada, event, "mark", key="marked", post=post.pk, key_event=True).json()["ok"]
    shut(event, how)
    before = event.stream.sequence
    sentence = "is frozen" if how == "frozen" else "is under embargo until"
    deeds = public_deeds(post, withdrawn)
    for verb, content in deeds.items():
        answer = do(ada, event, verb, key=verb, **content)
        assert answer.status_code == 400 and sentence in answer.json()["error"], verb
    with pytest.raises(Refused, match=sentence):
        publishing.correct(post, words=cast.words("x"), revision=1, note="We were wrong.", by=editor)
    with pytest.raises(Refused, match=sentence):
        was = publishing.facts_of_source(source)
        source.role = "chief of staff"
        publishing.carry(quoted, source=source, was=was, by=editor)
    with publishing.importing(), pytest.raises(Refused, match=sentence):
        publishing.publish(event, words=cast.words(), by=None)
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
    assert do(ada, event, "hold", post=held.pk).json()["ok"]
    assert do(ada, event, "withdraw", post=withdrawn.pk).json()["ok"]
    assert do(ada, event, "draft", words=words()).json()["ok"]
    publishing.remove(held, by=None)


def test_what_is_said_of_a_freeze_and_lifting_it_publishes_nothing(ada, event):
    assert heard(ada, event)["closed"] is None
    before = event.stream.sequence
    assert do(ada, event, "freeze").json()["ok"]
    assert heard(ada, event)["closed"] == {
        "why": "Frozen: only hold, withdraw and remove work.",
        "short": "frozen",
    }
    assert "published nothing" in do(ada, event, "unfreeze").json()["message"]
    assert heard(ada, event)["closed"] is None
    event.stream.refresh_from_db()
    assert event.stream.sequence == before


def test_an_embargo_is_typed_in_the_events_zone(ada, event):
    tomorrow = (timezone.now() + timedelta(days=1)).astimezone(event.tz)
    typed = f"{tomorrow:%Y-%m-%dT16:00}"
    assert do(ada, event, "change", embargo_until=typed).json()["ok"]
    told = heard(ada, event)
    assert told["closed"]["why"].startswith("Under embargo until 16:00 GMT on ")
    assert told["embargo"] == typed
    assert "published nothing" in do(ada, event, "lift").json()["message"]
    assert heard(ada, event)["closed"] is None


def test_an_embargo_that_is_over_shuts_nothing(ada, event):
    Event.objects.filter(pk=event.pk).update(embargo_until=timezone.now() - timedelta(seconds=1))
    assert heard(ada, event)["closed"] is None
    assert do(ada, event, "publish", words=words()).json()["ok"]


def test_under_embargo_a_hidden_event_is_prepared_and_not_shown(ada):
    until = timezone.now() + timedelta(hours=1)
    event = publishing.create_event(by=None, slug="later", title="Later", visibility="private", embargo_until=until)
    assert do(ada, event, "change", title="Another title").json()["ok"]
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
        assert do(carl, event, verb).status_code == 403, verb
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


def test_a_wrap_up_that_is_wanted_and_empty_ends_nothing(ada, event):
    answer = do(ada, event, "end", key="end", headline=" ", wrap_up=" \n ")
    assert answer.status_code == 400
    assert answer.json()["error"] == "The wrap-up is empty: write it, or end without one."
    event.refresh_from_db()
    assert event.state == "live"
    assert do(ada, event, "end", key="end").status_code == 200
