"""What every database connection is given, and set-wise writing that is the same on SQLite and PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any

from django.db import connection, models

# SQLite binds at most 32,766 variables a statement (SQLITE_MAX_VARIABLE_NUMBER since 3.32); executemany has no such limit.
ROWS_PER_STATEMENT = 1_000


def prepare_connection(sender: Any, connection: Any, **_: Any) -> None:
    """RE2 as SQLite's REGEXP (linear time, whatever the pattern) and floats as text without loss; JSON columns as text on PostgreSQL."""
    if connection.vendor == "sqlite":
        connection.connection.create_function("float_text", 1, repr, deterministic=True)
        connection.connection.create_function("regexp", 2, _regexp, deterministic=True)
    else:
        import psycopg2.extras

        psycopg2.extras.register_default_json(connection.connection, loads=lambda text: text)


@lru_cache(256)
def compiled_regex(pattern: str) -> Any:
    """A compiled RE2 pattern. Raises `re2.error` for a pattern RE2 does not take (look-around, back references)."""
    import re2

    options = re2.Options()
    options.max_mem = 8 << 20
    options.log_errors = False
    return re2.compile(pattern, options)


def _regexp(pattern: object, text: object) -> bool | None:
    if pattern is None or text is None:
        return None
    return bool(compiled_regex(str(pattern)).search(str(text)))


def for_update() -> str:
    """SQL that locks the rows a SELECT finds until the transaction ends (SQLite's IMMEDIATE transaction already holds the one write lock)."""
    return " FOR UPDATE" if connection.vendor == "postgresql" else ""


def reserve_ids(model: type[models.Model], count: int) -> Sequence[int]:
    """Take `count` fresh ids of a table's sequence, in ascending order, so that rows can refer to each other before they are written.

    Must run inside a transaction. Ids are never given twice, not even after rows were deleted.
    """
    if count == 0:
        return []
    table = model._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                f"SELECT nextval(pg_get_serial_sequence('{table}', 'id')) FROM generate_series(1, %s)",
                [count],
            )
            return sorted(row[0] for row in cursor.fetchall())
        # The immediate transaction holds the write lock, so nobody else moves the sequence meanwhile.
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
        row = cursor.fetchone()
        last = row[0] if row else 0
        if row:
            cursor.execute(
                "UPDATE sqlite_sequence SET seq = %s WHERE name = %s",
                [last + count, table],
            )
        else:
            cursor.execute(
                "INSERT INTO sqlite_sequence (name, seq) VALUES (%s, %s)",
                [table, count],
            )
        return range(last + 1, last + count + 1)


def insert_rows(model: type[models.Model], columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """INSERT plain tuples, in the order of `columns` (database column names), without making model instances."""
    names = ", ".join(f'"{name}"' for name in columns)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            from psycopg2.extras import execute_values

            execute_values(
                cursor.cursor,
                f'INSERT INTO "{model._meta.db_table}" ({names}) VALUES %s',
                rows,
                page_size=ROWS_PER_STATEMENT,
            )
        else:
            # Straight to the driver: Django would rewrite placeholders and keep every statement's text.
            marks = ", ".join("?" * len(columns))
            cursor.cursor.connection.executemany(f'INSERT INTO "{model._meta.db_table}" ({names}) VALUES ({marks})', rows)


def column_time(moment: Any) -> Any:
    """A datetime as the database driver stores it in a DateTimeField (for `insert_rows` and raw SQL)."""
    return connection.ops.adapt_datetimefield_value(moment)


def time_sql(column: str) -> str:
    """SQL that reads a DateTimeField so that orjson can send it: ISO 8601 text on SQLite (where it is stored as text), a datetime on PostgreSQL."""
    return column if connection.vendor == "postgresql" else f"replace({column}, ' ', 'T') || 'Z'"
