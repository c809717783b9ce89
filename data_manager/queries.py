"""Pages of tasks: few statements whatever the fields, whatever the size of the project."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import connection
from django.db.models import QuerySet

from core.actor import Actor
from core.errors import not_found
from core.rawjson import read_json
from data_manager import rows
from data_manager.bounded import TookTooLong
from data_manager.models import View
from data_manager.query import TaskQuery
from data_manager.sql import Sql
from data_manager.totals import STRIDE, Totals, last_known, matched, totals_of
from projects.models import ResultCount
from tasks import sets

if TYPE_CHECKING:
    from projects.models import Project


# Until so many tasks a query is counted and read in one statement.
SMALL = 20_000
# What a page that does not wait for its totals waits at most, in seconds.
QUICK = 0.04
# What the first page waits at most, in seconds: clients read the totals off it.
PATIENT = 1.0
LAST_ID = 2**63 - 1


@dataclass(frozen=True)
class Page:
    """`tasks` in the order asked for, as dictionaries ready to be sent; `totals` of everything the query finds.

    `late`: counting takes longer than the page; `totals` say how many tasks there are at least, on a page that waited how many there were when
    they were last counted, else how many there can be at most.
    """

    tasks: list[dict[str, Any]]
    totals: Totals
    late: bool = False


def page_of_tasks(
    actor: Actor, project: Project, query: TaskQuery, *, page: int, size: int, fields: rows.Fields, wait: bool = True
) -> Page:
    """One page, in few statements. The first may be empty; another one past the end is a 404, at which clients stop asking.

    `wait=False`: totals that are dear to count may come later (`totals_of`); else they are waited for a second.
    """
    offset = (page - 1) * size
    if query.where is None:
        totals: Totals | None = totals_of(project, query)
    elif project.task_number <= SMALL:
        ids, totals = _counted(project, query, offset, size)
        return _page(actor, project, _tasks(project, ids, fields), totals, page, fields)
    else:
        totals = _totals(project, query, wait=wait)
    if query.where is None and not query.order:
        found = _tasks_by_id(project, offset, size, project.task_number, fields, descending=query.descending)
    else:
        found = _tasks(project, _ids(project, query, offset, size, totals), fields)
    if totals is not None:
        return _page(actor, project, found, totals, page, fields)
    if wait and len(found) == size:
        # Who reckons pages by the total must not miss tasks: a page too many is a 404, at which clients stop.
        most = Totals(project.task_number, project.total_annotations_number, project.total_predictions_number)
        return _page(actor, project, found, last_known(project, query) or most, page, fields, late=True)
    least = Totals(offset + len(found) + (len(found) == size), 0, 0)
    return _page(actor, project, found, least, page, fields, late=len(found) == size)


def _page(
    actor: Actor, project: Project, found: list[tuple[Any, ...]], totals: Totals, page: int, fields: rows.Fields, *, late: bool = False
) -> Page:
    if not found and page > 1:
        raise not_found("Invalid page.")
    return Page(rows.dress(actor, project, found, fields) if found else [], totals, late)


def _totals(project: Project, query: TaskQuery, *, wait: bool) -> Totals | None:
    try:
        return totals_of(project, query, within=PATIENT if wait else QUICK)
    except TookTooLong:
        return None


def _ids(project: Project, query: TaskQuery, offset: int, size: int, totals: Totals | None) -> list[int]:
    """The ids of a page of what a query finds: from the mark before it when there are marks, else from the nearer end."""
    total = totals.tasks if totals else None
    if total is not None and offset >= total:
        return []
    if not query.order and totals and totals.marks and (not query.descending or offset + size <= totals.tasks):
        return _ids_from_mark(project, query, offset, size, totals)
    reverse = total is not None and query.reversible and offset > total // 2
    end = min(offset + size, total) if total is not None else offset + size
    order = query.order_by(query.id_column, reverse=reverse)
    select = matched(project, query)
    found = sets.rows(
        f"{select.text} ORDER BY {order.text} LIMIT %s OFFSET %s",
        [*select.params, *order.params, end - offset, (total or 0) - end if reverse else offset],
    )
    ids = [row[0] for row in found]
    return ids[::-1] if reverse else ids


def _ids_from_mark(project: Project, query: TaskQuery, offset: int, size: int, totals: Totals) -> list[int]:
    if query.descending:
        offset = totals.tasks - offset - size
    first, further = divmod(offset, STRIDE)
    behind = (offset + size) // STRIDE + 1
    ids: list[int] = []
    if behind < len(totals.marks):
        ids = _ids_between(project, query, totals.marks[first], totals.marks[behind], further, size)
    if len(ids) < size:  # the last stretch, or tasks have gone since the marks were made
        ids = _ids_between(project, query, totals.marks[first], LAST_ID, further, size)
    return ids[::-1] if query.descending else ids


def _ids_between(project: Project, query: TaskQuery, first: int, behind: int, offset: int, size: int) -> list[int]:
    select = matched(project, query)
    found = sets.rows(
        f"{select.text} AND {query.id_column} >= %s AND {query.id_column} < %s ORDER BY {query.id_column} LIMIT %s OFFSET %s",
        [*select.params, first, behind, size, offset],
    )
    return [row[0] for row in found]


def task_ids(project: Project, query: TaskQuery) -> Sql:
    """SQL that selects the ids of all tasks of a project that a query finds: what actions and snapshots work on."""
    where = query.where or Sql("1 = 1")
    return Sql(f"SELECT t.id FROM tasks_task t WHERE t.project_id = %s AND {where.text}", (project.pk, *where.params))


def _tasks_by_id(project: Project, offset: int, size: int, total: int, fields: rows.Fields, *, descending: bool) -> list[tuple[Any, ...]]:
    """A page in the order of ids: by a range of ids when the project has no gaps, else along the index from the nearer end."""
    if offset >= total:
        return []
    first, last = _id_range(project)
    if last - first + 1 == total:
        low, high = (last - offset - size + 1, last - offset) if descending else (first + offset, first + offset + size - 1)
        found = rows.select_tasks(project, Sql("t.project_id = %s AND t.id BETWEEN %s AND %s", (project.pk, low, high)), fields)
    else:
        end = min(offset + size, total)
        from_end = offset > total // 2
        forward = descending == from_end
        ids = Sql(
            f"SELECT id FROM tasks_task WHERE project_id = %s ORDER BY id {'ASC' if forward else 'DESC'} LIMIT %s OFFSET %s",
            (project.pk, end - offset, total - end if from_end else offset),
        )
        found = rows.select_tasks(project, Sql(f"t.id IN ({ids.text})", ids.params), fields)
    return sorted(found, key=lambda row: row[0], reverse=descending)


def _id_range(project: Project) -> tuple[int, int]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT (SELECT id FROM tasks_task WHERE project_id = %s ORDER BY id LIMIT 1), (SELECT id FROM tasks_task WHERE project_id = %s ORDER BY id DESC LIMIT 1)",
            [project.pk, project.pk],
        )
        first, last = cursor.fetchone()
    return first or 0, last or -1


def _counted(project: Project, query: TaskQuery, offset: int, size: int) -> tuple[list[int], Totals]:
    """The ids of a page, and the totals, in one statement."""
    columns = "COUNT(*) OVER (), SUM(t.total_annotations) OVER (), SUM(t.total_predictions) OVER ()"
    select, order = matched(project, query, columns), query.order_by(query.id_column)
    found = sets.rows(f"{select.text} ORDER BY {order.text} LIMIT %s OFFSET %s", [*select.params, *order.params, size, offset])
    totals = Totals(found[0][1], int(found[0][2] or 0), int(found[0][3] or 0)) if found else Totals(0, 0, 0)
    return [row[0] for row in found], totals


def _tasks(project: Project, ids: Sequence[int], fields: rows.Fields) -> list[tuple[Any, ...]]:
    if not ids:
        return []
    found = {row[0]: row for row in rows.select_tasks(project, Sql(f"t.id IN ({', '.join(map(str, ids))})"), fields)}
    return [found[task] for task in ids if task in found]


def list_views(actor: Actor, project: Project | None) -> QuerySet[View]:
    """The views that the actor sees, of one project or of all, as the tabs stand."""
    found = View.objects.visible_to(actor)
    if project is not None:
        found = found.filter(project=project)
    return found.order_by("project_id", "order", "pk")


def get_view(actor: Actor, view_id: int) -> View:
    """With its project. Raises 404 for a view that is not there or not the actor's to see."""
    view = View.objects.visible_to(actor).select_related("project__created_by").filter(pk=view_id).first()
    if view is None:
        raise not_found()
    return view


def query_of_view(view: View) -> dict[str, Any]:
    """What a view asks of the tasks, as `read_query` takes it."""
    data = read_json(view.data)
    return {key: data[key] for key in ("filters", "ordering", "selectedItems", "columnsDisplayType") if data.get(key)}


def labels(project: Project) -> list[str]:
    """The labels that annotations of the project give, in the order of their names."""
    found = ResultCount.objects.filter(project=project, annotations__gt=0).exclude(label="")
    return sorted(set(found.values_list("label", flat=True)))


def model_versions(project: Project) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT model_version FROM tasks_prediction WHERE project_id = %s ORDER BY model_version", [project.pk])
        return [version or "" for (version,) in cursor.fetchall()]
