"""The embed: what a partner's page may frame, and what it gets."""

import gzip
import json
import re

import pytest
from django.conf import settings
from django.test import Client

from events import frames, publishing
from events.models import Event, Partner
from events.publishing import Line
from tests import cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def partner() -> Partner:
    """A paper that embeds us on two origins."""
    return Partner.objects.create(
        name="The Harbour Gazette", origins=["https://gazette.example", "https://m.gazette.example:8443"]
    )


def policy(response) -> dict[str, list[str]]:
    """The answer's content security policy: directive -> sources."""
    rules = [rule.split() for rule in response["Content-Security-Policy"].split(";") if rule.strip()]
    return {rule[0]: rule[1:] for rule in rules}


def headlines(response) -> list[str]:
    """What the posts' headings say, in the order of the page."""
    html = response.content.decode().split('id="posts"', 1)[1]
    return [re.sub(r"<[^>]+>|\s+", " ", row).strip() for row in re.findall(r"<h3[^>]*>(.*?)</h3>", html, re.S)]


def test_anybody_may_frame_the_open_embed(client: Client, event: Event):
    answer = client.get(f"/embed/{event.slug}/")
    assert answer.status_code == 200
    assert policy(answer)["frame-ancestors"] == ["*"]
    assert "X-Frame-Options" not in answer


def test_nothing_but_the_embed_may_be_framed(client: Client, event: Event):
    answer = client.get(f"/events/{event.slug}/")
    assert answer["X-Frame-Options"] == "DENY"
    assert policy(answer)["frame-ancestors"] == ["'none'"]


def test_a_partners_address_names_that_partners_origins_alone(client: Client, event: Event, partner: Partner):
    answer = client.get(f"/embed/{event.slug}/p_{partner.key}/")
    assert answer.status_code == 200
    assert policy(answer)["frame-ancestors"] == ["https://gazette.example", "https://m.gazette.example:8443"]
    assert "X-Frame-Options" not in answer


def test_an_origin_that_is_none_never_reaches_the_policy(client: Client, event: Event, partner: Partner):
    partner.origins = ["https://gazette.example; script-src *", "*", "https://ok.example", "javascript:alert(1)", 7]
    partner.save()
    answer = client.get(f"/embed/{event.slug}/p_{partner.key}/")
    assert policy(answer)["frame-ancestors"] == ["https://ok.example"]
    assert "*" not in policy(answer)["script-src"]


def test_a_partner_without_an_origin_may_frame_nothing(client: Client, event: Event, partner: Partner):
    partner.origins = []
    partner.save()
    assert policy(client.get(f"/embed/{event.slug}/p_{partner.key}/"))["frame-ancestors"] == ["'none'"]


def test_what_is_not_there_answers_alike(client: Client, event: Event, partner: Partner):
    cast.event("drafted", visibility="private")
    Partner.objects.create(name="Left", key="left", origins=["https://left.example"], active=False)
    nowhere = client.get("/embed/nowhere/")
    assert nowhere.status_code == 404
    for address in (
        "/embed/drafted/",
        f"/embed/drafted/p_{partner.key}/",
        f"/embed/{event.slug}/p_unknown/",
        f"/embed/{event.slug}/p_left/",
    ):
        answer = client.get(address)
        assert answer.status_code == 404, address
        assert answer.content == nowhere.content, address


def test_partners_only_refuses_the_open_embed(client: Client, partner: Partner):
    cast.event("closed", visibility="partners")
    assert client.get("/embed/closed/").status_code == 404
    assert client.get("/events/closed/").status_code == 404
    frame = client.get(f"/embed/closed/p_{partner.key}/")
    assert frame.status_code == 200
    # There is no page to lead to, and yet the frame catches up.
    assert "Full coverage" not in frame.content.decode()
    assert client.get("/events/closed/updates/?after=0").status_code == 200


def test_nothing_in_a_partners_frame_leads_to_a_page_that_is_not_there(client: Client, partner: Partner):
    event = cast.event("closed", visibility="partners")
    epoch = event.stream.epoch
    first = cast.post(event, "The first", key_event=True).post
    second = cast.post(event, "The second").post
    publishing.withdraw(first, by=None, replaced_by=second)
    key = cast.post(event, "The third", key_event=True).post
    right = cast.words("The third", body="<p>Right.</p>", key_event=True)
    publishing.correct(key, words=right, revision=1, note="It was wrong.", by=None)
    publishing.pin(event, post=key, by=None)
    publishing.summarise(event, lines=[Line(text="What we know", post=key)], by=None)
    html = client.get(f"/embed/closed/p_{partner.key}/").content.decode()
    assert "What we know" in html and 'data-pinned="' in html and "data-keys" in html and "It was wrong." in html
    told = json.dumps(frames.catch_up(event.pk, 0, epoch))
    for text in (html, told):
        assert not re.search(r'href=\\?"[^"]*/events/', text)
    # From the moment that it has a page, all of it leads there: whoever has the frame open takes it again.
    done = publishing.change(event, by=None, visibility="public")
    assert frames.catch_up(event.pk, done.sequence - 1, epoch)["reset"]
    html = client.get(f"/embed/closed/p_{partner.key}/").content.decode()
    for post in (key, second):
        assert f'href="/events/closed/posts/{post.pk}/"' in html


def test_a_former_address_leads_to_the_new_one(client: Client, event: Event, partner: Partner):
    publishing.change(event, by=None, slug="renamed")
    answer = client.get(f"/embed/call/p_{partner.key}/?posts=3&utm_source=x")
    assert answer.status_code == 301
    assert answer["Location"].endswith(f"/embed/renamed/p_{partner.key}/?posts=3")


def test_it_is_not_for_search_engines_and_names_the_event(client: Client, event: Event):
    html = client.get(f"/embed/{event.slug}/").content.decode()
    assert re.search(r'<meta name="robots" content="noindex', html)
    assert f'<link rel="canonical" href="{settings.SITE_URL}/events/{event.slug}/">' in html


def test_it_shows_ten_posts_and_leads_to_the_rest(client: Client, event: Event):
    for number in range(12):
        cast.post(event, f"Headline {number:02}")
    answer = client.get(f"/embed/{event.slug}/")
    assert headlines(answer) == [f"Headline {number:02}" for number in range(11, 1, -1)]
    assert f'href="{settings.SITE_URL}/events/{event.slug}/?before=' in answer.content.decode()


def test_it_shows_as_many_posts_as_it_is_asked_for(client: Client, event: Event):
    for number in range(6):
        cast.post(event, f"Headline {number}")
    assert len(headlines(client.get(f"/embed/{event.slug}/?posts=3"))) == 3


def test_it_shows_key_events_alone(client: Client, event: Event):
    cast.post(event, "The call begins", key_event=True, key_label="It begins")
    cast.post(event, "A detail")
    answer = client.get(f"/embed/{event.slug}/?show=key")
    assert headlines(answer) == ["The call begins"]
    assert 'data-show="key"' in answer.content.decode()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_scheme_is_right_before_the_first_paint(client: Client, event: Event, theme: str):
    html = client.get(f"/embed/{event.slug}/?theme={theme}").content.decode()
    assert f'<meta name="color-scheme" content="{theme}">' in html.split("<link", 1)[0]
    assert f'data-theme="{theme}"' in html


@pytest.mark.parametrize(
    "query",
    [
        "utm_source=x",
        "fbclid=1",
        "posts=0",
        "posts=-1",
        "posts=99999",
        "posts=٣",
        "posts=1e1",
        "posts=",
        "theme=pink",
        'theme="><script>',
        "show=all",
        "mode=tall",
        "posts=5&posts=x",
    ],
)
def test_an_argument_that_makes_no_sense_changes_no_byte(client: Client, event: Event, query: str):
    cast.post(event)
    assert client.get(f"/embed/{event.slug}/?{query}").content == client.get(f"/embed/{event.slug}/").content


def test_no_cookie_in_or_out_and_no_host_changes_a_byte(client: Client, event: Event):
    cast.post(event)
    plain = client.get(f"/embed/{event.slug}/")
    other = Client(
        headers={
            "host": "localhost",
            "accept-language": "ar",
            "cookie": "a=b; sessionid=0123456789abcdefghijklmnopqrstuv",
        }
    )
    answer = other.get(f"/embed/{event.slug}/")
    assert not plain.cookies and not answer.cookies
    assert plain.content == answer.content
    assert "cookie" not in plain.get("Vary", "").lower()


def test_it_says_unchanged_until_something_changes(client: Client, event: Event):
    first = client.get(f"/embed/{event.slug}/")
    again = {"if-none-match": first["ETag"]}
    unchanged = client.get(f"/embed/{event.slug}/", headers=again)
    assert unchanged.status_code == 304
    # A browser takes these for the page's: another policy here would shut the frame.
    assert policy(unchanged) == policy(first)
    assert "X-Frame-Options" not in unchanged
    cast.post(event)
    assert client.get(f"/embed/{event.slug}/", headers=again).status_code == 200


def test_each_choice_has_a_tag_of_its_own(client: Client, event: Event, partner: Partner):
    addresses = ("", "?theme=dark", "?posts=3", "?show=key", f"p_{partner.key}/")
    tags = {client.get(f"/embed/{event.slug}/{rest}")["ETag"] for rest in addresses}
    assert len(tags) == len(addresses)


def test_a_partners_new_origins_are_not_hidden_behind_an_old_tag(client: Client, event: Event, partner: Partner):
    before = client.get(f"/embed/{event.slug}/p_{partner.key}/")["ETag"]
    partner.origins = ["https://elsewhere.example"]
    partner.save()
    answer = client.get(f"/embed/{event.slug}/p_{partner.key}/", headers={"if-none-match": before})
    assert answer.status_code == 200
    assert policy(answer)["frame-ancestors"] == ["https://elsewhere.example"]


def test_it_is_cached_as_the_page_is(client: Client, event: Event):
    page, frame = client.get(f"/events/{event.slug}/"), client.get(f"/embed/{event.slug}/")
    assert "s-maxage=2" in frame["Cache-Control"]
    for name in ("Cache-Control", "CDN-Cache-Control"):
        assert frame[name] == page[name], name


def test_nothing_on_it_is_inline(client: Client, event: Event):
    cast.post(event)
    answer = client.get(f"/embed/{event.slug}/")
    rules, html = policy(answer), answer.content.decode()
    for name in ("script-src", "style-src"):
        assert not [word for word in rules[name] if "unsafe" in word or "nonce" in word], name
    assert not re.search(r"<style|\sstyle=|\son\w+=|<script(?![^>]*\ssrc=)", html)


def test_scripts_may_run_where_the_origin_is_opaque(client: Client, event: Event):
    rules = policy(client.get(f"/embed/{event.slug}/"))
    # Some engines do not match 'self' in a sandbox: the origin is named too.
    assert settings.SITE_URL in rules["script-src"]
    assert settings.SITE_URL in rules["style-src"]
    assert settings.SITE_URL.replace("http", "ws", 1) in rules["connect-src"]


def test_a_withdrawn_posts_words_are_gone(client: Client, event: Event):
    post = cast.post(event, "Canary in the headline", body="<p>Canary in the body</p>").post
    publishing.withdraw(post, by=None, note="A duplicate.")
    assert "Canary" not in client.get(f"/embed/{event.slug}/").content.decode()


def test_drafts_are_never_on_it(client: Client, event: Event):
    publishing.save_draft(event, words=cast.words("Canary"), by=cast.editor())
    assert "Canary" not in client.get(f"/embed/{event.slug}/").content.decode()


def test_ten_posts_fit_the_budget(client: Client, event: Event):
    for number in range(10):
        cast.post(event, f"Headline {number}", body=f"<p>{'A sentence of news that says what is new. ' * 8}</p>")
    assert len(gzip.compress(client.get(f"/embed/{event.slug}/").content)) <= 20 * 1024


def test_the_loader_is_small_short_lived_and_for_everybody(client: Client, db):
    answer = client.get("/embed/v1.js")
    assert answer.status_code == 200
    assert answer["Content-Type"] == "text/javascript; charset=utf-8"
    assert len(gzip.compress(answer.content)) <= 2 * 1024
    assert "max-age=300" in answer["Cache-Control"]
    assert answer["Access-Control-Allow-Origin"] == "*"
    assert b"live-blog" in answer.content
    assert b"//" not in answer.content.replace(b"://", b"")
    assert not answer.cookies
    assert client.get("/embed/v1.js", headers={"if-none-match": answer["ETag"]}).status_code == 304


def test_the_loader_writes_no_markup_and_runs_no_text(client: Client, db):
    source = client.get("/embed/v1.js").content.decode()
    assert not re.search(r"innerHTML|AdjacentHTML|document\.write|srcdoc|eval\(|new Function", source)


def test_only_reading_is_answered(client: Client, event: Event):
    assert client.post(f"/embed/{event.slug}/").status_code == 405
    assert client.post("/embed/v1.js").status_code == 405
