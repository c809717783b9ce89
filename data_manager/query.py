"""What a client asks of the list of tasks: `query={filters, ordering, selectedItems}` (§2.9 of the API), read and checked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from data_manager.columns import column_named, typed
from data_manager.operators import MATCHES, condition, wrong
from data_manager.search.candidates import Candidates, Index
from data_manager.sql import Sql, compose, is_postgresql, join

if TYPE_CHECKING:
    from projects.models import Project

MAX_FILTERS = 100
MAX_SELECTED = 100_000
MAX_DEPTH = 5
MAX_KEYS = 10
GROUP = 'filters must be {"conjunction": "and" or "or", "items": […]}.'


@dataclass(frozen=True)
class Key:
    """Something to sort by. What is missing comes last either way."""

    value: Sql
    descending: bool
    never_null: bool = False

    def sql(self, *, reverse: bool = False) -> Sql:
        """For ORDER BY; only keys that are never null can be reversed."""
        direction = "DESC" if self.descending != reverse else "ASC"
        return compose(f"{{}} {direction}" if self.never_null else f"{{}} {direction} NULLS LAST", self.value)


@dataclass(frozen=True)
class Condition:
    """What must hold of the row `t`, and what the index knows of it."""

    sql: Sql
    candidates: Candidates | None = None


@dataclass(frozen=True)
class TaskQuery:
    """`where` and `order` are SQL about the row `t` of tasks_task; None and empty mean all tasks in the order of their ids.

    `order` are pairs of an expression and whether it descends; tasks that it leaves equal stand by id, `descending` as the first of them.
    """

    where: Sql | None = None
    order: Sequence[Key] = ()
    descending: bool = False
    # What the index makes of `where`: the ids that come into question, and what still has to be asked of them.
    ids: Sql | None = None
    rest: Sql | None = None

    def order_by(self, id_column: str = "t.id", *, reverse: bool = False) -> Sql:
        """What follows ORDER BY, ids last."""
        keys = [key.sql(reverse=reverse) for key in self.order]
        direction = "DESC" if self.descending != reverse else "ASC"
        return Sql(
            ", ".join([*(key.text for key in keys), f"{id_column} {direction}"]), tuple(value for key in keys for value in key.params)
        )

    @property
    def id_column(self) -> str:
        """The id of a task in the SQL of `totals.matched`: candidates of the index (`c`) stand in order already."""
        return "t.id" if self.ids is None else "c.id"

    @property
    def has_pattern(self) -> bool:
        """Whether a regular expression of the client's is part of it. (Ours stand in the text; a client's is a parameter.)"""
        return self.where is not None and MATCHES() in self.where.text

    @property
    def reversible(self) -> bool:
        """Whether the last page can be read from the end: nothing stands last whatever the direction."""
        return all(key.never_null for key in self.order)


EVERYTHING = TaskQuery()


def read_query(project: Project, query: Any) -> TaskQuery:
    """A query as clients send it, checked. Raises `Refused` (400) for what is not in the language."""
    if query in (None, "", {}):
        return EVERYTHING
    if not isinstance(query, dict):
        raise wrong("query must be an object with filters, ordering and selectedItems.")
    conditions = [*_filters(project, query.get("filters")), *_selected(query.get("selectedItems"))]
    order, descending = _ordering(project, query.get("ordering"), query.get("columnsDisplayType"))
    if not conditions:
        return TaskQuery(None, order, descending)
    where = join("AND", [each.sql for each in conditions])
    best = next((each for each in conditions if each.candidates), None)
    if best is None or best.candidates is None:
        return TaskQuery(where, order, descending)
    rest = [each.sql for each in conditions if each is not best or not best.candidates.exact]
    return TaskQuery(where, order, descending, best.candidates.ids, join("AND", rest) if rest else None)


def _filters(project: Project, filters: Any) -> list[Condition]:
    """The conditions that must all hold."""
    if not filters:
        return []
    if not isinstance(filters, dict):
        raise wrong(GROUP)
    count = [0]
    word, found = _group(Index(project), filters, count, depth=0)
    return found if word == "AND" or len(found) < 2 else [_joined(word, found)]


def _joined(word: str, found: Sequence[Condition]) -> Condition:
    """One condition; where all must hold, candidates of one are candidates of all."""
    sql = join(word, [each.sql for each in found])
    helped = next((each.candidates for each in found if each.candidates), None) if word == "AND" or len(found) == 1 else None
    return Condition(sql, Candidates(helped.ids, helped.exact and len(found) == 1) if helped else None)


def _group(index: Index, group: dict[str, Any], count: list[int], *, depth: int) -> tuple[str, list[Condition]]:
    conjunction, items = group.get("conjunction", "and"), group.get("items", [])
    if not isinstance(items, list):
        raise wrong(GROUP)
    if conjunction not in ("and", "or"):
        raise wrong('The conjunction of filters is "and" or "or".')
    return conjunction.upper(), [_item(index, item, count, depth=depth) for item in items]


def _item(index: Index, item: Any, count: list[int], *, depth: int) -> Condition:
    """A filter, or a group of filters in brackets: `{"conjunction": "or", "items": […]}`."""
    if depth > MAX_DEPTH:
        raise wrong(f"Filters can be nested at most {MAX_DEPTH} deep.")
    count[0] += 1
    if count[0] > MAX_FILTERS:
        raise wrong(f"At most {MAX_FILTERS} filters can be used together.")
    if isinstance(item, dict) and "items" in item and "filter" not in item:
        if item["items"] == []:
            raise wrong("A group of filters has at least one filter.")
        return _joined(*_group(index, item, count, depth=depth + 1))
    if not isinstance(item, dict) or not isinstance(item.get("filter"), str) or not isinstance(item.get("operator"), str):
        raise wrong('A filter is {"filter": "filter:tasks:id", "operator": "equal", "type": "Number", "value": 1}.')
    name = item["filter"]
    if not name.startswith("filter:tasks:"):
        raise wrong(f'A filter names its column like "filter:tasks:id", not "{name[:100]}".')
    column = typed(column_named(name.removeprefix("filter:tasks:")), item.get("type"))
    sql = condition(index.project, column, item["operator"], item.get("value"))
    found = Condition(sql, index.candidates(column, item["operator"], item.get("value"), sql))
    children = [child for child in (item.get("child_filter"), *_children(item)) if child is not None]
    return _joined("AND", [found, *(_item(index, child, count, depth=depth + 1) for child in children)]) if children else found


def _children(item: dict[str, Any]) -> list[Any]:
    found = item.get("child_filters") or []
    if not isinstance(found, list):
        raise wrong("child_filters is a list of filters.")
    return found


def _ordering(project: Project, ordering: Any, display: Any) -> tuple[list[Key], bool]:
    """(the keys to sort by, whether ids descend where these are equal)."""
    if not ordering:
        return [], False
    if isinstance(ordering, str):
        ordering = [ordering]
    if not isinstance(ordering, list) or not all(isinstance(name, str) for name in ordering):
        raise wrong('ordering is a list like ["tasks:id"] or ["-tasks:data.text"].')
    if len(ordering) > MAX_KEYS:
        raise wrong(f"Tasks can be ordered by at most {MAX_KEYS} columns.")
    kinds = display if isinstance(display, dict) else {}
    keys: list[Key] = []
    for said in ordering:
        descending = said.startswith("-")
        name = said.removeprefix("-").removeprefix("tasks:")
        column = typed(column_named(name), kinds.get(f"tasks:{name}", kinds.get(name)))
        if name == "id":
            return keys, descending  # ids differ: nothing after them counts
        keys += [Key(part, descending, column.never_null) for part in column.order_by(project)]
    return keys, keys[0].descending


def _selected(selected: Any) -> list[Condition]:
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
        return [] if selected["all"] else [Condition(Sql("1 = 0"))]
    # One parameter however many ids: SQLite binds 32,766 at most.
    return [
        Condition(
            Sql(
                f"t.id {'NOT ' if selected['all'] else ''}IN (SELECT CAST(value AS bigint) FROM {_ids_table()})",
                ("[" + ",".join(map(str, ids)) + "]",),
            )
        )
    ]


def _ids_table() -> str:
    return "json_array_elements_text(%s::json)" if is_postgresql() else "json_each(%s)"
