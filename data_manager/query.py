"""What a client asks of the list of tasks: `query={filters, ordering, selectedItems}` (§2.9 of the API), read and checked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from data_manager.columns import Column, column_named, numeric
from data_manager.operators import condition, wrong
from data_manager.sql import Sql, compose, join

if TYPE_CHECKING:
    from projects.models import Project

MAX_FILTERS = 100
MAX_SELECTED = 100_000


@dataclass(frozen=True)
class TaskQuery:
    """`where` and `order` are SQL about the row `t` of tasks_task; None and empty mean all tasks in the order of their ids."""

    where: Sql | None = None
    order: Sequence[Sql] = ()
    descending: bool = False  # by id, when `order` is empty
    columns: tuple[str, ...] = field(default=())  # those named, for messages and tests


EVERYTHING = TaskQuery()


def read_query(project: Project, query: Any) -> TaskQuery:
    """A query as clients send it, checked. Raises `Refused` (400) for what is not in the language."""
    if query in (None, "", {}):
        return EVERYTHING
    if not isinstance(query, dict):
        raise wrong("query must be an object with filters, ordering and selectedItems.")
    conditions = [*_filters(project, query.get("filters")), *_selected(query.get("selectedItems"))]
    order, descending = _ordering(project, query.get("ordering"), query.get("columnsDisplayType"))
    return TaskQuery(join("AND", conditions) if conditions else None, order, descending)


def _filters(project: Project, filters: Any) -> list[Sql]:
    if not filters:
        return []
    if not isinstance(filters, dict) or not isinstance(filters.get("items", []), list):
        raise wrong('filters must be {"conjunction": "and" or "or", "items": […]}.')
    conjunction = filters.get("conjunction", "and")
    if conjunction not in ("and", "or"):
        raise wrong('The conjunction of filters is "and" or "or".')
    items = filters.get("items", [])
    if len(items) > MAX_FILTERS:
        raise wrong(f"At most {MAX_FILTERS} filters can be used together.")
    return [join(conjunction.upper(), [_item(project, item, depth=0) for item in items])] if items else []


def _item(project: Project, item: Any, *, depth: int) -> Sql:
    if not isinstance(item, dict) or not isinstance(item.get("filter"), str) or not isinstance(item.get("operator"), str):
        raise wrong('A filter is {"filter": "filter:tasks:id", "operator": "equal", "type": "Number", "value": 1}.')
    name = item["filter"]
    if not name.startswith("filter:tasks:"):
        raise wrong(f'A filter names its column like "filter:tasks:id", not "{name[:100]}".')
    column = _typed(column_named(name.removeprefix("filter:tasks:")), item.get("type"))
    found = condition(project, column, item["operator"], item.get("value"))
    child = item.get("child_filter")
    if child is None:
        return found
    if depth >= 3:
        raise wrong("Filters can be nested at most 3 deep.")
    return join("AND", [found, _item(project, child, depth=depth + 1)])


def _typed(column: Column, said: Any) -> Column:
    """A data column has the type that the client says; the others know their own."""
    return numeric(column) if column.name.startswith("data.") and said == "Number" else column


def _ordering(project: Project, ordering: Any, display: Any) -> tuple[list[Sql], bool]:
    """(`ORDER BY` expressions, whether the ids descend when there are none). Nulls come last either way."""
    if not ordering:
        return [], False
    if isinstance(ordering, str):
        ordering = [ordering]
    if not isinstance(ordering, list) or not all(isinstance(name, str) for name in ordering):
        raise wrong('ordering is a list like ["tasks:id"] or ["-tasks:data.text"].')
    kinds = display if isinstance(display, dict) else {}
    expressions: list[Sql] = []
    for position, said in enumerate(ordering):
        descending = said.startswith("-")
        name = said.lstrip("-").removeprefix("tasks:")
        column = _typed(column_named(name), kinds.get(f"tasks:{name}", kinds.get(name)))
        if name == "id":
            if position == 0:
                return [], descending
            break  # ids differ: nothing after them counts
        direction = "DESC" if descending else "ASC"
        expressions += [compose(f"{{}} {direction} NULLS LAST", part) for part in column.order_by(project)]
    return expressions, False


def _selected(selected: Any) -> list[Sql]:
    """`{all: true, excluded: […]}` or `{all: false, included: […]}`. An empty selection is nothing, never everything."""
    if selected is None:
        return []
    if not isinstance(selected, dict) or not isinstance(selected.get("all"), bool):
        raise wrong('selectedItems is {"all": true, "excluded": […]} or {"all": false, "included": […]}.')
    ids = selected.get("excluded" if selected["all"] else "included") or []
    if (
        not isinstance(ids, list)
        or len(ids) > MAX_SELECTED
        or not all(isinstance(task, int) and not isinstance(task, bool) and 0 <= task < 2**63 for task in ids)
    ):
        raise wrong(f"selectedItems lists at most {MAX_SELECTED:,} ids of tasks.")
    if not ids:
        return [] if selected["all"] else [Sql("1 = 0")]
    # One parameter however many ids: SQLite binds 32,766 at most.
    return [
        Sql(
            f"t.id {'NOT ' if selected['all'] else ''}IN (SELECT CAST(value AS bigint) FROM {_ids_table()})",
            ("[" + ",".join(map(str, ids)) + "]",),
        )
    ]


def _ids_table() -> str:
    from data_manager.sql import is_postgresql

    return "json_array_elements_text(%s::json)" if is_postgresql() else "json_each(%s)"
