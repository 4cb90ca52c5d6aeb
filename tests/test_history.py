"""A post's history and the trash at the desk, and what turns amber there."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db.models import F
from django.test import Client
from django.utils import timezone

from events import differences, publishing
from events.models import Autosave, Deed, Event, StandingChange
from events.publishing import Line, Named
from tests import cast
from tests.desks import at, do

pytestmark = pytest.mark.django_db


def ask(client: Client, event: Event, path: str):
    return client.get(at(event, path))


def test_two_texts_differ_by_words():
    steps = differences.words("The call lasted 90 minutes.", "The call lasted 120 minutes, they say.")
    assert "".join(piece for kind, piece in steps if kind != "ins") == "The call lasted 90 minutes."
    assert "".join(piece for kind, piece in steps if kind != "del") == "The call lasted 120 minutes, they say."
    assert ("same", "The call lasted") in steps


def test_the_history_shows_each_version_and_compares_two(ada, event, editor):
    post = cast.post(event, "It lasted 90 minutes").post
    publishing.revise(post, words=cast.words("It lasted 120 minutes"), revision=1, by=editor)
    told = ask(ada, event, f"posts/{post.pk}/history/").json()
    assert told["revision"] == 2
    assert "It lasted 90 minutes" in told["html"] and "ada" in told["html"]
    compared = ask(ada, event, f"posts/{post.pk}/history/?one=2&two=1").json()["html"]
    assert "90" in compared.split("<del>")[1].split("</del>")[0]
    assert "120" in compared.split("<ins>")[1].split("</ins>")[0]
    assert ask(ada, event, f"posts/{post.pk}/history/?one=1&two=1").status_code == 400


def test_a_contributor_looks_into_no_history(event):
    client, post = Client(), cast.post(event).post
    client.force_login(cast.member("carl", "contributor"))
    assert ask(client, event, f"posts/{post.pk}/history/").status_code == 403


def test_an_earlier_version_comes_back_as_a_new_one_and_never_silently(ada, event, editor):
    named = Named(source=cast.scavino(), quote="Going well.")
    post = cast.post(event, "First", attributions=(named,)).post
    publishing.revise(post, words=cast.words("Second"), revision=1, by=editor)
    given = {"post": post.pk, "revision": 2, "number": 1}
    assert "what kind of change" in do(ada, event, "bring_back", key="k", **given).json()["error"]
    assert do(ada, event, "bring_back", key="k", change="addition", note="Back", **given).json()["ok"]
    post.refresh_from_db()
    assert (post.headline, post.revision) == ("First", 3)
    assert post.attributions.get().source == cast.scavino()
    assert post.corrections.get().kind == "addition"


def test_the_trash_has_what_was_withdrawn_or_taken_back(ada, event, editor):
    held, gone, undone = (cast.post(event, name).post for name in ("Held", "Gone", "Undone"))
    cast.post(event, "Public")
    publishing.hold(held, by=editor)
    publishing.withdraw(gone, by=editor)
    publishing.undo(undone, by=editor)
    rows = ask(ada, event, "timeline/?trash=1").json()["posts"]
    assert {row["id"] for row in rows} == {gone.pk, undone.pk}
    # What readers see a sentence of stays in the column; what left them no trace does not.
    column = {row["id"] for row in ask(ada, event, "timeline/").json()["posts"]}
    assert {held.pk, gone.pk} <= column and undone.pk not in column


def test_what_was_removed_shows_only_that(ada, event, editor):
    post = cast.post(event, "Zwölfboxkämpfer").post
    publishing.revise(post, words=cast.words("Zwölfboxkämpfer two"), revision=1, by=editor, key="k")
    Autosave.objects.create(event=event, by=editor, composer="new", content={"post": post.pk, "words": {}})
    assert do(ada, event, "remove", key="r", post=post.pk).json()["ok"]
    assert not Autosave.objects.exists()
    assert not Deed.objects.filter(post=post).exclude(before=None).exists()
    row = ask(ada, event, "timeline/?trash=1").json()["posts"][0]["html"]
    told = ask(ada, event, f"posts/{post.pk}/history/").json()["html"]
    assert "Removed" in row and "None of its words are kept" in told
    assert "Zwölfboxkämpfer" not in row + told
    assert do(ada, event, "takeback", key="b", which="k").status_code == 400


def test_only_who_may_removes(event):
    client, post = Client(), cast.post(event).post
    client.force_login(cast.member("ed", "editor"))
    assert do(client, event, "remove", key="r", post=post.pk).status_code == 403
    assert do(client, event, "stand", key="s", post=post.pk, standing="disputed").json()["ok"]
    assert do(client, event, "move", key="m", post=post.pk, sort_at="2025-03-18T14:00").json()["ok"]


# Amber


def told_amber(client: Client, event: Event) -> list[tuple[str, str]]:
    return [(one["what"], one["post"]) for one in ask(client, event, "timeline/").json()["amber"]]


def test_what_rests_on_a_doubted_post_is_amber_until_somebody_decides(ada, event, editor):
    post, other = cast.post(event, "It is so", key_event=True).post, cast.post(event, "Other").post
    publishing.summarise(event, lines=[Line(text="So it is", post=post), Line(text="Other", post=other)], by=editor)
    publishing.pin(event, post=post, by=editor)
    assert told_amber(ada, event) == []
    publishing.stand(post, by=editor, standing="disputed")
    assert told_amber(ada, event) == [("summary", post.pk), ("pin", post.pk), ("key", post.pk)]
    publishing.summarise(event, lines=[Line(text="So it is", knowing="disputed", post=post)], by=editor)
    publishing.pin(event, post=post, by=editor)
    publishing.mark(post, by=editor, key_event=True)
    assert told_amber(ada, event) == []
    publishing.hold(post, by=editor)
    assert told_amber(ada, event) == [("summary", post.pk), ("key", post.pk)]
    publishing.restore(post, by=editor)
    assert told_amber(ada, event) == []


def test_a_label_that_was_changed_is_decided(ada, event, editor):
    words = cast.words("At one", key_event=True, key_label="13:00: the call")
    post = publishing.publish(event, words=words, by=editor).post
    publishing.stand(post, by=editor, standing="disputed")
    publishing.revise(
        post, words=replace(words, headline="At two", standing="disputed"), revision=1, by=editor, asked=True
    )
    assert told_amber(ada, event) == [("key", post.pk)]
    changed = replace(words, headline="At two", standing="disputed", key_label="14:00: the call")
    publishing.revise(post, words=changed, revision=2, by=editor, asked=True)
    assert told_amber(ada, event) == []
    # And stays so when what only undo needed is forgotten.
    Deed.objects.filter(event=event).update(at=F("at") - timedelta(minutes=3))
    StandingChange.objects.filter(post=post).update(at=F("at") - timedelta(minutes=3))
    assert publishing.forget_before(timezone.now())
    assert told_amber(ada, event) == []


def test_a_correction_and_a_withdrawal_turn_a_line_amber(ada, event, editor):
    post = cast.post(event, "Seven").post
    publishing.summarise(event, lines=[Line(text="At seven", post=post)], by=editor)
    publishing.correct(post, words=cast.words("Eight"), revision=1, note="It was eight.", by=editor)
    assert told_amber(ada, event) == [("summary", post.pk)]
    publishing.summarise(event, lines=[Line(text="At eight", post=post)], by=editor)
    publishing.withdraw(post, by=editor)
    assert told_amber(ada, event) == [("summary", post.pk)]
    publishing.summarise(event, lines=[], by=editor)
    assert told_amber(ada, event) == []
