"""Logging in: Argon2, tries that are counted, nobody told who exists."""

import ipaddress

import pytest
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth.hashers import identify_hasher, make_password
from django.contrib.auth.models import User
from django.test import Client

from tests import cast
from tests.members import LOGIN, PASSWORD, is_in, log_in, with_password

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("counted_anew")]

HASHERS = settings.PASSWORD_HASHERS


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
    with_password("former", is_staff=False, is_active=False)
    tries = {"edith": "wrong", "nobody": "wrong", "gone": PASSWORD, "reader": "wrong", "former": PASSWORD}
    answers = [log_in(Client(), name, password) for name, password in tries.items()]
    said = {tuple(answer.context["form"].non_field_errors()) for answer in answers}
    assert len(said) == 1 and "do not belong together" in next(iter(said))[0]
    assert {answer.status_code for answer in answers} == {200}


def test_the_right_password_without_staff_status_is_told_what_is_missing(client):
    with_password("reader", "contributor", is_staff=False)
    answer = log_in(client, "reader")
    assert "may not enter the newsroom" in answer.content.decode()
    assert not is_in(client)


def test_a_group_of_the_newsroom_given_in_the_form_opens_its_door(client, editor):
    reader = with_password("reader", is_staff=False)
    contributors = cast.member("carol", "contributor").groups.get()
    office = Client()
    office.force_login(editor)
    form = {"username": "reader", "is_active": "on", "date_joined_0": "2026-01-01", "date_joined_1": "09:00:00"}
    address = f"/admin/auth/user/{reader.pk}/change/"
    answer = office.post(address, form | {"groups": [contributors.pk]}, follow=True)
    assert "has staff status now" in answer.content.decode()
    log_in(client, "reader")
    assert is_in(client)
    # Taken away by itself, it stays away.
    office.post(address, form | {"groups": [contributors.pk], "first_name": "Rita"})
    reader.refresh_from_db()
    assert (reader.first_name, reader.is_staff) == ("Rita", False)


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
