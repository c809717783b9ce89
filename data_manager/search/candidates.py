"""Filters that the index helps: the ids of the tasks that they can let through, in order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from data_manager.columns import Column
from data_manager.operators import escaped, text, values, whole
from data_manager.search.demand import have_indexed, is_indexed
from data_manager.search.freshness import Behind, behind
from data_manager.search.index import facet_of_label
from data_manager.search.tables import TABLE, has_texts
from data_manager.sql import Sql, compose, is_postgresql, listed

if TYPE_CHECKING:
    from projects.models import Project

# Below so many tasks reading them all is quick, and the index is not asked.
LARGE = 20_000
MOST_TRIGRAMS = 12
NOT_INDEXED = ("\0", "\n", "\r")


@dataclass(frozen=True)
class Candidates:
    """`ids` selects `id` once for each task. `exact`: those are the tasks that the filter lets through; else they still have to be asked."""

    ids: Sql
    exact: bool


class Index:
    """The index of one project, for one query: how far it is behind is asked once, when first needed."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self._there: bool | None = None
        self._asked = False
        self._behind: Behind | None = None

    def candidates(self, column: Column, operator: str, value: Any, condition: Sql) -> Candidates | None:
        """For a filter whose SQL about the row `t` is `condition`; None when the index does not help."""
        if self.project.task_number < LARGE:
            return None
        found = self._found(column, operator, value)
        if found is None or not self._is_there() or (late := self._late()) is None:
            return None
        return Candidates(self._with_late(found.ids, condition, late), found.exact) if late else found

    def _is_there(self) -> bool:
        if self._there is None:
            self._there = is_indexed(self.project.pk)
            if not self._there:
                have_indexed(self.project.pk)
        return self._there

    def _late(self) -> Behind | None:
        if not self._asked:
            self._asked, self._behind = True, behind(self.project.pk)
        return self._behind

    def _found(self, column: Column, operator: str, value: Any) -> Candidates | None:
        if operator not in ("contains", "equal", "in_list"):
            return None
        if column.kind == "labels":
            return self._facets([facet_of_label(label) for label in values(value, column, text)])
        if column.name == "annotators":
            return self._facets([f"by:{user}" for user in values(value, column, whole)])
        if operator == "contains" and (column.kind == "data" or self._is_plain(column)):
            return self._texts(text(value, column), whole_data=column.kind == "data")
        return None

    @staticmethod
    def _is_plain(column: Column) -> bool:
        """Nested values stand in the index as JSON text, in which a value may be spelt otherwise."""
        return column.project_defined and column.type == "Unknown" and "." not in column.name[5:] and "[" not in column.name

    def _facets(self, names: list[str]) -> Candidates | None:
        if len(names) == 1:
            return Candidates(
                Sql(
                    "SELECT f.task_id AS id FROM data_manager_facet f WHERE f.project_id = %s AND f.name = %s", (self.project.pk, names[0])
                ),
                True,
            )
        among = compose("SELECT DISTINCT f.task_id AS id FROM data_manager_facet f WHERE f.project_id = %s AND f.name {}", listed(names))
        return Candidates(Sql(among.text, (self.project.pk, *among.params)), True) if names else None

    def _texts(self, words: str, *, whole_data: bool) -> Candidates | None:
        if len(words) < 3 or any(mark in words for mark in NOT_INDEXED) or not has_texts():
            return None
        pk = self.project.pk
        if is_postgresql():
            # The texts of all values stand line by line: for the whole data that is the answer itself.
            like = f"SELECT x.task_id AS id FROM {TABLE} x WHERE x.project_id = %s AND x.content ILIKE %s ESCAPE '\\'"
            return Candidates(Sql(like, (pk, f"%{escaped(words)}%")), whole_data)
        first = "(SELECT MIN(id) FROM tasks_task WHERE project_id = %s)"
        last = "(SELECT MAX(id) FROM tasks_task WHERE project_id = %s)"
        found = f"SELECT x.rowid AS id FROM {TABLE} x WHERE {TABLE} MATCH %s AND x.rowid BETWEEN {first} AND {last}"
        return Candidates(Sql(found, (trigrams(words), pk, pk)), False)

    def _with_late(self, ids: Sql, condition: Sql, late: Behind) -> Sql:
        """What the index says of the tasks that it knows as they are, and the filter itself of the others."""
        known = compose("SELECT k.id FROM ({}) k WHERE NOT {}", ids, late.holds("k.id"))
        others = compose("SELECT t.id FROM tasks_task t WHERE t.project_id = %s AND {} AND {}", late.holds("t.id"), condition)
        return compose("{} UNION ALL {}", known, Sql(others.text, (self.project.pk, *others.params)))


def trigrams(words: str) -> str:
    """An FTS5 query: every three letters that follow each other in the words, some of them when they are many."""
    every = list(dict.fromkeys(words[at : at + 3] for at in range(len(words) - 2)))
    step = max(1, len(every) // MOST_TRIGRAMS)
    quoted = ['"' + three.replace('"', '""') + '"' for three in every[::step]]
    return " AND ".join(quoted)
