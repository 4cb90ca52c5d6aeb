"""The login's form, by the names that every Django admin has."""

from typing import Any

from allauth.account.forms import LoginForm


class MemberLoginForm(LoginForm):
    """Name and password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        name, password = self.fields["login"], self.fields["password"]
        name.widget.attrs |= {"autofocus": True, "autocapitalize": "none", "spellcheck": "false"}
        password.help_text = ""
        for field in (name, password):
            # The label says it, and stays.
            field.widget.attrs.pop("placeholder", None)

    def add_prefix(self, field_name: str) -> str:
        """`login` is called `username` outside: people's scripts and password managers know the admin's form."""
        return super().add_prefix("username" if field_name == "login" else field_name)
