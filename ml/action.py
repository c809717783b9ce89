"""Asking the project's model about the selected tasks: an action of the data page. It is always a job, with its report."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.actor import Actor
from core.errors import Refused, invalid
from core.requests import integer
from data_manager.actions import Action
from data_manager.actions.work import Work
from ml.operations.asking import predict_tasks
from ml.queries import get_backend, predictor_of
from projects.models import Project


def _read(actor: Actor, project: Project, said: dict[str, Any]) -> dict[str, Any]:
    """`model` (or `ml_backend`) names one of the project's models; without it the one is asked that annotators are shown."""
    number = integer(said.get("model", said.get("ml_backend")), "model", least=1)
    if number is not None and get_backend(actor, number).project_id != project.pk:
        raise invalid(model=_("This model belongs to another project."))
    return {"model": number}


def _form(_actor: Actor, project: Project) -> list[dict[str, Any]]:
    options = [{"value": str(row.pk), "label": row.title} for row in project.ml_backends.order_by("pk")]
    return [{"columnCount": 1, "fields": [{"type": "select", "name": "model", "label": _("Model"), "options": options}]}]


def _perform(work: Work) -> dict[str, Any]:
    number = work.parameters["model"]
    backend = predictor_of(work.project) if number is None else get_backend(work.actor, number)
    if backend is None:
        raise Refused(_("No model is connected to this project. Connect one in the project's settings first."), 400)
    if not work.selection.count(1):
        return {"processed_items": 0, "detail": _("No task is selected. Nothing was changed.")}
    job = predict_tasks(work.actor, backend, work.selection)
    return {
        "processed_items": job.total,
        "job": job.pk,
        "detail": _("%(title)s is asked about the tasks: it is job %(id)s.") % {"title": backend.title, "id": job.pk},
    }


RETRIEVE_TASKS_PREDICTIONS = Action(
    "retrieve_tasks_predictions",
    gettext_lazy("Retrieve predictions"),
    90,
    "models.change",
    _perform,
    read=_read,
    form=_form,
    text=gettext_lazy(
        "The connected model is asked about the selected tasks. What it said about them before in the same version is replaced."
    ),
    counts=("tasks", "predictions"),
    at_once=True,
)
