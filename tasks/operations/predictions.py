"""Predictions: made, changed and deleted, with the counters and the uncertainty of their tasks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.actor import Actor
from core.database import column_time
from core.errors import invalid, not_found
from core.events.record import record
from core.rawjson import json_text
from projects.models import Project
from tasks.answers import check_result
from tasks.counters import Numbers, change_project, set_uncertainty
from tasks.models import Prediction
from tasks.operations.recycle import count, move_away, note_parents, open_entry
from tasks.operations.settle import LockedTask, lock_task
from tasks.render import prediction_json, select_predictions
from tasks.sets import IdSet, ids, lock_project, rows, run
from tasks.visibility import visible_projects

CHUNK = 5_000
WRITABLE = ("score", "model_version", "cluster", "neighbors", "mislabeling")


def create_prediction(actor: Actor, fields: dict[str, Any]) -> dict[str, Any]:
    """Add a prediction (`fields` as `answers.prediction_fields` reads them); returns it as the API shows it.

    `result` may be in a short form (`"Good"`). Raises 400 for an unknown task, a missing result, or one that fits no control.
    """
    if "task" not in fields:
        raise invalid(task=_("This field is required."))
    with transaction.atomic():
        visible, params = visible_projects(actor)
        if not rows(f"SELECT 1 FROM tasks_task WHERE id = %s AND project_id IN ({visible})", [fields["task"], *params]):
            raise invalid(task=_('Invalid pk "%(id)s" - object does not exist.') % {"id": fields["task"]})
        task = lock_task(actor, fields["task"])
        result = _result(task, fields)
        now = column_time(timezone.now())
        values = {"model_version": "", "mislabeling": 0.0, **{name: fields[name] for name in WRITABLE if name in fields}}
        columns = {"task_id": task.id, "project_id": task.project_id, "result": result, **values, "created_at": now, "updated_at": now}
        found = rows(
            f"INSERT INTO tasks_prediction ({', '.join(columns)}) VALUES ({', '.join(['%s'] * len(columns))}) RETURNING id",
            list(columns.values()),
        )
        _settle(task)
        record("prediction.created", actor, project=task.project_id, ids=[found[0][0]], task=task.id)
        return prediction_json(select_predictions("p.id = %s", [found[0][0]])[0])


def update_prediction(actor: Actor, prediction_id: int, fields: dict[str, Any]) -> dict[str, Any]:
    """Change a prediction; returns it. Raises 404, and 400 for a result that fits no control."""
    with transaction.atomic():
        task = _locked(actor, prediction_id)
        values = {name: fields[name] for name in WRITABLE if name in fields}
        if "result" in fields:
            values["result"] = _result(task, fields)
        values["updated_at"] = column_time(timezone.now())
        run(f"UPDATE tasks_prediction SET {', '.join(f'{name} = %s' for name in values)} WHERE id = %s", [*values.values(), prediction_id])
        _settle(task)
        record("prediction.updated", actor, project=task.project_id, ids=[prediction_id], task=task.id)
        return prediction_json(select_predictions("p.id = %s", [prediction_id])[0])


def delete_prediction(actor: Actor, prediction_id: int) -> None:
    """Delete a prediction; it can be taken back from the recycle bin. Raises 404."""
    with transaction.atomic():
        task = _locked(actor, prediction_id)
        entry = open_entry(actor, task.project_id, "delete_prediction")
        gone = ids([prediction_id])
        note_parents(entry, task.project_id, "parent_prediction_id", gone)
        move_away(entry, Prediction, "id", gone)
        _settle(task)
        count(entry, predictions=1)
        record("prediction.deleted", actor, project=task.project_id, ids=[prediction_id], task=task.id)


def delete_predictions(
    actor: Actor, project: Project, *, tasks: Sequence[int] | None = None, model_version: str | None = None, entry: int | None = None
) -> int:
    """Delete the predictions of some tasks of a project (of all when None), or those of one model version, set-wise; returns how many.

    They go into the recycle bin, into `entry` or one of their own.
    """
    condition = "project_id = %s"
    params: list[Any] = [project.pk]
    if tasks is not None:
        named = ids(tasks)
        condition, params = f"{condition} AND task_id IN ({named.text})", [*params, *named.params]
    if model_version is not None:
        condition, params = f"{condition} AND COALESCE(model_version, '') = %s", [*params, model_version]
    total = 0
    with transaction.atomic():
        lock_project(project.pk)
        while found := rows(f"SELECT id, task_id FROM tasks_prediction WHERE {condition} ORDER BY id LIMIT {CHUNK}", params):
            if entry is None:
                entry = open_entry(actor, project.pk, "delete_predictions", **({"model_version": model_version} if model_version else {}))
            gone = ids(row[0] for row in found)
            note_parents(entry, project.pk, "parent_prediction_id", gone)
            number = move_away(entry, Prediction, "id", gone)
            count_predictions(ids(row[1] for row in found), project.model_version)
            count(entry, predictions=number)
            total += number
        if total:
            change_project(project.pk, Numbers(total_predictions_number=-total))
            record("prediction.deleted", actor, project=project.pk, count=total, model_version=model_version)
    return total


def delete_model_version(actor: Actor, project: Project, model_version: str) -> int:
    """Delete the predictions of a model version, and stop showing it when it is the project's current one; returns how many."""
    with transaction.atomic():
        count = delete_predictions(actor, project, model_version=model_version)
        if run(
            "UPDATE projects_project SET model_version = '' WHERE id = %s AND model_version = %s AND live_model = ''",
            [project.pk, model_version],
        ):
            set_uncertainty(project.pk, "")
    return count


def _locked(actor: Actor, prediction_id: int) -> LockedTask:
    visible, params = visible_projects(actor)
    found = rows(f"SELECT task_id FROM tasks_prediction WHERE id = %s AND project_id IN ({visible})", [prediction_id, *params])
    if not found:
        raise not_found()
    task = lock_task(actor, found[0][0])
    if not rows("SELECT 1 FROM tasks_prediction WHERE id = %s", [prediction_id]):
        raise not_found()  # deleted while we waited for the task
    return task


def _result(task: LockedTask, fields: dict[str, Any]) -> str:
    import labeling

    if fields.get("result") is None:
        raise invalid(result=_("This field is required."))
    try:
        result = labeling.normalize_prediction_result(task.config, fields["result"])
    except labeling.PredictionError as error:
        raise invalid(result=str(error)) from None
    check_result(task.config, result)
    return json_text(result)


def _settle(task: LockedTask) -> None:
    count_predictions(IdSet("SELECT %s", (task.id,)), task.model_version)
    now = rows("SELECT total_predictions FROM tasks_task WHERE id = %s", [task.id])[0][0]
    change_project(task.project_id, Numbers(total_predictions_number=now - task.total_predictions))


def count_predictions(tasks: IdSet, model_version: str | None) -> None:
    run(
        f"""UPDATE tasks_task SET
                total_predictions = (SELECT COUNT(*) FROM tasks_prediction p WHERE p.task_id = tasks_task.id),
                uncertainty = (SELECT MIN(p.score) FROM tasks_prediction p WHERE p.task_id = tasks_task.id AND COALESCE(p.model_version, '') = %s)
            WHERE id IN ({tasks.text})""",
        [model_version or "", *tasks.params],
    )
