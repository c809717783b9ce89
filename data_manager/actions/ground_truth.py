"""Saying of many tasks at once that their answer is the right one."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.actor import Actor
from core.database import column_time
from core.errors import invalid
from core.requests import integer
from data_manager.actions.action import Action
from data_manager.actions.delete import annotator_field
from data_manager.actions.work import Work
from projects.models import Project
from tasks.operations.recycle import count, note
from tasks.operations.reverse import change_versions
from tasks.sets import IdSet, ids, lock_project, rows, run

VALUES = ("Set", "Clear")


def _read(_actor: Actor, _project: Project, said: dict[str, Any]) -> dict[str, Any]:
    value = said.get("value", "Set")
    if value not in VALUES:
        raise invalid(value=_("Use Set or Clear."))
    return {"set": value == "Set", "annotator": integer(said.get("annotator"), "annotator", least=1)}


def _form(_actor: Actor, project: Project) -> list[dict[str, Any]]:
    field = {"type": "select", "name": "value", "label": _("Ground truth"), "options": list(VALUES)}
    return [{"columnCount": 1, "fields": [field, annotator_field(project)]}]


def _perform(work: Work) -> dict[str, Any]:
    said = work.parameters

    def act(tasks: list[int]) -> None:
        lock_project(work.project.pk)
        named = ids(tasks)
        whose, params = ("", []) if said["annotator"] is None else (" AND a.completed_by_id = %s", [said["annotator"]])
        newest = rows(
            f"""SELECT MAX(a.id) FROM tasks_annotation a WHERE a.task_id IN ({named.text}) AND NOT a.was_cancelled AND a.result IS NOT NULL{whose}
                GROUP BY a.task_id""",
            [*named.params, *params],
        )
        chosen = ids(row[0] for row in newest) if said["set"] else ids([])
        if said["set"]:
            # Another truth of the same task ends with the new one.
            condition = f"(id IN ({chosen.text}) AND NOT ground_truth) OR (ground_truth AND id NOT IN ({chosen.text}) AND task_id IN (SELECT task_id FROM tasks_annotation WHERE id IN ({chosen.text})))"
            found = rows(f"SELECT id FROM tasks_annotation WHERE {condition}", [*chosen.params, *chosen.params, *chosen.params])
        else:
            found = rows(
                f"SELECT id FROM tasks_annotation a WHERE ground_truth AND task_id IN ({named.text}){whose}", [*named.params, *params]
            )
        which = ids(row[0] for row in found)
        if not found:
            return

        def change(changed: IdSet, actor: Actor) -> None:
            run(
                f"""UPDATE tasks_annotation SET ground_truth = CASE WHEN id IN ({chosen.text}) THEN TRUE ELSE FALSE END, version = version + 1,
                        updated_by_id = %s, updated_at = %s WHERE id IN ({changed.text})""",
                [*chosen.params, actor.user_id, column_time(timezone.now()), *changed.params],
            )

        change_versions(work.actor, work.project, which, "updated", change)
        entry = work.entry()
        note(
            entry,
            work.project.pk,
            "version",
            (
                (pk, version, None)
                for pk, version in rows(f"SELECT id, version FROM tasks_annotation WHERE id IN ({which.text})", which.params)
            ),
        )
        count(entry, annotations=len(found))
        work.counts["changed"] += len(found)

    work.each(act)
    number = work.counts["changed"]
    return work.answer(number, f"Updated {number} annotations", response_code=200)


SET_GROUND_TRUTH = Action(
    "set_ground_truth",
    gettext_lazy("Set ground truth"),
    18,
    "annotations.change_others",
    _perform,
    read=_read,
    form=_form,
    text=gettext_lazy("The newest submitted annotation of each selected task becomes its ground truth."),
    counts=("tasks", "annotations"),
    undo=True,
)
