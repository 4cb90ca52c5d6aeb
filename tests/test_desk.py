"""The desk's answers: who may, what is said, what is never lost."""

import json

import pytest
from django.contrib.auth.models import Group, User
from django.test import Client

from events import publishing
from events.models import Autosave, Post, Source, Update
from tests import cast
from tests.desks import at, send


@pytest.fixture
def carl(db) -> Client:
    """A contributor, in a browser of his own."""
    user = User.objects.create(username="carl", is_staff=True)
    user.groups.add(Group.objects.get(name="contributor"))
    client = Client()
    client.force_login(user)
    return client


def words(headline: str = "They talk", **more) -> dict:
    return {"headline": headline, "body": "<p>Now.</p>", "kind": "news"} | more


def test_one_click_leads_from_the_list_of_events_to_the_desk(ada, event):
    assert at(event) in ada.get("/admin/events/event/").content.decode()
    assert ada.get(at(event)).status_code == 200


def test_it_refuses_a_stranger(client, event):
    answer = client.get(at(event))
    assert answer.status_code == 302 and "/admin/login/" in answer["Location"]
    answer = send(client, event, "deeds/publish/", words=words())
    assert answer.status_code == 401
    assert "log in in a new tab" in answer.json()["error"]
    assert not Post.objects.exists()


def test_it_refuses_a_reader_with_an_account(client, event):
    client.force_login(User.objects.create(username="reader"))
    assert client.get(at(event)).status_code == 404
    assert client.get(at(event, "timeline/")).status_code == 403
    assert send(client, event, "deeds/publish/", words=words()).status_code == 403


def test_a_post_without_the_token_is_refused(event, editor):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(editor)
    assert send(strict, event, "deeds/publish/", words=words()).status_code == 403
    strict.get(at(event))
    token = strict.cookies["csrftoken"].value
    content = json.dumps({"words": words()})
    answer = strict.post(
        at(event, "deeds/publish/"), content, content_type="application/json", headers={"X-CSRFToken": token}
    )
    assert answer.status_code == 200


def test_it_publishes_and_says_so(ada, event):
    answer = send(ada, event, "deeds/publish/", key="k", words=words(), pin=True)
    told = answer.json()
    assert told["ok"] and told["message"] == "Published, with no source named."
    assert told["post"] == Post.objects.get().pk
    assert told["sequence"] == Update.objects.latest("sequence").sequence
    event.refresh_from_db()
    assert event.pinned_id == told["post"]
    assert answer["Cache-Control"] == "private, no-store"


def test_a_double_click_makes_one_post(ada, event):
    first, second = (send(ada, event, "deeds/publish/", key="k", words=words()).json() for _time in range(2))
    assert first["post"] == second["post"] and second["repeated"]
    assert Post.objects.count() == 1


def test_all_of_an_attribution_arrives(ada, event):
    source = cast.scavino()
    said = {
        "source": source.pk, "basis": "social", "verb": "wrote", "medium": "on X", "place": "Washington",
        "quote": "Going well.", "link": "https://x.example/1", "said_at": "2025-03-18T14:56", "label": "ignored",
    }  # fmt: skip
    send(ada, event, "deeds/publish/", words=words(attributions=[said]))
    row = Post.objects.get().attributions.get()
    assert (row.as_named, row.verb, row.medium, row.quote) == ("Dan Scavino", "wrote", "on X", "Going well.")
    assert row.said_at.isoformat() == "2025-03-18T14:56:00+00:00"


UNNAMED = {"basis": "unnamed", "described_as": "a diplomat", "reason_unnamed": "fear"}


@pytest.mark.parametrize(
    ("given", "sentence", "field"),
    [
        ({"headline": "", "body": "<p></p>"}, "this post is empty", "body"),
        ({"body": "<p>" + "a" * 103_000 + "</p>"}, "too long", "body"),
        ({"headline": "a" * 201}, "room for 200", "headline"),
        ({"kind": "gossip"}, "is not one of", "kind"),
        ({"occurred_at": "yesterday"}, "Write a day and a time", "occurred_at"),
        ({"occurred_at": "2025-13-45T99:00"}, "Write a day and a time", "occurred_at"),
        ({"headline": ["a"]}, "should be text", "headline"),
        ({"attributions": "x"}, "twenty sources", "attributions"),
        ({"attributions": [{"source": 999999, "label": "Ann Lee"}]}, "“Ann Lee” is not there any more", "attributions"),
        ({"attributions": [{"basis": "unnamed"}]}, "how to describe", "attributions"),
        ({"attributions": [{"basis": "witnessed", "place": "a" * 81}]}, "room for 80", "attributions"),
        ({"attributions": [{"basis": "witnessed", "said_precision": "second"}]}, "is no", "attributions"),
        ({"attributions": [{"basis": "on_record"}]}, "Choose the source", "attributions"),
        ({"attributions": [{"basis": ""}]}, "is no", "attributions"),
        ({"attributions": [UNNAMED | {"link": "javascript:alert(1)"}]}, "begins with https", "attributions"),
    ],
)
def test_bad_input_gets_a_sentence_at_its_field(ada, event, given, sentence, field):
    answer = send(ada, event, "deeds/publish/", words=words() | given)
    assert answer.status_code == 400
    assert sentence in answer.json()["error"]
    assert answer.json()["field"] == field
    assert not Post.objects.exists()


@pytest.mark.parametrize("body", ["", "{", "[]", "null", '"text"', "[" * 100_000])
def test_what_is_no_deed_gets_a_sentence(ada, event, body):
    answer = ada.post(at(event, "deeds/publish/"), body, content_type="application/json")
    assert answer.status_code == 400
    assert answer.json()["error"]


def test_an_unknown_deed_gets_a_sentence(ada, event):
    assert send(ada, event, "deeds/explode/").status_code == 400


def test_too_much_to_be_sent_gets_a_sentence(ada, event):
    answer = send(ada, event, "deeds/publish/", words=words(body="a" * 3_000_000))
    assert answer.status_code == 413
    assert "Shorten the text" in answer.json()["error"]


def test_hostile_html_reaches_nobody(ada, event):
    body = '<p>Hi<img src=x onerror=alert(1)><svg onload=alert(1)></svg><a href="javascript:x()">y</a></p>'
    send(ada, event, "deeds/publish/", words=words("<script>alert(1)</script>", body=body))
    html = ada.get(at(event, "timeline/")).json()["posts"][0]["html"]
    assert "<script" not in html and "onerror" not in html and "javascript:" not in html


def test_a_conflict_answers_with_both_texts(ada, event):
    post = cast.post(event).post
    publishing.revise(post, words=cast.words("Somebody was faster"), revision=1, by=None)
    answer = send(ada, event, "deeds/revise/", post=post.pk, revision=1, words=words("Mine"))
    assert answer.status_code == 409
    theirs = answer.json()["conflict"]
    assert theirs["words"]["headline"] == "Somebody was faster" and theirs["revision"] == 2
    post.refresh_from_db()
    assert post.headline == "Somebody was faster"
    answer = send(ada, event, "deeds/revise/", post=post.pk, revision=theirs["revision"], words=words("Mine"))
    assert answer.status_code == 200


def test_a_correction_is_an_entry_of_its_own(ada, event):
    post = cast.post(event).post
    answer = send(
        ada, event, "deeds/revise/", post=post.pk, revision=1, words=words(), change="correction", note="It was seven."
    )
    assert "entry of its own" in answer.json()["message"]
    assert Post.objects.filter(kind="correction").count() == 1


def test_hold_restore_withdraw_mark_pin_and_undo(ada, event):
    post = cast.post(event).post
    for verb, content, state in (
        ("hold", {}, "withdrawn"),
        ("restore", {}, "published"),
        ("mark", {"key_event": True, "key_label": "It begins"}, "published"),
        ("pin", {}, "published"),
        ("withdraw", {"note": "Said twice."}, "withdrawn"),
    ):
        answer = send(ada, event, f"deeds/{verb}/", post=post.pk, **content)
        assert answer.status_code == 200, answer.json()
        post.refresh_from_db()
        assert post.state == state, verb
    assert post.withdrawn_note == "Said twice." and post.key_label == "It begins"
    fresh = send(ada, event, "deeds/publish/", words=words()).json()["post"]
    assert send(ada, event, "deeds/undo/", post=fresh).json()["message"] == "Taken back."


def test_the_event_opens_pauses_and_ends(ada, event):
    send(ada, event, "deeds/pause/", note="Back at six.")
    event.refresh_from_db()
    assert (event.state, event.pause_note) == ("paused", "Back at six.")
    send(ada, event, "deeds/open/")
    send(ada, event, "deeds/end/")
    event.refresh_from_db()
    assert event.state == "ended"
    assert send(ada, event, "deeds/pause/").json()["error"] == "Only a live event can be paused."


def test_the_summary_rests_on_posts_of_this_event(ada, event):
    post = cast.post(event).post
    lines = [
        {"text": "They talk.", "knowing": "known", "post": post.pk},
        {"text": "About what?", "knowing": "not_known"},
    ]
    assert send(ada, event, "deeds/summarise/", lines=lines).status_code == 200
    assert [(line.text, line.post_id) for line in event.summary_lines.all()] == [
        ("They talk.", post.pk),
        ("About what?", None),
    ]
    elsewhere = cast.post(cast.event("other")).post
    answer = send(ada, event, "deeds/summarise/", lines=[{"text": "x", "post": elsewhere.pk}])
    assert answer.status_code == 400


def test_a_contributor_submits_and_an_editor_publishes(ada, carl, event):
    assert send(carl, event, "deeds/publish/", words=words()).status_code == 403
    post = send(carl, event, "deeds/submit/", words=words(attributions=[{"basis": "witnessed"}])).json()["post"]
    for verb in ("hold", "withdraw", "pin", "open", "pause", "end", "summarise", "mark", "publish", "undo", "restore"):
        assert send(carl, event, f"deeds/{verb}/", post=post, words=words()).status_code == 403, verb
    assert post in [row["id"] for row in ada.get(at(event, "timeline/")).json()["inbox"]]
    loaded = ada.get(at(event, f"posts/{post}/")).json()["words"]
    assert send(ada, event, "deeds/publish/", post=post, words=loaded).status_code == 200
    assert Post.objects.get(pk=post).state == "published"


def test_a_submission_without_a_source_is_not_published(ada, carl, event):
    post = send(carl, event, "deeds/submit/", words=words()).json()["post"]
    answer = send(ada, event, "deeds/publish/", post=post, words=words())
    assert answer.status_code == 400 and "Name a source" in answer.json()["error"]


def test_a_contributor_neither_sees_nor_touches_anothers_draft(carl, event):
    draft = publishing.save_draft(event, words=cast.words("Secret"), by=None).post
    assert carl.get(at(event, "timeline/")).json()["inbox"] == []
    assert carl.get(at(event, f"posts/{draft.pk}/")).status_code == 400
    for verb in ("draft", "submit", "delete"):
        assert send(carl, event, f"deeds/{verb}/", post=draft.pk, words=words()).status_code == 403


def test_posts_of_another_event_are_out_of_reach(ada, event):
    elsewhere = cast.post(cast.event("other")).post
    answer = send(ada, event, "deeds/withdraw/", post=elsewhere.pk)
    assert answer.status_code == 400
    elsewhere.refresh_from_db()
    assert elsewhere.state == "published"


def test_the_timeline_pages_and_costs_the_same(ada, event, django_assert_max_num_queries):
    for number in range(62):
        cast.post(event, f"Post {number}")
    with django_assert_max_num_queries(18):
        first = ada.get(at(event, "timeline/")).json()
    assert len(first["posts"]) == 60 and first["more"]
    rest = ada.get(at(event, f"timeline/?before={first['posts'][-1]['id']}")).json()
    assert len(rest["posts"]) == 2 and not rest["more"]


def test_sources_are_found_and_made_in_place(ada, event):
    cast.scavino()
    found = ada.get(at(event, "sources/?q=scavino+house")).json()["sources"]
    assert [source["name"] for source in found] == ["Dan Scavino"]
    made = send(ada, event, "sources/", name="Ann Lee", role="mayor", speaker_type="official").json()["source"]
    again = send(ada, event, "sources/", name="Ann Lee", role="mayor").json()["source"]
    assert made["id"] == again["id"] and Source.objects.filter(name="Ann Lee").count() == 1
    alike = ada.get(at(event, "sources/?like=dan.SCAVÍNO+jr")).json()["sources"]
    assert [source["name"] for source in alike] == ["Dan Scavino"]
    assert [source["name"] for source in ada.get(at(event, "sources/?q=scavíno")).json()["sources"]] == ["Dan Scavino"]
    assert ada.get(at(event, "sources/?like=%C2%A0%00...")).json() == {"sources": []}
    answer = send(ada, event, "sources/", name="")
    assert answer.status_code == 400 and answer.json()["error"] == "A source needs a name."


def test_autosave_keeps_and_forgets_and_touches_no_post(ada, event):
    for headline in ("One", "Two"):
        assert send(ada, event, "autosave/", content={"words": {"headline": headline}}).status_code == 200
    assert Autosave.objects.get().content["words"]["headline"] == "Two"
    assert "Two" in ada.get(at(event)).content.decode()
    assert not Post.objects.exists()
    send(ada, event, "autosave/", content=None)
    assert not Autosave.objects.exists()


def test_what_cannot_be_stored_gets_a_sentence_not_a_trace(ada, event):
    assert send(ada, event, "autosave/", content={"words": {"headline": "a\x00b\ud800"}}).status_code == 200
    assert send(ada, event, "deeds/publish/", words=words("a\x00b")).status_code == 200
    assert Post.objects.get().headline == "ab"
    assert send(ada, event, "deeds/withdraw/", post="a\x00b").status_code == 400
    assert ada.get(at(event, "posts/a%00b/")).status_code == 400
    assert ada.get(at(event, "timeline/?before=%00")).status_code == 200


def test_who_looks_on_is_given_no_composer(client, carl, event):
    client.force_login(cast.member("vera", "viewer"))
    told, written = client.get(at(event)).content.decode(), carl.get(at(event)).content.decode()
    for page, hidden in ((told, True), (written, False)):
        assert ('aria-labelledby="composer-title" hidden>' in page) is hidden
        assert ('data-tab-to="write"' in page) is not hidden
        assert ('href="#headline"' in page) is not hidden
