"""What faults may ask for besides."""

from collections.abc import Iterator

import pytest

from tests import processes


@pytest.fixture
def redis_store() -> Iterator[processes.Process]:
    """A private Redis; its address is `processes.address(it)`."""
    with processes.redis() as store:
        yield store
