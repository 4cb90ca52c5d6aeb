"""Debian's own Firefox, and a newsroom that all tests in it share."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests import processes
from tests.firefox.bidi import Firefox, Tab
from tests.services import firefox as program

#: Publishes so many posts and opens the live page; the tab, and the posts' ids from oldest to newest.
Read = Callable[[int], tuple[Tab, list[str]]]


@pytest.fixture(scope="session")
def firefox() -> Iterator[Firefox]:
    """One Firefox for all tests."""
    with Firefox(program()) as firefox:
        yield firefox


@pytest.fixture(scope="module")
def server(shared_database: str) -> Iterator[processes.Server]:
    """A newsroom with one live event."""
    with processes.newsroom(shared_database) as server:
        yield server


@pytest.fixture
def publish(server: processes.Server) -> Callable[[str], str]:
    """Publish a post with a body of some lines; its id."""
    body = "The presidents are on the line, and both sides say so. " * 8
    return lambda headline: server.pen("publish", headline=headline, body=body)["post"]


@pytest.fixture
def read(firefox: Firefox, server: processes.Server, publish: Any) -> Iterator[Read]:
    """The open page with its socket up; no script may fail in it."""
    tabs: list[Tab] = []

    def read(count: int) -> tuple[Tab, list[str]]:
        posts = [publish(f"Post {number}") for number in range(count)]
        tabs.append(firefox.open(f"{server.url}/events/call/"))
        # The first thing that the clock of the server tells.
        tabs[-1].until("() => document.querySelector('.ago')?.textContent")
        return tabs[-1], posts

    firefox.complaints.clear()
    yield read
    for tab in tabs:
        tab.close()
    assert firefox.complaints == []
