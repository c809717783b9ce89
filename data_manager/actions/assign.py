"""Giving tasks to people: the queue offers them to these people first, and to nobody else."""

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
from data_manager.actions.work import Work
from organizations.models import Membership
from projects.models import Project
from tasks.models import Assignment
from tasks.operations.recycle import count, move_away, note_all
from tasks.operations.reverse import mark_assigned
from tasks.sets import ids, lock_project, rows, run

WAYS = ("Add", "Replace", "Remove")
MOST = 100


def _people(project: Project) -> list[Any]:
    found = (
        Membership.objects.filter(organization_id=project.organization_id, removed_at=None).select_related("user").order_by("user__email")
    )
    return [row.user for row in found[:500]]


def _read(_actor: Actor, project: Project, said: dict[str, Any]) -> dict[str, Any]:
    way = said.get("type", "Add")
    if way not in WAYS:
        raise invalid(type=_("Use Add, Replace or Remove."))
    named = said.get("users", [])
    named = named if isinstance(named, list) else [named]
    users = [user for user in (integer(one, "users", least=1) for one in named[: MOST + 1]) if user]
    if len(users) > MOST or (way == "Add" and not users):
        raise invalid(users=_("Choose people, %(most)s at most.") % {"most": MOST})
    here = Membership.objects.filter(organization_id=project.organization_id, removed_at=None, user_id__in=users)
    if here.count() != len(set(users)):
        raise invalid(users=_("There is no such person in this organization."))
    return {"way": way, "users": sorted(set(users))}


def _form(_actor: Actor, project: Project) -> list[dict[str, Any]]:
    people = [{"value": user.pk, "label": user.name} for user in _people(project)]
    return [
        {
            "columnCount": 1,
            "fields": [
                {"type": "select", "name": "type", "label": _("How"), "options": list(WAYS)},
                {"type": "select", "name": "users", "label": _("People"), "options": people, "multiple": True},
            ],
        }
    ]


def _perform(work: Work) -> dict[str, Any]:
    way, users = work.parameters["way"], work.parameters["users"]

    def act(tasks: list[int]) -> None:
        lock_project(work.project.pk)
        named = ids(tasks)
        entry = work.entry()
        if way != "Add":
            who = ids(users)
            whose = "" if not users else f" AND user_id {'IN' if way == 'Remove' else 'NOT IN'} ({who.text})"
            gone = rows(
                f"SELECT id FROM tasks_assignment WHERE task_id IN ({named.text}){whose}", [*named.params, *(who.params if users else ())]
            )
            work.counts["removed"] += move_away(entry, Assignment, "id", ids(row[0] for row in gone))
        for user in users if way != "Remove" else ():
            moment = column_time(timezone.now())
            last = (rows("SELECT MAX(id) FROM tasks_assignment", [])[0][0]) or 0
            work.counts["given"] += run(
                f"""INSERT INTO tasks_assignment (task_id, project_id, user_id, assigned_by_id, created_at)
                    SELECT id, project_id, %s, %s, %s FROM tasks_task WHERE id IN ({named.text}) ORDER BY id ON CONFLICT DO NOTHING""",
                [user, work.actor.user_id, moment, *named.params],
            )
            note_all(
                entry,
                work.project.pk,
                "given",
                f"""SELECT id AS row_id, CAST(NULL AS bigint) AS stamp, NULL AS former FROM tasks_assignment
                    WHERE id > %s AND user_id = %s AND task_id IN ({named.text})""",
                [last, user, *named.params],
            )
        mark_assigned(named)
        count(entry, tasks=len(tasks))

    work.each(act)
    number = work.counts["tasks"]
    return work.answer(number, f"Assigned {number} tasks" if way != "Remove" else f"Unassigned {number} tasks", response_code=200)


ASSIGN = Action(
    "assign_tasks",
    gettext_lazy("Assign to people"),
    8,
    "tasks.change",
    _perform,
    read=_read,
    form=_form,
    text=gettext_lazy("The queue offers assigned tasks to these people first, and to nobody else."),
    undo=True,
)
