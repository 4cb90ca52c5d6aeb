"""Addresses of accounts, all below /admin/: one prefix for cookies, caches and proxies.

The names are allauth's, which leads from one page to the other by them. What is not here
(sign-up, e-mail, reset) does not exist.
"""

from allauth.account.views import ReauthenticateView as PasswordAgain
from allauth.mfa.base.views import AuthenticateView, ReauthenticateView
from allauth.mfa.recovery_codes.views import DownloadRecoveryCodesView, GenerateRecoveryCodesView
from django.conf import settings
from django.urls import path

from liveblog.accounts import views

#: What every page says on top.
NAMED = {"site_name": settings.SITE_NAME}

urlpatterns = [
    path("login/", views.LogIn.as_view(extra_context=NAMED), name="account_login"),
    path("logout/", views.log_out, name="account_logout"),
    path("account/", views.account, name="mfa_index"),
    path("account/sessions/", views.end_sessions, name="account_sessions"),
    path(
        "account/password/",
        PasswordAgain.as_view(template_name="accounts/again.html", extra_context=NAMED),
        name="account_reauthenticate",
    ),
    path(
        "account/code/",
        AuthenticateView.as_view(template_name="accounts/code.html", extra_context=NAMED),
        name="mfa_authenticate",
    ),
    path(
        "account/code/again/",
        ReauthenticateView.as_view(template_name="accounts/again.html", extra_context=NAMED),
        name="mfa_reauthenticate",
    ),
    path("account/app/", views.SetUp.as_view(extra_context=NAMED), name="mfa_activate_totp"),
    path("account/app/remove/", views.TakeAway.as_view(extra_context=NAMED), name="mfa_deactivate_totp"),
    path("account/codes/", views.Codes.as_view(extra_context=NAMED), name="mfa_view_recovery_codes"),
    path(
        "account/codes/new/",
        GenerateRecoveryCodesView.as_view(template_name="accounts/new_codes.html", extra_context=NAMED),
        name="mfa_generate_recovery_codes",
    ),
    path(
        "account/codes.txt",
        DownloadRecoveryCodesView.as_view(template_name="accounts/codes.txt", extra_context=NAMED),
        name="mfa_download_recovery_codes",
    ),
]
