"""The event's own fields, its strip and its summary at the desk, and its posts in the plain admin."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.test import Client
from django.utils import timezone

from events import publishing
from events.live import hub as hubs
from events.live.counts import Readers
from events.models import Event, Post, Update
from events.publishing import Line, Named, Refused, Words
from tests import cast
from tests.desks import at, do

pytestmark = pytest.mark.django_db


def heard(client: Client, event: Event) -> dict:
    return client.get(at(event, "timeline/")).json()


def words(headline: str = "They talk") -> dict:
    return {"headline": headline, "body": "<p>Now.</p>", "kind": "news"}


def test_fields_are_changed_at_the_desk_and_readers_hear_of_it(ada, event):
    before = cast.event("before")
    given = {"short_title": "The call", "coming_up": "A statement", "team_line": "By Ada in Delhi", "notice": "Live"}
    told = do(ada, event, "change", key="c", continues=str(before.pk), **given).json()
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
    answer = do(ada, event, "change", **fields)
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


def test_the_log_in_page_has_a_heading(client):
    assert "<h1>Log in</h1>" in client.get("/admin/login/").content.decode()


@pytest.mark.parametrize(("verb", "field"), [("move", "sort_at"), ("change", "embargo_until"), ("publish", "said")])
def test_a_time_that_no_clock_shows_gets_a_sentence_wherever_it_is_typed(ada, event, verb, field):
    typed, post = "2031-03-30T01:30", cast.post(event).post
    content = {"post": post.pk, field: typed}
    if verb == "publish":
        content = {"words": {"headline": "x", "occurred_at": typed}}
    answer = do(ada, event, verb, **content)
    assert answer.status_code == 400
    assert "There is no 01:30 on 30 March 2031 (GMT)" in answer.json()["error"]


def test_an_embargo_lies_ahead_and_shows_nothing_from_the_start(ada, event):
    answer = do(ada, event, "change", embargo_until="2020-01-01T10:00")
    assert answer.status_code == 400 and answer.json()["field"] == "embargo_until"
    with pytest.raises(Refused) as refusal:
        until = timezone.now() + timedelta(hours=1)
        publishing.create_event(by=None, slug="later", title="Later", visibility="public", embargo_until=until)
    assert refusal.value.field == "visibility"


def test_a_summary_with_too_many_lines_is_refused_and_none_is_dropped(ada, event):
    answer = do(ada, event, "summarise", lines=[{"text": f"Line {number}"} for number in range(21)])
    assert answer.status_code == 400 and "room for 20 lines" in answer.json()["error"]
    assert not event.summary_lines.exists()


def test_what_somebody_else_changed_is_not_stored_over(ada, event):
    publishing.change(event, by=None, coming_up="Theirs")
    answer = do(ada, event, "change", coming_up="Mine", seen={"coming_up": ""})
    assert answer.status_code == 400 and answer.json()["field"] == "seen"
    # Another field is no business of theirs.
    assert do(ada, event, "change", title="Mine", seen={"title": event.title}).json()["ok"]
    post = cast.post(event).post
    publishing.note(post, by=None, note="Theirs")
    assert do(ada, event, "note", post=post.pk, note="Mine", seen="").json()["field"] == "seen"
    assert do(ada, event, "note", post=post.pk, note="Mine and theirs", seen="Theirs").json()["ok"]


def test_neither_is_an_embargo_nor_the_day_before(ada, event):
    one, two = cast.event("one"), cast.event("two")
    until = timezone.now().replace(microsecond=0) + timedelta(days=1, seconds=7)
    publishing.change(event, by=None, continues=one, embargo_until=until)
    shown = heard(ada, event)["embargo"]
    answer = do(ada, event, "change", continues=str(two.pk), seen={"continues": ""})
    assert answer.status_code == 400 and answer.json()["field"] == "seen"
    for seen in ("", "2036-03-18T14:00"):
        answer = do(ada, event, "change", embargo_until="", seen={"embargo_until": seen})
        assert answer.status_code == 400 and answer.json()["field"] == "seen"
    event.refresh_from_db()
    assert (event.continues, event.embargo_until) == (one, until)
    assert do(ada, event, "change", embargo_until="", seen={"embargo_until": shown}).json()["ok"]
    assert do(ada, event, "change", continues=str(two.pk), seen={"continues": str(one.pk)}).json()["ok"]
    event.refresh_from_db()
    assert (event.continues, event.embargo_until) == (two, None)


def test_the_plain_form_stores_nothing_over_what_somebody_else_changed(ada, event):
    address = f"/admin/events/event/{event.pk}/change/"
    publishing.change(event, by=None, handover="One.\nTwo.")
    shown = ada.get(address).context["adminform"].form
    data = {"roles-TOTAL_FORMS": 0, "roles-INITIAL_FORMS": 0, "summary_lines-TOTAL_FORMS": 0}
    data |= {"summary_lines-INITIAL_FORMS": 0, "seen": shown["seen"].value()}
    for name in ("title", "slug", "short_title", "standfirst", "language", "visibility", "zone", "zone_name", "notice",
                 "team_line", "coming_up", "send_delay", "second_editor", "handover"):  # fmt: skip
        data[name] = getattr(event, name) or ""
    data |= {"indexed": "on", "send_delay": "0", "zones": "Asia/Kolkata in India", "handover": "One.\r\nTwo."}
    publishing.change(event, by=None, coming_up="Theirs", team_line="Also theirs")
    answer = ada.post(address, data | {"coming_up": "Mine"})
    assert answer.status_code == 200
    page = answer.content.decode()
    assert "Somebody else has changed this meanwhile: “Theirs”" in page and 'value="Mine"' in page
    event.refresh_from_db()
    assert (event.coming_up, event.team_line) == ("Theirs", "Also theirs")
    again = answer.context["adminform"].form["seen"].value()
    assert ada.post(address, data | {"coming_up": "Mine", "seen": again}).status_code == 302
    event.refresh_from_db()
    assert (event.coming_up, event.team_line) == ("Mine", "Also theirs")
    # What was left as it was found is not set back.
    publishing.change(event, by=None, notice="Theirs")
    fresh = data | {"coming_up": "Mine", "title": "A new title", "seen": again}
    assert ada.post(address, fresh).status_code == 302
    event.refresh_from_db()
    assert (event.title, event.notice) == ("A new title", "Theirs")


def test_the_desk_leads_to_a_page_where_there_is_one(ada, event):
    told = heard(ada, event)
    assert (told["page"], told["socket"]) == ("/events/call/", "/ws/events/call/?desk")
    private, partners = "Private: no reader sees this", "For partners only: no page here"
    for visibility, label, socket in (("private", private, ""), ("partners", partners, told["socket"])):
        publishing.change(event, by=None, visibility=visibility)
        told = heard(ada, event)
        assert (told["page"], told["socket"], told["visibility"]["label"]) == ("", socket, label)


def test_it_is_shown_and_opened_in_one_press_or_neither(ada, event):
    publishing.end(event, by=None)
    publishing.change(event, by=None, visibility="private", embargo_until=timezone.now() + timedelta(hours=1))
    answer = do(ada, event, "open", key="o", public=True)
    event.refresh_from_db()
    assert answer.status_code == 400 and (event.state, event.visibility) == ("ended", "private")
    publishing.change(event, by=None, embargo_until=None)
    first, second = (do(ada, event, "open", key="p", public=True).json() for _time in range(2))
    event.refresh_from_db()
    assert first["ok"] and second["repeated"] and (event.state, event.visibility) == ("live", "public")


def test_a_row_has_quotation_and_text_in_the_order_of_the_page(ada, event):
    quoted = Named(source=cast.scavino(), verb="wrote", quote="Going well.")
    publishing.publish(event, words=Words(body="<p>He is sure.</p>", attributions=(quoted,)), by=None)
    publishing.publish(
        event, words=Words(headline="It goes on", body="<p>So far.</p>", attributions=(quoted,)), by=None
    )
    titled, bare = (row["html"] for row in heard(ada, event)["posts"])
    assert titled.index("It goes on") < titled.index("Going well.") < titled.index("So far.")
    assert bare.index("Going well.") < bare.index("He is sure.") and 'class="bare"' in bare
