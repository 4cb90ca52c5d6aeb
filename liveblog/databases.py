"""What DATABASE_URL means: Django's settings for SQLite and for PostgreSQL."""

from typing import Any
from urllib.parse import urlsplit

import dj_database_url
from django.core.exceptions import ImproperlyConfigured


def of(url: str) -> dict[str, Any]:
    """Django's database settings for a URL; raise ImproperlyConfigured on nonsense."""
    wanted = "DATABASE_URL should look like postgres://user:password@host:5432/name or sqlite:///path/to/file."
    if urlsplit(url).scheme not in ("postgres", "postgresql", "sqlite"):
        raise ImproperlyConfigured(f"{wanted} It begins with “{url.split(':', 1)[0][:30]}”.")
    try:
        settings: dict[str, Any] = dict(dj_database_url.parse(url))
    except ValueError as error:
        raise ImproperlyConfigured(wanted) from error
    if not settings.get("NAME"):
        raise ImproperlyConfigured(f"{wanted} It names no database.")
    sqlite = settings["ENGINE"].endswith("sqlite3")
    return settings | (_sqlite(settings) if sqlite else _postgres(settings))


def _sqlite(settings: dict[str, Any]) -> dict[str, Any]:
    return {
        # A file, as in earnest: SQLite's shared memory knows no waiting.
        "TEST": {"NAME": f"{settings['NAME']}.test"},
        "OPTIONS": {
            # IMMEDIATE is what orders writers: SQLite has no row locks.
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
        },
    }


def _postgres(settings: dict[str, Any]) -> dict[str, Any]:
    return {
        # Threads come and go under ASGI: a pool, not a connection kept by each thread.
        "CONN_MAX_AGE": 0,
        # A pooled connection that died with its server is replaced, not handed to an editor's save.
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {
            **settings.get("OPTIONS", {}),
            "connect_timeout": 3,
            # A network that swallows everything is noticed in seconds, not in hours.
            "tcp_user_timeout": 5000,
            "keepalives_idle": 5,
            "keepalives_interval": 2,
            "keepalives_count": 3,
            # An editor waits so long for the event's lock, then reads a sentence.
            "options": "-c lock_timeout=3000",
            # Planned once for each connection: of a publish under its event's lock planning is a good part.
            "server_side_binding": True,
            "prepare_threshold": 5,
            # The pool tries again ever more seldom; given up early, it begins anew with the next editor.
            "pool": {"min_size": 0, "max_size": 16, "timeout": 5, "reconnect_timeout": 3},
        },
    }
