"""A cache that all processes share, and that may be away: what is in it is a hint, like all that Redis has."""

import time
from collections.abc import Callable
from typing import Any

from django.core.cache.backends.locmem import LocMemCache
from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

#: Seconds for which Redis is not asked again after it failed.
AWAY = 10.0
#: Seconds that one question may take: an editor who logs in waits for several.
PATIENCE = {"socket_timeout": 0.5, "socket_connect_timeout": 0.5}


class SharedCache(RedisCache):
    """Redis, or while it is away this process's own memory: nobody is kept from logging in by a cache."""

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        super().__init__(server, {**params, "OPTIONS": PATIENCE | params.get("OPTIONS", {})})
        self._own = LocMemCache("shared", {})
        self._away_until = 0.0

    def _ask(self, name: str, *args: Any, **kwargs: Any) -> Any:
        own: Callable[..., Any] = getattr(self._own, name)
        if time.monotonic() < self._away_until:
            return own(*args, **kwargs)
        try:
            return getattr(super(), name)(*args, **kwargs)
        except (RedisError, OSError):
            self._away_until = time.monotonic() + AWAY
            return own(*args, **kwargs)

    def add(self, *args: Any, **kwargs: Any) -> Any:
        """As Django's; so are all of these."""
        return self._ask("add", *args, **kwargs)

    def get(self, *args: Any, **kwargs: Any) -> Any:
        """The value, or the default."""
        return self._ask("get", *args, **kwargs)

    def set(self, *args: Any, **kwargs: Any) -> Any:
        """Keep a value."""
        return self._ask("set", *args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> Any:
        """Let go of it."""
        return self._ask("delete", *args, **kwargs)
