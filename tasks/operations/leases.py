"""The queue: who asks gets a task and holds one of its slots for a while. Two people never hold the same slot."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.actor import Actor
from core.database import column_time, time_sql
from core.errors import Refused, not_found
from projects.models import Project
from tasks import candidates
from tasks.candidates import Asker
from tasks.models import Lease
from tasks.opening import PENDING, asks_model
from tasks.operations.settle import lock_task, locking
from tasks.render import draft_json, prediction_json, select_drafts, select_predictions, task_json
from tasks.sets import rows, run
from tasks.visibility import visible_projects

_PROJECT = (
    "id", "sampling", "skip_queue", "maximum_annotations", "show_overlap_first", "annotator_evaluation_enabled", "show_ground_truth_first",
    "model_version", "show_collab_predictions", "live_model", "evaluate_predictions_automatically",
)  # fmt: skip


def lease_next(actor: Actor, project_id: int, *, after: int | None = None) -> dict[str, Any] | None:
    """The next task of the queue for the actor, as the API shows it, held for `TASK_LOCK_TTL` seconds; None when there is none.

    Who asks again gets the task they hold; with `after`, the id of a task in hand, the one to do after it. Usually 3 statements.
    Raises 404 for a project the actor does not see.
    """
    now = timezone.now()
    with transaction.atomic():
        project, held, assigned = _project_and_held(actor, project_id, now, after or 0)
        asker = Asker(actor.user_id, project.pk, column_time(now), after or 0, project.skip_queue, assigned)
        if held and (found := _take(asker, held, now)):
            return _shown(actor, project, found, "Task lock")
        chosen = _choose(project, asker)
        while chosen:
            walk, row = chosen
            if lease := _hold(asker, row[0], now):
                return _shown(actor, project, (lease, row), walk)
            # PostgreSQL only: somebody took the last slot between our look and our lock. Their task no longer fits.
            chosen = _choose(project, asker)
    return _what_remains(actor, project, asker, now)


def lease_first(
    actor: Actor, project_id: int, where: tuple[str, tuple[Any, ...]], order: tuple[str, tuple[Any, ...]]
) -> dict[str, Any] | None:
    """As `lease_next`, for a label stream over a selection: the first task `t` in `order` for which `where` is true (SQL with its parameters)."""
    now = timezone.now()
    with transaction.atomic():
        project, _held, assigned = _project_and_held(actor, project_id, now, 0)
        asker = Asker(actor.user_id, project.pk, column_time(now), 0, project.skip_queue, assigned)
        for (task_id,) in rows(*candidates.among(asker, where, order)):
            if found := _take(asker, task_id, now):
                return _shown(actor, project, found, "Data manager queue")
    return None


def _project_and_held(actor: Actor, project_id: int, now: Any, after: int) -> tuple[Project, int | None, bool]:
    """(project, the task that the actor holds already, whether tasks were given to the actor)."""
    visible, params = visible_projects(actor)
    found = rows(
        f"""SELECT {", ".join(f"p.{name}" for name in _PROJECT)}, (
                SELECT l.task_id FROM tasks_lease l JOIN tasks_task t ON t.id = l.task_id
                WHERE l.project_id = p.id AND l.user_id = %s AND l.annotation_id IS NULL AND l.expires_at > %s AND l.task_id <> %s AND NOT t.is_labeled
                  AND NOT EXISTS (SELECT 1 FROM tasks_annotation a WHERE a.task_id = t.id AND a.completed_by_id = %s AND NOT a.was_cancelled)
                  AND NOT EXISTS (SELECT 1 FROM tasks_draft d WHERE d.task_id = t.id AND d.user_id = %s AND d.annotation_id IS NULL AND d.was_postponed)
                  AND (NOT t.is_assigned OR EXISTS (SELECT 1 FROM tasks_assignment s WHERE s.task_id = t.id AND s.user_id = l.user_id))
                ORDER BY l.created_at, l.id LIMIT 1),
                EXISTS (SELECT 1 FROM tasks_assignment g WHERE g.project_id = p.id AND g.user_id = %s)
            FROM projects_project p WHERE p.id = %s AND p.id IN ({visible}){" FOR KEY SHARE OF p" if connection.vendor == "postgresql" else ""}""",
        [actor.user_id, column_time(now), after, actor.user_id, actor.user_id, actor.user_id, project_id, *params],
    )
    if not found:
        raise not_found()
    *columns, held, assigned = found[0]
    return Project(**dict(zip(_PROJECT, columns, strict=True))), held, bool(assigned)


def _columns() -> str:
    return candidates.TASK_COLUMNS.format(
        created_at=time_sql("t.created_at"), updated_at=time_sql("t.updated_at"), commented_at=time_sql("t.last_comment_updated_at")
    )


def _choose(project: Project, asker: Asker) -> tuple[str, tuple[Any, ...]] | None:
    walks = candidates.walks(project, asker)
    found = rows(*candidates.choose(walks, asker, _columns()))
    return (walks[found[0][0]].queue, found[0][1:]) if found else None


def _hold(asker: Asker, task_id: int, now: Any, *, seconds: int | None = None) -> int | None:
    """Write the asker's lease if the task (locked by the caller) has a slot; returns the lease's id, or None."""
    free, params = candidates.slot_free(asker)
    expires = column_time(now + timedelta(seconds=settings.TASK_LOCK_TTL if seconds is None else seconds))
    found = rows(
        f"""INSERT INTO tasks_lease (task_id, project_id, user_id, created_at, expires_at)
            SELECT t.id, t.project_id, %s, %s, %s FROM tasks_task t WHERE t.id = %s AND NOT t.is_labeled AND {free}
            ON CONFLICT (task_id, user_id) DO UPDATE SET
                created_at = CASE WHEN tasks_lease.annotation_id IS NULL AND tasks_lease.expires_at > %s THEN tasks_lease.created_at ELSE excluded.created_at END,
                expires_at = excluded.expires_at, annotation_id = NULL
            RETURNING id""",
        [asker.user_id, asker.now, expires, task_id, *params, asker.now],
    )
    return found[0][0] if found else None


def _take(asker: Asker, task_id: int, now: Any) -> tuple[int, tuple[Any, ...]] | None:
    """Lock one task and hold it: (lease id, the task's row), or None when it has no slot."""
    found = rows(
        f"SELECT {_columns()} FROM tasks_task t JOIN projects_project p ON p.id = t.project_id WHERE t.id = %s{locking('t')}",
        [asker.user_id, task_id],
    )
    lease = _hold(asker, task_id, now) if found else None
    return (lease, found[0]) if lease else None


def _what_remains(actor: Actor, project: Project, asker: Asker, now: Any) -> dict[str, Any] | None:
    """Where the walks found nothing: any open task, then what the actor put off, then what they skipped. Looks without a lock, takes with one."""
    places = [("Assigned queue", candidates.remaining_assigned)] if asker.has_assignments else []
    places += [("Sequence queue", candidates.remaining), ("Postponed draft queue", candidates.postponed)]
    if project.skip_queue == Project.SkipQueue.REQUEUE_FOR_ME:
        places.append(("Skipped queue", candidates.skipped))
    for queue, find in places:
        for (task_id,) in rows(*find(asker)):
            with transaction.atomic():
                if found := _take(asker, task_id, now):
                    return _shown(actor, project, found, queue)
    return None


def _shown(actor: Actor, project: Project, found: tuple[int, tuple[Any, ...]], queue: str) -> dict[str, Any]:
    lease, (*row, has_draft) = found
    task = task_json(tuple(row))
    mine = select_drafts("d.task_id = %s AND d.user_id = %s AND d.annotation_id IS NULL", [task["id"], actor.user_id]) if has_draft else []
    postponed = queue == "Postponed draft queue"
    predictions = _predictions(project, task)
    return {
        **task,
        "updated_by": [{"user_id": task["updated_by"]}] if task["updated_by"] else [],
        "predictions": predictions,
        "annotations": [],
        "drafts": [draft_json(draft) for draft in mine],
        "unique_lock_id": str(lease),
        "queue": queue,
        **({"allow_postpone": False} if postponed else {}),
        **({PENDING: True} if asks_model(project, predictions) else {}),
    }


def _predictions(project: Project, task: dict[str, Any]) -> list[dict[str, Any]]:
    """Those of the project's model version, when predictions are shown to annotators."""
    if not task["total_predictions"] or not project.show_collab_predictions or project.model_version is None:
        return []
    found = select_predictions("p.task_id = %s AND COALESCE(p.model_version, '') = %s", [task["id"], project.model_version])
    return [prediction_json(row) for row in found]


def renew_lease(actor: Actor, task_id: int) -> dict[str, Any]:
    """Hold a task for another `LEASE_SECONDS`, also one that was opened without asking the queue; returns `{task, expires_at}`.

    Raises 409 when others have taken its slots (what the actor has done can be submitted all the same).
    """
    now = timezone.now()
    with transaction.atomic():
        task = lock_task(actor, task_id)
        mine = Lease.objects.filter(task_id=task_id, user_id=actor.user_id).first()
        if mine is not None and mine.annotation_id is not None:
            return {"task": task_id, "expires_at": None}  # answered already: nothing to hold
        asker = Asker(actor.user_id, task.project_id, column_time(now), 0, task.skip_queue)
        if _hold(asker, task_id, now, seconds=settings.LEASE_SECONDS) is None:
            raise Refused(_("This task was handed on to somebody else. What you submit is still kept and counted."), 409)
    return {"task": task_id, "expires_at": now + timedelta(seconds=settings.LEASE_SECONDS)}


def release_lease(actor: Actor, task_id: int) -> None:
    """Let others have the task. Nothing happens when the actor does not hold it; 404 for a task they do not see."""
    with transaction.atomic():
        lock_task(actor, task_id)
        run(
            "UPDATE tasks_lease SET expires_at = %s WHERE task_id = %s AND user_id = %s AND annotation_id IS NULL",
            [column_time(timezone.now()), task_id, actor.user_id],
        )
