"""Rows that are stored together: their SQL is made once a process, and the database is waited for once.

For what is written while all editors of an event wait for its lock. Django would make each
statement anew and wait for its answer before it sends the next.
"""

from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from functools import cache
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connection
from django.db.models import Field, Model, Q
from django.db.models.sql import InsertQuery, UpdateQuery


class Batch:
    """Statements that wait to be sent, in their order."""

    def __init__(self) -> None:
        self._waiting: list[tuple[str, Sequence[Any]]] = []

    def insert(self, row: Model) -> None:
        """Store a new row, as it is now. A key that the database makes stays unknown here."""
        sql, fields = _insertion(type(row))
        values = (field.get_db_prep_save(field.pre_save(row, add=True), connection) for field in fields)
        self._waiting.append((sql, tuple(values)))
        row._state.adding, row._state.db = False, DEFAULT_DB_ALIAS

    def update(self, row: Model, *names: str) -> None:
        """Store these fields of a row that is there already, as they are now."""
        sql, fields = _change(type(row), names)
        self._waiting.append(
            (sql, [field.get_db_prep_save(getattr(row, field.attname), connection) for field in fields])
        )

    def send(self) -> None:
        """Send what waits and wait for all of it. Raises what the first failing statement raises."""
        waiting, self._waiting = self._waiting, []
        if not waiting:
            return
        with connection.wrap_database_errors, connection.cursor() as cursor, _pipeline():
            for sql, values in waiting:
                cursor.execute(sql, values)


def _pipeline() -> AbstractContextManager[Any]:
    """PostgreSQL takes statements without waiting in between (libpq, "Pipeline Mode")."""
    if connection.vendor != "postgresql":
        return nullcontext()
    pipeline: AbstractContextManager[Any] = connection.connection.pipeline()
    return pipeline


@cache
def _insertion(model: type[Model]) -> "tuple[str, tuple[Field[Any, Any], ...]]":
    """The INSERT of a whole row, and the fields that its parameters are."""
    fields = tuple(field for field in model._meta.concrete_fields if field is not model._meta.auto_field)
    query = InsertQuery(model)
    query.insert_values(fields, [model()])
    ((sql, _values),) = query.get_compiler(DEFAULT_DB_ALIAS).as_sql()
    return sql, fields


@cache
def _change(model: type[Model], names: tuple[str, ...]) -> "tuple[str, tuple[Field[Any, Any], ...]]":
    """The UPDATE of these columns by primary key, and the fields that its parameters are."""
    known = {field.name: field for field in model._meta.concrete_fields}
    fields = [known[name] for name in names]
    query = UpdateQuery(model)
    query.add_update_fields([(field, None, field.get_default()) for field in fields])
    query.add_q(Q(pk=0))
    sql, _values = query.get_compiler(DEFAULT_DB_ALIAS).as_sql()
    return sql, (*fields, model._meta.pk)
