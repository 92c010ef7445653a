"""Taking one constraint away for a moment, to plant what it exists to refuse. Only inside a transaction that is undone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection


@contextmanager
def dropped(table: str, name: str) -> Iterator[None]:
    """Without the constraint `name`; on SQLite without any check, or with the table written anew, triggers included."""
    if connection.vendor == "postgresql":
        _drop_on_postgres(table, name)
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT sql FROM sqlite_master WHERE type = 'table' AND tbl_name = %s", [table])
        (definition,) = cursor.fetchone()
        constraint = re.search(rf'CONSTRAINT "{name}" (CHECK|UNIQUE)', definition)
        if constraint is None:
            cursor.execute(f'DROP INDEX "{name}"')
            yield
        elif constraint[1] == "UNIQUE":
            _write_anew(table, re.sub(rf', CONSTRAINT "{name}" UNIQUE \([^)]*\)', "", definition))
            yield
        else:
            cursor.execute("PRAGMA ignore_check_constraints = ON")
            yield
            cursor.execute("PRAGMA ignore_check_constraints = OFF")


def _drop_on_postgres(table: str, name: str) -> None:
    with connection.cursor() as cursor:
        # Foreign keys still to be checked at the end of the transaction would refuse ALTER TABLE: check them now.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SELECT 1 FROM pg_constraint WHERE conname = %s", [name])
        cursor.execute(f'ALTER TABLE "{table}" DROP CONSTRAINT "{name}"' if cursor.fetchone() else f'DROP INDEX "{name}"')


def _write_anew(table: str, definition: str) -> None:
    """SQLite cannot drop a constraint of a table: the same rows, indexes and triggers under another definition."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT sql FROM sqlite_master WHERE type IN ('index', 'trigger') AND tbl_name = %s AND sql <> ''", [table]
        )
        others = [sql for (sql,) in cursor.fetchall()]
        cursor.execute(f'CREATE TABLE "rows_of_{table}" AS SELECT * FROM "{table}"')
        cursor.execute(f'DROP TABLE "{table}"')
        cursor.execute(definition)
        cursor.execute(f'INSERT INTO "{table}" SELECT * FROM "rows_of_{table}"')
        cursor.execute(f'DROP TABLE "rows_of_{table}"')
        for sql in others:
            cursor.execute(sql)
