"""What every change of one task's annotations has in common: lock first, then bring the counters along.

Locks are taken in one order everywhere: project (shared), task, annotation; then the project's row for its counters, then its result counts.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.utils import timezone

from core.actor import Actor
from core.database import column_time
from core.errors import not_found
from projects.configs import parsed
from tasks.counters import USEFUL, Numbers, change_project, finished
from tasks.result_counts import ResultChanges
from tasks.sets import rows
from tasks.visibility import sees_all_annotations, visible_projects

TASK = """t.id, t.overlap, t.allow_skip, t.is_labeled, t.total_annotations, t.cancelled_annotations, t.total_predictions,
          p.id, p.skip_queue, p.label_config, p.model_version"""


@dataclass(slots=True)
class LockedTask:
    """A task (and what matters of its project) that nobody else can change until the transaction ends."""

    id: int
    overlap: int
    allow_skip: bool
    is_labeled: bool
    total_annotations: int
    cancelled_annotations: int
    total_predictions: int
    project_id: int
    skip_queue: str
    label_config: str
    model_version: str | None

    @property
    def config(self) -> Any:
        return parsed(self.label_config)


COLUMNS = len(LockedTask.__slots__)


def locking(*tables: str) -> str:
    """The clause that locks a SELECT's rows on PostgreSQL. (SQLite's transaction holds the one write lock from its beginning.)"""
    return f" FOR KEY SHARE OF p FOR UPDATE OF {', '.join(tables)}" if connection.vendor == "postgresql" else ""


def lock_task(actor: Actor, task_id: int) -> LockedTask:
    """Raises 404 for a task that is not there or not the actor's to see."""
    visible, params = visible_projects(actor)
    found = rows(
        f"SELECT {TASK} FROM tasks_task t JOIN projects_project p ON p.id = t.project_id WHERE t.id = %s AND t.project_id IN ({visible}){locking('t')}",
        [task_id, *params],
    )
    if not found:
        raise not_found()
    return LockedTask(*found[0])


@dataclass(slots=True)
class LockedAnnotation:
    """An annotation and its task, locked; times as the database has them."""

    task: LockedTask
    id: int
    result: str | None
    was_cancelled: bool
    ground_truth: bool
    lead_time: float | None
    completed_by_id: int | None
    updated_by_id: int | None
    parent_prediction_id: int | None
    parent_annotation_id: int | None
    import_id: int | None
    last_action: str | None
    bulk_created: bool
    prediction: str
    unique_id: Any
    idempotency_key: str | None
    draft_created_at: Any
    version: int
    created_at: Any
    updated_at: Any

    @property
    def useful(self) -> bool:
        return self.result is not None and not self.was_cancelled and not self.ground_truth


def lock_annotation(actor: Actor, annotation_id: int) -> LockedAnnotation:
    """Raises 404 for an annotation that is not there or not the actor's to see."""
    visible, params = visible_projects(actor)
    own = "" if sees_all_annotations(actor) else " AND a.completed_by_id = %s"
    columns = ", ".join(f"a.{name}" for name in LockedAnnotation.__slots__[1:])
    found = rows(
        f"""SELECT {TASK}, {columns} FROM tasks_annotation a JOIN tasks_task t ON t.id = a.task_id JOIN projects_project p ON p.id = t.project_id
            WHERE a.id = %s AND a.project_id IN ({visible}){own}{locking("t", "a")}""",
        [annotation_id, *params, *([] if sees_all_annotations(actor) else [actor.user_id])],
    )
    if not found:
        raise not_found()
    return LockedAnnotation(LockedTask(*found[0][:COLUMNS]), *found[0][COLUMNS:])


def clear_ground_truth(task: LockedTask, keep: int | None) -> tuple[int, int]:
    """Leave no ground truth on a task but `keep`; returns (how many were cleared, how many of those became useful): for `settle`."""
    cleared = rows(
        # Not `RETURNING result IS NULL`: SQLite 3.40 answers that wrongly.
        "UPDATE tasks_annotation SET ground_truth = %s WHERE task_id = %s AND ground_truth AND id <> %s RETURNING was_cancelled, result",
        [False, task.id, keep or 0],
    )
    return len(cleared), sum(not cancelled and result is not None for cancelled, result in cleared)


def settle(actor: Actor, task: LockedTask, *, useful_by: int, truths_by: int, results: ResultChanges) -> None:
    """Bring counters along after a change of a locked task's annotations.

    `useful_by`, `truths_by`: how many annotations became useful (not skipped, not ground truth, with a result) and ground truth, less those that
    ceased to be. At most 3 statements.
    """
    done, total, cancelled, useful = rows(
        f"""UPDATE tasks_task SET
                total_annotations = (SELECT COUNT(*) FROM tasks_annotation a WHERE a.task_id = tasks_task.id AND NOT a.was_cancelled),
                cancelled_annotations = (SELECT COUNT(*) FROM tasks_annotation a WHERE a.task_id = tasks_task.id AND a.was_cancelled),
                is_labeled = {finished(task.skip_queue)}, updated_by_id = %s, updated_at = %s
            WHERE id = %s
            RETURNING is_labeled, total_annotations, cancelled_annotations,
                      (SELECT COUNT(*) FROM tasks_annotation a WHERE a.task_id = tasks_task.id AND {USEFUL})""",
        [actor.user_id, column_time(timezone.now()), task.id],
    )[0]
    locked = change_project(
        task.project_id,
        Numbers(
            finished_task_number=bool(done) - bool(task.is_labeled),
            total_annotations_number=total - task.total_annotations,
            useful_annotation_number=useful_by,
            num_tasks_with_annotations=(useful > 0) - (useful - useful_by > 0),
            ground_truth_number=truths_by,
            skipped_annotations_number=cancelled - task.cancelled_annotations,
        ),
    )
    task.is_labeled, task.total_annotations, task.cancelled_annotations = bool(done), total, cancelled
    results.save(task.project_id, locked=locked)
