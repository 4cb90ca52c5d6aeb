"""One post at an address of its own: in context, however old, and gone once it is withdrawn."""

import html
import re
from datetime import UTC, datetime, timedelta

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from events import cards, publishing
from events.models import Event, Post
from events.publishing import Named, Words
from events.templatetags import newsroom
from tests import cast

pytestmark = pytest.mark.django_db

BEGIN = datetime(2025, 3, 18, 14, 0, tzinfo=UTC)


def fill(event: Event, count: int, first: int = 0) -> list[Post]:
    """Posts a minute apart, each with a headline of its own."""
    return [
        publishing.publish(event, words=cast.words(f"Post number {n}."), by=None, at=BEGIN + timedelta(minutes=n)).post
        for n in range(first, first + count)
    ]


def read(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return html.unescape(answer.content.decode())


def near(page: str, heading: str) -> list[str]:
    """The labels in the list under a heading."""
    found = re.search(rf'>{heading}</h2><ul class="near">(.*?)</ul>', page)
    return re.findall(r'dir="ltr">([^<]*)</a>', found[1]) if found else []


def test_r19_a_permalink_has_a_title_a_description_and_the_events_canonical_address(client: Client, event: Event):
    words = cast.words("The “first” post & its title", body="<p>They spoke of <b>grain</b> and ships.</p>")
    post = publishing.publish(event, words=words, by=None, at=BEGIN).post
    page = read(client, post.get_absolute_url())
    assert "<title>The “first” post & its title – Two presidents on the phone</title>" in page
    assert '<meta name="description" content="They spoke of grain and ships.">' in page
    assert 'property="og:title" content="The “first” post & its title"' in page
    assert f'property="og:url" content="{settings.SITE_URL}{post.get_absolute_url()}"' in page
    assert f'<link rel="canonical" href="{settings.SITE_URL}/events/call/">' in page
    assert '<meta name="robots" content="max-image-preview:large">' in page


def test_r19_a_quotation_without_a_headline_describes_itself(client: Client, event: Event):
    post = publishing.publish(event, words=cast.quote(), by=None).post
    page = read(client, post.get_absolute_url())
    assert "<title>“The call is going well.” – " in page
    assert '<meta name="description" content="The call is going well.">' in page


def test_r19_a_permalink_works_after_a_thousand_newer_posts(client: Client, event: Event):
    posts = fill(event, 10)
    old = posts[5]
    # A thousand deeds would take minutes: rows as the writer leaves them.
    row = Post.objects.get(pk=posts[-1].pk)
    head = event.stream.__class__.objects.get(event=event)
    later = []
    for n in range(1000):
        at = BEGIN + timedelta(hours=1, seconds=n)
        fields = {"published_at": at, "sort_at": at, "significant_at": at, "version": 1, "revision": 1}
        number = head.sequence + 1 + n
        later.append(
            Post(event=event, headline=f"Later {n}.", state=row.state, sequence=number, first_sequence=number, **fields)
        )
    Post.objects.bulk_create(later)
    type(head).objects.filter(event=event).update(sequence=head.sequence + 1000)
    page = read(client, old.get_absolute_url())
    assert re.findall(r'<article[^>]* data-post="(\w+)"', page) == [old.pk]
    assert '<a class="more label" href="/events/call/">1004 newer posts</a>' in page
    assert near(page, "Later") == ["Post number 8.", "Post number 7.", "Post number 6."]
    assert near(page, "Earlier") == ["Post number 4.", "Post number 3.", "Post number 2."]
    assert "Later 999." not in page
    # The way on leads to the posts below the last neighbour, by the same cursor as the column's.
    way = re.search(r'href="(/events/call/\?before=[\d-]+)">Older posts', page)
    assert way
    assert re.findall(r'<article[^>]* data-post="(\w+)"', read(client, way[1])) == [post.pk for post in posts[1::-1]]


def test_r19_posts_of_one_moment_have_their_places(client: Client, event: Event):
    posts = [publishing.publish(event, words=cast.words(f"{n}"), by=None, at=BEGIN).post for n in range(3)]
    page = read(client, posts[1].get_absolute_url())
    assert (near(page, "Later"), near(page, "Earlier")) == (["2"], ["0"])


def test_r19_nothing_leads_to_what_is_withdrawn_in_its_turn(client: Client, event: Event):
    post, better = cast.post(event, "Wrong number").post, cast.post(event, "Better number").post
    publishing.withdraw(post, by=None, replaced_by=better)
    link = f'<a href="{better.get_absolute_url()}" data-to="{better.pk}">Read instead</a>'
    assert link in client.get("/events/call/").content.decode()
    publishing.withdraw(better, by=None)
    assert "Read instead" not in client.get("/events/call/").content.decode()


def test_r19_a_withdrawn_post_is_gone_and_leads_to_what_replaces_it(client: Client, event: Event):
    post, better = cast.post(event, "Wrong number").post, cast.post(event, "Better number").post
    publishing.withdraw(post, by=None, note="It was said twice.", replaced_by=better)
    answer = client.get(post.get_absolute_url())
    page = html.unescape(answer.content.decode())
    assert answer.status_code == 410
    assert "It was said twice." in page and "Wrong number" not in page
    assert f'<p><a class="more label" href="{better.get_absolute_url()}" dir="ltr">Better number</a>' in page
    assert '<meta name="robots" content="noindex">' in page
    publishing.withdraw(better, by=None)
    assert "Better number" not in client.get(post.get_absolute_url()).content.decode()


def test_a_post_has_one_name_everywhere_and_another_in_the_list_of_key_events(client: Client, event: Event):
    words = cast.words("The call begins", key_event=True, key_label="It begins")
    at = timezone.now() - timedelta(minutes=5)
    post = publishing.publish(event, words=words, by=None, at=at).post
    publishing.pin(event, post=post, by=None)
    page = read(client, post.get_absolute_url())
    assert "<title>The call begins – " in page and 'property="og:title" content="The call begins"' in page
    assert '<h1 class="unseen">The call begins</h1>' in page and 'data-share="The call begins"' in page
    assert client.get("/events/call/feed.json").json()["items"][0]["title"] == "The call begins"
    address = settings.SITE_URL + post.get_absolute_url()
    assert client.get("/oembed/", {"url": address}).json()["title"] == "The call begins"
    live = read(client, "/events/call/")
    for part in ("keys", "pinned"):
        assert "It begins" in live.split(f'data-part="{part}"')[1].split("data-part=")[0], part


def test_a_quotation_inside_a_quotation_keeps_its_marks(event: Event):
    words = Words(attributions=(Named(basis="on_record", as_named="Peskov", quote="He said “yes”"),))
    post = publishing.publish(event, words=words, by=None).post
    shown = Post.objects.for_readers().get(pk=post.pk)
    assert newsroom.label(shown) == "“He said “yes””" and cards.of_post(shown).headline == "He said “yes”"
