"""Pages that were rendered lately, for the addresses that are not held in memory as a whole.

A page is kept under its ETag, which names all that it depends on: what is found is never
old, and nothing has to be thrown away when the event moves.
"""

from collections.abc import Callable
from typing import TypeVar

from django.core.cache import caches

from events.pages import Page

#: In this process: what is shared may be slow, or away.
_cache = caches["pages"]
#: Seconds; by then the event has moved, or nobody asks.
KEEP = 60

T = TypeVar("T")


def page(tag: str, build: Callable[[], Page]) -> tuple[str, str]:
    """The html of the page with this ETag, and its ETag: a later one when the event has moved meanwhile."""
    html = _cache.get(tag)
    if html is not None:
        return html, tag
    built = build()
    _cache.set(built.tag, built.html, KEEP)
    return built.html, built.tag


def made(name: str, build: Callable[[], T], seconds: float = KEEP) -> T:
    """Anything else that was made lately under a name of all that it depends on, or is now; never None."""
    found: T | None = _cache.get(name)
    if found is None:
        found = build()
        _cache.set(name, found, seconds)
    return found
