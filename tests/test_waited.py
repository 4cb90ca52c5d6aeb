"""Nothing old goes out by itself; twins and wrong events are asked about."""

from datetime import timedelta

import pytest
from django.utils import timezone

from events import publishing, twins
from events.models import Autosave, Post
from tests import cast
from tests.test_desk import send, words


@pytest.fixture
def ada(client, editor):
    """The editor's browser, logged in."""
    client.force_login(editor)
    return client


SAID = "The two presidents have begun to talk"


def composed(seconds: int = 0) -> str:
    return (timezone.now() - timedelta(seconds=seconds)).isoformat()


@pytest.mark.parametrize(
    ("one", "other", "is_alike"),
    [
        (SAID, SAID.upper() + "!", True),
        (SAID, "Presidents begin: the two have begun to talk by telephone", True),
        (SAID, "The two presidents have ended their talk", False),
        ("The call began at 14:00 GMT", "The call began at 15:00 GMT", False),
        (SAID, "The markets have fallen by two per cent", False),
        ("Café opens", "cafe opens.", True),
        ("They talk", "They talk no more, says the Kremlin", False),
        ("", "", False),
        ("数字 一 二 三", "数字 一 二 三 四", True),
    ],
)
def test_two_texts_are_compared_by_their_words(one, other, is_alike):
    assert twins.alike(one, other) is is_alike


@pytest.mark.parametrize(
    ("one", "other", "is_alike"),
    [
        ("Bloomberg", "Bloomberg News", True),
        ("BBC News", "bbc-news", True),
        ("U.S. State Department", "US State Department", True),
        ("Müller", "MULLER", True),
        ("أحمد", "احمد", True),
        ("Ann", "Joanna", False),
        ("Bloomberg", "Bloom", False),
        ("…", "Bloomberg", False),
    ],
)
def test_two_names_are_compared_by_their_letters(one, other, is_alike):
    assert twins.names_are_alike(one, other) is twins.names_are_alike(other, one) is is_alike


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("The White House", "White House"),
        ("the", "the"),
        ("Die Zeit", "Zeit"),
        ("Los Angeles Times", "Angeles Times"),
        ("al-Jazeera", "Jazeera"),
        ("Theresa May", "Theresa May"),
        ("Alan Turing", "Alan Turing"),
    ],
)
def test_a_name_is_looked_for_without_its_article(typed, name):
    assert twins.without_article(typed) == name


def test_what_is_fresh_goes_out_and_keeps_its_moment(ada, event):
    answer = send(ada, event, "deeds/publish/", key="k", words=words(), composed_at=composed(50), seen=0, waited=True)
    assert answer.status_code == 200
    assert (timezone.now() - Post.objects.get().composed_at).total_seconds() >= 50


def test_what_waited_is_asked_about_and_goes_out_when_somebody_is_sure(ada, event):
    old = {"key": "k", "words": words(), "composed_at": composed(130), "seen": 0, "waited": True}
    answer = send(ada, event, "deeds/publish/", **old)
    assert answer.status_code == 409
    assert answer.json()["error"] == "This waited for 2 minutes: send it now?"
    assert answer.json()["ask"]["reason"] == "waited"
    assert not Post.objects.exists()
    assert send(ada, event, "deeds/publish/", **old, sure=True).status_code == 200
    # The key has done its deed: the same again is answered, not asked about.
    assert send(ada, event, "deeds/publish/", **old).json()["repeated"]
    assert Post.objects.count() == 1


def test_what_others_have_overtaken_is_asked_about(ada, event):
    seen = event.stream.sequence
    cast.post(event, "Somebody was faster than the line")
    given = {"key": "k", "words": words(), "composed_at": composed(), "seen": seen, "waited": True}
    assert "was published while this waited" in send(ada, event, "deeds/publish/", **given).json()["error"]
    # Whoever pressed with a line is not asked for what came in the same second.
    assert send(ada, event, "deeds/publish/", **given | {"waited": False}).status_code == 200


def test_a_send_delay_asks_the_same(ada, event):
    event.send_delay = 10
    event.save()
    given = {"key": "k", "words": words(), "composed_at": composed(130), "waited": True}
    assert send(ada, event, "deeds/publish/", **given).status_code == 409


def test_a_twin_is_shown(ada, event):
    twin = cast.post(event, SAID).post
    given = {"key": "k", "words": words(SAID), "composed_at": composed()}
    answer = send(ada, event, "deeds/publish/", **given)
    assert answer.status_code == 409
    assert answer.json()["ask"] == {"reason": "twin", "post": twin.pk}
    assert "ago by" in answer.json()["error"]
    assert send(ada, event, "deeds/publish/", **given, sure=True).status_code == 200


def test_a_quotation_has_its_twins_too(ada, event, django_user_model):
    quoted = {"kind": "quote", "attributions": [{"as_named": "Dan Scavino", "quote": "The call is going well."}]}
    carl = django_user_model.objects.create(username="carl")
    kept = Autosave.objects.create(event=event, by=carl, composer="new", content={"words": quoted})
    answer = send(ada, event, "deeds/publish/", key="k", words=quoted, composed_at=composed())
    assert answer.json()["error"] == "carl is writing this at this moment."
    kept.delete()
    publishing.publish(event, words=cast.quote(), by=None)
    answer = send(ada, event, "deeds/publish/", key="k", words=quoted, composed_at=composed())
    assert "“The call is going well.”" in answer.json()["error"]
    Autosave.objects.create(event=event, by=carl, composer="new", content={"words": {"attributions": [7, {}]}})
    other = quoted | {"attributions": [{"as_named": "Dan Scavino", "quote": "It has ended, and nothing was agreed."}]}
    assert send(ada, event, "deeds/publish/", key="l", words=other, composed_at=composed()).status_code == 200


def test_a_twin_of_long_ago_is_none(ada, event):
    cast.post(event, SAID)
    Post.objects.update(published_at=timezone.now() - timedelta(minutes=16))
    given = {"key": "k", "words": words(SAID), "composed_at": composed()}
    assert send(ada, event, "deeds/publish/", **given).status_code == 200


def test_what_somebody_else_is_writing_is_told(ada, event, django_user_model):
    carl = django_user_model.objects.create(username="carl")
    Autosave.objects.create(event=event, by=carl, composer="new", content={"words": words(SAID)})
    answer = send(ada, event, "deeds/publish/", key="k", words=words(SAID), composed_at=composed())
    assert answer.json()["error"] == "carl is writing this at this moment."


def test_a_text_of_another_event_is_asked_about(ada, event, editor):
    other = cast.event("another")
    Autosave.objects.create(event=other, by=editor, composer="new", content={"words": words(SAID)})
    answer = send(ada, event, "deeds/publish/", key="k", words=words(SAID), composed_at=composed())
    assert answer.json()["ask"]["reason"] == "elsewhere"
    assert not Post.objects.exists()


@pytest.mark.parametrize("nonsense", ["yesterday", "2026-01-01T00:00:00", 7, None, "2026-99-99T00:00:00Z"])
def test_nonsense_for_a_moment_is_no_failure(ada, event, nonsense):
    answer = send(ada, event, "deeds/publish/", key="k", words=words(), composed_at=nonsense, seen="x")
    assert answer.status_code in (200, 400)
