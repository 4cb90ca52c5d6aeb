"""The accounts' entry in Django's registry."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Registers the accounts' admin, after allauth's own, and the checks."""

    name = "liveblog.accounts"
    label = "members"

    def ready(self) -> None:
        """Have the system checks known."""
        from liveblog import checks  # noqa: F401 - registers them
