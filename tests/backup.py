"""A database's backup and its return, as an operator does it, while servers go on running."""

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from urllib.parse import urlsplit

from tests.processes import _on_server


@contextmanager
def backup(url: str) -> Iterator[Callable[[], None]]:
    """Take a backup now; what is yielded puts it back in the database's place.

    On PostgreSQL a copy stands for `pg_dump`, which a bare machine may lack. It is taken while
    nobody is connected; when it is put back, whoever is connected is cut off, as at a restore.
    """
    if url.startswith("sqlite"):
        path = url.removeprefix("sqlite:///")
        _copy(path, f"{path}.backup")
        yield lambda: _copy(f"{path}.backup", path)
        return
    name = urlsplit(url).path[1:]
    kept = f"live_backup_{os.getpid()}"
    _on_server("CREATE DATABASE {} TEMPLATE {}", kept, name)

    def put_back() -> None:
        _on_server("DROP DATABASE {} WITH (FORCE)", name)
        _on_server("CREATE DATABASE {} TEMPLATE {}", name, kept)

    try:
        yield put_back
    finally:
        _on_server("DROP DATABASE IF EXISTS {} WITH (FORCE)", kept)


def _copy(source: str, target: str) -> None:
    with closing(sqlite3.connect(source)) as one, closing(sqlite3.connect(target)) as other:
        one.backup(other)
