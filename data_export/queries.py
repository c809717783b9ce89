"""Reading a project's tasks for export: in chunks along the ids, a few statements a chunk, never a whole project in memory."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.db import connection

from core.database import time_sql
from core.rawjson import read_json
from projects.models import ResultCount

if TYPE_CHECKING:
    from projects.models import Project

CHUNK = 1_000  # tasks
IDS_PER_STATEMENT = 10_000


@dataclass(frozen=True)
class Selection:
    """Which tasks: all of them, or only those somebody answered (skipped counts), or these ids."""

    project: Project
    all_tasks: bool = False
    ids: Sequence[int] | None = None


@dataclass
class Chunk:
    """Some tasks in the order of their ids. Rows are tuples, in the order of the columns below; JSON columns are text."""

    tasks: list[tuple[Any, ...]]
    annotations: dict[int, list[tuple[Any, ...]]] = field(default_factory=dict)
    predictions: dict[int, list[tuple[Any, ...]]] = field(default_factory=dict)
    drafts: dict[int, list[tuple[Any, ...]]] = field(default_factory=dict)


def task_columns(project: Project) -> str:
    # `file` is upload/<project>/<name>: the name is what clients know.
    return f"""t.id, substr(f.file, {len(f"upload/{project.pk}/") + 1}), t.data, t.meta, {time_sql("t.created_at")}, {time_sql("t.updated_at")}, t.allow_skip,
               t.inner_id, t.total_annotations, t.cancelled_annotations, t.total_predictions, t.updated_by_id,
               t.comment_count, t.unresolved_comment_count, {time_sql("t.last_comment_updated_at")}, t.comment_authors"""


def annotation_columns() -> str:
    return f"""a.task_id, a.id, a.completed_by_id, a.result, a.was_cancelled, a.ground_truth, {time_sql("a.created_at")}, {time_sql("a.updated_at")},
               {time_sql("a.draft_created_at")}, a.lead_time, a.prediction, a.result_count, a.unique_id, a.import_id, a.last_action, a.bulk_created,
               a.updated_by_id, a.parent_prediction_id, a.parent_annotation_id"""


def prediction_columns() -> str:
    return f"""p.task_id, p.id, p.model_version, p.result, p.score, p.cluster, p.neighbors, p.mislabeling, {time_sql("p.created_at")}, {time_sql("p.updated_at")}"""


def draft_columns() -> str:
    return f"""d.task_id, d.id, u.email, d.result, d.lead_time, d.was_postponed, d.import_id, {time_sql("d.created_at")}, {time_sql("d.updated_at")}, d.annotation_id"""


def chunks(selection: Selection, *, everything: bool = True) -> Iterator[Chunk]:
    """The selected tasks with their annotations (newest first), and with predictions and drafts when `everything`."""
    last = 0
    while True:
        tasks = _tasks(selection, last)
        if not tasks:
            return
        ids = [row[0] for row in tasks]
        last = ids[-1]
        chunk = Chunk(tasks)
        if any(row[8] or row[9] for row in tasks):
            chunk.annotations = _related("tasks_annotation a", annotation_columns(), "a", ids, "a.id DESC")
        if everything:
            if any(row[10] for row in tasks):
                chunk.predictions = _related("tasks_prediction p", prediction_columns(), "p", ids, "p.id")
            chunk.drafts = _related("tasks_draft d JOIN users_user u ON u.id = d.user_id", draft_columns(), "d", ids, "d.id")
        yield chunk
        if len(tasks) < CHUNK:
            return


def _tasks(selection: Selection, after: int) -> list[tuple[Any, ...]]:
    where, parameters = "t.project_id = %s AND t.id > %s", [selection.project.pk, after]
    if selection.ids is not None:
        ids = [task for task in selection.ids if task > after][:IDS_PER_STATEMENT]
        if not ids:
            return []
        where += f" AND t.id IN ({', '.join(['%s'] * len(ids))})"
        parameters += ids
    if not selection.all_tasks:
        where += " AND (t.total_annotations > 0 OR t.cancelled_annotations > 0)"
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {task_columns(selection.project)} FROM tasks_task t LEFT JOIN data_import_fileupload f ON f.id = t.file_upload_id WHERE {where} ORDER BY t.id LIMIT {CHUNK}",
            parameters,
        )
        found: list[tuple[Any, ...]] = cursor.fetchall()
    return found


def _related(table: str, columns: str, alias: str, ids: list[int], order: str) -> dict[int, list[tuple[Any, ...]]]:
    """Rows that belong to tasks, by task. A range reads faster than a list of ids; it may only be used where few others lie in between."""
    if ids[-1] - ids[0] < 2 * len(ids):
        where, parameters = f"{alias}.task_id BETWEEN %s AND %s", [ids[0], ids[-1]]
    else:
        where, parameters = f"{alias}.task_id IN ({', '.join(['%s'] * len(ids))})", ids
    found: dict[int, list[tuple[Any, ...]]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {columns} FROM {table} WHERE {where} ORDER BY {alias}.task_id, {order}", parameters)
        for row in cursor.fetchall():
            found[row[0]].append(row)
    return found


def data_columns(project: Project) -> list[str]:
    """Every key of the data of the project's tasks."""
    return list(read_json(project.data_columns))


def control_names(project: Project) -> list[str]:
    """The controls that the project's annotations have answers of."""
    return list(ResultCount.objects.filter(project=project, label="", annotations__gt=0).values_list("from_name", flat=True).distinct())
