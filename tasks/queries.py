"""What reads tasks and annotations."""

from __future__ import annotations

from typing import Any

from core.actor import Actor
from core.database import time_sql
from core.errors import invalid, not_found
from core.rawjson import fragment, read_json
from projects.models import Project
from tasks.opening import PENDING, asks_model
from tasks.preview import preview
from tasks.render import (
    annotation_json,
    draft_json,
    mean,
    person_json,
    prediction_json,
    select_annotations,
    select_drafts,
    select_predictions,
    select_tasks,
    task_json,
)
from tasks.sets import ids, rows
from tasks.visibility import sees_all_annotations, visible_projects

ANNOTATION_ORDERINGS = {name: f"a.{name}" for name in ("id", "created_at", "updated_at", "lead_time", "completed_by_id")} | {
    "completed_by": "a.completed_by_id"
}
HISTORY = 100
MOST_PREDICTIONS = 100_000


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


def get_task(actor: Actor, task_id: int, *, resolve: bool = True) -> dict[str, Any]:
    """A task alone; without `resolve` its data is as it came. Raises 404."""
    visible, params = visible_projects(actor)
    found = select_tasks(f"t.id = %s AND t.project_id IN ({visible})", [task_id, *params])
    if not found:
        raise not_found()
    return task_json(found[0], resolve=resolve)


def task_details(actor: Actor, task_id: int, *, resolve: bool = True) -> dict[str, Any]:
    """A task with its annotations, its predictions and the actor's drafts, as Label Studio's clients open it. At most 6 statements. Raises 404."""
    task = get_task(actor, task_id, resolve=resolve)
    condition, params = _own(actor, "a.completed_by_id")
    made = select_annotations(f"a.task_id = %s{condition}", [task_id, *params])
    predicted = select_predictions("p.task_id = %s", [task_id]) if task["total_predictions"] else []
    annotations = [annotation_json(row, person=True) for row in made]
    predictions = [prediction_json(row) for row in predicted]
    drafts = [draft_json(row) for row in select_drafts("d.task_id = %s AND d.user_id = %s", [task_id, actor.user_id])]
    file, version, live, collab, evaluate = rows(
        """SELECT (SELECT f.file FROM data_import_fileupload f WHERE f.id = %s), p.model_version, p.live_model, p.show_collab_predictions,
                  p.evaluate_predictions_automatically
           FROM projects_project p WHERE p.id = %s""",
        [task["file_upload"], task["project"]],
    )[0]
    project = Project(live_model=live, show_collab_predictions=collab, evaluate_predictions_automatically=evaluate)
    current = [row for row in predictions if not live or (row["model_version"] or "") == version]
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
        **({PENDING: True} if asks_model(project, current) else {}),
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


def list_drafts(actor: Actor, task_id: int, annotation_id: int | None = None) -> list[dict[str, Any]]:
    """The drafts of a task that the actor sees (their own; reviewers see everybody's), or those of changes to one annotation. Raises 404."""
    project_of_task(actor, task_id)
    condition, params = _own(actor, "d.user_id")
    if annotation_id is not None:
        condition, params = f"{condition} AND d.annotation_id = %s", [*params, annotation_id]
    return [draft_json(row) for row in select_drafts(f"d.task_id = %s{condition}", [task_id, *params])]


def get_draft(actor: Actor, draft_id: int) -> dict[str, Any]:
    """Raises 404."""
    visible, params = visible_projects(actor)
    condition, more = _own(actor, "d.user_id")
    found = select_drafts(f"d.id = %s AND d.project_id IN ({visible}){condition}", [draft_id, *params, *more])
    if not found:
        raise not_found()
    return draft_json(found[0])


def list_predictions(actor: Actor, *, task: int | None, project: int | None) -> list[dict[str, Any]]:
    """Predictions of a task, of a project, or of everything the actor sees; at most `MOST_PREDICTIONS`, beyond that 400 asks to narrow."""
    visible, params = visible_projects(actor)
    condition, values = f"p.project_id IN ({visible})", list(params)
    if task is not None:
        condition, values = f"{condition} AND p.task_id = %s", [*values, task]
    if project is not None:
        condition, values = f"{condition} AND p.project_id = %s", [*values, project]
    found = select_predictions(condition, values, limit=f"LIMIT {MOST_PREDICTIONS + 1}")
    if len(found) > MOST_PREDICTIONS:
        raise invalid(task=f"There are more than {MOST_PREDICTIONS:,} predictions. Ask for those of one task, or export the project.")
    return [prediction_json(row) for row in found]


def get_prediction(actor: Actor, prediction_id: int) -> dict[str, Any]:
    """Raises 404."""
    visible, params = visible_projects(actor)
    found = select_predictions(f"p.id = %s AND p.project_id IN ({visible})", [prediction_id, *params])
    if not found:
        raise not_found()
    return prediction_json(found[0])


def list_versions(
    actor: Actor, *, annotation_id: int | None = None, task_id: int | None = None, deleted: bool = False
) -> list[dict[str, Any]]:
    """Former states, newest first: of an annotation, or of all of a task. `deleted`: only the last states of annotations that are gone.

    Raises 404 for a task or annotation that the actor does not see (an annotation that was never changed has no versions: an empty list).
    """
    if annotation_id is not None:
        which, values = "v.annotation_id = %s", [annotation_id]
    else:
        task = int(task_id or 0)
        which, values = "v.project_id = %s AND v.task_id = %s", [project_of_task(actor, task).pk, task]
    condition, more = _own(actor, "v.completed_by_id")
    visible, params = visible_projects(actor)
    if deleted:
        condition += (
            " AND v.reason = 'deleted' AND NOT EXISTS (SELECT 1 FROM tasks_annotation a WHERE a.id = v.annotation_id)"
            " AND v.version = (SELECT MAX(w.version) FROM tasks_annotationversion w WHERE w.annotation_id = v.annotation_id)"
        )
    found = rows(
        f"""SELECT v.annotation_id, v.version, v.task_id, v.project_id, v.result, v.was_cancelled, v.ground_truth, v.lead_time, v.completed_by_id,
                   {time_sql("v.written_at")}, {time_sql("v.replaced_at")}, v.reason, w.id, w.first_name, w.last_name, w.email, w.avatar,
                   r.id, r.first_name, r.last_name, r.email, r.avatar
            FROM tasks_annotationversion v LEFT JOIN users_user w ON w.id = v.written_by_id LEFT JOIN users_user r ON r.id = v.replaced_by_id
            WHERE {which} AND v.project_id IN ({visible}){condition} ORDER BY v.replaced_at DESC, v.version DESC""",
        [*values, *params, *more],
    )
    if not found and annotation_id is not None:
        get_annotation(actor, annotation_id)
    return [_version_json(row) for row in found]


def _version_json(row: tuple[Any, ...]) -> dict[str, Any]:
    annotation, version, task, project, result, cancelled, truth, lead_time, by, written_at, replaced_at, reason, *people = row
    return {
        "annotation": annotation,
        "version": version,
        "task": task,
        "project": project,
        "result": fragment(result),
        "was_cancelled": bool(cancelled),
        "ground_truth": bool(truth),
        "lead_time": lead_time,
        "completed_by": by,
        "created_at": written_at,
        "created_by": person_json(*people[:5]) if people[0] else None,
        "replaced_at": replaced_at,
        "replaced_by": person_json(*people[5:]) if people[5] else None,
        "reason": reason,
    }


def label_distribution(actor: Actor, task_id: int) -> dict[str, Any]:
    """How a task's submitted annotations answer each control: `{total_annotations, distributions: {from_name: {type, labels, average?, count?}}}`.

    Raises 404.
    """
    import labeling

    project_of_task(actor, task_id)
    condition, params = _own(actor, "a.completed_by_id")
    found = rows(f"SELECT a.result FROM tasks_annotation a WHERE a.task_id = %s AND NOT a.was_cancelled{condition}", [task_id, *params])
    distributions: dict[str, dict[str, Any]] = {}
    numbers: dict[str, list[float]] = {}
    for (text,) in found:
        for row in read_json(text) if text else []:
            name, kind = row.get("from_name"), row.get("type")
            if not isinstance(name, str) or not isinstance(kind, str):
                continue
            entry = distributions.setdefault(name, {"type": kind, "labels": {}})
            for label in labeling.labels_of(row):
                entry["labels"][label] = entry["labels"].get(label, 0) + 1
            value = row.get("value")
            measured = value.get(kind) if isinstance(value, dict) else None
            if isinstance(measured, int | float) and not isinstance(measured, bool):
                numbers.setdefault(name, []).append(measured)
    for name, values in numbers.items():
        distributions[name] |= {"average": sum(values) / len(values), "count": len(values)}
    return {"total_annotations": len(found), "distributions": distributions}


def project_tasks(actor: Actor, project: Project, *, offset: int, limit: int | None) -> list[dict[str, Any]]:
    """Tasks of a project with their annotations and predictions, last changed first (the deprecated list). 3 statements."""
    bound = "" if limit is None else f" LIMIT {int(limit)} OFFSET {int(offset)}"
    found = select_tasks(
        f"t.id IN (SELECT id FROM tasks_task WHERE project_id = %s ORDER BY updated_at DESC, id DESC{bound})",
        [project.pk],
        order="t.updated_at DESC, t.id DESC",
    )
    listed = ids(row[0] for row in found)
    condition, params = _own(actor, "a.completed_by_id")
    annotations: dict[int, list[Any]] = {}
    for row in select_annotations(f"a.task_id IN ({listed.text}){condition}", [*listed.params, *params]):
        annotations.setdefault(row[12], []).append(annotation_json(row))
    predictions: dict[int, list[Any]] = {}
    for row in select_predictions(f"p.task_id IN ({listed.text})", listed.params):
        predictions.setdefault(row[9], []).append(prediction_json(row))
    return [{**task_json(row), "annotations": annotations.get(row[0], []), "predictions": predictions.get(row[0], [])} for row in found]


def simple_task(actor: Actor, task_id: int) -> dict[str, Any]:
    """A task with its annotations and predictions (TaskSimple): what changing one answers. Raises 404."""
    task = get_task(actor, task_id)
    condition, params = _own(actor, "a.completed_by_id")
    return {
        **task,
        "annotations": [annotation_json(row) for row in select_annotations(f"a.task_id = %s{condition}", [task_id, *params])],
        "predictions": [prediction_json(row) for row in select_predictions("p.task_id = %s", [task_id])],
    }
