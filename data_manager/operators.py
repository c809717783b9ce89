"""The operators of filters (§2.9 of the API), by the type of the column. Unknown operators and values of a wrong type are 400."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from core.database import compiled_regex
from core.errors import Refused
from core.requests import moment
from data_manager.columns import Column
from data_manager.sql import Sql, compose, is_postgresql, join, json_as_text, json_equal, moment_param

if TYPE_CHECKING:
    from projects.models import Project

MAX_REGEX = 1_000
MAX_LIST = 10_000
COMPARISONS = {"equal": "=", "less": "<", "greater": ">", "less_or_equal": "<=", "greater_or_equal": ">="}
EMPTY_IS_ZERO = {"total_annotations", "cancelled_annotations", "total_predictions"}

Operator = Callable[["Project", Column, Any], Sql]


def condition(project: Project, column: Column, operator: str, value: Any) -> Sql:
    """SQL that is true for the tasks a filter item lets through. Raises `Refused` (400)."""
    table = BY_KIND.get(column.kind) or BY_TYPE.get(column.type, TEXT)
    found = table.get(operator)
    if found is None:
        raise wrong(f'"{operator}" is not an operator of the column {column.name}. It has: {", ".join(sorted(table))}.')
    return found(project, column, value)


def wrong(sentence: str) -> Refused:
    return Refused("Validation error", 400, fields={"non_field_errors": [sentence]})


def number(value: Any, column: Column) -> float | int:
    if isinstance(value, str):
        try:
            value = float(value) if any(mark in value for mark in ".eE") else int(value)
        except ValueError:
            value = None
    if isinstance(value, bool) or not isinstance(value, int | float) or value != value or abs(value) >= 2**63:
        raise wrong(f"{column.name} is compared with a number, like 5 or 0.5.")
    return value


def time(value: Any, column: Column) -> Any:
    try:
        found = moment(value, column.name)
    except Refused:
        found = None
    if found is None:
        raise wrong(f"{column.name} is compared with a date and time, like 2026-11-21T10:30:00Z.")
    return moment_param(found)


def text(value: Any, column: Column) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int | float) or "\0" in str(value):
        raise wrong(f"{column.name} is compared with text.")
    return str(value)


def truth(value: Any, column: Column) -> bool:
    if isinstance(value, str) and value.lower() in ("true", "false"):
        return value.lower() == "true"
    if not isinstance(value, bool):
        raise wrong(f"{column.name} is compared with true or false.")
    return value


def values(value: Any, column: Column, convert: Callable[[Any, Column], Any]) -> list[Any]:
    if not isinstance(value, list):
        value = [value]
    if len(value) > MAX_LIST:
        raise wrong(f"A filter on {column.name} may list at most {MAX_LIST:,} values.")
    return [convert(item, column) for item in value]


def negated(positive: Operator) -> Operator:
    """True where `positive` is not, also where the value is missing."""

    def operator(project: Project, column: Column, value: Any) -> Sql:
        return compose("NOT COALESCE({}, FALSE)", positive(project, column, value))

    return operator


def compared(sign: str, convert: Callable[[Any, Column], Any]) -> Operator:
    def operator(project: Project, column: Column, value: Any) -> Sql:
        return compose(f"({{}} {sign} %s)", column.value(project)).filled_with(convert(value, column))

    return operator


def between(convert: Callable[[Any, Column], Any]) -> Operator:
    def operator(project: Project, column: Column, value: Any) -> Sql:
        if not isinstance(value, dict) or not {"min", "max"} & value.keys():
            raise wrong(f'The value of "in" for {column.name} is {{"min": …, "max": …}}.')
        found = column.value(project)
        ends = [(">=", value.get("min")), ("<=", value.get("max"))]
        return join(
            "AND", [compose(f"({{}} {sign} %s)", found).filled_with(convert(end, column)) for sign, end in ends if end not in (None, "")]
        )

    return operator


def one_of(convert: Callable[[Any, Column], Any]) -> Operator:
    def operator(project: Project, column: Column, value: Any) -> Sql:
        wanted = values(value, column, convert)
        if not wanted:
            return Sql("1 = 0")
        return compose(
            f"({{}} IN ({', '.join(['%s'] * len(wanted))}))", as_text(column.value(project)) if convert is text else column.value(project)
        ).filled_with(*wanted)

    return operator


def empty(project: Project, column: Column, value: Any) -> Sql:
    found = column.value(project)
    if column.name in EMPTY_IS_ZERO:
        return compose("({} = 0)" if truth(value, column) else "({} <> 0)", found)
    if column.type in ("String", "Unknown") and not column.kind:
        return compose("COALESCE({}, '') = ''" if truth(value, column) else "COALESCE({}, '') <> ''", as_text(found))
    return compose("{} IS NULL" if truth(value, column) else "{} IS NOT NULL", found)


def as_text(value: Sql) -> Sql:
    return compose("({})::text" if is_postgresql() else "CAST({} AS TEXT)", value)


def like(pattern: Callable[[str], str]) -> Operator:
    def operator(project: Project, column: Column, value: Any) -> Sql:
        escaped = text(value, column).replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
        word = "ILIKE" if is_postgresql() else "LIKE"
        return compose(f"({{}} {word} %s ESCAPE '\\')", as_text(column.value(project))).filled_with(pattern(escaped))

    return operator


def regex(project: Project, column: Column, value: Any) -> Sql:
    """RE2's language on both databases; PostgreSQL runs what RE2 accepts."""
    import re2

    pattern = text(value, column)
    try:
        if len(pattern) > MAX_REGEX:
            raise ValueError
        compiled_regex(pattern)
    except (re2.error, ValueError):
        raise wrong(
            f"The regular expression cannot be used: at most {MAX_REGEX:,} characters in RE2's syntax (no look-around, no back references)."
        ) from None
    return compose(f"({{}} {'~' if is_postgresql() else 'REGEXP'} %s)", as_text(column.value(project))).filled_with(pattern)


def text_equal(project: Project, column: Column, value: Any) -> Sql:
    return compose("({} = %s)", as_text(column.value(project))).filled_with(text(value, column))


def table_of(column: Column) -> str:
    return "tasks_annotation" if column.name.startswith("annot") else "tasks_prediction"


def by_user(project: Project, column: Column, value: Any) -> Sql:
    users = [int(number(user, column)) for user in values(value, column, number)]
    marks = ", ".join(["%s"] * len(users)) or "NULL"
    if column.name == "updated_by":
        return Sql(f"t.updated_by_id IN ({marks})", tuple(users))
    return Sql(f"EXISTS (SELECT 1 FROM tasks_annotation a WHERE a.task_id = t.id AND a.completed_by_id IN ({marks}))", tuple(users))


def by_id(project: Project, column: Column, value: Any) -> Sql:
    words = value if isinstance(value, list) else text(value, column).replace(",", " ").split()
    ids = [int(number(word, column)) for word in words]
    marks = ", ".join(["%s"] * len(ids)) or "NULL"
    return Sql(f"EXISTS (SELECT 1 FROM {table_of(column)} a WHERE a.task_id = t.id AND a.id IN ({marks}))", tuple(ids))


def by_version(project: Project, column: Column, value: Any) -> Sql:
    versions = values(value, column, text)
    marks = ", ".join(["%s"] * len(versions)) or "NULL"
    return Sql(f"EXISTS (SELECT 1 FROM tasks_prediction p WHERE p.task_id = t.id AND p.model_version IN ({marks}))", tuple(versions))


def result_contains(project: Project, column: Column, value: Any) -> Sql:
    found = json_as_text("a.result")
    inside = f"position(%s in {found}) > 0" if is_postgresql() else f"instr({found}, %s) > 0"
    return Sql(f"EXISTS (SELECT 1 FROM {table_of(column)} a WHERE a.task_id = t.id AND {inside})", (text(value, column),))


def result_equal(project: Project, column: Column, value: Any) -> Sql:
    from core.rawjson import JSONRefused, read_json

    try:
        wanted = read_json(value) if isinstance(value, str) else value
    except JSONRefused:
        raise wrong(f"{column.name} is compared with a result in JSON.") from None
    return compose(f"EXISTS (SELECT 1 FROM {table_of(column)} a WHERE a.task_id = t.id AND {{}})", json_equal("a.result", wanted))


NUMBER: dict[str, Operator] = {
    **{name: compared(sign, number) for name, sign in COMPARISONS.items()},
    "not_equal": negated(compared("=", number)),
    "in": between(number),
    "not_in": negated(between(number)),
    "in_list": one_of(number),
    "not_in_list": negated(one_of(number)),
    "empty": empty,
}
TIME: dict[str, Operator] = {
    **{name: compared(sign, time) for name, sign in COMPARISONS.items()},
    "not_equal": negated(compared("=", time)),
    "in": between(time),
    "not_in": negated(between(time)),
    "empty": empty,
}
TEXT: dict[str, Operator] = {
    "equal": text_equal,
    "not_equal": negated(text_equal),
    "contains": like(lambda escaped: f"%{escaped}%"),
    "not_contains": negated(like(lambda escaped: f"%{escaped}%")),
    "starts_with": like(lambda escaped: f"{escaped}%"),
    "ends_with": like(lambda escaped: f"%{escaped}"),
    "in_list": one_of(text),
    "not_in_list": negated(one_of(text)),
    "regex": regex,
    "empty": empty,
}
TRUTH: dict[str, Operator] = {"equal": compared("=", truth), "not_equal": negated(compared("=", truth)), "empty": empty}
USERS: dict[str, Operator] = {
    "contains": by_user,
    "not_contains": negated(by_user),
    "in_list": by_user,
    "not_in_list": negated(by_user),
    "empty": empty,
}
IDS: dict[str, Operator] = {"contains": by_id, "not_contains": negated(by_id), "equal": by_id, "not_equal": negated(by_id), "empty": empty}
VERSIONS: dict[str, Operator] = {
    "contains": by_version,
    "not_contains": negated(by_version),
    "equal": by_version,
    "not_equal": negated(by_version),
    "empty": empty,
}
RESULTS: dict[str, Operator] = {
    "contains": result_contains,
    "not_contains": negated(result_contains),
    "equal": result_equal,
    "not_equal": negated(result_equal),
    "empty": empty,
}

BY_TYPE = {"Number": NUMBER, "Datetime": TIME, "Boolean": TRUTH, "String": TEXT, "Unknown": TEXT}
BY_KIND = {"users": USERS, "ids": IDS, "versions": VERSIONS, "results": RESULTS}
