"""Doing an action: in the request when it is short, else as a job that shows its progress and goes on after an interruption."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from core.actor import Actor
from core.errors import Refused
from core.jobs.models import Job
from core.jobs.operations import enqueue
from core.jobs.registry import JobKind
from core.jobs.run import JobRun
from core.permissions import Role
from data_manager.actions.action import Action, action_named
from data_manager.actions.selection import Selection, read_selection
from projects.models import Project
from projects.queries import get_project
from tasks.operations.recycle import open_entry

PIECE = 2_000  # tasks of one transaction
KIND = "data_manager.action"


@dataclass
class Work:
    """One performance of an action. `counts` add up over its steps (and over interruptions): what the answer says.

    `notes` is what a step must tell later ones; both and the last task done are kept with the job's cursor.
    """

    actor: Actor
    project: Project
    action: Action
    selection: Selection
    parameters: dict[str, Any]
    job: JobRun | None = None
    last: int = 0
    counts: Counter[str] = field(default_factory=Counter)
    notes: dict[str, Any] = field(default_factory=dict)

    def each(self, act: Callable[[list[int]], None], *, piece: int = PIECE) -> None:
        """Call `act` with the ids of the selection, in order and piece by piece, each in a transaction of its own."""
        while tasks := self.next(piece):
            with self.step(tasks):
                act(tasks)

    def next(self, count: int) -> list[int]:
        """The tasks that come after those done."""
        return self.selection.after(self.last, count)

    @contextmanager
    def step(self, tasks: list[int] | None = None) -> Iterator[None]:
        """One transaction: what the body writes, and that `tasks` are done. Ends the work here when its job was cancelled."""
        if self.job is None:
            with transaction.atomic():
                yield
                self._pass(tasks)
            return
        with self.job.step():
            yield
            self._pass(tasks)
            self.job.done += len(tasks or ())
            self.job.cursor = {"last": self.last, "counts": dict(self.counts), "notes": self.notes}

    def entry(self, **details: Any) -> int:
        """The entry of the recycle bin that this performance fills, opened when it is first asked for (in a step). `details` as `open_entry` takes them."""
        if "entry" not in self.notes:
            self.notes["entry"] = open_entry(self.actor, self.project.pk, self.action.id, **details)
        return int(self.notes["entry"])

    def answer(self, number: int, detail: str, **more: Any) -> dict[str, Any]:
        """What clients are told, with the entry of the recycle bin from which it can be undone."""
        return {"processed_items": number, "detail": detail, **more, **({"entry": self.notes["entry"]} if "entry" in self.notes else {})}

    def _pass(self, tasks: list[int] | None) -> None:
        if tasks:
            self.last = tasks[-1]
            self.counts["tasks"] += len(tasks)


def perform(actor: Actor, project: Project, action: Action, said: dict[str, Any]) -> tuple[dict[str, Any], Job | None]:
    """Do an action as a client asks for it (`said`: selection and parameters): its answer, and the job when one does it.

    Raises 400 for parameters and selections that are not right, 403 when the actor may not.
    """
    if not actor.may(action.permission):
        raise Refused("You do not have permission to perform this action.", 403)
    selection = read_selection(project, said, explicit=action.danger)
    parameters = action.read(actor, project, said)
    if action.at_once:
        return action.perform(Work(actor, project, action, selection, parameters)), None
    count = selection.count(action.short + 1)
    if count == 0:
        return {"processed_items": 0, "detail": _("No task is selected. Nothing was changed.")}, None
    if count <= action.short:
        with transaction.atomic():
            return action.perform(Work(actor, project, action, selection, parameters)), None
    job = enqueue(
        actor,
        KIND,
        str(action.title),
        project=project.pk,
        parameters={"action": action.id, "said": selection.said, "parameters": parameters, "email": actor.email, "role": actor.role},
        total=selection.count(),
    )
    return {"processed_items": 0, "job": job.pk, "detail": _("This takes a while: it is job %(id)s.") % {"id": job.pk}}, job


def run(job: JobRun) -> dict[str, Any]:
    """An action as a job. What it was asked is read and checked again: the project may have changed meanwhile."""
    said = job.parameters
    actor = Actor(job.job.created_by_id or 0, said["email"], job.job.organization_id, Role(said["role"]), "job")
    action = action_named(said["action"])
    if action is None:
        raise Refused(_("This action is gone."))
    project = get_project(actor, job.job.project_id or 0)
    work = Work(actor, project, action, read_selection(project, said["said"], explicit=False), said["parameters"], job)
    if job.cursor:
        work.last, work.counts, work.notes = job.cursor["last"], Counter(job.cursor["counts"]), job.cursor["notes"]
    answer = action.perform(work)
    job.log(str(answer.get("detail", "")))
    return answer


JOB = JobKind(KIND, run)
