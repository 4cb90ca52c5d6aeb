"""Queries whose SQL Django makes once a process, not once a run.

For the few statements that run while all editors of an event wait for its lock: to make
the SQL takes Django longer than PostgreSQL takes to answer.
"""

from collections.abc import Callable
from typing import Generic, TypeVar

from django.db import DEFAULT_DB_ALIAS
from django.db.models import Model, QuerySet

M = TypeVar("M", bound=Model)

#: Stands in the compiled SQL's parameters for the key that is asked for: no row has it.
_ANY = -(2**53) - 1


class Compiled(Generic[M]):
    """The query that `build` makes of an integer key, which it uses in conditions alone."""

    def __init__(self, build: Callable[[int], QuerySet[M]]) -> None:
        self._build = build
        self._made: tuple[type[M], str, tuple[object, ...]] | None = None

    def first(self, key: int) -> M | None:
        """The first row for this key, None when there is none. Leaves columns out that `build` does."""
        model, sql, params = self._made or self._make()
        rows = model._default_manager.raw(sql, [key if param == _ANY else param for param in params])
        return next(iter(rows), None)

    def _make(self) -> tuple[type[M], str, tuple[object, ...]]:
        queryset = self._build(_ANY)
        sql, params = queryset.query.get_compiler(DEFAULT_DB_ALIAS).as_sql()
        self._made = queryset.model, sql, tuple(params)
        return self._made
