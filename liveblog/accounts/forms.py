"""The login's form, by the names that every Django admin has, and those of the codes."""

from typing import Any

from allauth.account.forms import LoginForm
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.totp.forms import ActivateTOTPForm


class MemberLoginForm(LoginForm):
    """Name and password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        name, password = self.fields["login"], self.fields["password"]
        name.widget.attrs |= {"autocapitalize": "none", "spellcheck": "false"}
        # After a wrong password the name is there, and the password is typed anew.
        first, second = (password, name) if self.is_bound else (name, password)
        first.widget.attrs["autofocus"] = True
        second.widget.attrs.pop("autofocus", None)
        password.help_text = ""
        for field in (name, password):
            # The label says it, and stays.
            field.widget.attrs.pop("placeholder", None)

    def add_prefix(self, field_name: str) -> str:
        """`login` is called `username` outside: people's scripts and password managers know the admin's form."""
        return super().add_prefix("username" if field_name == "login" else field_name)


class _Digits:
    """A field for digits, ready to be typed into; a phone shows its digits."""

    fields: dict[str, Any]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        attrs = self.fields["code"].widget.attrs
        attrs.pop("placeholder", None)
        attrs |= {"inputmode": "numeric", "autofocus": True}


class CodeForm(_Digits, AuthenticateForm):
    """The second step of a login."""


class CodeAgainForm(_Digits, ReauthenticateForm):
    """The same, for somebody who is in already."""


class SetUpForm(_Digits, ActivateTOTPForm):
    """The first code of a phone."""
