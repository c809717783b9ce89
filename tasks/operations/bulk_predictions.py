"""Adding predictions to tasks that are there already, by the thousand."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import islice

from django.db import transaction
from django.utils import timezone

from core.actor import Actor
from core.database import column_time, insert_rows
from core.events.record import record
from core.rawjson import json_text
from projects.models import Project
from tasks.counters import Numbers, change_project, set_uncertainty
from tasks.models import Prediction
from tasks.operations.bulk import NewPrediction
from tasks.operations.predictions import count_predictions
from tasks.sets import ids, lock_project, rows, run

CHUNK = 2_000
COLUMNS = ("task_id", "project_id", "result", "score", "model_version", "cluster", "neighbors", "mislabeling", "created_at", "updated_at")


def add_predictions(actor: Actor, project: Project, items: Iterable[tuple[int, NewPrediction]]) -> int:
    """Write (task id, prediction) pairs of one project, as one transaction; returns how many.

    The caller has checked that the tasks are the project's, and the results against its labeling config. A project without a current model
    version takes that of the last prediction.
    """
    count, last_version = 0, ""
    now = column_time(timezone.now())
    remaining = iter(items)
    with transaction.atomic():
        lock_project(project.pk)
        affected: set[int] = set()
        while chunk := list(islice(remaining, CHUNK)):
            insert_rows(
                Prediction,
                COLUMNS,
                [
                    (task, project.pk, json_text(item.result), item.score, item.model_version, item.cluster, item.neighbors, item.mislabeling,
                     now if item.created_at is None else column_time(item.created_at), now if item.updated_at is None else column_time(item.updated_at))
                    for task, item in chunk
                ],
            )  # fmt: skip
            count += len(chunk)
            affected.update(task for task, _item in chunk)
            last_version = next((item.model_version for _task, item in reversed(chunk) if item.model_version), last_version)
        if count:
            taken = bool(last_version) and run(
                "UPDATE projects_project SET model_version = %s WHERE id = %s AND COALESCE(model_version, '') = ''",
                [last_version, project.pk],
            )
            project.refresh_from_db(fields=["model_version"])
            count_predictions(ids(affected), project.model_version)
            if taken:
                set_uncertainty(project.pk, project.model_version)
            change_project(project.pk, Numbers(total_predictions_number=count))
            record("prediction.created", actor, project=project.pk, count=count)
    return count


def put_model_predictions(project: Project, model_id: int, said: Mapping[int, NewPrediction]) -> set[int]:
    """Write what a connected model says about tasks of its project: {task id: prediction}; returns the tasks that were there.

    What the same version of the model said before is replaced in its place, so that asking again makes no doubles; other versions stay.
    """
    now = column_time(timezone.now())
    with transaction.atomic():
        lock_project(project.pk)
        named = ids(said)
        present = {
            row[0] for row in rows(f"SELECT id FROM tasks_task WHERE project_id = %s AND id IN ({named.text})", [project.pk, *named.params])
        }
        former = {
            (task, version or ""): pk
            for pk, task, version in rows(
                f"SELECT id, task_id, model_version FROM tasks_prediction WHERE task_id IN ({named.text}) AND model_id = %s ORDER BY id",
                [*named.params, model_id],
            )
        }
        fresh = []
        for task, item in said.items():
            if task not in present:
                continue
            result = json_text(item.result)
            if (pk := former.get((task, item.model_version or ""))) is not None:
                run("UPDATE tasks_prediction SET result = %s, score = %s, updated_at = %s WHERE id = %s", [result, item.score, now, pk])
            else:
                fresh.append((task, project.pk, result, item.score, item.model_version, None, None, 0.0, now, now, model_id))
        if fresh:
            insert_rows(Prediction, (*COLUMNS, "model_id"), fresh)
        if present:
            project.refresh_from_db(fields=["model_version"])
            count_predictions(ids(present), project.model_version)
            change_project(project.pk, Numbers(total_predictions_number=len(fresh)))
            record("prediction.created", None, organization=project.organization_id, project=project.pk, count=len(present), model=model_id)
    return present
