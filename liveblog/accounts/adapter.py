"""What allauth asks us: nobody signs up, only the staff comes in, and who is trying."""

from typing import Any

from allauth.account import app_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from events.live.caps import client_of

#: Nobody needs to be told what they have just done.
OBVIOUS = (
    "account/messages/logged_in.txt",
    "account/messages/logged_out.txt",
    "mfa/messages/recovery_codes_generated.txt",
)


class MemberAdapter(DefaultAccountAdapter):
    """The newsroom's members, made by whoever runs the site."""

    error_messages = DefaultAccountAdapter.error_messages | {
        # The same for a name that nobody has and for a wrong password.
        "username_password_mismatch": _("This name and this password do not belong together. Check both: case counts."),
        # Said to whoever has given the right password alone: it tells nobody else who exists.
        "no_place": _("This account may not enter the newsroom. Ask an administrator for staff status."),
        "too_many_login_attempts": _("Too many tries. Wait five minutes, then try again."),
        "incorrect_password": _("This is not your password."),
        "rate_limited": _("Too many tries. Wait five minutes, then try again."),
        "incorrect_code": _("This code is not right, or was used already. Wait for the next one."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never."""
        return False

    def authenticate(self, request: HttpRequest, **credentials: Any) -> AbstractBaseUser | None:
        """The member of the staff with these credentials; None where they are wrong or the account is switched off.

        Raises ValidationError, which says so, for somebody who gave the right password and is none of the staff.
        """
        user = super().authenticate(request, **credentials)
        if user is not None and user.is_active and not getattr(user, "is_staff", False):
            raise self.validation_error("no_place")
        return user

    def get_client_ip(self, request: HttpRequest) -> str:
        """The address that tries, by TRUSTED_PROXIES as for readers; 0.0.0.0 where there is none (a Unix socket)."""
        forwarded = request.headers.get("X-Forwarded-For", "").encode("latin-1", "ignore")
        given = {"client": (request.META.get("REMOTE_ADDR", ""),), "headers": [(b"x-forwarded-for", forwarded)]}
        return str(client_of(given) or "0.0.0.0")  # noqa: S104 - no address to listen on

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """Failed tries are counted by name *and* address: otherwise anybody could lock an editor out by trying."""
        return f"{credentials.get('username', '').lower()}|{self.get_client_ip(request)}"

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Ask for the password again before changing the second factor, unless it was given a moment ago."""
        records = get_authentication_records(context.request, context.request.user)
        latest = max((record["at"] for record in records), default=0.0)
        return bool(timezone.now().timestamp() - latest > app_settings.REAUTHENTICATION_TIMEOUT)

    def respond_user_inactive(self, request: HttpRequest, user: AbstractBaseUser) -> HttpResponse:
        """Switched off between password and code: begin again, and be refused there."""
        return HttpResponseRedirect(reverse("account_login"))

    def add_message(
        self, request: HttpRequest, level: int, message_template: str | None = None, *args: Any, **kwargs: Any
    ) -> None:
        """Say what is worth it."""
        if message_template not in OBVIOUS:
            super().add_message(request, level, message_template, *args, **kwargs)


class FactorAdapter(DefaultMFAAdapter):
    """The second factor's words."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": MemberAdapter.error_messages["incorrect_code"]
    }

    def get_totp_issuer(self) -> str:
        """The newsroom's name, as the app on the phone shows it."""
        return str(settings.SITE_NAME)
