"""A database of its own for each fault."""

from collections.abc import Iterator

import pytest

from tests import processes


@pytest.fixture(scope="session")
def empty() -> Iterator[str]:
    """The address of a database with nothing in it."""
    with processes.migrated() as url:
        yield url


@pytest.fixture
def database(empty: str) -> Iterator[str]:
    """The address of a database of the test's own."""
    with processes.copied(empty) as url:
        yield url


@pytest.fixture
def redis_store() -> Iterator[processes.Process]:
    """A private Redis; its address is `processes.address(it)`."""
    with processes.redis() as store:
        yield store
