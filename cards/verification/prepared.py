"""A cursor whose statements PostgreSQL plans once a connection, not once an execution."""

from django.db import connection
from django.db.backends.utils import CursorWrapper


def prepared_cursor() -> CursorWrapper:
    """Return a cursor for a statement that runs all the time; on SQLite, which plans in no time, an ordinary one.

    Django binds parameters in the client, so PostgreSQL sees another text each time, and planning the five joins of a
    check takes longer than running them.
    """
    if connection.vendor != "postgresql":
        return connection.cursor()
    connection.ensure_connection()
    # None, as Django leaves it, means never. Django's own cursors bind in the client and do not look at it.
    connection.connection.prepare_threshold = 2
    driver = connection.Database  # type: ignore[attr-defined]  # every backend calls its driver so
    cursor = driver.Cursor(connection.connection)
    return connection.make_debug_cursor(cursor) if connection.queries_logged else connection.make_cursor(cursor)
