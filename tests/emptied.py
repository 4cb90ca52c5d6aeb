"""Empty the database after a test that commits, as Django does it, in a twentieth of the time.

Django truncates every table, and makes content types and permissions anew, with whatever else
`post_migrate` makes. Here that is done once; afterwards what it left is left, as long as it is the
same to the letter, and of the other tables those are emptied that have rows.
"""

from collections.abc import Callable

from django.db import OperationalError, connection, transaction
from django.test import TransactionTestCase
from psycopg import sql

#: Empties it as Django does.
Flush = Callable[[TransactionTestCase], None]


class Emptier:
    """What empties the database of this process; `flush` is Django's own."""

    def __init__(self, flush: Flush) -> None:
        self.flush = flush
        #: The tables that have rows once Django has emptied it, and what these are; None until it has.
        self.made: dict[str, str] | None = None
        self.tables: list[str] = []

    def __call__(self, case: TransactionTestCase) -> None:
        """Empty it after `case`."""
        if connection.vendor != "postgresql" or case.available_apps is not None or case.serialized_rollback:
            self.flush(case)
        elif self.made is None or not self._is_emptied(self.made):
            self.flush(case)
            self._look()

    def _look(self) -> None:
        """Remember what an empty database is."""
        kept = {"django_migrations"}
        self.tables = sorted(set(connection.introspection.django_table_names(only_existing=True)) - kept)
        with connection.cursor() as cursor:
            self.made = {table: _digest(cursor, table) for table in self._with_rows(cursor)}

    def _is_emptied(self, made: dict[str, str]) -> bool:
        """Empty what has rows. False where a test has changed what Django makes, or somebody is in the way."""
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                # Whoever is still writing ends first, as before a TRUNCATE.
                cursor.execute(sql.SQL("LOCK TABLE {} IN ACCESS EXCLUSIVE MODE").format(_names(self.tables)))
                filled = self._with_rows(cursor)
                if any(table not in filled or _digest(cursor, table) != was for table, was in made.items()):
                    return False
                # In any order: foreign keys are looked at when all is done.
                for table in set(filled) - set(made):
                    cursor.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier(table)))
        except OperationalError:
            return False
        return True

    def _with_rows(self, cursor) -> list[str]:  # noqa: ANN001 - Django's wrapper around psycopg's
        one = sql.SQL("SELECT {} WHERE EXISTS (SELECT FROM {})")
        asked = [one.format(sql.Literal(table), sql.Identifier(table)) for table in self.tables]
        cursor.execute(sql.SQL(" UNION ALL ").join(asked))
        return [table for (table,) in cursor.fetchall()]


def _names(tables: list[str]) -> sql.Composed:
    return sql.SQL(", ").join(map(sql.Identifier, tables))


def _digest(cursor, table: str) -> str:  # noqa: ANN001 - as above
    rows = sql.SQL("SELECT md5(string_agg(one::text, ' ' ORDER BY one::text)) FROM {} AS one")
    cursor.execute(rows.format(sql.Identifier(table)))
    return str(cursor.fetchone()[0])
