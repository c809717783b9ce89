"""Pieces of SQL with their parameters. Everything that comes from a client is a parameter; text is only ever ours."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import connection

from core.database import column_time
from core.rawjson import json_text

NUMBER = r"^\s*-?[0-9]+(\.[0-9]+)?([eE][-+]?[0-9]+)?\s*$"


@dataclass(frozen=True)
class Sql:
    """SQL text with `%s` placeholders, and the values for them in order."""

    text: str
    params: tuple[Any, ...] = ()

    def filled_with(self, *values: Any) -> Sql:
        """The same text with the values of its last placeholders."""
        return Sql(self.text, (*self.params, *values))


def join(word: str, parts: Iterable[Sql]) -> Sql:
    """`(a AND b)`; without parts it is true for AND and false for OR."""
    found = list(parts)
    if not found:
        return Sql("1 = 1" if word == "AND" else "1 = 0")
    return Sql("(" + f" {word} ".join(part.text for part in found) + ")", tuple(value for part in found for value in part.params))


def compose(template: str, *parts: Sql) -> Sql:
    """`compose("CASE WHEN {} > 1 THEN {} END", a, b)`: parts put in place, parameters in the order of the parts."""
    return Sql(template.format(*(part.text for part in parts)), tuple(value for part in parts for value in part.params))


def is_postgresql() -> bool:
    return connection.vendor == "postgresql"


def data_value(key: str) -> Sql:
    """The value of a key of the task's data: text, or on SQLite also a number (JSON text for lists and objects); null when it is missing.

    A dotted key reads what is nested, unless the data has a key of that very name.
    """
    if is_postgresql():
        found = Sql("t.data ->> %s", (key,))
        if "." in key:
            found = compose("COALESCE({}, t.data #>> %s)", found)
            found = Sql(found.text, (*found.params, key.split(".")))
        return Sql(f"({found.text})", found.params)
    found = Sql("json_extract(t.data, %s)", (_path([key]),))
    if "." in key:
        found = Sql("COALESCE(json_extract(t.data, %s), json_extract(t.data, %s))", (_path([key]), _path(key.split("."))))
    return found


def data_number(key: str) -> Sql:
    """The value of a data key as a number; null where it is not one (text that spells a number counts)."""
    value = data_value(key)
    if is_postgresql():
        return compose(f"(CASE WHEN {{}} ~ '{NUMBER}' THEN ({{}})::float8 END)", value, value)
    return compose(
        f"(CASE WHEN typeof({{}}) IN ('integer', 'real') THEN {{}} WHEN {{}} REGEXP '{NUMBER}' THEN CAST({{}} AS REAL) END)",
        value,
        value,
        value,
        value,
    )


def data_order(key: str) -> list[Sql]:
    """What to sort by for a data key, the same on both databases: numbers by size, then text."""
    if is_postgresql():
        return [
            Sql(
                f"(CASE WHEN json_typeof(t.data -> %s) = 'number' THEN {(value := data_value(key)).text}::float8 END)", (key, *value.params)
            ),
            Sql(f'{value.text} COLLATE "C"', value.params),
        ]
    return [data_value(key)]


def json_as_text(column: str) -> str:
    return f"{column}::text" if is_postgresql() else column


def json_equal(column: str, value: Any) -> Sql:
    """Whether a JSON column equals a value (on SQLite: is written alike, white space aside)."""
    if is_postgresql():
        return Sql(f"{column}::jsonb = %s::jsonb", (json_text(value),))
    return Sql(f"json({column}) = json(%s)", (json_text(value),))


def moment_param(value: Any) -> Any:
    """A datetime as a parameter that compares with DateTimeField columns."""
    return column_time(value)


def _path(keys: list[str]) -> str:
    """A SQLite JSON path. Keys stand in quotes; one with a quote in it cannot be named in a path of SQLite and finds nothing."""
    return "$" + "".join(f'."{key}"' if '"' not in key else '."\x01"' for key in keys)
