"""Empty the tables after a test whose transactions were real.

Django's own flush truncates every table, used or not, and makes all permissions again: a quarter of a second each time.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

# What `migrate` fills in, and no test changes.
KEPT = {"django_content_type", "auth_permission", "django_migrations"}


def empty_tables() -> None:
    """Delete the rows of every table that has some, in one transaction; append-only ones too."""
    from django.db import connection, transaction

    aside = _postgresql_triggers_aside if connection.vendor == "postgresql" else _sqlite_triggers_aside
    with transaction.atomic(), connection.cursor() as cursor:
        tables = set(connection.introspection.table_names(cursor)) - KEPT
        any_row = (f"SELECT '{table}' WHERE EXISTS (SELECT 1 FROM \"{table}\")" for table in tables)
        cursor.execute(" UNION ALL ".join(any_row))
        full = [table for (table,) in cursor.fetchall()]
        with aside(cursor, full):
            for table in full:
                cursor.execute(f'DELETE FROM "{table}"')


@contextmanager
def _postgresql_triggers_aside(cursor: Any, tables: list[str]) -> Iterator[None]:
    """Let the triggers that keep append-only tables step aside."""
    for table in tables:
        cursor.execute(f'ALTER TABLE "{table}" DISABLE TRIGGER USER')
    yield
    # A table is not altered while references to it are still to be checked.
    cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    for table in tables:
        cursor.execute(f'ALTER TABLE "{table}" ENABLE TRIGGER USER')


@contextmanager
def _sqlite_triggers_aside(cursor: Any, tables: list[str]) -> Iterator[None]:
    """Let the triggers that keep append-only tables step aside."""
    cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
    triggers = cursor.fetchall()
    for name, _sql in triggers:
        cursor.execute(f'DROP TRIGGER "{name}"')
    yield
    for _name, sql in triggers:
        cursor.execute(sql)
