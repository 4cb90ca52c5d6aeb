"""Headlines and titles: which way they run, where they do not break, and whose words a quotation is."""

import json
import re
from dataclasses import replace

import pytest
from django.test import Client

from events import publishing
from events.models import Event
from events.publishing import Named
from events.templatetags import headings, newsroom
from tests import cast

ARABIC = {"language": "ar", "zone": "Asia/Riyadh", "zone_name": "بتوقيت الرياض"}


def text(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return str(b"".join(answer).decode() if answer.streaming else answer.content.decode())


@pytest.mark.parametrize(
    ("words", "in_arabic", "in_english"),
    [
        ("رئيسان على الهاتف", "rtl", "rtl"),
        ("G7 تجتمع اليوم", "rtl", "ltr"),
        ("NATO: ترحيب بالاتصال", "rtl", "ltr"),
        ("اتصال بين Trump و Putin", "rtl", "ltr"),
        ("Trump: “نعم”", "rtl", "ltr"),
        ("The call is over", "ltr", "ltr"),
        ("2025", "rtl", "ltr"),
        ("", "rtl", "ltr"),
        ("שיחה", "rtl", "rtl"),
    ],
)
def test_r27_a_headline_runs_as_its_event_does_unless_no_letter_of_it_does(words: str, in_arabic: str, in_english: str):
    assert headings.direction(words, Event(language="ar")) == in_arabic
    assert headings.direction(words, Event(language="en")) == in_english


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        ("A 30-day pause", 'A <span class="joined">30-day</span> pause'),
        (
            "“30-day” & a 12-year-old",
            '“<span class="joined">30-day</span>” &amp; a <span class="joined">12-year-old</span>',
        ),
        (
            "1,000-day war, £30-a-day",
            '<span class="joined">1,000-day</span> war, £<span class="joined">30-a-day</span>',
        ),
        ("Covid-19 and the G-7", '<span class="joined">Covid-19</span> and the <span class="joined">G-7</span>'),
        ("30-Tage-Waffenruhe", '<span class="joined">30-Tage</span>-Waffenruhe'),
        ("30-दिवसीय युद्धविराम", '<span class="joined">30-दिवसीय</span> युद्धविराम'),
        # Two words, two numbers, a dash, and what a phone has no line for.
        ("a well-known, 2024-25 30–day", "a well-known, 2024-25 30–day"),
        ("30-wahlkampfauftaktveranstaltung", "30-wahlkampfauftaktveranstaltung"),
        ("<b>5-day</b>", '&lt;b&gt;<span class="joined">5-day</span>&lt;/b&gt;'),
    ],
)
def test_a_number_and_its_word_stay_together(words: str, shown: str):
    assert headings.whole(words) == shown


def test_only_the_page_knows_of_that(event: Event, client: Client):
    done = cast.post(event, "A 30-day pause", key_event=True)
    page = text(client, "/events/call/")
    joined = 'A <span class="joined">30-day</span> pause'
    assert f'<h3 id="h-{done.post.pk}" dir="ltr">{joined}</h3>' in page
    assert f'dir="ltr">{joined}</a>' in page
    assert 'data-share="A 30-day pause"' in page
    told = json.loads(re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.S)[0])
    assert "A 30-day pause" in [update["headline"] for update in told["liveBlogUpdate"]]
    single = text(client, done.post.get_absolute_url())
    assert "<title>A 30-day pause – " in single and 'og:title" content="A 30-day pause"' in single


@pytest.mark.django_db
def test_r27_in_an_arabic_event_what_begins_in_latin_letters_runs_from_right_to_left(client: Client):
    event = cast.event("hiwar", title="G7 على الهاتف", **ARABIC)
    posts = [cast.post(event, words, key_event=True).post for words in ("NATO ترحب", "اتصال ثان", "The call is over")]
    publishing.pin(event, post=posts[0], by=None)
    for path in ("/events/hiwar/", "/embed/hiwar/", posts[1].get_absolute_url(), "/events/hiwar/since/1/"):
        page = text(client, path)
        assert re.search(r'dir="rtl">NATO ترحب<', page), path
        assert re.search(r'dir="ltr">The call is over<', page), path
        assert not re.search(r'dir="auto">(NATO ترحب|The call is over)<', page), path
    assert '<b id="pinned-title" dir="rtl">NATO ترحب</b>' in text(client, "/events/hiwar/")
    assert '<bdi dir="rtl">G7 على الهاتف</bdi>' in text(client, posts[1].get_absolute_url())
    for path in ("/", "/embed/hiwar/fragment/"):
        assert re.search(r'dir="rtl"><a href="[^"]*">G7 على الهاتف</a>', text(client, path)), path
    assert re.search(r'<h2 dir="rtl"><a [^>]*>(<mark>)?NATO', text(client, "/events/hiwar/search/?q=NATO"))


def test_a_quotation_among_the_key_events_says_whose_it_is(event: Event, client: Client):
    post = publishing.publish(event, words=replace(cast.quote(), key_event=True), by=None).post
    publishing.pin(event, post=post, by=None)
    page = text(client, "/events/call/")
    assert ">Dan Scavino: “The call is going well.”</a></li>" in page
    assert '<b id="pinned-title" dir="ltr">Dan Scavino: “The call is going well.”</b>' in page
    # The post itself, and what feeds call it, have the speaker beside the words already.
    assert newsroom.label(post) == "“The call is going well.”"
    publishing.mark(post, by=None, key_event=True, key_label="It goes well, he says")
    post.refresh_from_db()
    assert headings.key_label(post) == "It goes well, he says"


def test_who_is_not_named_is_described_and_a_headline_needs_nobody(event: Event):
    unnamed = Named(
        basis="unnamed", described_as="a diplomat", reason_unnamed="they feared for their post", quote="No."
    )
    words = replace(cast.quote(), attributions=(unnamed,))
    assert headings.key_label(publishing.publish(event, words=words, by=None).post) == "a diplomat: “No.”"
    words = replace(words, headline="A diplomat says no")
    assert headings.key_label(publishing.publish(event, words=words, by=None).post) == "A diplomat says no"
