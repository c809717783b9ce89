"""What reads tasks and annotations."""

from __future__ import annotations

from typing import Any

from core.actor import Actor
from core.errors import invalid, not_found
from projects.models import Project
from tasks.render import (
    annotation_json, draft_json, mean, prediction_json, preview, select_annotations, select_drafts, select_predictions, select_tasks, task_json,
)  # fmt: skip
from tasks.sets import rows
from tasks.visibility import sees_all_annotations, visible_projects

ANNOTATION_ORDERINGS = {name: f"a.{name}" for name in ("id", "created_at", "updated_at", "lead_time", "completed_by_id")} | {"completed_by": "a.completed_by_id"}
HISTORY = 100


def project_of_task(actor: Actor, task_id: int) -> Project:
    """The project of a task. Raises 404 for a task that is not there or not the actor's to see."""
    visible, params = visible_projects(actor)
    found = rows(f"SELECT project_id FROM tasks_task WHERE id = %s AND project_id IN ({visible})", [task_id, *params])
    if not found:
        raise not_found()
    return Project.objects.get(pk=found[0][0])


def _own(actor: Actor, column: str) -> tuple[str, list[Any]]:
    """SQL and its parameters: the rest of a condition that leaves annotators only what is theirs."""
    return ("", []) if sees_all_annotations(actor) else (f" AND {column} = %s", [actor.user_id])


def get_task(actor: Actor, task_id: int) -> dict[str, Any]:
    """A task alone. Raises 404."""
    visible, params = visible_projects(actor)
    found = select_tasks(f"t.id = %s AND t.project_id IN ({visible})", [task_id, *params])
    if not found:
        raise not_found()
    return task_json(found[0])


def task_details(actor: Actor, task_id: int) -> dict[str, Any]:
    """A task with its annotations, its predictions and the actor's drafts, as Label Studio's clients open it. At most 6 statements. Raises 404."""
    task = get_task(actor, task_id)
    condition, params = _own(actor, "a.completed_by_id")
    made = select_annotations(f"a.task_id = %s{condition}", [task_id, *params])
    predicted = select_predictions("p.task_id = %s", [task_id]) if task["total_predictions"] else []
    annotations = [annotation_json(row, person=True) for row in made]
    predictions = [prediction_json(row) for row in predicted]
    drafts = [draft_json(row) for row in select_drafts("d.task_id = %s AND d.user_id = %s", [task_id, actor.user_id])]
    file, version = rows(
        """SELECT (SELECT f.file FROM data_import_fileupload f WHERE f.id = %s), p.model_version FROM projects_project p WHERE p.id = %s""",
        [task["file_upload"], task["project"]],
    )[0]
    people = [row["completed_by"]["id"] for row in annotations if row["completed_by"]]
    return {
        **task,
        "file_upload": file.rpartition("/")[2] if file else None,
        "updated_by": [{"user_id": task["updated_by"]}] if task["updated_by"] else [],
        "annotators": list(dict.fromkeys(people)),
        "completed_at": max((row["created_at"] for row in annotations), default=None) if task["is_labeled"] else None,
        "annotations_results": preview([row[1] for row in made]),
        "annotations_ids": ",".join(str(row["id"]) for row in annotations),
        "predictions_results": preview([row[1] for row in predicted]),
        "predictions_score": mean([row["score"] for row in predictions if not version or row["model_version"] == version]),
        "predictions_model_versions": ",".join(dict.fromkeys(row["model_version"] or "" for row in predictions)),
        "avg_lead_time": mean([row["lead_time"] for row in annotations]),
        "storage_filename": None,
        "draft_exists": bool(drafts),
        "drafts": drafts,
        "predictions": predictions,
        "annotations": annotations,
    }


def get_annotation(actor: Actor, annotation_id: int) -> dict[str, Any]:
    """Raises 404 for an annotation that is not there or not the actor's to see."""
    visible, params = visible_projects(actor)
    condition, more = _own(actor, "a.completed_by_id")
    found = select_annotations(f"a.id = %s AND a.project_id IN ({visible}){condition}", [annotation_id, *params, *more])
    if not found:
        raise not_found()
    return annotation_json(found[0])


def list_annotations(actor: Actor, task_id: int, ordering: str = "") -> list[dict[str, Any]]:
    """A task's annotations without the skipped ones, by id unless `ordering` says otherwise. Raises 404, and 400 for an unknown ordering."""
    project_of_task(actor, task_id)
    keys = []
    for name in filter(None, (part.strip() for part in ordering.split(","))):
        column = ANNOTATION_ORDERINGS.get(name.lstrip("-"))
        if column is None:
            raise invalid(ordering=f"Annotations cannot be ordered by {name[:100]}. Use one of: {', '.join(sorted(ANNOTATION_ORDERINGS))}.")
        keys.append(f"{column} {'DESC' if name.startswith('-') else 'ASC'}")
    condition, more = _own(actor, "a.completed_by_id")
    found = select_annotations(f"a.task_id = %s AND NOT a.was_cancelled{condition}", [task_id, *more], order=", ".join([*keys, "a.id"]))
    return [annotation_json(row) for row in found]


def label_stream_history(actor: Actor, project_id: int) -> list[dict[str, Any]]:
    """The last tasks that the actor was given in a project, oldest first: `[{taskId, annotationId}]`. Raises 404."""
    visible, params = visible_projects(actor)
    if not rows(f"SELECT 1 FROM projects_project WHERE id = %s AND id IN ({visible})", [project_id, *params]):
        raise not_found()
    found = rows(
        f"SELECT task_id, annotation_id FROM tasks_lease WHERE project_id = %s AND user_id = %s ORDER BY created_at DESC, id DESC LIMIT {HISTORY}",
        [project_id, actor.user_id],
    )
    return [{"taskId": task, "annotationId": annotation} for task, annotation in reversed(found)]
