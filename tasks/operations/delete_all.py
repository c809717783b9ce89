"""Deleting all tasks of a project: at once when they are few, else by a job that goes on set by set."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from core.actor import Actor
from core.jobs.models import Job
from core.jobs.operations import enqueue
from core.jobs.registry import JobKind
from core.jobs.run import JobRun
from core.permissions import Role
from projects.models import Project
from tasks.operations.delete import TASKS_AT_ONCE, delete_set, delete_tasks
from tasks.operations.recycle import open_entry
from tasks.sets import rows

KIND = "tasks.delete_all"


def delete_all_tasks(actor: Actor, project: Project) -> Job | None:
    """Delete the tasks that a project has now, into one entry of the recycle bin; returns the job that does it, None when it is done."""
    if project.task_number <= TASKS_AT_ONCE:
        delete_tasks(actor, project)
        return None
    last = rows("SELECT MAX(id) FROM tasks_task WHERE project_id = %s", [project.pk])[0][0] or 0
    # What is imported from now on stays.
    parameters = {"last": last, "email": actor.email, "role": actor.role}
    return enqueue(actor, KIND, _("Delete all tasks"), project=project.pk, parameters=parameters, total=project.task_number)


def run_delete_all(job: JobRun) -> dict[str, Any]:
    said = job.parameters
    actor = Actor(job.job.created_by_id or 0, said["email"], job.job.organization_id, Role(said["role"]), "job")
    project = Project.objects.get(pk=job.job.project_id or 0)
    while True:
        with job.step():
            found = rows(
                f"SELECT id FROM tasks_task WHERE project_id = %s AND id <= %s ORDER BY id LIMIT {TASKS_AT_ONCE}",
                [project.pk, said["last"]],
            )
            if not found:
                return {"tasks": job.done}
            job.cursor = job.cursor or open_entry(actor, project.pk, "delete_tasks")
            job.done += delete_set(actor, project, [pk for (pk,) in found], job.cursor)


DELETE_ALL = JobKind(KIND, run_delete_all)
