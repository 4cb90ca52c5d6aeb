"""What every answer says about itself, by whichever door it leaves: framing, types, referrers, cookies, hosts."""

import pytest
from django.conf import settings
from django.db import OperationalError

from events import headers, publishing
from events.embed_pages import ANYBODY
from tests import cast

pytestmark = pytest.mark.django_db

READERS = ("/", "/events/call/", "/events/none/", "/events/call/updates/?after=0")
EDITORS = ("/admin/", "/admin/login/", "/admin/account/", "/admin/events/post/", "/admin/no/such/page/")


@pytest.mark.parametrize("path", [*READERS, *EDITORS, "/embed/call/"])
def test_every_answer_is_dressed(ada, event, path):
    answer = ada.get(path)
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Referrer-Policy"] == "strict-origin-when-cross-origin"
    assert answer["Cross-Origin-Opener-Policy"] == "same-origin"
    policy = answer["Content-Security-Policy"]
    if path.startswith("/embed/"):
        assert "X-Frame-Options" not in answer.headers and f"frame-ancestors {ANYBODY}" in policy
    else:
        assert answer["X-Frame-Options"] == "DENY" and "frame-ancestors 'none'" in policy
    assert "unsafe-eval" not in policy and "'unsafe-inline'" not in policy.split("style-src")[0]


def test_the_desks_preview_needs_no_exception(ada, event):
    """It comes as text, which the desk puts into a frame of its own (`srcdoc`)."""
    path = f"/admin/events/event/{event.pk}/desk/preview/"
    answer = ada.post(path, {"words": {"headline": "So far"}}, content_type="application/json")
    assert answer.status_code == 200 and answer["X-Frame-Options"] == "DENY"


def test_readers_pages_ask_for_trusted_types(client, event):
    for path in ("/", "/events/call/", "/embed/call/"):
        policy = client.get(path)["Content-Security-Policy"]
        assert "require-trusted-types-for 'script'; trusted-types liveblog" in policy
        assert "script-src 'self';" in policy or "script-src 'self' " in policy


def test_readers_requests_ask_nothing_about_accounts(client, event, django_assert_num_queries):
    client.cookies["sessionid"] = "a" * 32
    with django_assert_num_queries(0):
        answer = client.get("/no/such/page")
    assert answer.status_code == 404
    assert "Vary" not in answer.headers or "Cookie" not in answer["Vary"]


MOVED = ("", "?show=key", "posts/{post}/", "since/1/", "feed.atom")


@pytest.mark.parametrize("path", ["/no/such/page", "/events/none/", "/embed/none/", "/events/call/posts/none/"])
def test_what_is_not_there_is_kept_as_briefly_as_a_page(client, event, path):
    answer = client.get(path)
    assert (answer.status_code, answer["Cache-Control"]) == (404, "public, max-age=0, s-maxage=2")
    assert answer["Vary"] == "Accept-Encoding" and not answer.cookies


@pytest.mark.parametrize("path", [*(f"/events/call/{rest}" for rest in MOVED), "/embed/call/"])
def test_a_former_address_is_kept_as_briefly_and_can_be_followed_from_a_sandbox(client, event, path):
    post = cast.post(event).post
    publishing.change(event, by=None, slug="renamed")
    answer = client.get(path.format(post=post.pk))
    assert (answer.status_code, answer["Cache-Control"]) == (301, "public, max-age=0, s-maxage=2")
    assert answer["Access-Control-Allow-Origin"] == "*" and "/renamed/" in answer["Location"]


def test_nobody_keeps_what_was_searched_for_at_a_former_address(client, event):
    publishing.change(event, by=None, slug="renamed")
    answer = client.get("/events/call/search/?q=grain")
    assert (answer.status_code, answer["Cache-Control"]) == (301, "no-store")


def test_https_is_for_ever_where_the_site_is_on_it(client, event, settings):
    settings.SECURE_HSTS_SECONDS = 31_536_000
    assert headers.public("page")["Strict-Transport-Security"] == "max-age=31536000"
    # The middleware reads its settings once.
    from django.test import Client

    assert Client().get("/admin/login/", secure=True)["Strict-Transport-Security"] == "max-age=31536000"


@pytest.mark.parametrize("path", ["/admin/login/", "/no/such/page", "/favicon.ico"])
def test_a_host_that_is_not_ours_is_refused_in_our_own_look(client, path):
    answer = client.get(path, headers={"Host": "evil.example"})
    assert answer.status_code == 400
    assert "evil.example" not in answer.content.decode() or settings.DEBUG


def test_too_much_is_refused_with_a_sentence(ada, event):
    fields = {f"field-{number}": "x" for number in range(settings.DATA_UPLOAD_MAX_NUMBER_FIELDS + 1)}
    answer = ada.post("/admin/events/source/add/", fields)
    assert answer.status_code == 400


def test_a_database_that_is_away_gets_a_page_of_ours(ada, monkeypatch):
    def away(*_args, **_more):
        raise OperationalError("no route to the database")

    monkeypatch.setattr("events.pages.home_spot", away)
    answer = ada.get("/")
    assert (answer.status_code, answer["Retry-After"]) == (503, "5")
    assert "Try again in a moment" in answer.content.decode()
    monkeypatch.setattr("liveblog.accounts.sessions.note", away)
    answer = ada.get("/admin/")
    assert answer.status_code == 503 and "Try again in a moment" in answer.content.decode()
    answer = ada.get("/admin/events/event/1/desk/timeline/", headers={"Accept": "application/json"})
    assert answer.status_code == 503 and "Your text is still here" in answer.json()["error"]


@pytest.mark.parametrize("code", [400, 403, 404, 429, 500, 503])
def test_every_problem_has_a_page_in_our_own_look(code):
    from django.template.loader import render_to_string

    html = render_to_string(f"{code}.html")
    assert html.count("<h1>") == 1 and "reader.css" in html and "pages.css" in html and "<script" not in html
    assert f'<header class="masthead"><a href="/">{settings.SITE_NAME}</a></header>' in html
    assert '<a class="skip" href="#content">' in html and 'id="content"' in html and "favicon.svg" in html
    assert f" – {settings.SITE_NAME}</title>" in html and '<meta name="robots" content="noindex">' in html


def test_a_post_that_is_gone_says_so_in_our_own_look(client, event):
    post = cast.post(event).post
    publishing.withdraw(post, by=None, note="Said twice.")
    answer = client.get(post.get_absolute_url())
    assert answer.status_code == 410 and "reader.css" in answer.content.decode()
