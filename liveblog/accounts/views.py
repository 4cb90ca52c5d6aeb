"""The pages of an account: login and logout, the second factor, one's sessions.

Classes where they are allauth's; functions where they are ours.
"""

from typing import Any

from allauth.account.views import LoginView
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.views import ViewRecoveryCodesView
from allauth.mfa.totp.views import ActivateTOTPView, DeactivateTOTPView
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib import admin, messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from events import factor, permissions
from liveblog.accounts import sessions
from liveblog.accounts.browsers import name_of
from liveblog.accounts.middleware import CAME_FOR


class LogIn(LoginView):
    """The admin's login, at the admin's own address."""

    template_name = "accounts/login.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Whoever is logged in goes on; who has no place in the newsroom any more would go round in circles."""
        if request.user.is_authenticated and not request.user.is_staff:
            logout(request)
        return super().dispatch(request, *args, **kwargs)


class SetUp(ActivateTOTPView):
    """Set up the app that makes codes."""

    template_name = "accounts/set_up.html"

    def form_valid(self, form: Any) -> HttpResponse:
        """From now on a password alone is not enough: sessions that showed no more are over."""
        answer = super().form_valid(form)
        self.request.session[factor.SET_UP] = True
        sessions.end(_others(self.request))
        return answer

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """And whether one must."""
        return super().get_context_data(**kwargs) | {"required": factor.is_asked_of(self.request.user)}


class TakeAway(DeactivateTOTPView):
    """Do without codes from now on, or change the phone."""

    template_name = "accounts/take_away.html"

    def form_valid(self, form: Any) -> HttpResponse:
        """What was shown in this session counts no more."""
        answer = super().form_valid(form)
        self.request.session.pop(factor.SET_UP, None)
        return answer

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """And whether one must have one."""
        return super().get_context_data(**kwargs) | {"required": factor.is_asked_of(self.request.user)}


class Codes(ViewRecoveryCodesView):
    """The codes for the day on which the phone is lost, and the way back to what one wanted."""

    template_name = "accounts/codes.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """And where to go on."""
        return super().get_context_data(**kwargs) | {"came_for": self.request.session.pop(CAME_FOR, "")}


@require_POST
def log_out(request: HttpRequest) -> HttpResponse:
    """The admin's logout; the desks that were open with it close."""
    user = request.user
    answer = admin.site.logout(request, {"site_name": settings.SITE_NAME})
    if user.is_authenticated:
        sessions.close_desks(permissions.member(user))
    return answer


@require_GET
@never_cache
@login_required
def account(request: HttpRequest) -> HttpResponse:
    """One's own account: password, second factor, sessions."""
    listed = sorted(
        UserSession.objects.purge_and_list(request.user),
        key=lambda one: (not one.is_current(), -one.last_seen_at.timestamp()),
    )
    codes = Authenticator.objects.filter(user_id=request.user.pk, type=Authenticator.Type.RECOVERY_CODES).first()
    context = {
        "site_name": settings.SITE_NAME,
        "sessions": [(one, name_of(one.user_agent)) for one in listed],
        "has_factor": factor.has(request.user),
        "required": factor.is_asked_of(request.user),
        "codes_left": len(codes.wrap().get_unused_codes()) if codes else 0,
    }
    return render(request, "accounts/account.html", context)


@require_POST
@login_required
def end_sessions(request: HttpRequest) -> HttpResponseRedirect:
    """End one of one's own sessions (`session`, its number), or all but this one."""
    wanted = _others(request)
    if number := request.POST.get("session", ""):
        wanted = [one for one in wanted if str(one.pk) == number]
    ended = sessions.end(wanted)
    if ended:
        messages.success(request, ngettext("%d login ended.", "%d logins ended.", ended) % ended)
    else:
        messages.info(request, _("It had ended already."))
    return redirect("mfa_index")


def _others(request: HttpRequest) -> list[UserSession]:
    """The user's other sessions."""
    mine = UserSession.objects.filter(user_id=request.user.pk).select_related("user")
    return list(mine.exclude(session_key=request.session.session_key))
