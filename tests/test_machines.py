"""What search engines and other sites ask: the map, the robots' rules, oEmbed, what a link looks like shared."""

import html
import json
import re
import xml.etree.ElementTree as ET
from datetime import timedelta
from urllib.parse import quote

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from events import publishing
from events.models import Event, Post
from tests import cast

pytestmark = pytest.mark.django_db

MAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
NEWS = "{http://www.google.com/schemas/sitemap-news/0.9}"
CALL = f"{settings.SITE_URL}/events/call/"


def site_map(client: Client) -> dict[str, ET.Element]:
    rows = ET.fromstring(client.get("/sitemap.xml").content).findall(f"{MAP}url")
    return {row.findtext(f"{MAP}loc"): row for row in rows}


def ask(client: Client, url: str = CALL, **given):
    return client.get("/oembed/", {"url": url, **given})


def told(client: Client, url: str = CALL, **given) -> dict:
    answer = ask(client, url, **given)
    assert answer.status_code == 200
    return json.loads(answer.content)


def test_r34_the_map_has_public_events_with_their_last_significant_change(client: Client, event: Event):
    post = cast.post(event).post
    for slug, fields in (
        ("a", {"visibility": "unlisted"}),
        ("b", {"indexed": False}),
        ("c", {"visibility": "rehearsal"}),
    ):
        cast.event(slug, **fields)
    rows = site_map(client)
    assert set(rows) == {f"{settings.SITE_URL}/", CALL}
    assert rows[CALL].findtext(f"{MAP}lastmod") == post.significant_at.strftime("%Y-%m-%dT%H:%M:%SZ")
    before = rows[CALL].findtext(f"{MAP}lastmod")
    Post.objects.update(revised_at=timezone.now() + timedelta(hours=1))
    assert site_map(client)[CALL].findtext(f"{MAP}lastmod") == before


def test_r34_what_is_news_is_told_as_news_and_only_so_long(client: Client, event: Event):
    cast.post(event)
    news = site_map(client)[CALL].find(f"{NEWS}news")
    assert news.findtext(f"{NEWS}title") == "Two presidents on the phone"
    assert news.findtext(f"{NEWS}publication/{NEWS}language") == "en"
    assert news.findtext(f"{NEWS}publication/{NEWS}name") == settings.SITE_NAME
    assert news.findtext(f"{NEWS}publication_date").endswith("Z")
    Post.objects.update(significant_at=timezone.now() - timedelta(days=3))
    assert site_map(client)[CALL].find(f"{NEWS}news") is None


def test_r34_robots_are_shown_the_map_and_kept_from_the_desk_and_the_search(client: Client):
    answer = client.get("/robots.txt")
    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    lines = answer.content.decode().splitlines()
    assert f"Sitemap: {settings.SITE_URL}/sitemap.xml" in lines
    assert "Disallow: /admin/" in lines and "Disallow: /events/*/search/" in lines
    again = client.get("/robots.txt", headers={"if-none-match": answer["ETag"]})
    assert again.status_code == 304


def test_r34_the_event_says_what_it_looks_like_shared(client: Client, event: Event):
    publishing.change(event, by=None, standfirst='A "truce", they say.')
    page = html.unescape(client.get("/events/call/").content.decode())
    for name, said in (("title", "Two presidents on the phone"), ("url", CALL), ("type", "article")):
        assert f'<meta property="og:{name}" content="{said}">' in page
    assert '<meta property="og:description" content="A "truce", they say.">' in page
    assert '<meta name="robots" content="max-image-preview:large">' in page
    assert f'<link rel="canonical" href="{CALL}">' in page
    assert re.search(r'<meta name="twitter:card" content="summary(_large_image)?">', page)


def test_oembed_gives_a_quotation_and_a_frame_and_no_script(client: Client, event: Event):
    said = told(client)
    assert (said["version"], said["type"], said["title"]) == ("1.0", "rich", "Two presidents on the phone")
    assert said["provider_name"] == settings.SITE_NAME and said["cache_age"] > 0
    assert re.fullmatch(r"<blockquote [^>]*><a [^>]*>[^<]*</a></blockquote><iframe [^>]*></iframe>", said["html"])
    assert f'src="{settings.SITE_URL}/embed/call/"' in said["html"] and f'href="{CALL}"' in said["html"]
    assert (said["width"], said["height"]) == (600, 640)


def test_oembed_says_the_same_in_xml(client: Client, event: Event):
    publishing.change(event, by=None, title="Ships & <grain>")
    answer = ask(client, format="xml")
    assert answer["Content-Type"] == "text/xml; charset=utf-8"
    root = ET.fromstring(answer.content)
    assert root.tag == "oembed"
    assert {row.tag: row.text for row in root} == {name: str(value) for name, value in told(client).items()}


def test_oembed_is_never_larger_than_what_was_asked_for(client: Client, event: Event):
    said = told(client, maxwidth="320", maxheight="200")
    assert (said["width"], said["height"]) == (320, 200)
    assert 'width="320" height="200"' in said["html"]
    said = told(client, maxwidth="5000", maxheight="x")
    assert (said["width"], said["height"]) == (600, 640)
    for nonsense in ("0", "-1", "1e3", "٣", "999999"):
        assert told(client, maxwidth=nonsense)["width"] == 600


def test_oembed_of_a_post_leads_to_the_post(client: Client, event: Event):
    post = cast.post(event, "They agree").post
    address = settings.SITE_URL + post.get_absolute_url()
    said = told(client, address + "?utm_source=x")
    assert said["title"] == "They agree" and f'href="{address}"' in said["html"]
    publishing.withdraw(post, by=None)
    assert ask(client, address).status_code == 404


def test_oembed_knows_a_former_address_and_the_embed_itself(client: Client, event: Event):
    publishing.change(event, by=None, slug="the-call")
    for address in (CALL, f"{settings.SITE_URL}/embed/the-call/"):
        assert f"{settings.SITE_URL}/embed/the-call/" in told(client, address)["html"]


@pytest.mark.parametrize(
    "url",
    [
        "", "x", "/events/call/", "http://[", "javascript:1", "https://evil.example/events/call/",
        f"{settings.SITE_URL}/", f"{settings.SITE_URL}/admin/", f"{settings.SITE_URL}/events/nothing/",
        f"{settings.SITE_URL}/events/call/posts/abcdefghij/", f"{settings.SITE_URL}/events/call/{'x' * 600}",
    ],
)  # fmt: skip
def test_oembed_of_what_is_not_here_is_404(client: Client, event: Event, url: str):
    answer = ask(client, url)
    assert answer.status_code == 404 and answer.content.endswith(b".\n") and answer["Cache-Control"] == "no-store"


def test_oembed_tells_no_title_of_what_is_not_public(client: Client, event: Event):
    for visibility in ("private", "partners"):
        publishing.change(event, by=None, visibility=visibility)
        answer = ask(client)
        assert answer.status_code == 404 and b"presidents" not in answer.content
        assert answer.content == ask(client, f"{settings.SITE_URL}/events/nothing/").content
    publishing.change(event, by=None, visibility="public")
    draft = publishing.save_draft(event, words=cast.words("Halibut"), by=None).post
    assert ask(client, settings.SITE_URL + draft.get_absolute_url()).status_code == 404


def test_oembed_in_another_format_is_not_implemented(client: Client, event: Event):
    assert ask(client, format="yaml").status_code == 501


def test_oembed_may_be_kept_and_is_the_same_for_everybody(client: Client, event: Event):
    answer = ask(client)
    assert answer["Access-Control-Allow-Origin"] == "*" and not answer.cookies
    again = client.get("/oembed/", {"url": quote(CALL, safe=":/"), "utm_source": "x"})
    assert again.content == answer.content
    assert client.get("/oembed/", {"url": CALL}, headers={"if-none-match": answer["ETag"]}).status_code == 304


def test_the_discovered_address_answers(client: Client, event: Event):
    post = cast.post(event).post
    for address in ("/events/call/", post.get_absolute_url()):
        page = client.get(address).content.decode()
        for found in re.findall(r'type="[a-z/]+\+oembed"[^>]* href="([^"]+)"', page):
            answer = client.get(html.unescape(found).removeprefix(settings.SITE_URL))
            assert answer.status_code == 200
            assert f"{settings.SITE_URL}{address}" in html.unescape(answer.content.decode())
