"""Many annotations at once."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from core.actor import Actor
from core.errors import invalid, not_found
from core.requests import dict_body, integer, json_response
from core.routing import actor_of
from projects.models import Project
from projects.queries import config_of, get_project
from tasks import queries
from tasks.answers import annotation_fields, check_result, id_numbers
from tasks.models import Annotation
from tasks.operations.annotate import create_annotations
from tasks.operations.bulk import NewAnnotation
from tasks.operations.delete import delete_annotations
from tasks.operations.submit import check_ground_truth, check_person
from tasks.sets import ids, rows

MOST_TASKS = 10_000
MOST_DELETED = 10_000


def create(request: HttpRequest) -> HttpResponse:
    """The same answer for many tasks of one project, named by `tasks` or `selected_items`. Answers `[{id}]`, in the order of the tasks."""
    actor = actor_of(request)
    body = dict_body(request)
    project, tasks = _selection(actor, body)
    fields = annotation_fields(body)
    person = fields.get("completed_by") or actor.user_id
    check_person(actor, person)
    if fields.get("ground_truth"):
        check_ground_truth(actor)
    warnings = check_result(config_of(project), fields.get("result"))
    if fields.get("was_cancelled"):
        _check_skippable(tasks)
    answers = [
        (
            task_id,
            NewAnnotation(
                fields.get("result"),
                completed_by_id=person,
                was_cancelled=bool(fields.get("was_cancelled")),
                ground_truth=bool(fields.get("ground_truth")),
                lead_time=fields.get("lead_time"),
                last_action=fields.get("last_action"),
                import_id=fields.get("import_id"),
                bulk_created=True,
            ),
        )
        for task_id in tasks
    ]
    made = create_annotations(actor, project, answers)
    return json_response([{"id": pk, **({"warnings": warnings} if warnings else {})} for pk in made], 201)


def _selection(actor: Actor, body: dict[str, Any]) -> tuple[Project, list[int]]:
    """The tasks that a body names, each once and in order, and their one project. Raises 400 and 404."""
    chosen = body.get("selected_items")
    if isinstance(chosen, dict) and chosen.get("all") is True:
        project_id = integer(body.get("project"), "project")
        if project_id is None:
            raise invalid(project=_("This field is required."))
        project = get_project(actor, project_id)
        left_out = ids(id_numbers(chosen.get("excluded") or [], "selected_items", most=MOST_TASKS))
        found = rows(
            f"SELECT id FROM tasks_task WHERE project_id = %s AND id NOT IN ({left_out.text}) ORDER BY id LIMIT {MOST_TASKS + 1}",
            [project.pk, *left_out.params],
        )
        if len(found) > MOST_TASKS:
            raise invalid(selected_items=_("At most %(most)s tasks at once.") % {"most": f"{MOST_TASKS:,}"})
        return project, [row[0] for row in found]
    said = (
        body.get("tasks") or (chosen.get("included") if isinstance(chosen, dict) else None) or ([body["task"]] if body.get("task") else [])
    )
    tasks = list(dict.fromkeys(id_numbers(said, "tasks", most=MOST_TASKS)))
    if not tasks:
        raise invalid(tasks=_("Name the tasks."))
    project = queries.project_of_task(actor, tasks[0])
    named = ids(tasks)
    if rows(f"SELECT COUNT(*) FROM tasks_task WHERE project_id = %s AND id IN ({named.text})", [project.pk, *named.params])[0][0] != len(
        tasks
    ):
        raise invalid(tasks=_("All tasks must be there and belong to one project."))
    return project, tasks


def _check_skippable(tasks: list[int]) -> None:
    named = ids(tasks)
    if rows(f"SELECT 1 FROM tasks_task WHERE id IN ({named.text}) AND NOT allow_skip LIMIT 1", named.params):
        raise invalid(was_cancelled=_("One of these tasks cannot be skipped."))


def delete(request: HttpRequest) -> HttpResponse:
    """Delete the annotations named by `ids` of one `project`. Answers how many; 404 when one is not there or not the actor's to delete."""
    actor = actor_of(request)
    body = dict_body(request)
    wanted = list(dict.fromkeys(id_numbers(body.get("ids"), "ids", most=MOST_DELETED)))
    project_id = integer(body.get("project"), "project")
    if project_id is None:
        raise invalid(project=_("This field is required."))
    project = get_project(actor, project_id)
    found = Annotation.objects.filter(project=project, pk__in=wanted)
    if not actor.may("annotations.change_others"):
        found = found.filter(completed_by_id=actor.user_id)
    if found.count() != len(wanted):
        raise not_found(_("Not all of these annotations are there, or yours to delete."))
    return json_response({"deleted_count": delete_annotations(actor, project, wanted)})
