"""What every test may ask for."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.core.cache import cache
from django.test import Client, TransactionTestCase

from events.models import Event
from tests import cast, members, processes, services
from tests.command import manage
from tests.emptied import Emptier


@pytest.fixture(scope="session", autouse=True)
def emptied_quickly() -> Iterator[None]:
    """After a test that commits the database is emptied as Django does it, and sooner."""
    with pytest.MonkeyPatch.context() as patch:
        emptier = Emptier(TransactionTestCase._fixture_teardown)
        patch.setattr(TransactionTestCase, "_fixture_teardown", lambda case: emptier(case))
        yield


@pytest.fixture
def editor(db) -> User:
    """Ada, who may do everything at the desk."""
    return cast.editor()


@pytest.fixture
def bo(db) -> User:
    """Another editor."""
    return cast.member("bo", "editor")


@pytest.fixture
def carl(db) -> User:
    """A contributor."""
    return cast.member("carl", "contributor")


@pytest.fixture
def event(db) -> Event:
    """A live, public event about a telephone call."""
    return cast.event()


@pytest.fixture(scope="session")
def empty() -> Iterator[str]:
    """The address of a database with all tables and nothing in them: migrated once, and copied by whoever wants one."""
    with processes.migrated() as url:
        yield url


@pytest.fixture
def database(empty: str) -> Iterator[str]:
    """The address of a committed database of the test's own."""
    with processes.copied(empty) as url:
        yield url


@pytest.fixture(scope="module")
def shared_database(empty: str) -> Iterator[str]:
    """The same for a whole module, behind servers that its tests share."""
    with processes.copied(empty) as url:
        yield url


@pytest.fixture(scope="session")
def seeded(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The address of a migrated SQLite database with the seed events, to be copied."""
    url = f"sqlite:///{tmp_path_factory.mktemp('db') / 'seeded.sqlite3'}"
    assert manage("migrate", "-v0", DATABASE_URL=url).returncode == 0
    assert manage("seed", DATABASE_URL=url).returncode == 0
    return url


@pytest.fixture(scope="module")
def sqlite(seeded: str) -> Iterator[str]:
    """The address of a copy of it for the module."""
    with processes.copied(seeded) as url:
        yield url


@pytest.fixture
def ada(client: Client, editor: User) -> Client:
    """The editor's browser, logged in; her session is on her list already, so that no query count has it."""
    client.force_login(editor)
    client.get("/admin/account/")
    return client


@pytest.fixture
def admin_client_of_ada(client: Client, editor: User) -> Client:
    """The same, and nothing asked for yet."""
    client.force_login(editor)
    return client


@pytest.fixture
def counted_anew(settings) -> None:
    """No try of another test counts; and Argon2 takes its time by design."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    cache.clear()


@pytest.fixture
def edith(counted_anew: None, db) -> User:
    """Who publishes, with a password."""
    return members.with_password("edith", "editor")


@pytest.fixture
def redis_url() -> str:
    """The address of a real Redis."""
    if not os.environ["TEST_REDIS_URL"]:
        # `services` has said so as well, and with CI=true it has failed.
        pytest.skip("There is no Redis.")
    return os.environ["TEST_REDIS_URL"]


def pytest_ignore_collect(collection_path: Path) -> bool | None:
    """Leave out what cannot run here; `services` has said so, and with CI=true it has failed."""
    return services.lacks(collection_path.name) or None


def pytest_configure(config: pytest.Config) -> None:
    """Tell of our marker."""
    config.addinivalue_line("markers", "slow_fault: a fault that takes long; `make test-faults` runs it.")
