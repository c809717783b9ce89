"""Deleting annotations, drafts, and tasks with everything that hangs on them: it all moves into the recycle bin."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import islice

from django.db import transaction
from django.utils import timezone

from core.actor import Actor
from core.database import column_time
from core.events.record import record
from projects.models import Project
from tasks.columns import change_columns, columns_of
from tasks.counters import Numbers, change_project, keep_counters, numbers_of
from tasks.models import Annotation, Draft, Task
from tasks.operations.recycle import count, count_results, move_away, note_all, note_parents, open_entry, text_type
from tasks.operations.settle import LockedAnnotation, lock_annotation, settle
from tasks.operations.versions import keep_version, keep_versions
from tasks.recycled import belonging
from tasks.result_counts import ResultChanges
from tasks.sets import IdSet, ids, lock_project, rows, run

TASKS_AT_ONCE = 10_000


def delete_annotation(actor: Actor, annotation_id: int) -> None:
    """Delete an annotation; it can be taken back from the recycle bin, and its last state stays as a version.

    Raises 404 for one the actor does not see.
    """
    with transaction.atomic():
        old = lock_annotation(actor, annotation_id)
        remove_annotation(actor, old, open_entry(actor, old.task.project_id, "delete_annotation"))


def remove_annotation(actor: Actor, old: LockedAnnotation, entry: int) -> None:
    """Within the caller's transaction: version, row, drafts of changes to it, counters, event. All of it goes into an entry of the recycle bin."""
    gone = ids([old.id])
    keep_version(actor, old, "deleted")
    results = ResultChanges()
    results.annotation(old.result, -1)
    drafts = _drop(actor, old.task.project_id, gone, ids([old.task.id]), results, entry)
    settle(actor, old.task, useful_by=-old.useful, truths_by=-bool(old.ground_truth), results=results)
    count(entry, annotations=1, drafts=drafts)
    record("annotation.deleted", actor, project=old.task.project_id, ids=[old.id], task=old.task.id)


def _drop(actor: Actor, project_id: int, gone: IdSet, tasks: IdSet, results: ResultChanges, entry: int | None) -> int:
    """Move annotations into the recycle bin with what hangs on them; returns how many drafts of changes to them there were."""
    count_results(results, "tasks_draft", "annotation_id", gone, -1)
    drafts = move_away(entry, Draft, "annotation_id", gone)
    note_parents(entry, project_id, "parent_annotation_id", gone)
    note_all(
        entry,
        project_id,
        "lease",
        f"""SELECT id AS row_id, CAST(NULL AS bigint) AS stamp, CAST(annotation_id AS {text_type()}) AS former
            FROM tasks_lease WHERE task_id IN ({tasks.text}) AND annotation_id IN ({gone.text})""",
        [*tasks.params, *gone.params],
    )
    # The task may come to this person again.
    run(
        f"UPDATE tasks_lease SET annotation_id = NULL, expires_at = %s WHERE task_id IN ({tasks.text}) AND annotation_id IN ({gone.text})",
        [column_time(timezone.now()), *tasks.params, *gone.params],
    )
    move_away(entry, Annotation, "id", gone)
    return drafts


def delete_annotations(
    actor: Actor, project: Project, annotations: Sequence[int], *, entry: int | None = None, recycle: bool = True
) -> int:
    """Delete annotations of a project, set by set; returns how many there were. The caller has checked that the actor may delete each.

    They go into the recycle bin, into `entry` or one of their own, unless `recycle` is False; their last states stay as versions in any case.
    """
    wanted = ids(annotations)
    with transaction.atomic():
        lock_project(project.pk)
        found = rows(
            f"SELECT id, task_id FROM tasks_annotation WHERE id IN ({wanted.text}) AND +project_id = %s", [*wanted.params, project.pk]
        )
        if not found:
            return 0
        if entry is None and recycle:
            entry = open_entry(actor, project.pk, "delete_annotations")
        gone, affected = ids(row[0] for row in found), ids(row[1] for row in found)
        results = ResultChanges()
        count_results(results, "tasks_annotation", "id", gone, -1)
        with keep_counters(project, affected):
            keep_versions(actor, gone, "deleted")
            drafts = _drop(actor, project.pk, gone, affected, results, entry)
        results.save(project.pk, locked=False)
        if entry is not None:
            count(entry, annotations=len(found), drafts=drafts)
        record("annotation.deleted", actor, project=project.pk, ids=[row[0] for row in found])
    return len(found)


def delete_drafts(actor: Actor, project: Project, tasks: IdSet, *, entry: int | None = None) -> int:
    """Throw away everybody's drafts on these tasks of a project; returns how many. They go into the recycle bin."""
    with transaction.atomic():
        lock_project(project.pk)
        if not rows(f"SELECT 1 FROM tasks_draft WHERE task_id IN ({tasks.text}) LIMIT 1", tasks.params):
            return 0
        if entry is None:
            entry = open_entry(actor, project.pk, "delete_drafts")
        results = ResultChanges()
        count_results(results, "tasks_draft", "task_id", tasks, -1)
        number = move_away(entry, Draft, "task_id", tasks)
        results.save(project.pk, locked=False)
        count(entry, drafts=number)
        record("draft.deleted", actor, project=project.pk, count=number)
    return number


def delete_tasks(
    actor: Actor, project: Project, tasks: Iterable[int] | None = None, *, entry: int | None = None, kind: str = "delete_tasks"
) -> int:
    """Delete tasks of a project with their annotations, versions, drafts, predictions and leases; returns how many there were.

    `tasks` are their ids; None means all. Ids of other projects are passed over. All go into the recycle bin, into `entry` or a new one of this
    `kind`. Works through sets of `TASKS_AT_ONCE`, each a transaction of its own, so that nobody waits long: after an interruption some of the
    tasks are gone and everything is in order.
    """
    deleted = 0
    remaining = None if tasks is None else iter(sorted(set(tasks)))
    while True:
        if remaining is None:
            found = _first_tasks(project)
            more = bool(found)
        else:
            piece = list(islice(remaining, TASKS_AT_ONCE))
            more, found = bool(piece), _known(project, piece)
        if not more:
            return deleted
        if found:
            with transaction.atomic():
                if entry is None:
                    entry = open_entry(actor, project.pk, kind)
                deleted += delete_set(actor, project, found, entry)


def _first_tasks(project: Project) -> list[int]:
    return [pk for (pk,) in rows(f"SELECT id FROM tasks_task WHERE project_id = %s ORDER BY id LIMIT {TASKS_AT_ONCE}", [project.pk])]


def _known(project: Project, tasks: Sequence[int]) -> list[int]:
    named = ids(tasks)
    return [pk for (pk,) in rows(f"SELECT id FROM tasks_task WHERE project_id = %s AND id IN ({named.text})", [project.pk, *named.params])]


def delete_set(actor: Actor, project: Project, tasks: Sequence[int], entry: int) -> int:
    """Move tasks of a project (some thousands at most) into an entry of the recycle bin, as one transaction; returns how many there were."""
    if not tasks:
        return 0
    gone = ids(tasks)
    with transaction.atomic():
        lock_project(project.pk)
        before = numbers_of(gone)
        columns = columns_of(gone)
        results = ResultChanges()
        count_results(results, "tasks_annotation", "task_id", gone, -1)
        count_results(results, "tasks_draft", "task_id", gone, -1)
        moved: dict[str, int] = {}
        for model, _mirror in reversed(belonging()):
            moved[model.__name__] = move_away(entry, model, "id" if model is Task else "task_id", gone)
        change_project(project.pk, Numbers() - before)
        change_columns(project.pk, {key: -number for key, number in columns.items()})
        results.save(project.pk, locked=True)
        count(entry, tasks=moved["Task"], annotations=moved["Annotation"], drafts=moved["Draft"], predictions=moved["Prediction"])
        record("task.deleted", actor, project=project.pk, ids=tasks, count=moved["Task"])
    return moved["Task"]
