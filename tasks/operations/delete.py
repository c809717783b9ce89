"""Deleting annotations (kept as versions, and so restorable) and tasks (with everything that hangs on them)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import islice

from django.db import connection, transaction
from django.utils import timezone

from core.actor import Actor
from core.database import column_time
from core.events.record import record
from projects.models import Project
from tasks.columns import change_columns, columns_of
from tasks.counters import Numbers, change_project, keep_counters, numbers_of
from tasks.operations.settle import LockedAnnotation, lock_annotation, settle
from tasks.operations.versions import keep_version
from tasks.result_counts import ResultChanges
from tasks.sets import IdSet, ids, lock_project, rows, run

TASKS_AT_ONCE = 10_000


def delete_annotation(actor: Actor, annotation_id: int) -> None:
    """Delete an annotation; its last state stays as a version. Raises 404 for one the actor does not see."""
    with transaction.atomic():
        remove_annotation(actor, lock_annotation(actor, annotation_id))


def remove_annotation(actor: Actor, old: LockedAnnotation) -> None:
    """Within the caller's transaction: version, row, drafts of changes to it, counters, event."""
    keep_version(actor, old, "deleted")
    results = ResultChanges()
    results.annotation(old.result, -1)
    for (result,) in rows("DELETE FROM tasks_draft WHERE annotation_id = %s RETURNING result", [old.id]):
        results.draft(result, -1)
    run("UPDATE tasks_annotation SET parent_annotation_id = NULL WHERE parent_annotation_id = %s", [old.id])
    # The task may come to this person again.
    run(
        "UPDATE tasks_lease SET annotation_id = NULL, expires_at = %s WHERE task_id = %s AND annotation_id = %s",
        [column_time(timezone.now()), old.task.id, old.id],
    )
    run("DELETE FROM tasks_annotation WHERE id = %s", [old.id])
    settle(actor, old.task, useful_by=-old.useful, truths_by=-bool(old.ground_truth), results=results)
    record("annotation.deleted", actor, project=old.task.project_id, ids=[old.id], task=old.task.id)


def delete_annotations(actor: Actor, project: Project, annotations: Sequence[int]) -> int:
    """Delete annotations of a project, set by set; returns how many there were. The caller has checked that the actor may delete each."""
    wanted = ids(annotations)
    with transaction.atomic():
        lock_project(project.pk)
        affected = ids(
            row[0]
            for row in rows(
                f"SELECT DISTINCT task_id FROM tasks_annotation WHERE id IN ({wanted.text}) AND project_id = %s",
                [*wanted.params, project.pk],
            )
        )
        found = rows(
            f"SELECT id, result FROM tasks_annotation WHERE id IN ({wanted.text}) AND project_id = %s", [*wanted.params, project.pk]
        )
        gone = ids(row[0] for row in found)
        results = ResultChanges()
        for _pk, result in found:
            results.annotation(result, -1)
        with keep_counters(project, affected):
            _keep_versions(actor, gone)
            for (result,) in rows(f"DELETE FROM tasks_draft WHERE annotation_id IN ({gone.text}) RETURNING result", gone.params):
                results.draft(result, -1)
            run(f"UPDATE tasks_annotation SET parent_annotation_id = NULL WHERE parent_annotation_id IN ({gone.text})", gone.params)
            run(
                f"UPDATE tasks_lease SET annotation_id = NULL, expires_at = %s WHERE task_id IN ({affected.text}) AND annotation_id IN ({gone.text})",
                [column_time(timezone.now()), *affected.params, *gone.params],
            )
            run(f"DELETE FROM tasks_annotation WHERE id IN ({gone.text})", gone.params)
        results.save(project.pk, locked=False)
        if found:
            record("annotation.deleted", actor, project=project.pk, ids=[row[0] for row in found])
    return len(found)


def _keep_versions(actor: Actor, gone: IdSet) -> None:
    """As `versions.keep_version`, for a set. The times are texts on both databases, as `restore_version` reads them."""
    if connection.vendor == "postgresql":
        make, moment = "json_build_object", "to_char({} AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')"
        prediction, truth, name = "prediction", "bulk_created", "unique_id::text"
    else:
        make, moment = "json_object", "{}"
        prediction, truth, name = "json(prediction)", "json(CASE WHEN bulk_created THEN 'true' ELSE 'false' END)", "unique_id"
    run(
        f"""INSERT INTO tasks_annotationversion (annotation_id, version, project_id, task_id, result, was_cancelled, ground_truth, lead_time,
               completed_by_id, written_by_id, replaced_by_id, reason, provenance, written_at, replaced_at)
           SELECT id, version, project_id, task_id, result, was_cancelled, ground_truth, lead_time, completed_by_id, updated_by_id, %s, 'deleted',
               {make}('unique_id', {name}, 'idempotency_key', idempotency_key, 'import_id', import_id, 'last_action', last_action,
                      'bulk_created', {truth}, 'prediction', {prediction}, 'parent_prediction', parent_prediction_id,
                      'parent_annotation', parent_annotation_id, 'draft_created_at', {moment.format("draft_created_at")},
                      'created_at', {moment.format("created_at")}), updated_at, %s
           FROM tasks_annotation WHERE id IN ({gone.text})""",
        [actor.user_id, column_time(timezone.now()), *gone.params],
    )


def delete_tasks(actor: Actor, project: Project, tasks: Iterable[int] | None = None) -> int:
    """Delete tasks of a project with their annotations, versions, drafts, predictions and leases; returns how many there were.

    `tasks` are their ids; None means all. Ids of other projects are passed over. Works through sets of `TASKS_AT_ONCE`, each a transaction of its
    own, so that nobody waits long: after an interruption some of the tasks are gone and everything is in order.
    """
    deleted = 0
    if tasks is None:
        while found := _first_tasks(project):
            deleted += _delete_set(actor, project, found)
        return deleted
    remaining = iter(sorted(set(tasks)))
    while piece := list(islice(remaining, TASKS_AT_ONCE)):
        named = ids(piece)
        found = [
            pk for (pk,) in rows(f"SELECT id FROM tasks_task WHERE project_id = %s AND id IN ({named.text})", [project.pk, *named.params])
        ]
        deleted += _delete_set(actor, project, found)
    return deleted


def _first_tasks(project: Project) -> list[int]:
    return [pk for (pk,) in rows(f"SELECT id FROM tasks_task WHERE project_id = %s ORDER BY id LIMIT {TASKS_AT_ONCE}", [project.pk])]


def _delete_set(actor: Actor, project: Project, tasks: Sequence[int]) -> int:
    if not tasks:
        return 0
    gone = ids(tasks)
    with transaction.atomic():
        lock_project(project.pk)
        before = numbers_of(gone)
        columns = columns_of(gone)
        results = ResultChanges()
        for (result,) in rows(f"SELECT result FROM tasks_annotation WHERE task_id IN ({gone.text}) AND result_count > 0", gone.params):
            results.annotation(result, -1)
        for (result,) in rows(f"SELECT result FROM tasks_draft WHERE task_id IN ({gone.text})", gone.params):
            results.draft(result, -1)
        run(f"DELETE FROM tasks_annotationversion WHERE project_id = %s AND task_id IN ({gone.text})", [project.pk, *gone.params])
        for table in ("tasks_lease", "tasks_draft", "tasks_annotation", "tasks_prediction"):
            run(f"DELETE FROM {table} WHERE task_id IN ({gone.text})", gone.params)
        count = run(f"DELETE FROM tasks_task WHERE id IN ({gone.text})", gone.params)
        change_project(project.pk, Numbers() - before)
        change_columns(project.pk, {key: -number for key, number in columns.items()})
        results.save(project.pk, locked=True)
        record("task.deleted", actor, project=project.pk, ids=tasks, count=count)
    return count
