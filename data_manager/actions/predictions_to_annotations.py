"""Predictions become annotations of the person who asks; those that were made into one before are passed over."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.actor import Actor
from core.errors import invalid
from core.rawjson import read_json
from data_manager.actions.action import Action
from data_manager.actions.work import Work
from data_manager.queries import model_versions
from projects.models import Project
from tasks.operations.annotate import create_annotations
from tasks.operations.bulk import NewAnnotation
from tasks.operations.recycle import count, note
from tasks.sets import ids, rows

AT_ONCE = 200  # predictions held in memory
MOST_VERSIONS = 1_000


def _read(_actor: Actor, _project: Project, said: dict[str, Any]) -> dict[str, Any]:
    versions = said.get("model_version")
    if versions in (None, "", []):
        return {"versions": None}
    versions = versions if isinstance(versions, list) else [versions]
    if len(versions) > MOST_VERSIONS or not all(isinstance(version, str) for version in versions):
        raise invalid(model_version=_("Name a model version, or a list of them."))
    return {"versions": versions}


def _form(_actor: Actor, project: Project) -> list[dict[str, Any]]:
    versions = [version for version in model_versions(project) if version]
    field = {"type": "select", "name": "model_version", "label": _("Model version"), "options": ["", *versions]}
    return [{"columnCount": 1, "fields": [field]}]


def _perform(work: Work) -> dict[str, Any]:
    def act(tasks: list[int]) -> None:
        named = ids(tasks)
        versions = work.parameters["versions"]
        condition = "" if versions is None else f" AND COALESCE(p.model_version, '') IN ({', '.join(['%s'] * len(versions))})"
        last = 0
        while found := rows(
            f"""SELECT p.id, p.task_id, p.result FROM tasks_prediction p WHERE p.task_id IN ({named.text}) AND p.id > %s{condition}
                AND NOT EXISTS (SELECT 1 FROM tasks_annotation a WHERE a.parent_prediction_id = p.id) ORDER BY p.id LIMIT {AT_ONCE}""",
            [*named.params, last, *(versions or ())],
        ):
            last = found[-1][0]
            answers = [(task, NewAnnotation(read_json(result), bulk_created=True, parent_prediction=pk)) for pk, task, result in found]
            work.counts["annotations"] += keep_made(work, create_annotations(work.actor, work.project, answers))

    work.each(act)
    made = work.counts["annotations"]
    return work.answer(made, f"Created {made} annotations", response_code=200)


def keep_made(work: Work, made: list[int]) -> int:
    """Note annotations that were made, so that they can be unmade; returns how many."""
    if made:
        entry = work.entry()
        note(entry, work.project.pk, "made", ((pk, 1, None) for pk in made))
        count(entry, annotations=len(made))
    return len(made)


PREDICTIONS_TO_ANNOTATIONS = Action(
    "predictions_to_annotations",
    gettext_lazy("Create annotations from predictions"),
    91,
    "annotations.create_for_others",
    _perform,
    read=_read,
    form=_form,
    text=gettext_lazy("Each prediction of the selected tasks becomes an annotation in your name, unless it has been made into one before."),
    counts=("tasks", "predictions"),
    undo=True,
)
