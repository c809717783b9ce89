"""JSON text that the database makes itself: a row becomes one string, which goes out as it is.

Each function takes the SQL of a value and returns the SQL of its JSON text. Stored JSON is put in place unparsed; text is quoted by the database.
Making objects of a row's columns in Python only to write them out again costs five times as much.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.db import connection

Field = tuple[str, str]  # key, SQL of its JSON text


def row_text(fields: Sequence[Field]) -> str:
    """SQL of `"key":value,…` without braces, for a statement with parameters (a percent sign stands twice)."""
    pattern = ",".join(f'"{key}":%%s' for key, _ in fields)
    return f"{'format' if _postgresql() else 'printf'}('{pattern}', {', '.join(sql for _, sql in fields)})"


def plain(column: str) -> str:
    """A whole number, or a column of JSON."""
    return f"coalesce({column}::text, 'null')" if _postgresql() else f"coalesce({column}, 'null')"


def fraction(column: str) -> str:
    """A floating-point number, with as many digits as it needs to be read back equal (SQLite itself writes fifteen)."""
    return plain(column) if _postgresql() else f"CASE WHEN {column} IS NULL THEN 'null' ELSE float_text({column}) END"


def text(column: str) -> str:
    return f"coalesce(to_json({column})::text, 'null')" if _postgresql() else f"json_quote({column})"


def truth(column: str) -> str:
    return f"CASE WHEN {column} THEN 'true' ELSE 'false' END"


def moment(column: str) -> str:
    """A date and time in UTC, as ISO 8601."""
    if _postgresql():
        return f"coalesce(left(to_json({column} AT TIME ZONE 'UTC')::text, -1) || 'Z\"', 'null')"
    return f"coalesce('\"' || replace({column}, ' ', 'T') || 'Z\"', 'null')"


def uuid(column: str) -> str:
    """A UUID with its dashes; SQLite keeps its digits only."""
    if _postgresql():
        return f"'\"' || {column} || '\"'"
    parts = " || '-' || ".join(f"substr({column}, {start}, {length})" for start, length in ((1, 8), (9, 4), (13, 4), (17, 4), (21, 12)))
    return f"'\"' || {parts} || '\"'"


def _postgresql() -> bool:
    return connection.vendor == "postgresql"
