"""One annotation as the answer of every selected task."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.actor import Actor
from core.errors import invalid
from core.rawjson import read_json
from core.requests import integer
from data_manager.actions.action import Action
from data_manager.actions.predictions_to_annotations import keep_made
from data_manager.actions.work import Work
from projects.models import Project
from tasks.operations.annotate import create_annotations
from tasks.operations.bulk import NewAnnotation
from tasks.sets import rows


def _read(_actor: Actor, project: Project, said: dict[str, Any]) -> dict[str, Any]:
    source = integer(said.get("source_annotation_id"), "source_annotation_id", least=1)
    if source is None or not rows(
        "SELECT 1 FROM tasks_annotation WHERE id = %s AND project_id = %s AND NOT was_cancelled", [source, project.pk]
    ):
        raise invalid(source_annotation_id=_("Name an annotation of this project by its id."))
    return {"source": source}


def _form(_actor: Actor, _project: Project) -> list[dict[str, Any]]:
    return [
        {
            "columnCount": 1,
            "fields": [{"type": "number", "name": "source_annotation_id", "label": _("Id of the annotation"), "required": True}],
        }
    ]


def _perform(work: Work) -> dict[str, Any]:
    def act(tasks: list[int]) -> None:
        found = rows(
            "SELECT task_id, result, lead_time FROM tasks_annotation WHERE id = %s AND project_id = %s",
            [work.parameters["source"], work.project.pk],
        )
        if not found:
            raise invalid(source_annotation_id=_("The annotation is gone."))
        task_id, result, _seconds = found[0]
        answer = NewAnnotation(None if result is None else read_json(result), bulk_created=True, last_action="propagated_annotation")
        made = create_annotations(work.actor, work.project, [(task, answer) for task in tasks if task != task_id])
        work.counts["annotations"] += keep_made(work, made)

    work.each(act, piece=500)
    made = work.counts["annotations"]
    return work.answer(made, f"Created {made} annotations", response_code=200)


PROPAGATE_ANNOTATIONS = Action(
    "propagate_annotations",
    gettext_lazy("Copy an annotation to these tasks"),
    14,
    "annotations.create_for_others",
    _perform,
    read=_read,
    form=_form,
    text=gettext_lazy("Every selected task gets an annotation in your name with the same result."),
    undo=True,
)
