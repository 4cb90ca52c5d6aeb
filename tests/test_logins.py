"""The list of logins: one's own and other people's, and what ends them."""

import pytest
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.admin.models import LogEntry
from django.test import Client

from events.live import channel
from events.models import Presence
from liveblog.accounts.browsers import name_of
from tests import cast
from tests.members import PASSWORD, is_in, log_in, set_up, with_password

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("counted_anew")]


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


def test_a_forgotten_password_is_for_whoever_runs_the_site_and_not_for_the_group(client):
    assert "Whoever runs this site gives you a new one." in client.get("/admin/login/").content.decode()
    olga = cast.member("olga", "administrator")
    client.force_login(olga)
    assert client.get(f"/admin/auth/user/{olga.pk}/password/").status_code == 403
    client.force_login(cast.editor())
    assert client.get(f"/admin/auth/user/{olga.pk}/password/").status_code == 200
