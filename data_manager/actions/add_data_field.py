"""A field of the tasks' data: the same text or number for all, or an expression."""

from __future__ import annotations

import math
import random
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.actor import Actor
from core.errors import invalid
from data_manager.actions import expressions
from data_manager.actions.action import Action
from data_manager.actions.data_fields import field_name, write_field
from data_manager.actions.work import Work
from projects.models import Project

TYPES = ("String", "Number", "Expression")
MOST_TEXT = 100_000


def _read(_actor: Actor, _project: Project, said: dict[str, Any]) -> dict[str, Any]:
    key = field_name(said.get("value_name"), "value_name")
    kind, value = said.get("value_type", "String"), said.get("value")
    if kind not in TYPES:
        raise invalid(value_type=_("Use String, Number or Expression."))
    if not isinstance(value, str | int | float) or isinstance(value, bool) or len(str(value)) > MOST_TEXT:
        raise invalid(value=_("Say the value."))
    if kind == "Expression":
        name, arguments = expressions.parse(str(value))
        return {"key": key, "expression": name, "arguments": arguments, "seed": random.getrandbits(48)}
    if kind == "String":
        return {"key": key, "value": str(value)}
    try:
        number = float(value)
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        raise invalid(value=_("A valid number is required."))
    return {"key": key, "value": int(number) if number.is_integer() and abs(number) < 2**53 else number}


def _form(_actor: Actor, _project: Project) -> list[dict[str, Any]]:
    return [
        {
            "columnCount": 1,
            "fields": [
                {"type": "input", "name": "value_name", "label": _("Name of the field"), "required": True},
                {"type": "select", "name": "value_type", "label": _("Type"), "options": list(TYPES)},
                {
                    "type": "input",
                    "name": "value",
                    "label": _('Value, or range(1), sample(), random(1, 10), choices([…]), replace("a", "b")'),
                    "required": True,
                },
            ],
        }
    ]


def _perform(work: Work) -> dict[str, Any]:
    said = work.parameters
    if "expression" in said:
        size = work.notes.setdefault("size", work.selection.count())
        value = expressions.value_of(said["expression"], said["arguments"], said["key"], said["seed"], size)
        number = write_field(work, said["key"], lambda _task, data, place: value(data, place))
    else:
        number = write_field(work, said["key"], lambda _task, _data, _place: said["value"])
    return work.answer(number, f"Updated {number} tasks", response_code=200)


ADD_DATA_FIELD = Action(
    "add_data_field",
    gettext_lazy("Add or change a data field"),
    10,
    "tasks.change",
    _perform,
    read=_read,
    form=_form,
    text=gettext_lazy("Every selected task gets the field; one that it has is changed."),
    undo=True,
    reload=True,
)
