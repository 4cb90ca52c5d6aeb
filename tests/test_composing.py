"""What the composer and the timeline rest on: own texts for each window, keys, sources, pins, older rows."""

import json
import re
from datetime import UTC, datetime, timedelta
from html import unescape

import pytest
from django.utils import timezone

from events import publishing, text
from events.models import Autosave, Post
from events.publishing import Named
from tests import cast
from tests.desks import at, send


def words(headline: str = "They talk", **more) -> dict:
    return {"headline": headline, "body": "<p>Now.</p>", "kind": "news"} | more


def test_whoever_shows_older_rows_hears_what_became_of_them(ada, event):
    posts = [cast.post(event, f"Post {number}").post for number in range(63)]
    first = ada.get(at(event, "timeline/")).json()
    assert "changed" in first and first["changed"] == []
    publishing.hold(posts[0], by=None)
    publishing.note(posts[1], by=None, note="Call her again.")
    publishing.undo(posts[62], by=None)
    told = ada.get(at(event, f"timeline/?have={first['sequence']}&also={posts[1].pk}")).json()
    changed = {row["id"]: row for row in told["changed"]}
    assert "we are checking this post" in changed[posts[0].pk]["html"]
    assert "Call her again." in changed[posts[1].pk]["html"]
    assert changed[posts[0].pk]["order"] < changed[posts[1].pk]["order"]
    trash = ada.get(at(event, f"timeline/?trash=1&have={first['sequence']}")).json()
    assert [row["id"] for row in trash["changed"]] == [posts[62].pk] and posts[0].pk in trash["gone"]
    assert ada.get(at(event, "timeline/?have=x&also=%00")).status_code == 200


def test_the_items_of_a_list_do_not_run_together_in_a_row(ada, event):
    cast.post(event, "Two subjects", body="<p>The two subjects:</p><ul><li><p>land</p></li><li>power plants</li></ul>")
    html = ada.get(at(event, "timeline/")).json()["posts"][0]["html"]
    assert "The two subjects: • land • power plants" in " ".join(html.split())


def test_what_nobody_has_changed_of_a_time_stays_to_the_second(ada, event):
    # The clocks show half past one twice; this is the second.
    second = datetime(2025, 10, 26, 1, 30, 20, tzinfo=UTC)
    rows = tuple(Named(as_named=name, said_at=at) for name, at in (("A", second - timedelta(hours=1)), ("B", second)))
    post = publishing.publish(event, words=cast.words(occurred_at=second, attributions=rows), by=None).post
    loaded = ada.get(at(event, f"posts/{post.pk}/")).json()["words"]
    assert loaded["occurred_at"] == "2025-10-26T01:30"
    given = {"post": post.pk, "revision": 1, "words": loaded}
    assert send(ada, event, "preview/", **given).status_code == 200
    assert send(ada, event, "lines/", post=post.pk, attributions=loaded["attributions"]).status_code == 200
    assert send(ada, event, "deeds/revise/", **given).json()["sequence"] is None
    given["words"] = loaded | {"headline": "The call beginns"}
    assert send(ada, event, "deeds/revise/", **given).status_code == 200
    post.refresh_from_db()
    assert (post.headline, post.occurred_at) == ("The call beginns", second)
    assert [row.said_at for row in post.attributions.all()] == [second - timedelta(hours=1), second]


def test_a_new_time_that_comes_twice_is_refused(ada, event):
    answer = send(ada, event, "deeds/draft/", words=words(occurred_at="2025-10-26T01:30"))
    assert answer.status_code == 400 and "01:30 comes twice on 26 October 2025" in answer.json()["error"]
    assert answer.json()["field"] == "occurred_at"


def test_the_refused_source_is_named_by_its_row(ada, event):
    rows = [{"basis": "witnessed"}, {"basis": "unnamed"}]
    answer = send(ada, event, "deeds/publish/", words=words(attributions=rows))
    assert (answer.status_code, answer.json()["row"]) == (400, 1)
    gone = cast.scavino()
    rows[1] = {"source": gone.pk, "label": "Dan Scavino"}
    gone.delete()
    answer = send(ada, event, "deeds/publish/", words=words(attributions=rows))
    assert "“Dan Scavino” is not there any more" in answer.json()["error"] and answer.json()["row"] == 1


def test_other_words_under_a_key_that_was_used_are_not_lost(ada, event):
    now = timezone.now().isoformat()
    send(ada, event, "deeds/publish/", key="k", composed_at=now, words=words("As it went out"))
    again = send(ada, event, "deeds/publish/", key="k", composed_at=now, words=words("As it went out"))
    assert again.json()["repeated"]
    changed = send(ada, event, "deeds/publish/", key="k", composed_at=now, words=words("Changed since"))
    assert changed.status_code == 409 and changed.json()["ask"]["reason"] == "repeated"
    waited = send(ada, event, "deeds/publish/", key="k", composed_at=now, waited=True, words=words("Changed since"))
    assert waited.json()["ask"]["reason"] == "repeated"
    assert Post.objects.count() == 1


def test_an_addition_that_adds_nothing_is_refused(ada, event):
    post = send(ada, event, "deeds/publish/", words=words()).json()["post"]
    answer = send(ada, event, "deeds/revise/", post=post, revision=1, words=words(), change="addition")
    assert answer.status_code == 400 and "Nothing is new" in answer.json()["error"]
    assert Post.objects.get().corrections.count() == 0


def test_each_window_keeps_its_own_text(ada, event):
    for tab in ("one", "two"):
        send(ada, event, "autosave/", composer=tab, content={"words": {"headline": f"In {tab}"}})
    send(ada, event, "presence/", tab="two", post="", writing=True)
    html = ada.get(at(event)).content.decode()
    kept = {one["composer"]: one for one in json.loads(unescape(re.search(r'data-saved="([^"]*)"', html)[1]))}
    assert kept["one"]["content"]["words"]["headline"] == "In one" and not kept["one"]["live"]
    assert kept["two"]["live"]
    send(ada, event, "autosave/", composer="one", content=None)
    assert Autosave.objects.get().composer == "two"


def test_so_many_composers_of_one_person_are_kept(ada, event):
    for number in range(33):
        send(ada, event, "autosave/", composer=f"tab-{number}", content={"words": {"headline": str(number)}})
    assert Autosave.objects.count() == 30
    assert not Autosave.objects.filter(composer="tab-0").exists()
    assert Autosave.objects.filter(composer="tab-32").exists()


@pytest.mark.parametrize("minutes", [-1, "x", 10081, 1e9])
def test_a_pin_without_end_or_sense_is_refused(ada, event, minutes):
    answer = send(ada, event, "deeds/publish/", words=words(), pin=True, pin_minutes=minutes)
    assert answer.status_code == 400 and "for a week at most" in answer.json()["error"]
    assert not Post.objects.exists()


def test_a_scheduled_post_remembers_how_long_it_is_pinned(ada, event):
    publishing.beat(publishing.CLOCK)
    due = (timezone.now() + timedelta(hours=1)).astimezone(event.tz)
    order = {"due_at": f"{due:%Y-%m-%dT%H:%M}", "pin": True, "pin_minutes": 60}
    post = send(ada, event, "deeds/schedule/", words=words(), **order).json()["post"]
    assert ada.get(at(event, f"posts/{post}/")).json()["pin_minutes"] == 60
    when = Post.objects.get().due_at
    assert [done.post.pk for done in publishing.publish_due(when)] == [post]
    event.refresh_from_db()
    assert event.pinned_until is not None and event.pinned_until - event.pinned_at == timedelta(hours=1)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("“Going well.”", "Going well."),
        ('"Going well."', "Going well."),
        ("« Ça va »", "Ça va"),
        ("“One” and “two”", "“One” and “two”"),
        ("Going “well”", "Going “well”"),
        ("“", "“"),
        ("“”", "“”"),
        ("", ""),
    ],
)
def test_the_marks_around_a_quotation_are_the_pages(typed, kept):
    assert text.unquoted(typed) == kept
