"""The plain admin does what the desk does: the rarer deeds of its forms and lists."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from events import publishing
from events.models import Event, Post, SummaryLine
from tests import cast

pytestmark = pytest.mark.django_db


def address(post: Post, page: str = "change") -> str:
    return reverse(f"admin:events_post_{page}", args=[post.pk])


def press(client: Client, post: Post, deed: str, **fields) -> str:
    """Send the form of a post with one deed chosen; the page that comes of it."""
    data = {
        "event": post.event_id, "headline": post.headline, "body": post.body, "kind": post.kind,
        "standing": post.standing, "occurred_precision": "minute", "deed": deed, "revision": post.revision, "key": "",
        "attributions-TOTAL_FORMS": 0, "attributions-INITIAL_FORMS": 0,
    }  # fmt: skip
    answer = client.post(address(post), data | fields, follow=True)
    assert answer.status_code == 200
    return answer.content.decode()


def choose(client: Client, action: str, *rows, sentence: str = "", noun: str = "post") -> str:
    data = {"action": action, "_selected_action": [row.pk for row in rows], "sentence": sentence}
    return client.post(f"/admin/events/{noun}/", data, follow=True).content.decode()


def submitted(event: Event, by: User | None = None) -> Post:
    return publishing.save_draft(event, words=cast.words("Handed in"), by=by, submit=True).post


def test_it_schedules_on_the_events_clocks(ada, event):
    publishing.beat(publishing.CLOCK)
    post = submitted(event)
    named = {"attributions-TOTAL_FORMS": 1, "attributions-0-basis": "witnessed", "attributions-0-verb": "said",
             "attributions-0-quote_form": "verbatim", "attributions-0-said_precision": "minute"}  # fmt: skip
    due = (timezone.now() + timedelta(days=2)).astimezone(event.tz).replace(second=0, microsecond=0)
    assert "Times are those of GMT." in ada.get(address(post)).content.decode()
    press(ada, post, "schedule", due_at_0=f"{due:%Y-%m-%d}", due_at_1=f"{due:%H:%M}", **named)
    post.refresh_from_db()
    assert (post.state, post.due_at) == ("scheduled", due)
    assert f'value="{due:%H:%M}' in ada.get(address(post)).content.decode()


@pytest.mark.parametrize(
    ("day", "time", "sentence"),
    [
        ("2020-01-01", "10:00", "This time is past"),
        ("2031-03-30", "01:30", "couldn’t be interpreted in time zone Europe/London"),
        ("", "", "Write the day and the time"),
    ],
)
def test_a_time_that_cannot_be_gets_a_sentence_and_nothing_is_lost(ada, event, day, time, sentence):
    publishing.beat(publishing.CLOCK)
    post = publishing.save_draft(event, words=cast.words(), by=None).post
    page = press(ada, post, "schedule", headline="Typed just now", due_at_0=day, due_at_1=time)
    assert sentence in page and "Typed just now" in page
    post.refresh_from_db()
    assert post.state == "draft"


def test_it_moves_holds_restores_and_withdraws_with_what_replaces_it(ada, event):
    post, better = cast.post(event, "One").post, cast.post(event, "Better").post
    press(ada, post, "move", sort_at_0="2025-03-18", sort_at_1="14:00", headline="Not stored")
    post.refresh_from_db()
    assert (f"{post.sort_at:%Y-%m-%d %H:%M}", post.headline) == ("2025-03-18 14:00", "One")
    press(ada, post, "hold")
    post.refresh_from_db()
    assert post.withdrawal == "hold"
    assert 'name="held" value="True"' in ada.get(address(post)).content.decode()
    press(ada, post, "correction", headline="Right now", sentence="We were wrong.", held="True")
    post.refresh_from_db()
    assert (post.state, post.headline) == ("published", "Right now")
    press(ada, post, "withdraw", instead=better.pk, sentence="Said twice.")
    post.refresh_from_db()
    assert (post.withdrawal, post.replaced_by, post.withdrawn_note) == ("withdraw", better, "Said twice.")


def test_a_hold_that_came_after_the_form_was_loaded_is_asked_about(ada, event):
    post = cast.post(event, "One").post
    assert 'name="held" value="False"' in ada.get(address(post)).content.decode()
    publishing.hold(post, by=cast.member("bo"))
    page = press(ada, post, "typo", headline="One.", held="False")
    assert "bo put this post on hold" in page and "Press again" in page
    assert 'name="held" value="true"' in page and 'name="asked" value="true"' not in page
    post.refresh_from_db()
    assert post.withdrawal == "hold"
    press(ada, post, "typo", headline="One.", held="true")
    post.refresh_from_db()
    assert (post.withdrawal, post.headline) == ("", "One.")


def test_it_sends_back_with_the_reason_and_keeps_a_private_note(ada, event):
    carl = cast.member("carl", "contributor")
    post = submitted(event, carl)
    assert "Write why it comes back" in press(ada, post, "send_back")
    press(ada, post, "note", private="Ring the ministry.")
    press(ada, post, "send_back", sentence="Who says so?")
    post.refresh_from_db()
    assert (post.state, post.sent_back_reason, post.note) == ("draft", "Who says so?", "Ring the ministry.")


def test_lists_pause_retract_send_back_and_throw_away(ada, event):
    post, draft, handed = cast.post(event).post, publishing.save_draft(event, words=cast.words(), by=None).post, None
    handed = submitted(event)
    choose(ada, "claim_posts", handed)
    handed.refresh_from_db()
    assert handed.claimed_by.username == "ada"
    choose(ada, "send_back_posts", handed, sentence="Who says so?")
    choose(ada, "retract_posts", post, sentence="It was never said.")
    choose(ada, "pause_events", event, sentence="Back at six.", noun="event")
    handed.refresh_from_db(), post.refresh_from_db(), event.refresh_from_db()
    assert (handed.sent_back_reason, post.withdrawal) == ("Who says so?", "retraction")
    assert (event.state, event.pause_note) == ("paused", "Back at six.")
    page = choose(ada, "delete_drafts", draft, post)
    assert "1 post is thrown away" in page and "revise it instead" in page
    assert not Post.objects.filter(pk=draft.pk).exists() and Post.objects.filter(pk=post.pk).exists()


def test_a_contributor_throws_away_their_own_alone(client, event):
    carl = cast.member("carl", "contributor")
    client.force_login(carl)
    mine, public = submitted(event, carl), cast.post(event).post
    choose(client, "delete_drafts", mine, public, submitted(event))
    assert not Post.objects.filter(pk=mine.pk).exists() and Post.objects.count() == 2


def test_a_version_is_had_again_from_the_history(ada, event):
    post = cast.post(event, "At first").post
    publishing.revise(post, words=cast.words("And then"), revision=1, by=None)
    page = ada.get(address(post, "history")).content.decode()
    assert "Restore version 1" in page and "Restore version 2" not in page
    back = {"number": 1, "revision": 2}
    said = ada.post(address(post, "bring_back"), back, follow=True).content.decode()
    assert "Say what kind of change this is" in said
    ada.post(address(post, "bring_back"), back | {"change": "typo"})
    post.refresh_from_db()
    assert (post.headline, post.revision) == ("At first", 3)
    other = Client()
    other.force_login(cast.member("carl", "contributor"))
    other.post(address(post, "bring_back"), {"number": 2, "revision": 3, "change": "typo"})
    post.refresh_from_db()
    assert post.revision == 3


@pytest.mark.parametrize("group", ["contributor", "viewer"])
def test_only_editors_read_what_a_post_once_said(client, event, group):
    post = cast.post(event, "At first").post
    client.force_login(cast.member("sam", group))
    assert client.get(address(post, "history")).status_code == 403
    page = client.get(address(post)).content.decode()
    assert address(post, "history") not in page and post.get_absolute_url() in page


def test_the_history_tells_the_time_of_the_events_clocks(ada):
    event = cast.event(zone="Asia/Kolkata", zone_name="IST in India")
    post = cast.post(event).post
    page = ada.get(address(post, "history")).content.decode()
    assert "Times are those of IST in India." in page
    assert f"{post.published_at.astimezone(event.tz):%H:%M:%S}" in page


def test_a_twin_asks_and_then_goes_out(ada, event):
    cast.post(event, "The two presidents are on the line now")
    draft = publishing.save_draft(event, words=cast.words("Presidents are on the line now"), by=None).post
    page = press(ada, draft, "publish")
    assert "Press again to publish all the same." in page and 'name="asked" value="true"' in page
    assert Post.objects.filter(state="published").count() == 1
    press(ada, draft, "publish", asked="true")
    assert Post.objects.filter(state="published").count() == 2


def test_the_list_leaves_a_twin_and_says_so(ada, event):
    cast.post(event, "The two presidents are on the line now")
    twin = publishing.save_draft(event, words=cast.words("Presidents are on the line now"), by=None).post
    other = publishing.save_draft(event, words=cast.words("Markets fall", body=""), by=None).post
    page = choose(ada, "publish_posts", twin, other)
    assert "Open it to publish it all the same." in page and "1 post is public." in page
    assert set(Post.objects.filter(state="draft")) == {twin}


def test_the_send_delay_holds_back_what_the_form_and_the_list_publish(ada, event):
    publishing.change(event, by=None, send_delay=10)
    one, two = (publishing.save_draft(event, words=cast.words(name, body=""), by=None).post for name in "AB")
    assert "The clock is not running" in choose(ada, "publish_posts", one)
    page = press(ada, two, "publish", key="k")
    assert "The clock is not running" in page and "Press again to publish all the same." in page
    assert not Post.objects.filter(state="published").exists()
    publishing.beat(publishing.CLOCK)
    assert "1 post goes out after the send delay" in choose(ada, "publish_posts", one)
    for _pressed in range(2):
        assert "It goes out in 10 s" in press(ada, two, "publish", key="k")
    assert Post.objects.filter(state="scheduled", sending=True).count() == 2
    assert "2 posts are drafts again." in choose(ada, "unschedule_posts", one, two)


def test_where_no_clock_runs_the_form_publishes_past_the_send_delay_when_asked_again(ada, event):
    publishing.change(event, by=None, send_delay=10)
    draft = publishing.save_draft(event, words=cast.words(), by=None).post
    press(ada, draft, "publish", key="k", asked="true")
    draft.refresh_from_db()
    assert draft.state == "published"


def test_the_summary_is_written_in_its_order_in_the_events_form(ada, event):
    post = cast.post(event).post
    publishing.summarise(event, lines=[publishing.Line(text="They talk."), publishing.Line(text="In London.")], by=None)
    one, two = SummaryLine.objects.all()
    data = {
        "title": event.title, "slug": event.slug, "language": "en", "visibility": "public", "zone": event.zone,
        "zone_name": event.zone_name, "zones": "Asia/Kolkata in India", "send_delay": "0", "indexed": "on",
        "second_editor": "unnamed", "roles-TOTAL_FORMS": 0, "roles-INITIAL_FORMS": 0,
        "summary_lines-TOTAL_FORMS": 3, "summary_lines-INITIAL_FORMS": 2,
    }  # fmt: skip
    rows = [
        {"id": one.pk, "event": event.pk, "place": 2, "text": "They talk.", "knowing": "known", "post": ""},
        {"id": two.pk, "event": event.pk, "place": 3, "text": "In London.", "knowing": "disputed", "post": ""},
        {"id": "", "event": event.pk, "place": 1, "text": "It began.", "knowing": "known", "post": post.pk},
    ]
    for number, row in enumerate(rows):
        data |= {f"summary_lines-{number}-{name}": value for name, value in row.items()}
    before = event.updates.count()
    answer = ada.post(reverse("admin:events_event_change", args=[event.pk]), data)
    assert answer.status_code == 302, answer.context["errors"]
    told = [(line.text, line.knowing, line.post) for line in SummaryLine.objects.order_by("position")]
    assert told == [("It began.", "known", post), ("They talk.", "known", None), ("In London.", "disputed", None)]
    assert event.updates.count() == before + 1


def test_lines_that_rest_on_posts_cost_no_question_each(ada, event):
    posts = [cast.post(event, f"Post {number}").post for number in range(6)]
    address = reverse("admin:events_event_change", args=[event.pk])
    counts = []
    for some in (posts[:1], posts):
        lines = [publishing.Line(text=post.headline, post=post) for post in some]
        publishing.summarise(event, lines=lines, by=None)
        ada.get(address)
        with CaptureQueriesContext(connection) as asked:
            page = ada.get(address).content.decode()
        counts.append(len(asked))
        assert all(f'<option value="{post.pk}" selected>{post.headline}</option>' in page for post in some)
    assert counts[0] == counts[1]


def test_view_on_site_is_offered_where_readers_find_something(ada, event):
    post, draft = cast.post(event).post, submitted(event)
    private = cast.event("private", visibility="private")
    for obj, offered in ((post, True), (draft, False), (event, True), (private, False)):
        page = ada.get(reverse(f"admin:events_{obj._meta.model_name}_change", args=[obj.pk])).content.decode()
        assert ("View on site" in page) == offered, obj


def test_an_event_that_one_may_not_enter_cannot_be_named_as_the_one_before(client, event):
    secret = cast.event("secret", title="Secret", only_named=True)
    client.force_login(cast.member("edith", "editor"))
    data = {
        "title": event.title, "slug": event.slug, "language": "en", "visibility": "public", "zone": event.zone,
        "zone_name": event.zone_name, "zones": "", "send_delay": "0", "second_editor": "unnamed",
        "continues": secret.pk, "roles-TOTAL_FORMS": 0, "roles-INITIAL_FORMS": 0,
        "summary_lines-TOTAL_FORMS": 0, "summary_lines-INITIAL_FORMS": 0,
    }  # fmt: skip
    page = client.post(reverse("admin:events_event_change", args=[event.pk]), data).content.decode()
    assert "Select a valid choice" in page and "Secret" not in page
