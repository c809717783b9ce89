"""Former states of annotations: kept with every change and deletion, and taken back."""

from __future__ import annotations

from typing import Any

from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.actor import Actor
from core.database import column_time
from core.errors import Refused, not_found
from core.events.record import record
from core.rawjson import dump_json, fragment, read_json
from core.requests import moment
from projects.models import Project
from tasks.models import AnnotationVersion
from tasks.operations.settle import LockedAnnotation, clear_ground_truth, lock_annotation, lock_task, settle
from tasks.render import annotation_json, select_annotations
from tasks.result_counts import ResultChanges
from tasks.sets import IdSet, rows, run
from tasks.visibility import sees_all_annotations


def keep_version(actor: Actor, old: LockedAnnotation, reason: str) -> None:
    """Write the state that ends now. `reason` says what ends it: updated, deleted or restored."""
    provenance = {
        "unique_id": str(old.unique_id), "idempotency_key": old.idempotency_key, "import_id": old.import_id, "last_action": old.last_action,
        "bulk_created": bool(old.bulk_created), "prediction": fragment(old.prediction), "parent_prediction": old.parent_prediction_id,
        "parent_annotation": old.parent_annotation_id, "draft_created_at": old.draft_created_at, "created_at": old.created_at,
    }  # fmt: skip
    run(
        """INSERT INTO tasks_annotationversion (annotation_id, version, project_id, task_id, result, was_cancelled, ground_truth, lead_time,
               completed_by_id, written_by_id, replaced_by_id, reason, provenance, written_at, replaced_at)
           VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)""",
        [
            old.id, old.version, old.task.project_id, old.task.id, old.result, bool(old.was_cancelled), bool(old.ground_truth), old.lead_time,
            old.completed_by_id, old.updated_by_id, actor.user_id, reason, dump_json(provenance).decode(), old.updated_at, column_time(timezone.now()),
        ],
    )  # fmt: skip


def keep_versions(actor: Actor, which: IdSet, reason: str) -> None:
    """As `keep_version`, for a set. The times are texts on both databases, as `restore_version` reads them."""
    if connection.vendor == "postgresql":
        make, moment = "json_build_object", "to_char({} AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')"
        prediction, truth, name = "prediction", "bulk_created", "unique_id::text"
    else:
        make, moment = "json_object", "{}"
        prediction, truth, name = "json(prediction)", "json(CASE WHEN bulk_created THEN 'true' ELSE 'false' END)", "unique_id"
    run(
        f"""INSERT INTO tasks_annotationversion (annotation_id, version, project_id, task_id, result, was_cancelled, ground_truth, lead_time,
               completed_by_id, written_by_id, replaced_by_id, reason, provenance, written_at, replaced_at)
           SELECT id, version, project_id, task_id, result, was_cancelled, ground_truth, lead_time, completed_by_id, updated_by_id, %s, %s,
               {make}('unique_id', {name}, 'idempotency_key', idempotency_key, 'import_id', import_id, 'last_action', last_action,
                      'bulk_created', {truth}, 'prediction', {prediction}, 'parent_prediction', parent_prediction_id,
                      'parent_annotation', parent_annotation_id, 'draft_created_at', {moment.format("draft_created_at")},
                      'created_at', {moment.format("created_at")}), updated_at, %s
           FROM tasks_annotation WHERE id IN ({which.text})""",
        [actor.user_id, reason, column_time(timezone.now()), *which.params],
    )


def restore_version(actor: Actor, annotation_id: int, version: int) -> dict[str, Any]:
    """Make a former state the present one; returns the annotation as the API shows it. A deleted annotation comes back under its id.

    The state that is replaced becomes a version itself. Raises 404 for a version the actor does not see.
    """
    with transaction.atomic():
        former = _former(actor, annotation_id, version)
        if not rows("SELECT 1 FROM tasks_annotation WHERE id = %s", [annotation_id]):
            _revive(actor, former)
        else:
            _replace(actor, annotation_id, former)
        return annotation_json(select_annotations("a.id = %s", [annotation_id])[0])


def _former(actor: Actor, annotation_id: int, version: int) -> AnnotationVersion:
    former = AnnotationVersion.objects.filter(
        annotation_id=annotation_id, version=version, project__in=Project.objects.visible_to(actor)
    ).first()
    if former is None or (former.completed_by_id != actor.user_id and not sees_all_annotations(actor)):
        raise not_found()
    return former


def _replace(actor: Actor, annotation_id: int, former: AnnotationVersion) -> None:
    old = lock_annotation(actor, annotation_id)
    keep_version(actor, old, "restored")
    run(
        """UPDATE tasks_annotation SET result = %s, result_count = %s, was_cancelled = %s, ground_truth = %s, lead_time = %s, version = %s,
               updated_by_id = %s, updated_at = %s WHERE id = %s""",
        [former.result, _length(former), former.was_cancelled, former.ground_truth, former.lead_time, old.version + 1, actor.user_id,
         column_time(timezone.now()), annotation_id],
    )  # fmt: skip
    results = ResultChanges()
    results.annotation(old.result, -1)
    results.annotation(former.result)
    cleared, revived = clear_ground_truth(old.task, old.id) if former.ground_truth and not old.ground_truth else (0, 0)
    settle(
        actor,
        old.task,
        useful_by=_useful(former) - old.useful + revived,
        truths_by=former.ground_truth - bool(old.ground_truth) - cleared,
        results=results,
    )
    record("annotation.restored", actor, project=former.project_id, ids=[annotation_id], task=former.task_id, version=former.version)


def _revive(actor: Actor, former: AnnotationVersion) -> None:
    task = lock_task(actor, former.task_id)
    last = rows("SELECT MAX(version) FROM tasks_annotationversion WHERE annotation_id = %s", [former.annotation_id])[0][0]
    kept = read_json(former.provenance)
    unique_id = kept["unique_id"].replace("-", "") if connection.vendor == "sqlite" else kept["unique_id"]
    cleared, revived = clear_ground_truth(task, None) if former.ground_truth else (0, 0)
    times = [_column(kept["draft_created_at"]), _column(kept["created_at"]), column_time(timezone.now())]
    try:
        with transaction.atomic():
            run(
                """INSERT INTO tasks_annotation (id, task_id, project_id, completed_by_id, updated_by_id, result, result_count, was_cancelled, ground_truth,
                       lead_time, unique_id, idempotency_key, import_id, last_action, bulk_created, prediction, parent_prediction_id,
                       parent_annotation_id, version, draft_created_at, created_at, updated_at)
                   VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, (SELECT id FROM tasks_prediction WHERE id = %s),
                       (SELECT id FROM tasks_annotation WHERE id = %s), %s, %s, %s, %s)""",
                [
                    former.annotation_id, task.id, task.project_id, former.completed_by_id, actor.user_id, former.result, _length(former),
                    former.was_cancelled, former.ground_truth, former.lead_time, unique_id, kept["idempotency_key"], kept["import_id"],
                    kept["last_action"], kept["bulk_created"], dump_json(kept["prediction"]).decode(), kept["parent_prediction"],
                    kept["parent_annotation"], last + 1, *times,
                ],
            )  # fmt: skip
    except IntegrityError:
        raise Refused(_("This annotation was submitted again after it was deleted; there is nothing to bring back."), 409) from None
    run(
        "UPDATE tasks_lease SET annotation_id = %s WHERE task_id = %s AND user_id = %s AND annotation_id IS NULL",
        [former.annotation_id, task.id, former.completed_by_id],
    )
    results = ResultChanges()
    results.annotation(former.result)
    settle(actor, task, useful_by=_useful(former) + revived, truths_by=former.ground_truth - cleared, results=results)
    record("annotation.restored", actor, project=task.project_id, ids=[former.annotation_id], task=task.id, version=former.version)


def _useful(former: AnnotationVersion) -> bool:
    return former.result is not None and not former.was_cancelled and not former.ground_truth


def _length(former: AnnotationVersion) -> int:
    return 0 if former.result is None else len(read_json(former.result))


def _column(value: str | None) -> Any:
    found = moment(value, "created_at")
    return None if found is None else column_time(found)
