"""Codes from a phone: set up, asked for, a duty where the setting says so, lost and changed."""

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client

from tests import cast
from tests.members import LOGIN, PASSWORD, code_for, is_in, log_in, set_up, with_password

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("counted_anew")]


def test_a_code_from_the_phone_is_asked_once_it_is_set_up(client, edith):
    log_in(client)
    codes = set_up(client)
    assert len(codes) == 10
    browser = Client()
    answer = log_in(browser, next="/admin/events/post/")
    assert answer["Location"] == "/admin/account/code/"
    assert not is_in(browser)
    assert browser.get("/admin/events/post/")["Location"].startswith(LOGIN)
    assert "not right" in browser.post("/admin/account/code/", {"code": "000000"}).content.decode()
    answer = browser.post("/admin/account/code/", {"code": code_for(edith)})
    assert answer["Location"] == "/admin/events/post/"
    assert is_in(browser)


def test_a_code_works_once(client, edith):
    log_in(client)
    recovery = set_up(client)[0]
    for code in (code_for(edith, 1), recovery):
        first, second = Client(), Client()
        for browser in (first, second):
            log_in(browser)
            browser.post("/admin/account/code/", {"code": code})
        assert is_in(first) and not is_in(second)


def test_codes_cannot_be_tried_for_ever(client, edith):
    log_in(client)
    set_up(client)
    browser = Client()
    log_in(browser)
    for _try in range(5):
        browser.post("/admin/account/code/", {"code": "123456"})
    assert "Too many tries" in browser.post("/admin/account/code/", {"code": code_for(edith)}).content.decode()
    assert not is_in(browser)


def test_setting_it_up_ends_the_logins_that_showed_a_password_alone(client, edith):
    other = Client()
    log_in(other)
    log_in(client)
    set_up(client)
    assert client.get("/admin/events/post/").status_code == 200
    assert other.get("/admin/events/post/").status_code == 302


def test_setting_it_up_asks_for_the_password_when_that_was_long_ago(client, edith):
    client.force_login(edith)
    assert client.get("/admin/account/app/")["Location"] == "/admin/account/password/?next=%2Fadmin%2Faccount%2Fapp%2F"
    answer = client.post("/admin/account/password/", {"password": "wrong", "next": "/admin/account/app/"})
    assert "not your password" in answer.content.decode()
    answer = client.post("/admin/account/password/", {"password": PASSWORD, "next": "/admin/account/app/"})
    assert answer["Location"] == "/admin/account/app/"
    assert client.get("/admin/account/app/").status_code == 200


def test_who_publishes_must_set_it_up_where_the_setting_says_so(client, edith, settings):
    settings.SECOND_FACTOR_REQUIRED = True
    event = cast.event()
    desk = f"/admin/events/event/{event.pk}/desk/"
    log_in(client)
    assert client.get(desk)["Location"] == "/admin/account/app/"
    answer = client.post(
        f"{desk}deeds/publish/", "{}", content_type="application/json", headers={"Accept": "application/json"}
    )
    assert answer.status_code == 403
    assert "Your text is still here" in answer.json()["error"] and answer.json()["login"] == "/admin/account/"
    form = client.get("/admin/account/app/").context["form"]
    answer = client.post("/admin/account/app/", {"code": code_for(form.secret)}, follow=True)
    assert f'href="{desk}"' in answer.content.decode(), "the way back to where they wanted to go"
    assert client.get(desk).status_code == 200


def test_a_session_from_before_shows_its_code_when_the_setting_is_turned_on(client, edith, settings):
    Authenticator.objects.create(user=edith, type="totp", data={"secret": "JBSWY3DPEHPK3PXP"})
    client.force_login(edith)
    assert client.get("/admin/events/post/").status_code == 200
    settings.SECOND_FACTOR_REQUIRED = True
    answer = client.get("/admin/events/post/?q=x")
    assert answer["Location"] == "/admin/account/code/again/?next=%2Fadmin%2Fevents%2Fpost%2F%3Fq%3Dx"
    answer = client.post(answer["Location"], {"code": code_for(edith), "next": "/admin/events/post/?q=x"})
    assert answer["Location"] == "/admin/events/post/?q=x"
    assert client.get("/admin/events/post/").status_code == 200


def test_who_only_submits_needs_none(client, settings):
    settings.SECOND_FACTOR_REQUIRED = True
    with_password("carl", "contributor")
    log_in(client, "carl")
    assert client.get("/admin/events/post/").status_code == 200


def test_who_publishes_in_one_event_alone_needs_one(client, settings, event):
    settings.SECOND_FACTOR_REQUIRED = True
    event.roles.create(user=with_password("carl", "contributor"), part="editor")
    log_in(client, "carl")
    assert client.get("/admin/events/post/")["Location"] == "/admin/account/app/"


def test_a_phone_is_changed_and_the_new_one_is_asked_for(client, edith, settings):
    settings.SECOND_FACTOR_REQUIRED = True
    log_in(client)
    set_up(client)
    assert client.post("/admin/account/app/remove/")["Location"] == "/admin/account/"
    assert not Authenticator.objects.exists()
    assert client.get("/admin/events/post/")["Location"] == "/admin/account/app/"
    set_up(client)
    assert client.get("/admin/events/post/").status_code == 200


def test_recovery_codes_are_shown_downloaded_and_made_anew(client, edith):
    log_in(client)
    codes = set_up(client)
    assert client.get("/admin/account/codes.txt").content.decode().split() == codes
    client.post("/admin/account/codes/new/")
    fresh = list(client.get("/admin/account/codes/").context["unused_codes"])
    assert len(fresh) == 10 and not set(fresh) & set(codes)
