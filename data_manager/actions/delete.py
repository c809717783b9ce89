"""Deleting tasks, or what hangs on them: it all goes into the recycle bin."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.actor import Actor
from core.errors import invalid
from core.requests import integer
from data_manager.actions.action import Action
from data_manager.actions.work import Work
from projects.models import Project
from projects.queries import annotators
from tasks.operations.delete import delete_annotations, delete_drafts, delete_set
from tasks.operations.predictions import delete_predictions
from tasks.sets import ids, rows


def _tasks(work: Work) -> dict[str, Any]:
    def act(tasks: list[int]) -> None:
        work.counts["deleted"] += delete_set(work.actor, work.project, tasks, work.entry())

    work.each(act)
    number = work.counts["deleted"]
    left = bool(rows("SELECT 1 FROM tasks_task WHERE project_id = %s LIMIT 1", [work.project.pk]))
    return work.answer(number, f"Deleted {number} tasks", reload=not left)


def _annotator(_actor: Actor, _project: Project, said: dict[str, Any]) -> dict[str, Any]:
    return {"annotator": integer(said.get("annotator"), "annotator", least=1)}


def annotator_field(project: Project) -> dict[str, Any]:
    people = [{"value": user.pk, "label": user.name} for user in annotators(project)]
    return {
        "type": "select",
        "name": "annotator",
        "label": _("Only those of"),
        "options": [{"value": "", "label": _("everybody")}, *people],
    }


def _annotations(work: Work) -> dict[str, Any]:
    person = work.parameters["annotator"]

    def act(tasks: list[int]) -> None:
        named = ids(tasks)
        whose, params = ("", []) if person is None else (" AND completed_by_id = %s", [person])
        found = rows(f"SELECT id FROM tasks_annotation WHERE task_id IN ({named.text}){whose}", [*named.params, *params])
        if found:
            work.counts["deleted"] += delete_annotations(work.actor, work.project, [row[0] for row in found], entry=work.entry())
        if person is None and rows(f"SELECT 1 FROM tasks_draft WHERE task_id IN ({named.text}) LIMIT 1", named.params):
            delete_drafts(work.actor, work.project, named, entry=work.entry())

    work.each(act)
    number = work.counts["deleted"]
    return work.answer(number, f"Deleted {number} annotations")


def _drafts(work: Work) -> dict[str, Any]:
    def act(tasks: list[int]) -> None:
        named = ids(tasks)
        if rows(f"SELECT 1 FROM tasks_draft WHERE task_id IN ({named.text}) LIMIT 1", named.params):
            work.counts["deleted"] += delete_drafts(work.actor, work.project, named, entry=work.entry())

    work.each(act)
    number = work.counts["deleted"]
    return work.answer(number, f"Deleted {number} drafts")


def _version(_actor: Actor, _project: Project, said: dict[str, Any]) -> dict[str, Any]:
    version = said.get("model_version")
    if not isinstance(version, str | None):
        raise invalid(model_version=_("Not a valid string."))
    return {"version": version or None}


def _predictions(work: Work) -> dict[str, Any]:
    def act(tasks: list[int]) -> None:
        named = ids(tasks)
        if rows(f"SELECT 1 FROM tasks_prediction WHERE task_id IN ({named.text}) LIMIT 1", named.params):
            work.counts["deleted"] += delete_predictions(
                work.actor, work.project, tasks=tasks, model_version=work.parameters["version"], entry=work.entry()
            )

    work.each(act)
    number = work.counts["deleted"]
    return work.answer(number, f"Deleted {number} predictions")


DELETE_TASKS = Action(
    "delete_tasks",
    gettext_lazy("Delete tasks"),
    100,
    "tasks.delete",
    _tasks,
    text=gettext_lazy("The tasks go with everything that hangs on them. For 30 days this can be undone."),
    counts=("tasks", "annotations", "drafts", "predictions"),
    danger=True,
    undo=True,
    reload=True,
)
DELETE_ANNOTATIONS = Action(
    "delete_tasks_annotations",
    gettext_lazy("Delete annotations"),
    101,
    "annotations.create_for_others",
    _annotations,
    read=_annotator,
    form=lambda _actor, project: [{"columnCount": 1, "fields": [annotator_field(project)]}],
    text=gettext_lazy("The annotations and drafts of the tasks go, the tasks stay. For 30 days this can be undone."),
    counts=("annotations", "drafts"),
    danger=True,
    undo=True,
)
DELETE_PREDICTIONS = Action(
    "delete_tasks_predictions",
    gettext_lazy("Delete predictions"),
    102,
    "predictions.change",
    _predictions,
    read=_version,
    text=gettext_lazy("The predictions of the tasks go. For 30 days this can be undone."),
    counts=("predictions",),
    danger=True,
    undo=True,
)
DELETE_DRAFTS = Action(
    "delete_tasks_drafts",
    gettext_lazy("Delete drafts"),
    103,
    "annotations.create_for_others",
    _drafts,
    text=gettext_lazy("Everybody's unsubmitted work on the tasks goes. For 30 days this can be undone."),
    counts=("drafts",),
    danger=True,
    undo=True,
)
