"""The operators of filters (§2.9 of the API), by the type of the column. Unknown operators and values of a wrong type are 400."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.db import DataError, transaction

from core.database import compiled_regex
from core.errors import Refused
from core.rawjson import JSONRefused, read_json
from core.requests import moment
from data_manager.columns import Column
from data_manager.sql import Sql, compose, is_postgresql, join, json_as_text, json_equal, label_keys, listed, moment_param, some_value
from tasks.sets import rows

if TYPE_CHECKING:
    from projects.models import Project

MAX_REGEX = 1_000
MAX_LIST = 10_000
COMPARISONS = {"equal": "=", "less": "<", "greater": ">", "less_or_equal": "<=", "greater_or_equal": ">="}
EMPTY_IS_ZERO = {"total_annotations", "cancelled_annotations", "total_predictions", "comments", "comment_count", "unresolved_comment_count"}

Operator = Callable[["Project", Column, Any], Sql]


def condition(project: Project, column: Column, operator: str, value: Any) -> Sql:
    """SQL that is true for the tasks a filter item lets through. Raises `Refused` (400)."""
    table = BY_KIND.get(column.kind) or BY_TYPE[column.type]
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
        return compose("({} {})", as_text(column, project) if convert is text else column.value(project), listed(wanted))

    return operator


def empty(project: Project, column: Column, value: Any) -> Sql:
    found = column.value(project)
    yes = truth(value, column)
    if column.name in EMPTY_IS_ZERO:
        return compose("({} = 0)" if yes else "({} <> 0)", found)
    if column.type in ("String", "Unknown") and not column.kind:
        return compose("COALESCE({}, '') = ''" if yes else "COALESCE({}, '') <> ''", as_text(column, project))
    return compose("{} IS NULL" if yes else "{} IS NOT NULL", found)


def exists(project: Project, column: Column, value: Any) -> Sql:
    """The opposite of empty; a value of false turns it round, any other is passed over."""
    return empty(project, column, value is False or (isinstance(value, str) and value.lower() == "false"))


def as_text(column: Column, project: Project) -> Sql:
    value = column.value(project)
    if column.project_defined and column.type == "Unknown":
        return value
    return compose("({})::text" if is_postgresql() else "CAST({} AS TEXT)", value)


def like(pattern: Callable[[str], str]) -> Operator:
    def operator(project: Project, column: Column, value: Any) -> Sql:
        return compose(f"({{}} {LIKE()})", as_text(column, project)).filled_with(pattern(escaped(text(value, column))))

    return operator


def LIKE() -> str:
    return "ILIKE %s ESCAPE '\\'" if is_postgresql() else "LIKE %s ESCAPE '\\'"


def escaped(words: str) -> str:
    """Text for a LIKE pattern in which nothing is a wildcard."""
    return words.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def pattern_of(value: Any, column: Column) -> str:
    """A regular expression that both engines take: RE2's language; PostgreSQL is asked too. Raises `Refused` (400)."""
    import re2

    pattern = text(value, column)
    try:
        if len(pattern) > MAX_REGEX:
            raise ValueError
        compiled_regex(pattern)
        if is_postgresql():
            with transaction.atomic():
                rows("SELECT '' ~ %s", [pattern])
    except (re2.error, ValueError, DataError):
        raise wrong(
            f"The regular expression cannot be used: at most {MAX_REGEX:,} characters in RE2's syntax (no look-around, no back references)."
        ) from None
    return pattern


def MATCHES() -> str:
    return "~ %s" if is_postgresql() else "REGEXP %s"


def regex(project: Project, column: Column, value: Any) -> Sql:
    return compose(f"({{}} {MATCHES()})", as_text(column, project)).filled_with(pattern_of(value, column))


def text_equal(project: Project, column: Column, value: Any) -> Sql:
    return compose("({} = %s)", as_text(column, project)).filled_with(text(value, column))


def some_in_data(shape: Callable[[str], str]) -> Operator:
    return lambda project, column, value: some_value(LIKE(), shape(escaped(text(value, column))))


def regex_in_data(project: Project, column: Column, value: Any) -> Sql:
    return some_value(MATCHES(), pattern_of(value, column))


def table_of(column: Column) -> str:
    return "tasks_prediction" if column.name.startswith("pred") else "tasks_annotation"


def by_user(project: Project, column: Column, value: Any) -> Sql:
    users = values(value, column, whole)
    if column.name == "updated_by":
        return compose("(t.updated_by_id {})", listed(users)) if users else Sql("1 = 0")
    return _some("tasks_annotation", "a.completed_by_id", users)


def by_nobody(project: Project, column: Column, value: Any) -> Sql:
    """For columns that no task has anything in yet."""
    values(value, column, whole)
    return Sql("1 = 0")


def by_id(project: Project, column: Column, value: Any) -> Sql:
    words = value if isinstance(value, list) else text(value, column).replace(",", " ").split()
    return _some(table_of(column), "a.id", values(words, column, whole))


def by_version(project: Project, column: Column, value: Any) -> Sql:
    return _some("tasks_prediction", "a.model_version", values(value, column, text))


def version_regex(project: Project, column: Column, value: Any) -> Sql:
    return Sql(
        f"EXISTS (SELECT 1 FROM tasks_prediction a WHERE a.task_id = t.id AND a.model_version {MATCHES()})", (pattern_of(value, column),)
    )


def _some(table: str, field: str, wanted: list[Any]) -> Sql:
    if not wanted:
        return Sql("1 = 0")
    return compose(f"EXISTS (SELECT 1 FROM {table} a WHERE a.task_id = t.id AND {field} {{}})", listed(wanted))


def by_label(project: Project, column: Column, value: Any) -> Sql:
    """Some annotation names one of the labels, where labels stand: in a value's labels, choices or paths, or on a relation."""
    wanted = values(value, column, text)
    if not wanted:
        return Sql("1 = 0")
    if is_postgresql():
        paths = " || ".join(f"jsonb_path_query_array(a.result::jsonb, '$[*].value.{key}.**')" for key in label_keys())
        named = f"jsonb_path_query_array(a.result::jsonb, '$[*].labels.**') || {paths}"
        inside = f"jsonb_exists_any({named}, %s::text[])"
        return Sql(f"EXISTS (SELECT 1 FROM tasks_annotation a WHERE a.task_id = t.id AND a.result_count > 0 AND {inside})", (wanted,))
    places = " OR ".join(f"j.fullkey GLOB '$[[]*].value.{key}*'" for key in label_keys())
    return compose(
        f"""EXISTS (SELECT 1 FROM tasks_annotation a, json_tree(a.result) j WHERE a.task_id = t.id AND a.result_count > 0
            AND j.type = 'text' AND j.atom {{}} AND ({places} OR j.fullkey GLOB '$[[]*].labels*'))""",
        listed(wanted),
    )


def result_contains(project: Project, column: Column, value: Any) -> Sql:
    found = json_as_text("a.result")
    inside = f"position(%s in {found}) > 0" if is_postgresql() else f"instr({found}, %s) > 0"
    return _some_result(column, Sql(inside, (text(value, column),)))


def result_like(shape: Callable[[str], str]) -> Operator:
    return lambda project, column, value: _some_result(
        column, Sql(f"{json_as_text('a.result')} {LIKE()}", (shape(escaped(text(value, column))),))
    )


def result_regex(project: Project, column: Column, value: Any) -> Sql:
    return _some_result(column, Sql(f"{json_as_text('a.result')} {MATCHES()}", (pattern_of(value, column),)))


def result_equal(project: Project, column: Column, value: Any) -> Sql:
    try:
        wanted = read_json(value) if isinstance(value, str) else value
    except JSONRefused:
        raise wrong(f"{column.name} is compared with a result in JSON.") from None
    return _some_result(column, json_equal("a.result", wanted))


def _some_result(column: Column, condition: Sql) -> Sql:
    return compose(f"EXISTS (SELECT 1 FROM {table_of(column)} a WHERE a.task_id = t.id AND {{}})", condition)


def whole(value: Any, column: Column) -> int:
    found = number(value, column)
    if found != int(found):
        raise wrong(f"{column.name} is compared with ids, like 5.")
    return int(found)


def _middle(words: str) -> str:
    return f"%{words}%"


def _beginning(words: str) -> str:
    return f"{words}%"


def _end(words: str) -> str:
    return f"%{words}"


EMPTINESS: dict[str, Operator] = {"empty": empty, "exists": exists, "not_exists": negated(exists)}


def with_opposites(**found: Operator) -> dict[str, Operator]:
    """The operators, each with its `not_…`, and those of emptiness."""
    return {**found, **{f"not_{name}": negated(operator) for name, operator in found.items()}, **EMPTINESS}


WORDS: dict[str, Operator] = {"contains": like(_middle), "starts_with": like(_beginning), "ends_with": like(_end), "regex": regex}


def ordered(convert: Callable[[Any, Column], Any]) -> dict[str, Operator]:
    """What numbers and times can be asked."""
    return {
        **{name: compared(sign, convert) for name, sign in COMPARISONS.items() if name != "equal"},
        **with_opposites(**{"equal": compared("=", convert), "in": between(convert), "in_list": one_of(convert)}),
    }


def listing(by: Operator, **more: Operator) -> dict[str, Operator]:
    """What columns that stand for several rows can be asked: whether one of these is among them."""
    return with_opposites(contains=by, equal=by, in_list=by, **more)


BY_TYPE: dict[str, dict[str, Operator]] = {
    "Number": {**ordered(number), **with_opposites(**WORDS)},
    "Datetime": ordered(time),
    "Boolean": with_opposites(equal=compared("=", truth)),
    "String": with_opposites(equal=text_equal, in_list=one_of(text), **WORDS),
}
BY_TYPE["Unknown"] = BY_TYPE["String"]
BY_KIND: dict[str, dict[str, Operator]] = {
    "users": listing(by_user),
    "ids": listing(by_id),
    "versions": listing(by_version, regex=version_regex),
    "labels": listing(by_label),
    "nobody": listing(by_nobody),
    "results": with_opposites(
        contains=result_contains,
        equal=result_equal,
        regex=result_regex,
        starts_with=result_like(_beginning),
        ends_with=result_like(_end),
    ),
    "data": with_opposites(
        contains=some_in_data(_middle),
        equal=some_in_data(lambda words: words),
        starts_with=some_in_data(_beginning),
        ends_with=some_in_data(_end),
        regex=regex_in_data,
    ),
}
