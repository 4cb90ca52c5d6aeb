"""Search within the event: public words alone, in the event's language, a page at a time."""

import html
import re
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from events import publishing, search
from events.models import Event
from events.publishing import Named, Words
from tests import cast

pytestmark = pytest.mark.django_db

BEGIN = datetime(2025, 3, 18, 14, 0, tzinfo=UTC)


def find(client: Client, question: str, slug: str = "call") -> str:
    answer = client.get(f"/events/{slug}/search/", {"q": question})
    assert answer.status_code == 200
    return answer.content.decode()


def labels(page: str) -> list[str]:
    """What was found, without its marks."""
    found = re.findall(r'<h2 dir="(?:ltr|rtl)"><a [^>]*>(.*?)</a></h2>', page)
    return [html.unescape(re.sub("</?mark>", "", label)) for label in found]


def test_r25_a_word_finds_the_posts_that_have_it_newest_first_with_the_hits_marked(client: Client, event: Event):
    cast.post(event, "Ships may sail", body="<p>The Black Sea is open to grain.</p>")
    cast.post(event, "Power plants", body="<p>No strikes on plants for thirty days.</p>")
    cast.post(event, "Grain prices fall", body="<p>Markets react.</p>")
    page = find(client, "grain")
    assert labels(page) == ["Grain prices fall", "Ships may sail"]
    assert "<mark>Grain</mark> prices fall" in page
    assert "The Black Sea is open to <mark>grain</mark>." in page
    assert "2 posts with “grain”, newest first" in html.unescape(page)


def test_r25_every_word_must_be_there_and_a_phrase_together(client: Client, event: Event):
    cast.post(event, "One", body="<p>The call began late.</p>")
    cast.post(event, "Two", body="<p>Late in the day they began to call.</p>")
    assert labels(find(client, "call late")) == ["Two", "One"]
    assert labels(find(client, "“began late”")) == ["One"]
    assert labels(find(client, "call halibut")) == []


def test_r25_who_said_it_and_what_was_quoted_is_found_too(client: Client, event: Event):
    named = Named(basis="on_record", as_named="Dmitry Peskov", as_role="spokesperson", quote="There will be a call.")
    publishing.publish(event, words=Words(kind="quote", attributions=(named,)), by=None)
    cast.post(event)
    assert labels(find(client, "peskov")) == ["“There will be a call.”"]
    assert "<mark>" in find(client, "peskov")
    # One word in the source, the other in the quotation.
    assert labels(find(client, "peskov call")) == ["“There will be a call.”"]


def test_r25_the_note_of_a_correction_is_found(client: Client, event: Event):
    post = cast.post(event, "Seven").post
    publishing.revise(
        post, words=cast.words("Seven, again"), revision=1, by=None, change="clarification", note="Delhi, not Mumbai."
    )
    assert labels(find(client, "mumbai")) == ["Seven, again"]


def test_r25_no_word_of_what_is_not_public_is_found(client: Client, event: Event):
    publishing.save_draft(event, words=cast.words("Halibut draft"), by=None)
    for deed in (publishing.hold, publishing.withdraw, publishing.remove, publishing.undo):
        deed(cast.post(event, "Halibut", body="<p>Halibut.</p>").post, by=None)
    private = cast.post(event, "Fish").post
    publishing.note(private, note="halibut", by=cast.editor())
    other = cast.event("other")
    cast.post(other, "Halibut elsewhere")
    page = find(client, "halibut")
    assert labels(page) == [] and "Nothing here says" in page


def test_r25_markup_is_no_word(client: Client, event: Event):
    cast.post(event, "Plain", body="<p><strong>They</strong> spoke &amp; left.</p>")
    for question in ("strong", "amp"):
        assert labels(find(client, question)) == []


def test_r25_what_was_asked_is_said_back_without_harm(client: Client, event: Event):
    cast.post(event, "Ships <b> & boats")
    page = find(client, "<script>alert(1)</script>")
    assert "<script>alert" not in page
    assert "Ships &lt;b&gt; &amp; <mark>boats</mark>" in find(client, "boats")
    for question in ("\x00\ue000 ' \\ % _ :* & | ! ( )", "'; DROP TABLE", "-", "“", "a" * 5000, "é" * 300, "\u202eabc"):
        assert client.get("/events/call/search/", {"q": question}).status_code == 200


def test_r25_without_a_question_it_says_how_to_ask(client: Client, event: Event):
    page = find(client, "")
    assert "Write a word, a name" in page and '<form class="find label" role="search"' in page
    assert find(client, "   ") == page


def test_r25_a_very_long_question_is_cut_and_says_so(client: Client, event: Event):
    cast.post(event, "Grain")
    page = find(client, "grain " * 40)
    assert "Only the first 100 characters were searched for." in page
    assert labels(page) == ["Grain"]


def test_r25_pages_of_hits_are_stable_while_posts_come_in(client: Client, event: Event):
    posts = [
        publishing.publish(event, words=cast.words(f"Grain {n}."), by=None, at=BEGIN + timedelta(minutes=n)).post
        for n in range(45)
    ]
    seen, query = [], "?q=grain"
    while query:
        page = client.get(f"/events/call/search/{query}").content.decode()
        seen += labels(page)
        cast.post(event, "Grain meanwhile")
        following = re.search(r'rel="next" href="(\?[^"]*)"', page)
        query = html.unescape(following[1]) if following else ""
    assert seen == [post.headline for post in reversed(posts)]


def test_r25_what_is_searched_for_is_kept_by_nobody_and_listed_nowhere(client: Client, event: Event):
    answer = client.get("/events/call/search/?q=call&utm_source=x")
    assert answer["Cache-Control"] == "no-store" and answer["X-Robots-Tag"] == "noindex"
    assert "ETag" not in answer and not answer.cookies and answer["Vary"] == "Accept-Encoding"
    assert '<meta name="robots" content="noindex">' in answer.content.decode()


def test_r25_the_live_page_has_the_form_without_a_script(client: Client, event: Event):
    page = client.get("/events/call/").content.decode()
    assert '<form class="find label" role="search" method="get" action="/events/call/search/">' in page
    assert '<a class="search" href="/events/call/search/">Search</a>' in page


def test_r25_an_event_that_moved_is_searched_at_its_new_address_and_a_hidden_one_nowhere(client: Client, event: Event):
    publishing.change(event, by=None, slug="the-call")
    answer = client.get("/events/call/search/?q=grain+ships&utm_source=x")
    assert (answer.status_code, answer["Location"]) == (301, "/events/the-call/search/?q=grain+ships")
    for visibility in ("private", "partners"):
        publishing.change(event, by=None, visibility=visibility)
        assert client.get("/events/the-call/search/?q=grain").status_code == 404


def test_r25_a_long_post_is_shown_where_the_hit_is():
    words = "Much was said before. " * 40 + "Then came \ue000halibut\ue001. " + "And more was said after. " * 40
    shown = search.excerpt(words)
    assert "\ue000halibut\ue001" in shown and len(shown) < search.EXCERPT + 40
    assert shown.startswith("…") and shown.endswith("…")
