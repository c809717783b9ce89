"""JSON text that the database makes itself: a row becomes one string, which goes out as it is.

Each function takes the SQL of a value and returns its `Text`. Stored JSON is put in place unparsed; text is quoted by the database. Making
objects of a row's columns in Python only to write them out again costs several times as much.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.db import connection


@dataclass(frozen=True)
class Text:
    """JSON text as a pattern with a `%s` for each of the SQL values."""

    pattern: str
    values: tuple[str, ...] = ()


def row(fields: Mapping[str, Text]) -> Text:
    """An object of these fields."""
    return Text(
        "{" + ",".join(f'"{key}":{text.pattern}' for key, text in fields.items()) + "}",
        tuple(value for text in fields.values() for value in text.values),
    )


def sql(text: Text) -> str:
    """The SQL of a text, for a statement with parameters (so a percent sign stands twice)."""
    function = "format" if _postgresql() else "printf"
    return f"{function}('{text.pattern.replace('%', '%%')}', {', '.join(text.values)})"


def constant(said: str) -> Text:
    return Text(said)


def plain(column: str) -> Text:
    """A column of JSON that is never null."""
    return Text("%s", (column,))


def whole(column: str) -> Text:
    """A whole number that is never null."""
    return Text("%s" if _postgresql() else "%d", (column,))


def or_null(column: str) -> Text:
    """A whole number or a column of JSON."""
    return Text("%s", (f"coalesce({column}::text, 'null')" if _postgresql() else f"coalesce({column}, 'null')",))


def fraction(column: str) -> Text:
    """A floating-point number, with as many digits as it needs to be read back equal (SQLite itself writes fifteen)."""
    return or_null(column) if _postgresql() else Text("%s", (f"CASE WHEN {column} IS NULL THEN 'null' ELSE float_text({column}) END",))


def quoted(column: str) -> Text:
    return Text("%s", (f"coalesce(to_json({column})::text, 'null')" if _postgresql() else f"json_quote({column})",))


def truth(column: str) -> Text:
    return Text("%s", (f"CASE WHEN {column} THEN 'true' ELSE 'false' END",))


def moment(column: str) -> Text:
    """A date and time in UTC, as ISO 8601; never null."""
    if _postgresql():
        # With six digits or none, as everywhere else: to_json would leave out zeros at the end.
        utc = f"({column} AT TIME ZONE 'UTC')"
        digits = f"CASE WHEN date_trunc('second', {utc}) = {utc} THEN '' ELSE '.US' END"
        return Text('"%sZ"', (f"to_char({utc}, 'YYYY-MM-DD\"T\"HH24:MI:SS' || {digits})",))
    return Text('"%sZ"', (f"replace({column}, ' ', 'T')",))


def moment_or_null(column: str) -> Text:
    known = moment(column)
    return Text("%s", (f"CASE WHEN {column} IS NULL THEN 'null' ELSE {sql(known)} END",))


def uuid(column: str) -> Text:
    """A UUID with its dashes; SQLite keeps its digits only."""
    if _postgresql():
        return Text('"%s"', (column,))
    parts = ((1, 8), (9, 4), (13, 4), (17, 4), (21, 12))
    return Text('"%s-%s-%s-%s-%s"', tuple(f"substr({column}, {start}, {length})" for start, length in parts))


def _postgresql() -> bool:
    return connection.vendor == "postgresql"
