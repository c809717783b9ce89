"""Tasks as JSON text with all that was said about them, as Label Studio writes them (§2.11 of the API).

The database makes the text of each row (`data_export.sql_json`); here rows only find their task. A few statements for a thousand tasks.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from django.db import connection

from data_export.key_frames import with_every_frame
from data_export.sql_json import Text, constant, fraction, moment, moment_or_null, or_null, plain, quoted, row, sql, truth, uuid, whole

if TYPE_CHECKING:
    from data_export.queries import Selection


@dataclass(frozen=True)
class Shape:
    """How whole a task is told: drafts and predictions as objects or as their ids, people as objects or as their ids, with the former states
    of annotations or without, regions of videos with every frame or with their key frames."""

    drafts: bool = True
    predictions: bool = True
    people: bool = False
    history: bool = False
    key_frames: bool = False  # filled in


WHOLE = Shape()


def task_texts(selection: Selection, shape: Shape = WHOLE) -> Iterator[list[str]]:
    """The selected tasks in the order of their ids, as JSON objects; a list per chunk."""
    project = selection.project.pk
    for rows in selection.pages(f"{_file(project)}, t.total_annotations + t.cancelled_annotations, t.total_predictions, {_tail(project)}"):
        ids = [found[0] for found in rows]
        annotations = _annotations(selection, ids, shape) if any(found[2] for found in rows) else {}
        predictions = _predictions(selection, ids, shape) if any(found[3] for found in rows) else {}
        drafts = _drafts(selection, ids, shape)
        told = [
            f'{{"id":{task},"annotations":[{annotations.get(task, "")}],"file_upload":{file},"drafts":[{drafts.get(task, "")}],"predictions":[{predictions.get(task, "")}],{tail}'
            for task, file, _, _, tail in rows
        ]
        yield [with_every_frame(task) for task in told] if shape.key_frames else told


def _file(project: int) -> str:
    # `file` is upload/<project>/<name>: the name is what clients know.
    return sql(quoted(f"substr(f.file, {len(f'upload/{project}/') + 1})"))


def _tail(project: int) -> str:
    told = row(
        {
            "data": plain("t.data"),
            "meta": plain("t.meta"),
            "created_at": moment("t.created_at"),
            "updated_at": moment("t.updated_at"),
            "allow_skip": truth("t.allow_skip"),
            "inner_id": whole("t.inner_id"),
            "total_annotations": whole("t.total_annotations"),
            "cancelled_annotations": whole("t.cancelled_annotations"),
            "total_predictions": whole("t.total_predictions"),
            "comment_count": whole("t.comment_count"),
            "unresolved_comment_count": whole("t.unresolved_comment_count"),
            "last_comment_updated_at": moment_or_null("t.last_comment_updated_at"),
            "project": constant(str(project)),
            "updated_by": or_null("t.updated_by_id"),
            "comment_authors": plain("t.comment_authors"),
        }
    )
    return sql(Text(told.pattern[1:], told.values))  # without the brace that opens it


def _annotations(selection: Selection, ids: list[int], shape: Shape) -> dict[int, str]:
    """Newest first."""
    fields = {
        "id": whole("a.id"),
        "completed_by": _person("u") if shape.people else or_null("a.completed_by_id"),
        "result": or_null("a.result"),
        "was_cancelled": truth("a.was_cancelled"),
        "ground_truth": truth("a.ground_truth"),
        "created_at": moment("a.created_at"),
        "updated_at": moment("a.updated_at"),
        "draft_created_at": moment_or_null("a.draft_created_at"),
        "lead_time": fraction("a.lead_time"),
        "prediction": plain("a.prediction"),
        "result_count": whole("a.result_count"),
        "unique_id": uuid("a.unique_id"),
        "import_id": or_null("a.import_id"),
        "last_action": quoted("a.last_action"),
        "bulk_created": truth("a.bulk_created"),
        "task": whole("a.task_id"),
        "project": whole("a.project_id"),
        "updated_by": or_null("a.updated_by_id"),
        "parent_prediction": or_null("a.parent_prediction_id"),
        "parent_annotation": or_null("a.parent_annotation_id"),
        "last_created_by": constant("null"),
    }
    if shape.history:
        fields["history"] = _history()
    table = "tasks_annotation a" + (" LEFT JOIN users_user u ON u.id = a.completed_by_id" if shape.people else "")
    return _by_task(sql(row(fields)), table, "a", ids, newest_first=True, where=selection.annotations_where)


def _predictions(selection: Selection, ids: list[int], shape: Shape) -> dict[int, str]:
    fields = {
        "id": whole("p.id"),
        "model_version": quoted("p.model_version"),
        "result": plain("p.result"),
        "score": fraction("p.score"),
        "cluster": or_null("p.cluster"),
        "neighbors": or_null("p.neighbors"),
        "mislabeling": fraction("p.mislabeling"),
        "created_at": moment("p.created_at"),
        "updated_at": moment("p.updated_at"),
        "model": constant("null"),
        "model_run": constant("null"),
        "task": whole("p.task_id"),
        "project": whole("p.project_id"),
    }
    what = sql(row(fields)) if shape.predictions else "CAST(p.id AS text)"
    return _by_task(what, "tasks_prediction p", "p", ids)


def _drafts(selection: Selection, ids: list[int], shape: Shape) -> dict[int, str]:
    fields = {
        "id": whole("d.id"),
        "user": quoted("u.email"),
        "result": plain("d.result"),
        "lead_time": fraction("d.lead_time"),
        "was_postponed": truth("d.was_postponed"),
        "import_id": or_null("d.import_id"),
        "created_at": moment("d.created_at"),
        "updated_at": moment("d.updated_at"),
        "task": whole("d.task_id"),
        "annotation": or_null("d.annotation_id"),
    }
    what = sql(row(fields)) if shape.drafts else "CAST(d.id AS text)"
    return _by_task(what, "tasks_draft d JOIN users_user u ON u.id = d.user_id", "d", ids)


def _history() -> Text:
    """Former states of an annotation, oldest first, as a list."""
    state = row(
        {
            "version": whole("v.version"),
            "result": or_null("v.result"),
            "was_cancelled": truth("v.was_cancelled"),
            "ground_truth": truth("v.ground_truth"),
            "lead_time": fraction("v.lead_time"),
            "created_by": or_null("v.written_by_id"),
            "created_at": moment("v.written_at"),
            "replaced_by": or_null("v.replaced_by_id"),
            "replaced_at": moment("v.replaced_at"),
            "reason": quoted("v.reason"),
        }
    )
    together = "string_agg" if connection.vendor == "postgresql" else "group_concat"
    states = f"SELECT {sql(state)} AS state FROM tasks_annotationversion v WHERE v.annotation_id = a.id ORDER BY v.version"
    return Text("[%s]", (f"coalesce((SELECT {together}(state, ',') FROM ({states}) states), '')",))


def _person(alias: str) -> Text:
    told = row(
        {
            "id": whole(f"{alias}.id"),
            "email": quoted(f"{alias}.email"),
            "first_name": quoted(f"{alias}.first_name"),
            "last_name": quoted(f"{alias}.last_name"),
        }
    )
    return Text("%s", (f"CASE WHEN {alias}.id IS NULL THEN 'null' ELSE {sql(told)} END",))


def _by_task(what: str, table: str, alias: str, ids: list[int], *, newest_first: bool = False, where: str = "") -> dict[int, str]:
    """`what` of the rows that belong to tasks, by task: with commas between them, in the order of the rows' ids."""
    condition, parameters = of_tasks(alias, ids)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {alias}.task_id, {alias}.id, {what} FROM {table} WHERE {condition}{where}", parameters)
        rows = cursor.fetchall()
    found = {task: told for task, _, told in rows}
    if len(found) == len(rows):
        return found
    # Sorted here: a database that sorts carries the long texts along.
    rows.sort(key=itemgetter(1), reverse=newest_first)
    several: dict[int, list[str]] = defaultdict(list)
    for task, _, told in rows:
        several[task].append(told)
    return {task: ",".join(texts) for task, texts in several.items()}


def of_tasks(alias: str, ids: list[int]) -> tuple[str, list[Any]]:
    """SQL about rows that belong to tasks, whose ids ascend. A range reads faster than a list of ids; it may only be used where few others lie in between."""
    if ids[-1] - ids[0] < 2 * len(ids):
        return f"{alias}.task_id BETWEEN %s AND %s", [ids[0], ids[-1]]
    return f"{alias}.task_id IN ({', '.join(['%s'] * len(ids))})", [*ids]
