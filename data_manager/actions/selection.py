"""Which tasks an action is asked for: filters and selected items, kept as SQL; never a list of everything."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from data_manager.operators import wrong
from data_manager.queries import task_ids
from data_manager.query import TaskQuery, read_query
from data_manager.sql import Sql
from tasks.sets import IdSet, rows

if TYPE_CHECKING:
    from projects.models import Project


@dataclass(frozen=True)
class Selection:
    """`said` is what the client sent (`filters`, `ordering`, `selectedItems`), so that a job can read it again."""

    project: Project
    said: dict[str, Any]
    query: TaskQuery

    @property
    def sql(self) -> Sql:
        """Selects the ids of the tasks."""
        return task_ids(self.project, self.query)

    @property
    def set(self) -> IdSet:
        """The tasks, for `id IN (…)`."""
        return IdSet(self.sql.text, self.sql.params)

    def after(self, task_id: int, count: int) -> list[int]:
        """The next tasks behind an id, in the order of ids."""
        found = self.sql
        return [row[0] for row in rows(f"{found.text} AND t.id > %s ORDER BY t.id LIMIT {count}", [*found.params, task_id])]

    def count(self, most: int | None = None) -> int:
        """How many tasks; counting stops at `most`."""
        found = self.sql
        if most is None and self.query.where is None:
            return int(self.project.task_number)
        bound = "" if most is None else f" LIMIT {most}"
        return int(rows(f"SELECT COUNT(*) FROM ({found.text}{bound}) AS selected", found.params)[0][0])


def read_selection(project: Project, said: dict[str, Any], *, explicit: bool) -> Selection:
    """The selection of a request's body (or a view's). Without `selectedItems` it is every task that the filters let through.

    `explicit` (for actions that take something away) refuses that with 400: nobody deletes everything by leaving something out.
    """
    kept = {name: said[name] for name in ("filters", "ordering", "selectedItems", "columnsDisplayType") if said.get(name) is not None}
    if explicit and "selectedItems" not in kept:
        raise wrong('Say which tasks: selectedItems {"all": false, "included": [1, 2]}, or {"all": true, "excluded": []} for all.')
    return Selection(project, kept, read_query(project, kept))


def counts_of(selection: Selection, names: tuple[str, ...]) -> dict[str, int]:
    """How much of what an action would change, for its dialog."""
    found = selection.sql
    project = selection.project
    if selection.query.where is None:
        known = {
            "tasks": project.task_number,
            "annotations": project.total_annotations_number + project.skipped_annotations_number,
            "predictions": project.total_predictions_number,
        }
    else:
        number, made, skipped, predicted = rows(
            f"""SELECT COUNT(*), SUM(s.total_annotations), SUM(s.cancelled_annotations), SUM(s.total_predictions)
                FROM tasks_task s WHERE s.id IN ({found.text})""",
            found.params,
        )[0]
        known = {"tasks": number, "annotations": int(made or 0) + int(skipped or 0), "predictions": int(predicted or 0)}
    if "drafts" in names:
        known["drafts"] = rows(
            f"SELECT COUNT(*) FROM tasks_draft d WHERE +d.project_id = %s AND d.task_id IN ({found.text})", [project.pk, *found.params]
        )[0][0]
    return {name: int(known[name]) for name in dict.fromkeys(("tasks", *names))}
