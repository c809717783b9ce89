"""The labels of each task's annotations (or predictions) as a field of its data, to filter, sort and export by."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

import labeling
from core.actor import Actor
from core.errors import invalid
from core.rawjson import read_json
from data_manager.actions.action import Action
from data_manager.actions.data_fields import write_field
from data_manager.actions.work import Work
from projects.models import Project
from projects.queries import config_of
from tasks.sets import rows


def _read(_actor: Actor, _project: Project, said: dict[str, Any]) -> dict[str, Any]:
    control = said.get("custom_control_tag") or said.get("control_tag") or "ALL"
    source = str(said.get("source") or "Annotations").lower()
    if source not in ("annotations", "predictions"):
        raise invalid(source=_("Use Annotations or Predictions."))
    if not isinstance(control, str) or len(control) > 200:
        raise invalid(control_tag=_("Name a control tag, or ALL."))
    counters = str(said.get("with_counters") if said.get("with_counters") is not None else "Yes").lower() in ("yes", "true")
    return {"control": None if control == "ALL" else control, "source": source, "counters": counters}


def _form(_actor: Actor, project: Project) -> list[dict[str, Any]]:
    controls = ["ALL", *config_of(project).controls]
    return [
        {
            "columnCount": 1,
            "fields": [
                {"type": "select", "name": "control_tag", "label": _("Control tag"), "options": controls},
                {"type": "select", "name": "with_counters", "label": _("With counts"), "options": ["Yes", "No"]},
                {"type": "select", "name": "source", "label": _("Labels of"), "options": ["Annotations", "Predictions"]},
            ],
        }
    ]


def _perform(work: Work) -> dict[str, Any]:
    said = work.parameters
    control = said["control"]
    key = f"cache{'_predictions' if said['source'] == 'predictions' else ''}_{control or 'all'}"
    table = "tasks_annotation" if said["source"] == "annotations" else "tasks_prediction"

    def value(task: int, _data: dict[str, Any], _place: int) -> str:
        labels: Counter[str] = Counter()
        for (result,) in rows(f"SELECT result FROM {table} WHERE task_id = %s", [task]):
            for row in read_json(result) if result else []:
                if isinstance(row, dict) and (control is None or row.get("from_name") == control):
                    labels.update(label for label in labeling.labels_of(row) if label)
        return ", ".join(sorted(f"{label}: {number}" if said["counters"] else label for label, number in labels.items()))

    number = write_field(work, key, value)
    return work.answer(number, f"Updated {number} tasks", response_code=200)


CACHE_LABELS = Action(
    "cache_labels",
    gettext_lazy("Write labels into the data"),
    12,
    "tasks.change",
    _perform,
    read=_read,
    form=_form,
    text=gettext_lazy("The labels that each task has are written into a field of its data, to filter and sort by."),
    undo=True,
    reload=True,
)
