"""What `manage.py check --deploy` says about an installation beside what Django says: each with an id and a hint."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Tags, Warning, register


@register(Tags.security, deploy=True)
def second_factor(**_kwargs: Any) -> list[CheckMessage]:
    """Whether a password alone publishes."""
    if settings.SECOND_FACTOR_REQUIRED:
        return []
    return [
        Warning(
            "Whoever knows an editor's password can publish.",
            hint="Set SECOND_FACTOR_REQUIRED=true: those who publish then set up a code from their phone.",
            id="liveblog.W001",
        )
    ]


@register(Tags.database, deploy=True)
def database(**_kwargs: Any) -> list[CheckMessage]:
    """Whether the database is one for a newsroom."""
    if not settings.DATABASES["default"]["ENGINE"].endswith("sqlite3"):
        return []
    return [
        Warning(
            "The database is SQLite: one writer at a time, on one machine.",
            hint="Set DATABASE_URL to a PostgreSQL: postgres://user:password@host:5432/name.",
            id="liveblog.W002",
        )
    ]


@register(deploy=True)
def redis(**_kwargs: Any) -> list[CheckMessage]:
    """Whether several processes can tell each other."""
    if settings.REDIS_URL:
        return []
    return [
        Warning(
            "Without Redis each process hears of posts seconds late, and counts tries to log in by itself.",
            hint="Set REDIS_URL (redis://host:6379/0), unless one process alone serves.",
            id="liveblog.W003",
        )
    ]


@register(deploy=True)
def removals(**_kwargs: Any) -> list[CheckMessage]:
    """Whether what was removed is noted where it outlives a release."""
    if not settings.REMOVALS_FILE.is_relative_to(settings.BASE_DIR):
        return []
    return [
        Warning(
            f"What is removed for good is noted in {settings.REMOVALS_FILE}, and goes with this release.",
            hint="Set REMOVALS_FILE to a path outside the code, the same for all processes and for manage.py.",
            id="liveblog.W005",
        )
    ]


@register(deploy=True)
def media(**_kwargs: Any) -> list[CheckMessage]:
    """Whether pictures are kept where they outlive a release."""
    if not settings.MEDIA_ROOT.is_relative_to(settings.BASE_DIR):
        return []
    return [
        Warning(
            f"Pictures are kept in {settings.MEDIA_ROOT}, and go with this release.",
            hint="Set MEDIA_ROOT to a folder outside the code, the same for all processes, and back it up.",
            id="liveblog.W006",
        )
    ]


@register(deploy=True)
def address(**_kwargs: Any) -> list[CheckMessage]:
    """Whether the site knows its own address, and the address is safe."""
    if settings.SITE_URL.startswith("https://"):
        return []
    return [
        Warning(
            f"SITE_URL is {settings.SITE_URL}: logins and pages travel in the clear, and links lead there.",
            hint="Set SITE_URL to the public address, such as https://live.example.org.",
            id="liveblog.W004",
        )
    ]
