"""Members of the newsroom who log in with passwords and phones, as browsers do."""

import time

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import User
from django.test import Client

from tests import cast

PASSWORD = "a long one for the tests"
LOGIN = "/admin/login/"


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
