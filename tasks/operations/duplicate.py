"""A copy of a project: its settings, and when asked its tasks."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from core.actor import Actor
from core.jobs.operations import enqueue
from core.jobs.registry import JobKind, register
from core.jobs.run import JobRun
from organizations.queries import actor_of_user
from projects.models import Project, ProjectMember
from projects.operations import create_project
from projects.queries import get_project
from tasks.operations.bulk import NewTask, add_tasks
from tasks.sets import rows
from users.models import User

KIND = "project.copy_tasks"
AT_ONCE = 2_000  # tasks copied in the request; more are copied by a job, so many at a time

# What a copy takes over. Counters, dates and what belongs to the original's predictions are its own.
SETTINGS = (
    "description", "color", "members_only", "label_config", "control_weights", "expert_instruction", "show_instruction", "show_skip_button",
    "enable_empty_annotation", "show_annotation_history", "reveal_preannotations_interactively", "maximum_annotations",
    "overlap_cohort_percentage", "show_overlap_first", "sampling", "skip_queue", "show_ground_truth_first", "annotator_evaluation_enabled",
    "show_collab_predictions", "evaluate_predictions_automatically", "min_annotations_to_start_training",
)  # fmt: skip


def duplicate_project(actor: Actor, project_id: int, fields: dict[str, Any], *, tasks: bool, members: bool) -> Project:
    """Copy a project under `fields` (title, description). With many tasks they arrive in the background.

    Answers of people and predictions are not copied. Raises 404 for a project that the actor does not see.
    """
    with transaction.atomic():
        source = get_project(actor, project_id)
        copy = create_project(actor, {**{name: getattr(source, name) for name in SETTINGS}, **fields})
        if members:
            named = ProjectMember.objects.filter(project=source)
            ProjectMember.objects.bulk_create([ProjectMember(project=copy, user_id=row.user_id) for row in named], ignore_conflicts=True)
        if tasks and source.task_number:
            last, copied = _copy(actor, source, copy, 0)
            if copied == AT_ONCE:
                enqueue(
                    actor,
                    KIND,
                    _("Copy the tasks of %(title)s") % {"title": source.title},
                    project=copy.pk,
                    parameters={"source": source.pk, "copy": copy.pk, "after": last, "user": actor.user_id},
                    total=source.task_number,
                )
    copy.refresh_from_db()
    return copy


def _copy(actor: Actor, source: Project, copy: Project, after: int) -> tuple[int, int]:
    """Copy the next tasks; returns (the last one's id in the source, how many)."""
    found = rows(
        f"SELECT id, data, meta, allow_skip, file_upload_id FROM tasks_task WHERE project_id = %s AND id > %s ORDER BY id LIMIT {AT_ONCE}",
        [source.pk, after],
    )
    add_tasks(actor, copy, (NewTask(data, meta=meta, allow_skip=bool(skip)) for _id, data, meta, skip, _file in found))
    return (found[-1][0] if found else after), len(found)


def copy_tasks(run: JobRun) -> dict[str, Any]:
    """The rest of the tasks, from the cursor on."""
    user = User.objects.get(pk=run.parameters["user"])
    actor = actor_of_user(user)
    source = Project.objects.filter(pk=run.parameters["source"], deleted_at=None).first()
    copy = Project.objects.filter(pk=run.parameters["copy"], deleted_at=None).first()
    copied = AT_ONCE
    while source is not None and copy is not None and copied == AT_ONCE:
        with run.step():
            run.cursor, copied = _copy(actor, source, copy, run.cursor or run.parameters["after"])
            run.done += copied
    return {"tasks": run.done}


def register_jobs() -> None:
    register(JobKind(KIND, copy_tasks))
