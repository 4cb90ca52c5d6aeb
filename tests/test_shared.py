"""The cache that all processes share: with Redis, without it, and when it comes back."""

import pytest

from liveblog import shared
from liveblog.shared import SharedCache
from tests.services import free_port


@pytest.fixture
def caches(redis_url):
    """Two processes' worth of it, empty."""
    both = [SharedCache(redis_url, {"KEY_PREFIX": "test-shared"}) for _process in range(2)]
    both[0].delete("name")
    yield both
    both[0].delete("name")


def test_what_one_process_counts_the_other_knows(caches):
    first, second = caches
    assert first.add("name", [1], 60)
    assert not second.add("name", [2], 60)
    assert second.get("name") == [1]
    second.set("name", [1, 2], 60)
    assert first.get("name") == [1, 2]
    first.delete("name")
    assert second.get("name", "nothing") == "nothing"


def test_without_redis_each_counts_by_itself_and_nobody_waits():
    alone = SharedCache(f"redis://127.0.0.1:{free_port()}/0", {})
    assert alone.add("name", 1, 60)
    assert not alone.add("name", 2, 60)
    assert alone.get("name") == 1
    alone.delete("name")
    assert alone.get("name") is None


def test_it_asks_again_when_redis_is_back(caches, monkeypatch):
    first, second = caches
    first.set("name", "shared", 60)
    monkeypatch.setattr(shared, "AWAY", 0.0)
    monkeypatch.setattr("django.core.cache.backends.redis.RedisCache.get", _fails)
    assert second.get("name") is None
    monkeypatch.undo()
    assert second.get("name") == "shared"


def _fails(*_args, **_more):
    raise OSError("no route to Redis")
