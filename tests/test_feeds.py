"""Feeds: all three forms, whole content, names that stay, and what was withdrawn is gone."""

import json
import xml.etree.ElementTree as ET
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime

import pytest
from django.conf import settings
from django.core.cache import caches
from django.test import Client
from django.utils import timezone

from events import publishing
from events.models import Event, Post
from events.publishing import Done, Named
from tests import cast

pytestmark = pytest.mark.django_db

ATOM = "{http://www.w3.org/2005/Atom}"
TOMBSTONE = "{http://purl.org/atompub/tombstones/1.0}deleted-entry"
CONTENT = "{http://purl.org/rss/1.0/modules/content/}encoded"
FORMS = ("atom", "rss", "json")


def out(event: Event, headline: str = "The call begins", **fields) -> Post:
    """A post whose time to be taken back is over."""
    at = timezone.now() - timedelta(minutes=5)
    done: Done = publishing.publish(event, words=cast.words(headline, **fields), by=None, at=at)
    assert done.post
    return done.post


def atom(client: Client, address: str = "/events/call/feed.atom") -> ET.Element:
    return ET.fromstring(client.get(address).content)


def rss(client: Client, address: str = "/events/call/feed.rss") -> ET.Element:
    channel = ET.fromstring(client.get(address).content).find("channel")
    assert channel is not None
    return channel


def feed(client: Client, address: str = "/events/call/feed.json") -> dict:
    return json.loads(client.get(address).content)


def titles(client: Client, form: str, base: str = "/events/call/") -> list[str]:
    """The titles of a feed's entries in one of the forms."""
    address, _slash, query = f"{base}feed.{form}".partition("?")
    if form == "json":
        return [row["title"] for row in feed(client, address)["items"]]
    if form == "atom":
        return [row.findtext(f"{ATOM}title") for row in atom(client, address).iter(f"{ATOM}entry")]
    return [row.findtext("title") for row in rss(client, address).iter("item")]


def test_each_form_has_its_media_type_and_says_where_it_is(client: Client, event: Event):
    out(event)
    for form, kind in (
        ("atom", "application/atom+xml"),
        ("rss", "application/rss+xml"),
        ("json", "application/feed+json"),
    ):
        answer = client.get(f"/events/call/feed.{form}")
        assert answer.status_code == 200 and answer["Content-Type"] == f"{kind}; charset=utf-8"
    here = f"{settings.SITE_URL}/events/call/"
    links = {link.get("rel"): link.get("href") for link in atom(client).findall(f"{ATOM}link")}
    assert links == {"alternate": here, "self": f"{here}feed.atom"}
    assert rss(client).find(f"{ATOM}link").get("href") == f"{here}feed.rss"
    told = feed(client)
    assert (told["version"], told["feed_url"]) == ("https://jsonfeed.org/version/1.1", f"{here}feed.json")
    assert told["home_page_url"] == here and told["language"] == "en"


def test_an_entry_has_its_whole_content_with_who_said_so(client: Client, event: Event):
    named = Named(source=cast.scavino(), verb="wrote", medium="on X", quote="The call is going well.")
    post = out(event, "Going well", body="<p>They spoke of <em>grain</em> &amp; ships.</p>", attributions=(named,))
    link = settings.SITE_URL + post.get_absolute_url()
    entry = atom(client).find(f"{ATOM}entry")
    item = rss(client).find("item")
    row = feed(client)["items"][0]
    contents = entry.findtext(f"{ATOM}content"), item.findtext(CONTENT), row["content_html"]
    assert len(set(contents)) == 1
    for said in ("<p>They spoke of <em>grain</em> &amp; ships.</p>", "The call is going well.", "Dan Scavino", "on X"):
        assert said in contents[0]
    assert entry.find(f"{ATOM}content").get("type") == "html"
    assert entry.find(f"{ATOM}link").get("href") == item.findtext("link") == row["url"] == link
    names = {entry.findtext(f"{ATOM}id"), item.findtext("guid"), row["id"]}
    assert len(names) == 1 and names.pop().startswith("tag:")
    assert item.find("guid").get("isPermaLink") == "false"


def test_a_name_stays_when_the_address_changes_and_updated_moves_when_the_post_does(client: Client, event: Event):
    post = out(event)
    before = atom(client).find(f"{ATOM}entry")
    publishing.revise(post, words=cast.words("The call has begun"), revision=1, by=None)
    publishing.change(event, by=None, slug="the-call")
    assert client.get("/events/call/feed.atom").status_code == 301
    after = atom(client, "/events/the-call/feed.atom").find(f"{ATOM}entry")
    assert after.findtext(f"{ATOM}id") == before.findtext(f"{ATOM}id")
    assert after.findtext(f"{ATOM}published") == before.findtext(f"{ATOM}published")
    assert after.findtext(f"{ATOM}updated") > before.findtext(f"{ATOM}updated")


def test_a_correction_is_said_in_the_entry(client: Client, event: Event):
    post = out(event, "Seven o'clock")
    publishing.correct(post, words=cast.words("Half past seven"), revision=1, note="We had the hour wrong.", by=None)
    (row,) = [row for row in feed(client)["items"] if row["title"] == "Half past seven"]
    assert "We had the hour wrong." in row["content_html"]
    assert "Seven" not in row["content_html"]


@pytest.mark.parametrize("deed", ["hold", "withdraw", "retract", "remove"])
def test_what_was_withdrawn_is_gone_and_atom_says_so(client: Client, event: Event, deed: str):
    post = out(event, "Halibut", body="<p>Halibut.</p>")
    out(event, "Stays")
    names = {row.findtext(f"{ATOM}title"): row.findtext(f"{ATOM}id") for row in atom(client).iter(f"{ATOM}entry")}
    given = {"note": "Said twice."} if deed in ("withdraw", "retract") else {}
    getattr(publishing, deed)(post, by=None, **given)
    for form in FORMS:
        body = client.get(f"/events/call/feed.{form}").content.decode()
        assert "Halibut" not in body and "Stays" in body
    (gone,) = atom(client).iter(TOMBSTONE)
    assert gone.get("ref") == names["Halibut"] and datetime.fromisoformat(gone.get("when"))
    assert ("".join(gone.itertext()).strip() == "Said twice.") is bool(given)


def test_what_can_still_be_taken_back_waits(client: Client, event: Event, monkeypatch):
    out(event, "Settled")
    fresh = cast.post(event, "Just now").post
    for form in FORMS:
        assert titles(client, form) == ["Settled"]
    etag = client.get("/events/call/feed.json")["ETag"]
    later = timezone.now() + timedelta(seconds=31)
    monkeypatch.setattr("events.feeds.contents.timezone.now", lambda: later)
    answer = client.get("/events/call/feed.json", headers={"if-none-match": etag})
    assert answer.status_code == 200 and titles(client, "json") == ["Just now", "Settled"]
    monkeypatch.undo()
    publishing.undo(fresh, by=None)
    monkeypatch.setattr("events.feeds.contents.timezone.now", lambda: later)
    assert titles(client, "json") == ["Settled"]
    assert list(atom(client).iter(TOMBSTONE)) == []


def test_key_events_have_a_feed_of_their_own(client: Client, event: Event):
    out(event, "Plain")
    out(event, "Key", key_event=True)
    told = feed(client, "/events/call/feed.json?show=key&utm_source=x")
    assert [row["title"] for row in told["items"]] == ["Key"]
    assert told["feed_url"].endswith("feed.json?show=key") and told["title"].endswith(": key events")
    assert atom(client, "/events/call/feed.atom?show=key").findtext(f"{ATOM}id") != atom(client).findtext(f"{ATOM}id")


def test_the_feed_of_all_tells_of_listed_events_alone(client: Client, event: Event):
    out(event, "Listed")
    for visibility in ("private", "unlisted", "partners", "rehearsal"):
        out(cast.event(visibility, visibility=visibility), f"Hidden {visibility}")
    arabic = cast.event("hiwar", title="رئيسان على الهاتف", language="ar")
    out(arabic, "خبر", standing="not_confirmed")
    for form in FORMS:
        assert sorted(titles(client, form, "/")) == ["Listed", "خبر"]
    rows = {row["title"]: row for row in feed(client, "/feed.json")["items"]}
    assert rows["خبر"]["content_html"].startswith('<div lang="ar" dir="rtl">')
    assert rows["Listed"]["content_html"].startswith('<div lang="en" dir="ltr">')
    assert rows["خبر"]["language"] == "ar" and "Not confirmed" not in rows["خبر"]["content_html"]


def test_no_word_that_is_not_public_is_in_a_feed(client: Client, event: Event):
    publishing.save_draft(event, words=cast.words("Halibut"), by=None)
    for base in ("/", "/events/call/"):
        for form in FORMS:
            assert "Halibut" not in client.get(f"{base}feed.{form}").content.decode()
    publishing.change(event, by=None, visibility="private")
    plain = client.get("/events/nothing/")
    for form in FORMS:
        answer = client.get(f"/events/call/feed.{form}")
        assert (answer.status_code, answer.content) == (404, plain.content)


@pytest.mark.parametrize("form", FORMS)
def test_what_has_not_changed_is_not_sent_again(client: Client, event: Event, form: str):
    post = out(event)
    first = client.get(f"/events/call/feed.{form}")
    assert first["Vary"] == "Accept-Encoding" and not first.cookies
    for known in ({"if-none-match": first["ETag"]}, {"if-modified-since": first["Last-Modified"]}):
        again = client.get(f"/events/call/feed.{form}", headers=known)
        assert (again.status_code, again.content) == (304, b"")
        assert again["ETag"] == first["ETag"] and again["Cache-Control"] == first["Cache-Control"]
    assert parsedate_to_datetime(first["Last-Modified"]) <= timezone.now()
    publishing.withdraw(post, by=None)
    changed = client.get(f"/events/call/feed.{form}", headers={"if-none-match": first["ETag"]})
    assert changed.status_code == 200
    assert (
        client.get(f"/events/call/feed.{form}", headers={"if-modified-since": first["Last-Modified"]}).status_code
        == 200
    )


def test_a_feed_is_kept_where_the_pages_are_and_not_in_what_processes_share(client: Client, event: Event, monkeypatch):
    out(event, "Once")
    first = client.get("/events/call/feed.json")
    monkeypatch.setattr("events.feeds.read", None)
    caches["default"].clear()
    assert client.get("/events/call/feed.json").content == first.content


def test_what_nobody_can_write_in_xml_breaks_no_feed(client: Client, event: Event):
    out(event, "Ships & <grain>", body="<p>A\x0bB \ufffe ]]&gt; &lt;b&gt;</p>")
    Post.objects.update(html="<p>A\x0bB \ufffe ]]&gt; &lt;b&gt;</p>")
    for form in FORMS:
        assert titles(client, form) == ["Ships & <grain>"]
    assert "]]&gt; &lt;b&gt;" in atom(client).find(f"{ATOM}entry").findtext(f"{ATOM}content")


def test_an_event_without_posts_has_a_feed(client: Client, event: Event):
    for form in FORMS:
        assert titles(client, form) == []
        assert client.get(f"/events/call/feed.{form}", headers={"host": "127.0.0.1"}).status_code == 200


def test_a_feed_costs_a_fixed_number_of_queries(client: Client, event: Event, django_assert_max_num_queries):
    for n in range(3):
        out(event, f"Post {n}.")
    with django_assert_max_num_queries(16):
        client.get("/events/call/feed.atom")


def test_r34_the_page_leads_to_its_feeds_and_to_oembed_early(client: Client, event: Event):
    post = out(event)
    for address in ("/events/call/", post.get_absolute_url(), "/"):
        page = client.get(address).content.decode()
        base = f"{settings.SITE_URL}{'/' if address == '/' else '/events/call/'}"
        early = page[: page.index('rel="stylesheet"')]
        for form, kind in (("atom", "atom+xml"), ("rss", "rss+xml"), ("json", "feed+json")):
            assert f'<link rel="alternate" type="application/{kind}"' in early and f'href="{base}feed.{form}"' in early
        assert early.count("+oembed") == (0 if address == "/" else 2)
