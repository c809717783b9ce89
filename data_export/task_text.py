"""Tasks as JSON text with all that was said about them, as Label Studio writes them (§2.11 of the API).

The database makes the text of each row (`data_export.sql_json`); here rows only find their task. A few statements for a thousand tasks.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import connection

from data_export.sql_json import fraction, moment, plain, row_text, text, truth, uuid

if TYPE_CHECKING:
    from data_export.queries import Selection


@dataclass(frozen=True)
class Shape:
    """How whole a task is told: drafts and predictions as objects or as their ids, people as objects or as their ids, with the former states
    of annotations or without."""

    drafts: bool = True
    predictions: bool = True
    people: bool = False
    history: bool = False


WHOLE = Shape()


def task_texts(selection: Selection, shape: Shape = WHOLE) -> Iterator[list[str]]:
    """The selected tasks in the order of their ids, as JSON objects; a list per chunk."""
    project = selection.project.pk
    for rows in selection.pages(f"{_file(project)}, t.total_annotations + t.cancelled_annotations, t.total_predictions, {_tail(project)}"):
        ids = [row[0] for row in rows]
        annotations = _annotations(selection, ids, shape) if any(row[2] for row in rows) else {}
        predictions = _predictions(selection, ids, shape) if any(row[3] for row in rows) else {}
        drafts = _drafts(selection, ids, shape)
        nothing: list[str] = []
        yield [
            f'{{"id":{task},"annotations":[{",".join(annotations.get(task, nothing))}],"file_upload":{file},'
            f'"drafts":[{",".join(drafts.get(task, nothing))}],"predictions":[{",".join(predictions.get(task, nothing))}],{tail}}}'
            for task, file, _, _, tail in rows
        ]


def _file(project: int) -> str:
    # `file` is upload/<project>/<name>: the name is what clients know.
    return text(f"substr(f.file, {len(f'upload/{project}/') + 1})")


def _tail(project: int) -> str:
    return row_text(
        [
            ("data", plain("t.data")),
            ("meta", plain("t.meta")),
            ("created_at", moment("t.created_at")),
            ("updated_at", moment("t.updated_at")),
            ("allow_skip", truth("t.allow_skip")),
            ("inner_id", "t.inner_id"),
            ("total_annotations", "t.total_annotations"),
            ("cancelled_annotations", "t.cancelled_annotations"),
            ("total_predictions", "t.total_predictions"),
            ("comment_count", "0"),
            ("unresolved_comment_count", "0"),
            ("last_comment_updated_at", "'null'"),
            ("project", str(project)),
            ("updated_by", plain("t.updated_by_id")),
            ("comment_authors", "'[]'"),
        ]
    )


def _annotations(selection: Selection, ids: list[int], shape: Shape) -> dict[int, list[str]]:
    """Newest first."""
    fields = [
        ("id", "a.id"),
        ("completed_by", _person("u") if shape.people else plain("a.completed_by_id")),
        ("result", plain("a.result")),
        ("was_cancelled", truth("a.was_cancelled")),
        ("ground_truth", truth("a.ground_truth")),
        ("created_at", moment("a.created_at")),
        ("updated_at", moment("a.updated_at")),
        ("draft_created_at", moment("a.draft_created_at")),
        ("lead_time", fraction("a.lead_time")),
        ("prediction", plain("a.prediction")),
        ("result_count", "a.result_count"),
        ("unique_id", uuid("a.unique_id")),
        ("import_id", plain("a.import_id")),
        ("last_action", text("a.last_action")),
        ("bulk_created", truth("a.bulk_created")),
        ("task", "a.task_id"),
        ("project", "a.project_id"),
        ("updated_by", plain("a.updated_by_id")),
        ("parent_prediction", plain("a.parent_prediction_id")),
        ("parent_annotation", plain("a.parent_annotation_id")),
        ("last_created_by", "'null'"),
    ]
    if shape.history:
        fields.append(("history", _history()))
    table = "tasks_annotation a" + (" LEFT JOIN users_user u ON u.id = a.completed_by_id" if shape.people else "")
    return _by_task(f"'{{' || {row_text(fields)} || '}}'", table, "a", ids, "a.id DESC", selection.annotations_where)


def _predictions(selection: Selection, ids: list[int], shape: Shape) -> dict[int, list[str]]:
    fields = [
        ("id", "p.id"),
        ("model_version", text("p.model_version")),
        ("result", plain("p.result")),
        ("score", fraction("p.score")),
        ("cluster", plain("p.cluster")),
        ("neighbors", plain("p.neighbors")),
        ("mislabeling", fraction("p.mislabeling")),
        ("created_at", moment("p.created_at")),
        ("updated_at", moment("p.updated_at")),
        ("model", "'null'"),
        ("model_run", "'null'"),
        ("task", "p.task_id"),
        ("project", "p.project_id"),
    ]
    what = f"'{{' || {row_text(fields)} || '}}'" if shape.predictions else "CAST(p.id AS text)"
    return _by_task(what, "tasks_prediction p", "p", ids, "p.id")


def _drafts(selection: Selection, ids: list[int], shape: Shape) -> dict[int, list[str]]:
    fields = [
        ("id", "d.id"),
        ("user", text("u.email")),
        ("result", plain("d.result")),
        ("lead_time", fraction("d.lead_time")),
        ("was_postponed", truth("d.was_postponed")),
        ("import_id", plain("d.import_id")),
        ("created_at", moment("d.created_at")),
        ("updated_at", moment("d.updated_at")),
        ("task", "d.task_id"),
        ("annotation", plain("d.annotation_id")),
    ]
    what = f"'{{' || {row_text(fields)} || '}}'" if shape.drafts else "CAST(d.id AS text)"
    return _by_task(what, "tasks_draft d JOIN users_user u ON u.id = d.user_id", "d", ids, "d.id")


def _history() -> str:
    """Former states of an annotation, oldest first, as a list."""
    state = row_text(
        [
            ("version", "v.version"),
            ("result", plain("v.result")),
            ("was_cancelled", truth("v.was_cancelled")),
            ("ground_truth", truth("v.ground_truth")),
            ("lead_time", fraction("v.lead_time")),
            ("created_by", plain("v.written_by_id")),
            ("created_at", moment("v.written_at")),
            ("replaced_by", plain("v.replaced_by_id")),
            ("replaced_at", moment("v.replaced_at")),
            ("reason", text("v.reason")),
        ]
    )
    together = "string_agg(state, ',')" if connection.vendor == "postgresql" else "group_concat(state, ',')"
    return (
        f"'[' || coalesce((SELECT {together} FROM (SELECT '{{' || {state} || '}}' AS state FROM tasks_annotationversion v"
        " WHERE v.annotation_id = a.id ORDER BY v.version) states), '') || ']'"
    )


def _person(alias: str) -> str:
    fields = row_text(
        [
            ("id", f"{alias}.id"),
            ("email", text(f"{alias}.email")),
            ("first_name", text(f"{alias}.first_name")),
            ("last_name", text(f"{alias}.last_name")),
        ]
    )
    return f"CASE WHEN {alias}.id IS NULL THEN 'null' ELSE '{{' || {fields} || '}}' END"


def _by_task(what: str, table: str, alias: str, ids: list[int], order: str, where: str = "") -> dict[int, list[str]]:
    """`what` of the rows that belong to tasks, by task."""
    condition, parameters = of_tasks(alias, ids)
    found: dict[int, list[str]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {alias}.task_id, {what} FROM {table} WHERE {condition}{where} ORDER BY {alias}.task_id, {order}", parameters)
        for task, row in cursor.fetchall():
            found[task].append(row)
    return found


def of_tasks(alias: str, ids: list[int]) -> tuple[str, list[Any]]:
    """SQL about rows that belong to tasks, whose ids ascend. A range reads faster than a list of ids; it may only be used where few others lie in between."""
    if ids[-1] - ids[0] < 2 * len(ids):
        return f"{alias}.task_id BETWEEN %s AND %s", [ids[0], ids[-1]]
    return f"{alias}.task_id IN ({', '.join(['%s'] * len(ids))})", [*ids]
