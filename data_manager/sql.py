"""Pieces of SQL with their parameters. Everything that comes from a client is a parameter; text is only ever ours."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.db import connection

from core.database import column_time
from core.rawjson import json_text

# A day that exists, so that no database refuses it: month lengths and leap years (and no year 0), then a time and an offset or none.
_LEAP = r"([0-9][0-9](0[48]|[2468][048]|[13579][26])|(0[48]|[2468][048]|[13579][26])00)"
_DAY = (
    r"((000[1-9]|00[1-9][0-9]|0[1-9][0-9][0-9]|[1-9][0-9][0-9][0-9])-((0[1-9]|1[0-2])-(0[1-9]|1[0-9]|2[0-8])|(0[13-9]|1[0-2])-(29|30)|(0[13578]|1[02])-31)"
    rf"|{_LEAP}-02-29)"
)
MOMENT = rf"^{_DAY}([T ]([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9](\.[0-9]+)?)?(Z|[+-](0[0-9]|1[0-3]):[0-5][0-9])?)?$"
INDEX = re.compile(r"\[([0-9]{1,9})\]")
# How a value of `json_each(t.data) v` reads as text, on SQLite.
VALUE_TEXT = "CASE v.type WHEN 'true' THEN 'true' WHEN 'false' THEN 'false' ELSE CAST(v.value AS TEXT) END"
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


def segments(key: str) -> list[str]:
    """The steps of a dotted key: `a.b[0].c` and `a.b.0.c` alike."""
    return [step for step in INDEX.sub(r".\1", key).split(".") if step]


def _paths(key: str) -> list[str]:
    """SQLite paths under which a key may stand: as it is spelt, then step by step, then with steps of digits as places in lists."""
    steps = segments(key)
    found = [_path([key])]
    if len(steps) > 1:
        found.append(_path(steps))
        if any(step.isdigit() for step in steps):
            found.append("$" + "".join(f"[{int(step)}]" if step.isdigit() else _path([step])[1:] for step in steps))
    return found


def data_value(key: str) -> Sql:
    """The value of a key of the task's data: text, or on SQLite also a number (JSON text for lists and objects); null when it is missing.

    A dotted key reads what is nested, unless the data has a key of that very name.
    """
    if is_postgresql():
        return data_text(key)
    return _first([Sql("json_extract(t.data, %s)", (path,)) for path in _paths(key)])


def data_text(key: str) -> Sql:
    """As `data_value`, always text: `true` for true, JSON text for lists and objects."""
    steps = segments(key)
    if is_postgresql():
        nested = [Sql("t.data #>> %s", (steps,))] if len(steps) > 1 else []
        return _first([Sql("(t.data ->> %s)", (key,)), *nested])
    truth = "CASE json_type(t.data, %s) WHEN 'true' THEN 'true' WHEN 'false' THEN 'false' ELSE CAST(json_extract(t.data, %s) AS TEXT) END"
    return _first([Sql(truth, (path, path)) for path in _paths(key)])


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


def data_time(key: str) -> Sql:
    """The value of a data key as a time, where it is ISO 8601 text of a day that exists; without an offset it is UTC."""
    value = data_text(key)
    if is_postgresql():
        return compose(f"(CASE WHEN {{}} ~ '{MOMENT}' THEN ({{}})::timestamptz END)", value, value)
    # As Django writes a time: without a fraction when it is zero.
    whole = "strftime('%%Y-%%m-%%d %%H:%%M:%%S', {})"
    part = "CASE WHEN strftime('%%f', {}) LIKE '%%.000' THEN '' ELSE substr(strftime('%%f', {}), 3) || '000' END"
    return compose(f"(CASE WHEN {{}} REGEXP '{MOMENT}' THEN {whole} || {part} END)", value, value, value, value)


def data_truth(key: str) -> Sql:
    """The value of a data key as true or false; null where it is neither (text that spells one counts)."""
    return compose("(CASE lower({}) WHEN 'true' THEN TRUE WHEN 'false' THEN FALSE END)", data_text(key))


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


def some_value(test: str, pattern: str) -> Sql:
    """Whether some top-level value of the data, as text, meets a test with one `%s`."""
    if is_postgresql():
        return Sql(f"EXISTS (SELECT 1 FROM json_each_text(t.data) v WHERE v.value {test})", (pattern,))
    return Sql(f"EXISTS (SELECT 1 FROM json_each(t.data) v WHERE {VALUE_TEXT} {test})", (pattern,))


def listed(values: list[Any]) -> Sql:
    """`IN (…)` or `= ANY(…)` with one parameter for any number of values of one type."""
    if not is_postgresql():
        return Sql("IN (SELECT value FROM json_each(%s))", (json_text(values),))
    if all(isinstance(value, int) for value in values):
        return Sql("= ANY(%s::bigint[])", (values,))
    if all(isinstance(value, int | float) for value in values):
        return Sql("= ANY(%s::float8[])", (values,))
    return Sql("= ANY(%s::text[])" if isinstance(values[0], str) else "= ANY(%s::timestamptz[])", (values,))


def _first(found: list[Sql]) -> Sql:
    """The first that is not null."""
    if len(found) == 1:
        return found[0]
    return compose(f"COALESCE({', '.join(['{}'] * len(found))})", *found)


def json_as_text(column: str) -> str:
    return f"{column}::text" if is_postgresql() else column


def json_equal(column: str, value: Any) -> Sql:
    """Whether a JSON column equals a value (on SQLite: is written alike, white space aside)."""
    if is_postgresql():
        return Sql(f"{column}::jsonb = %s::jsonb", (json_text(value),))
    return Sql(f"json({column}) = json(%s)", (json_text(value),))


@cache
def label_keys() -> list[str]:
    """The keys of a result's value under which labels stand: `choices`, `rectanglelabels`, …"""
    from labeling.results import label_keys as by_type

    return sorted(set(by_type().values()))


def moment_param(value: Any) -> Any:
    """A datetime as a parameter that compares with DateTimeField columns."""
    return column_time(value)


def _path(keys: list[str]) -> str:
    """A SQLite JSON path. Keys stand in quotes; one with a quote in it cannot be named in a path of SQLite and finds nothing."""
    return "$" + "".join(f'."{key}"' if '"' not in key else '."\x01"' for key in keys)
