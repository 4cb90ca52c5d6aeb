"""Logging in: Argon2, tries that are counted, nothing told, codes from a phone, sessions that can be ended."""

import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.admin.models import LogEntry
from django.contrib.auth.hashers import identify_hasher, make_password
from django.contrib.auth.models import User
from django.core.cache import cache
from django.test import Client

from events.live import channel
from events.models import Presence
from liveblog.accounts.browsers import name_of
from tests import cast

pytestmark = pytest.mark.django_db

PASSWORD = "a long one for the tests"
HASHERS = settings.PASSWORD_HASHERS
LOGIN = "/admin/login/"


@pytest.fixture(autouse=True)
def quickly(settings):
    """No try of another test counts; and Argon2 takes its time by design."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    cache.clear()


@pytest.fixture
def edith() -> User:
    """Who publishes, with a password."""
    return with_password("edith", "editor")


def with_password(name: str, group: str = "", **fields) -> User:
    user = cast.member(name, group)
    User.objects.filter(pk=user.pk).update(password=make_password(PASSWORD), **fields)
    user.refresh_from_db()
    return user


def log_in(browser: Client, name: str = "edith", password: str = PASSWORD, **more):
    return browser.post(LOGIN, {"username": name, "password": password} | more)


def is_in(browser: Client) -> bool:
    return "_auth_user_id" in browser.session


def code_for(user_or_secret, step: int = 0) -> str:
    """The digits that the phone shows, so many half minutes from now."""
    secret = user_or_secret
    if isinstance(user_or_secret, User):
        secret = Authenticator.objects.get(user=user_or_secret, type="totp").data["secret"]
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + step))


def set_up(browser: Client) -> list[str]:
    """Set up the phone; the recovery codes."""
    form = browser.get("/admin/account/app/").context["form"]
    answer = browser.post("/admin/account/app/", {"code": code_for(form.secret)}, follow=True)
    assert answer.redirect_chain[-1][0] == "/admin/account/codes/"
    return list(answer.context["unused_codes"])


# Passwords


def test_a_login_leads_back_to_where_one_was(client, edith):
    answer = log_in(client, next="/admin/events/post/?q=call")
    assert (answer.status_code, answer["Location"]) == (302, "/admin/events/post/?q=call")
    assert is_in(client)


def test_a_login_leads_to_no_other_site(client, edith):
    assert log_in(client, next="https://evil.example/")["Location"] == "/admin/"
    assert log_in(Client(), next="//evil.example/")["Location"] == "/admin/"


def test_whoever_is_in_already_goes_on(client, edith):
    client.force_login(edith)
    assert client.get(LOGIN, {"next": "/admin/events/event/"})["Location"] == "/admin/events/event/"


def test_passwords_are_kept_with_argon2_and_old_ones_are_taken_over(client, edith, settings):
    settings.PASSWORD_HASHERS = HASHERS
    User.objects.filter(pk=edith.pk).update(password=make_password(PASSWORD, hasher="pbkdf2_sha256"))
    log_in(client)
    edith.refresh_from_db()
    assert is_in(client)
    assert identify_hasher(edith.password).algorithm == "argon2"


def test_a_password_that_everybody_guesses_is_not_taken(client, edith):
    client.force_login(edith)
    for bad in ("password123", "short", "1234567890"):
        form = {"old_password": PASSWORD, "new_password1": bad, "new_password2": bad}
        assert client.post("/admin/password_change/", form).status_code == 200, bad


def test_nobody_learns_who_has_a_place_here(edith):
    with_password("gone", "editor", is_active=False)
    with_password("reader", is_staff=False)
    tries = {"edith": "wrong", "nobody": "wrong", "gone": PASSWORD, "reader": PASSWORD}
    answers = [log_in(Client(), name, password) for name, password in tries.items()]
    said = {tuple(answer.context["form"].non_field_errors()) for answer in answers}
    assert len(said) == 1 and "do not belong together" in next(iter(said))[0]
    assert {answer.status_code for answer in answers} == {200}


def test_what_was_typed_as_a_name_is_still_there(client, edith):
    html = log_in(client, password="wrong").content.decode()
    assert 'value="edith"' in html and "wrong" not in html.replace('class="wrong"', "")


def test_tries_are_counted_whether_the_name_exists_or_not(edith):
    for name in ("edith", "nobody"):
        for _try in range(5):
            assert "do not belong" in str(log_in(Client(), name, "wrong").context["form"].non_field_errors())
        assert "Too many tries" in str(log_in(Client(), name).context["form"].non_field_errors())


def test_nobody_locks_an_editor_out_by_trying(client, edith):
    for _try in range(6):
        Client(REMOTE_ADDR="203.0.113.9").post(LOGIN, {"username": "edith", "password": "wrong"})
    log_in(client)
    assert is_in(client)


def test_an_address_that_tries_many_names_is_slowed_down(edith):
    for number in range(20):
        log_in(Client(), f"name-{number}", "wrong")
    browser = Client()
    log_in(browser)
    assert not is_in(browser)


def test_tries_are_counted_by_the_address_behind_our_own_proxies(settings, edith):
    import ipaddress

    settings.TRUSTED_PROXIES = [ipaddress.ip_network("127.0.0.1")]
    for _try in range(6):
        Client(headers={"X-Forwarded-For": "203.0.113.9"}).post(LOGIN, {"username": "edith", "password": "wrong"})
    browser = Client(headers={"X-Forwarded-For": "203.0.113.10"})
    log_in(browser)
    assert is_in(browser)
    assert UserSession.objects.get().ip == "203.0.113.10"


def test_too_many_posts_get_a_page_of_ours(client):
    answers = [client.post(LOGIN, {}) for _try in range(61)]
    assert answers[-1].status_code == 429
    assert "Too many tries" in answers[-1].content.decode()


def test_who_has_lost_their_place_does_not_go_round_in_circles(client, edith):
    client.force_login(edith)
    User.objects.update(is_staff=False)
    answer = client.get("/admin/", follow=True)
    assert len(answer.redirect_chain) == 1
    assert "<h1>Log in</h1>" in answer.content.decode()


@pytest.mark.parametrize("path", ["signup/", "password/reset/", "email/", "social/signup/"])
def test_what_we_do_not_offer_does_not_exist(client, path):
    for prefix in ("/accounts/", "/admin/account/"):
        answer = client.get(prefix + path, follow=True)
        assert answer.status_code == 404 or answer.redirect_chain[-1][0].startswith(LOGIN)


def test_every_page_of_accounts_asks_for_a_login(client):
    for path in ("", "sessions/", "password/", "code/", "code/again/", "app/", "app/remove/", "codes/", "codes/new/"):
        for answer in (client.get(f"/admin/account/{path}"), client.post(f"/admin/account/{path}")):
            assert answer.status_code in (302, 405), path
            assert answer.status_code == 405 or answer["Location"].startswith(LOGIN), path


# The second factor


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


# Sessions


def test_ones_own_logins_are_listed_and_ended(client, edith):
    log_in(client)
    phone = Client(headers={"User-Agent": "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Safari/605"})
    log_in(phone)
    html = client.get("/admin/account/").content.decode()
    assert "Safari, iPhone" in html and html.count(">this one<") == 1
    session = UserSession.objects.get(user_agent__contains="iPhone")
    client.post("/admin/account/sessions/", {"session": session.pk})
    assert phone.get("/admin/").status_code == 302
    assert client.get("/admin/").status_code == 200
    assert "iPhone" not in client.get("/admin/account/").content.decode()


def test_all_others_are_ended_at_once(client, edith):
    log_in(client)
    others = [Client(), Client()]
    for one in others:
        log_in(one)
    assert "2 logins ended" in client.post("/admin/account/sessions/", follow=True).content.decode()
    assert [one.get("/admin/").status_code for one in others] == [302, 302]
    assert client.get("/admin/").status_code == 200


def test_nobody_ends_another_persons_login_by_its_number(client, edith):
    with_password("mallory", "editor")
    mallory = Client()
    log_in(mallory, "mallory")
    log_in(client)
    for session in UserSession.objects.filter(user=edith):
        mallory.post("/admin/account/sessions/", {"session": session.pk})
    assert client.get("/admin/").status_code == 200


def test_a_changed_password_ends_the_others_and_keeps_this_one(client, edith):
    other = Client()
    log_in(other)
    log_in(client)
    form = {"old_password": PASSWORD, "new_password1": "quite another one", "new_password2": "quite another one"}
    assert client.post("/admin/password_change/", form)["Location"] == "/admin/password_change/done/"
    assert other.get("/admin/").status_code == 302
    assert client.get("/admin/").status_code == 200
    assert client.get("/admin/account/").content.decode().count(">this one<") == 1


def test_a_login_that_came_by_no_page_of_ours_is_listed_too(client, edith):
    client.force_login(edith)
    assert client.get("/admin/account/").content.decode().count(">this one<") == 1


def test_an_administrator_ends_logins_and_takes_a_lost_phone_away(client, edith):
    adam = with_password("adam", "administrator")
    log_in(client)
    set_up(client)
    office = Client()
    office.force_login(adam)
    session = UserSession.objects.get(user=edith)
    act = {"action": "end", "_selected_action": [session.pk]}
    assert office.post("/admin/usersessions/usersession/", act, follow=True).status_code == 200
    assert client.get("/admin/").status_code == 302
    act = {"action": "take_away", "_selected_action": [Authenticator.objects.filter(user=edith).first().pk]}
    assert "1 person logs in" in office.post("/admin/mfa/authenticator/", act, follow=True).content.decode()
    assert not Authenticator.objects.filter(user=edith).exists()
    log_in(client)
    assert is_in(client)
    assert LogEntry.objects.filter(user=adam).count() == 2


def test_other_peoples_logins_are_for_administrators_and_superusers_for_superusers(client, edith, editor):
    root = Client()
    root.force_login(editor)
    root.get("/admin/")
    Authenticator.objects.create(user=editor, type="totp", data={"secret": "JBSWY3DPEHPK3PXP"})
    for path in ("/admin/usersessions/usersession/", "/admin/mfa/authenticator/"):
        client.force_login(edith)
        assert client.get(path).status_code == 403
        client.force_login(cast.member("adam", "administrator"))
        assert ">ada<" not in client.get(path).content.decode()
        html = root.get(path).content.decode()
        assert ">ada<" in html and "JBSWY3DPEHPK3PXP" not in html


def test_a_logout_has_the_desks_look_who_may_stay(client, edith, event, monkeypatch):
    told = []
    monkeypatch.setattr(channel, "signal", lambda *what: told.append(what))
    log_in(client)
    Presence.objects.create(event=event, user=edith, tab="one", at=event.created_at)
    answer = client.post("/admin/logout/")
    assert told == [(event.pk, channel.DOOR)]
    assert "You are logged out" in answer.content.decode()
    assert not is_in(client)
    assert client.get("/admin/logout/").status_code == 405


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        ("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML) Chrome/130.0 Safari/537.36", "Chrome, Linux"),
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/130.0 Safari/537.36 Edg/130.0", "Edge, Windows"),
        ("Mozilla/5.0 (Android 14; Mobile; rv:132.0) Gecko/132.0 Firefox/132.0", "Firefox, Android"),
        ("curl/8.5.0", "curl/8.5.0"),
        ("", ""),
    ],
)
def test_a_browser_has_a_name_that_its_owner_knows(agent, name):
    assert name_of(agent) == name
