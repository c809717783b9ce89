"""The body of a request, in Label Studio's shapes (§1.15): `{action, <key>: …, task?, project}`.

It is made when the request is sent: from the event, the annotation's version that the event speaks of, and the task and project as they are now.
What has been deleted meanwhile is `{"id": …}`. Events about many objects are told in pieces: each `Piece` says where the next one begins.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection

from core.events.models import Event
from core.rawjson import dump_json, fragment, read_json
from core.requests import moment
from labels.api import label_json, link_json
from labels.models import LabelLink
from projects.models import Project
from projects.render import project_json
from tasks.models import Annotation, AnnotationVersion
from tasks.render import select_tasks, task_json
from tasks.sets import ids as id_set
from tasks.sets import rows

TASKS_IN_A_PIECE = 5_000
ANNOTATIONS_IN_A_PIECE = 500
BYTES_IN_A_PIECE = 8 << 20
# Of the project's API fields, those that are about the person who asks.
NOT_IN_PROJECT = frozenset({"queue_total", "queue_done"})


@dataclass(frozen=True)
class Piece:
    """`body` is what one request carries; `next` where the next one begins, None after the last."""

    body: bytes
    next: int | None = None


@dataclass(frozen=True)
class _Parts:
    named: dict[str, Any]
    next: int | None = None


def piece_of(action: str, event: Event, begin: int, *, payload: bool = True) -> Piece:
    """The request's body from `begin` on (0 at first). Without `payload` it is only the action's name, once."""
    if not payload:
        return Piece(dump_json({"action": action}))
    parts = _MAKERS[action](event, begin)
    return Piece(dump_json({"action": action, **parts.named}), parts.next)


def _project_changed(event: Event, begin: int) -> _Parts:
    return _Parts({"project": _project(event)})


def _project_deleted(event: Event, begin: int) -> _Parts:
    return _Parts({"project": {"id": event.project_id}})


def _tasks_created(event: Event, begin: int) -> _Parts:
    """`begin` is the last task that has been sent."""
    named: list[int] = read_json(event.ids)
    if read_json(event.meta).get("range"):
        condition, params = "t.project_id = %s AND t.id > %s AND t.id <= %s", [event.project_id, max(begin, named[0] - 1), named[1]]
    else:
        wanted = id_set(named)
        condition, params = f"t.project_id = %s AND t.id > %s AND t.id IN ({wanted.text})", [event.project_id, begin, *wanted.params]
    length = "octet_length(t.data::text)" if connection.vendor == "postgresql" else "LENGTH(t.data)"
    found = rows(f"SELECT t.id, {length} FROM tasks_task t WHERE {condition} ORDER BY t.id LIMIT {TASKS_IN_A_PIECE + 1}", params)
    taken, size = 0, 0
    for _pk, bytes_ in found[:TASKS_IN_A_PIECE]:
        if taken and size + bytes_ > BYTES_IN_A_PIECE:
            break
        taken, size = taken + 1, size + bytes_
    last = found[taken - 1][0] if found else begin
    shown = select_tasks(f"{condition} AND t.id <= %s", [*params, last]) if found else []
    return _Parts(
        {"tasks": [task_json(row, resolve=False) for row in shown], "project": _project(event)}, last if taken < len(found) else None
    )


def _tasks_deleted(event: Event, begin: int) -> _Parts:
    return _ids(event, "tasks", begin)


def _annotations_deleted(event: Event, begin: int) -> _Parts:
    return _ids(event, "annotations", begin)


def _ids(event: Event, key: str, begin: int) -> _Parts:
    """`begin` is how many have been sent."""
    named: list[int] = read_json(event.ids)
    end = begin + TASKS_IN_A_PIECE
    return _Parts({key: [{"id": pk} for pk in named[begin:end]], "project": _project(event)}, end if end < len(named) else None)


def _annotation(event: Event, begin: int) -> _Parts:
    meta = read_json(event.meta)
    shown = annotation_at(read_json(event.ids)[0], int(meta.get("version") or 1))
    if event.kind == "annotation.restored" and "updated_at" in shown:
        shown["updated_at"] = event.created_at  # a former state, taken back then
    task = meta.get("task") or shown.get("task")
    return _Parts({"annotation": shown, "task": _tasks([task])[0] if task else None, "project": _project(event)})


def _annotations(event: Event, begin: int) -> _Parts:
    """`begin` is how many have been sent."""
    named = read_json(event.ids)
    end = begin + ANNOTATIONS_IN_A_PIECE
    shown = [annotation_at(pk, 1) for pk in named[begin:end]]
    tasks = _tasks(list(dict.fromkeys(item["task"] for item in shown if "task" in item)))
    return _Parts({"annotation": shown, "task": tasks, "project": _project(event)}, end if end < len(named) else None)


def _labels_added(event: Event, begin: int) -> _Parts:
    """`begin` is how many have been sent."""
    named: list[int] = read_json(event.ids)
    end = begin + ANNOTATIONS_IN_A_PIECE
    links, labels = _links(named[begin:end])
    return _Parts({"label_link": links, "label": labels, "project": _project(event)}, end if end < len(named) else None)


def _label_changed(event: Event, begin: int) -> _Parts:
    links, labels = _links(read_json(event.ids))
    return _Parts({"label_link": links[0], **({"label": labels[0]} if labels else {}), "project": _project(event)})


def _label_removed(event: Event, begin: int) -> _Parts:
    return _Parts({"label_link": {"id": read_json(event.ids)[0]}, "project": _project(event)})


def _links(named: Sequence[int]) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    found = {row.pk: row for row in LabelLink.objects.select_related("label").filter(pk__in=named)}
    rows = [found[pk] for pk in named if pk in found]
    return [link_json(found[pk]) if pk in found else {"id": pk} for pk in named], [
        label_json(row.label, {row.label_id: [row.project_id]}) for row in rows
    ]


def annotation_at(annotation_id: int, version: int) -> dict[str, Any]:
    """All columns of an annotation as it was in that version, as far as it can still be known."""
    now = Annotation.objects.filter(pk=annotation_id).first()
    if now is not None and now.version == version:
        return _present(now)
    then = AnnotationVersion.objects.filter(annotation_id=annotation_id, version=version).first()
    if then is not None:
        return _former(then)
    return {"id": annotation_id} if now is None else _present(now)


def _present(row: Annotation) -> dict[str, Any]:
    return {
        "id": row.pk,
        "result": fragment(row.result),
        "completed_by": row.completed_by_id,
        "was_cancelled": row.was_cancelled,
        "ground_truth": row.ground_truth,
        "created_at": row.created_at,
        "updated_at": row.updated_at,
        "draft_created_at": row.draft_created_at,
        "lead_time": row.lead_time,
        "prediction": fragment(row.prediction),
        "result_count": row.result_count,
        "unique_id": row.unique_id,
        "import_id": row.import_id,
        "last_action": row.last_action,
        "bulk_created": row.bulk_created,
        "task": row.task_id,
        "project": row.project_id,
        "updated_by": row.updated_by_id,
        "parent_prediction": row.parent_prediction_id,
        "parent_annotation": row.parent_annotation_id,
        "last_created_by": None,
    }


def _former(row: AnnotationVersion) -> dict[str, Any]:
    kept = read_json(row.provenance)
    return {
        "id": row.annotation_id,
        "result": fragment(row.result),
        "completed_by": row.completed_by_id,
        "was_cancelled": row.was_cancelled,
        "ground_truth": row.ground_truth,
        "created_at": moment(kept.get("created_at"), "created_at"),
        "updated_at": row.written_at,
        "draft_created_at": moment(kept.get("draft_created_at"), "draft_created_at"),
        "lead_time": row.lead_time,
        "prediction": kept.get("prediction") or {},
        "result_count": len(read_json(row.result)) if row.result else 0,
        "unique_id": kept.get("unique_id"),
        "import_id": kept.get("import_id"),
        "last_action": kept.get("last_action"),
        "bulk_created": bool(kept.get("bulk_created")),
        "task": row.task_id,
        "project": row.project_id,
        "updated_by": row.written_by_id,
        "parent_prediction": kept.get("parent_prediction"),
        "parent_annotation": kept.get("parent_annotation"),
        "last_created_by": None,
    }


def _tasks(wanted: Sequence[int]) -> list[dict[str, Any]]:
    named = id_set(wanted)
    found = {row[0]: task_json(row, resolve=False) for row in select_tasks(f"t.id IN ({named.text})", named.params)}
    return [found.get(pk) or {"id": pk} for pk in wanted]


def _project(event: Event) -> dict[str, Any]:
    """Label Studio's full model with its counts; `created_by` is an id here."""
    row = Project.objects.select_related("created_by").filter(pk=event.project_id or 0).first()
    if row is None:
        return {"id": event.project_id}
    shown = project_json(row)
    return {name: value for name, value in shown.items() if name not in NOT_IN_PROJECT} | {"created_by": row.created_by_id}


_MAKERS: dict[str, Callable[[Event, int], _Parts]] = {
    "PROJECT_CREATED": _project_changed,
    "PROJECT_UPDATED": _project_changed,
    "PROJECT_DELETED": _project_deleted,
    "TASKS_CREATED": _tasks_created,
    "TASKS_DELETED": _tasks_deleted,
    "ANNOTATION_CREATED": _annotation,
    "ANNOTATIONS_CREATED": _annotations,
    "ANNOTATION_UPDATED": _annotation,
    "ANNOTATIONS_DELETED": _annotations_deleted,
    "LABEL_LINK_CREATED": _labels_added,
    "LABEL_LINK_UPDATED": _label_changed,
    "LABEL_LINK_DELETED": _label_removed,
    "START_TRAINING": _project_changed,  # told to a model's webhook alone, when somebody asks for it
}
