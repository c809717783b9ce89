"""One task: made, changed, deleted; and how many people answer the tasks of a project."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.actor import Actor
from core.database import column_time
from core.errors import invalid, not_found
from core.events.record import record
from core.rawjson import json_text, read_json
from projects.models import Project
from projects.queries import config_of
from tasks.columns import change_columns
from tasks.counters import finished, set_uncertainty
from tasks.operations.bulk import NewTask, add_tasks
from tasks.operations.delete import delete_tasks
from tasks.operations.settle import lock_task, settle
from tasks.result_counts import ResultChanges
from tasks.sets import lock_project, rows, run


def create_task(actor: Actor, project_id: int, fields: dict[str, Any]) -> int:
    """Add a task (`fields` as `answers.task_fields` reads them); returns its id.

    Raises 400 for an unknown project, for missing data and for data that the labeling config cannot show.
    """
    project = Project.objects.visible_to(actor).filter(pk=project_id).first()
    if project is None:
        raise invalid(project=_('Invalid pk "%(id)s" - object does not exist.') % {"id": project_id})
    if fields.get("data") is None:
        raise invalid(data=_("This field is required."))
    check_data(project, fields["data"])
    new = NewTask(json_text(fields["data"]), keys=tuple(fields["data"]))
    if "meta" in fields:
        new.meta = json_text(fields["meta"])
    new.overlap, new.inner_id = fields.get("overlap"), fields.get("inner_id")
    new.allow_skip = fields.get("allow_skip", True)
    return add_tasks(actor, project, [new]).task_ids[0]


def check_data(project: Project, data: Any) -> None:
    """Raises 400 when the labeling config of the project cannot show this data."""
    import labeling

    if not isinstance(data, dict):
        raise invalid(data=_("The data of a task is an object."))
    problems = labeling.validate_task_data(config_of(project), data)
    if problems:
        raise invalid(data=problems)


def update_task(actor: Actor, task_id: int, fields: dict[str, Any]) -> None:
    """Change data, meta, overlap, inner_id or allow_skip of a task. Raises 404, and 400 for data that the labeling config cannot show."""
    with transaction.atomic():
        project = _project_of(actor, task_id)
        lock_project(project.pk)
        task = lock_task(actor, task_id)
        values: dict[str, Any] = {name: fields[name] for name in ("overlap", "inner_id", "allow_skip") if fields.get(name) is not None}
        if "data" in fields:
            check_data(project, fields["data"])
            values["data"] = json_text(fields["data"])
            former = read_json(rows("SELECT data FROM tasks_task WHERE id = %s", [task_id])[0][0])
            changes = dict.fromkeys(former, -1)
            for key in fields["data"]:
                changes[key] = changes.get(key, 0) + 1
            change_columns(project.pk, changes)
        if "meta" in fields:
            values["meta"] = json_text(fields["meta"])
        if not values:
            return
        values |= {"updated_by_id": actor.user_id, "updated_at": column_time(timezone.now())}
        run(f"UPDATE tasks_task SET {', '.join(f'{name} = %s' for name in values)} WHERE id = %s", [*values.values(), task_id])
        if "inner_id" in values:
            run(
                "UPDATE projects_project SET last_inner_id = %s WHERE id = %s AND last_inner_id < %s",
                [values["inner_id"], project.pk, values["inner_id"]],
            )
        if "overlap" in values:
            settle(actor, task, useful_by=0, truths_by=0, results=ResultChanges())
        record("task.updated", actor, project=project.pk, ids=[task_id], fields=sorted(fields))


def delete_task(actor: Actor, task_id: int) -> None:
    """Delete a task and everything that hangs on it. Raises 404."""
    with transaction.atomic():
        project = _project_of(actor, task_id)
        delete_tasks(actor, project, [task_id], kind="delete_task")


def _project_of(actor: Actor, task_id: int) -> Project:
    project = Project.objects.visible_to(actor).filter(tasks__id=task_id).first()
    if project is None:
        raise not_found()
    return project


def follow_project(actor: Actor, project: Project, changed: frozenset[str]) -> None:
    """Keep the tasks of a project in step with a change of its settings, in that change's transaction (which has locked the project)."""
    if changed & {"maximum_annotations", "overlap_cohort_percentage"}:
        set_overlap(project)
    elif "skip_queue" in changed:
        _finish(project, "total_annotations + cancelled_annotations > 0")
    if "model_version" in changed:
        set_uncertainty(project.pk, project.model_version)


def set_overlap(project: Project) -> None:
    """Give the tasks the overlap that the project's settings say, and say anew which of them are finished.

    With a cohort below 100 %, that share of the tasks gets `maximum_annotations` (those with most annotations first) and the rest 1.
    """
    maximum, share = project.maximum_annotations, project.overlap_cohort_percentage
    if share >= 100:
        run("UPDATE tasks_task SET overlap = %s WHERE project_id = %s AND overlap <> %s", [maximum, project.pk, maximum])
    else:
        several = project.task_number * share // 100
        run("UPDATE tasks_task SET overlap = 1 WHERE project_id = %s AND overlap <> 1", [project.pk])
        run(
            """UPDATE tasks_task SET overlap = %s WHERE id IN (
                   SELECT id FROM tasks_task WHERE project_id = %s ORDER BY total_annotations DESC, sampling_key LIMIT %s)""",
            [maximum, project.pk, several],
        )
    _finish(project, "total_annotations + cancelled_annotations > 0")


def _finish(project: Project, which: str) -> None:
    """Whether tasks have the answers they need: for those of them that have any."""
    run(f"UPDATE tasks_task SET is_labeled = {finished(project.skip_queue)} WHERE project_id = %s AND {which}", [project.pk])
    run(
        "UPDATE projects_project SET finished_task_number = (SELECT COUNT(*) FROM tasks_task WHERE project_id = %s AND is_labeled) WHERE id = %s",
        [project.pk, project.pk],
    )
