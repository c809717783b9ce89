"""Out of the recycle bin: what an entry holds goes back to its place, piece by piece, each a transaction with its counters.

What is back is no longer in the bin, so that an undo that was interrupted goes on by being asked again. What cannot go back (its task is deleted,
somebody has changed it since) stays in the bin and is told.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from typing import Any

from django.db import connection, models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.actor import Actor
from core.errors import Refused, forbidden, not_found
from core.events.record import record
from core.jobs.models import Job
from core.jobs.operations import enqueue
from core.jobs.registry import JobKind
from core.jobs.run import JobRun
from core.permissions import Role
from projects.models import Project
from tasks.columns import change_columns, columns_of
from tasks.counters import keep_counters
from tasks.models import Annotation, Draft, Prediction, RecycleChange, RecycleEntry, Task
from tasks.operations.predictions import count_predictions
from tasks.operations.recycle import COUNTS, count_results, names_of
from tasks.operations.reverse import BEFORE, REVERSALS, mark_assigned, reverse_entry
from tasks.recycled import belonging
from tasks.result_counts import ResultChanges
from tasks.sets import IdSet, ids, lock_project, rows, run

SHORT = 5_000  # rows that go back while the request waits
PIECE = 2_000
KIND = "tasks.undo"

Step = Callable[[], AbstractContextManager[None]]


def undo(actor: Actor, project: Project, entry_id: int) -> tuple[RecycleEntry, Job | None, dict[str, int]]:
    """Take back what an entry of a project's recycle bin did: (the entry, the job when there is much to do, how much went back).

    `left` among the numbers is what could not go back. Raises 404 for an entry that is not there, 403 for another person's unless the actor may
    change tasks, 409 when it was undone before.
    """
    entry = RecycleEntry.objects.filter(project=project, pk=entry_id, expires_at__gt=timezone.now()).first()
    if entry is None:
        raise not_found()
    if entry.created_by_id != actor.user_id and not actor.may("tasks.change"):
        raise forbidden(_("Only who did it, or a manager, can undo this."))
    if entry.undone_at is not None:
        raise Refused(_("This has been undone already."), 409)
    if _size(entry, SHORT) > SHORT:
        parameters = {"entry": entry.pk, "email": actor.email, "role": actor.role}
        job = enqueue(actor, KIND, _("Undo"), project=project.pk, parameters=parameters, total=sum(getattr(entry, name) for name in COUNTS))
        return entry, job, {}
    with transaction.atomic():
        numbers = _Undoing(actor, project, entry, transaction.atomic).all()
    entry.refresh_from_db()
    return entry, None, dict(numbers)


def run_undo(job: JobRun) -> dict[str, Any]:
    said = job.parameters
    actor = Actor(job.job.created_by_id or 0, said["email"], job.job.organization_id, Role(said["role"]), "job")
    project = Project.objects.get(pk=job.job.project_id or 0)
    entry = RecycleEntry.objects.get(pk=said["entry"])
    undoing = _Undoing(actor, project, entry, job.step, Counter(job.cursor or {}))

    def passed() -> None:
        job.done = sum(number for name, number in undoing.numbers.items() if name in COUNTS)
        job.cursor = dict(undoing.numbers)

    undoing.passed = passed
    return dict(undoing.all())


UNDO = JobKind(KIND, run_undo)


def forget(actor: Actor, project: Project, entry_id: int) -> None:
    """Delete an entry of the recycle bin for good: the worker's next sweep takes its rows. Raises 404."""
    with transaction.atomic():
        now = timezone.now()
        found = RecycleEntry.objects.filter(project=project, pk=entry_id, expires_at__gt=now)
        if not found.update(expires_at=now):
            raise not_found()
        record("recycle.forgotten", actor, project=project.pk, ids=[entry_id])


def purge() -> bool:
    """Delete some rows of an entry that has expired, or the entry when it is empty; returns whether there may be more. For the worker's loop."""
    entry = RecycleEntry.objects.filter(expires_at__lte=timezone.now()).order_by("expires_at").first()
    if entry is None:
        return False
    with transaction.atomic():
        for name in _tables():
            if run(
                f'DELETE FROM "{name}" WHERE id IN (SELECT id FROM "{name}" WHERE project_id = %s AND entry_id = %s LIMIT {PIECE})',
                [entry.project_id, entry.pk],
            ):
                return True
        entry.delete()
    return True


def _size(entry: RecycleEntry, most: int) -> int:
    """How many rows an entry holds; counting stops above `most`."""
    total = 0
    for name in _tables():
        total += rows(
            f'SELECT COUNT(*) FROM (SELECT 1 FROM "{name}" WHERE project_id = %s AND entry_id = %s LIMIT {most + 1}) AS held',
            [entry.project_id, entry.pk],
        )[0][0]
        if total > most:
            break
    return total


def _tables() -> list[str]:
    return [RecycleChange._meta.db_table, *(mirror._meta.db_table for _model, mirror in belonging())]


class _Undoing:
    def __init__(self, actor: Actor, project: Project, entry: RecycleEntry, step: Step, numbers: Counter[str] | None = None) -> None:
        self.actor, self.project, self.entry, self.step = actor, project, entry, step
        self.numbers: Counter[str] = numbers or Counter()
        self.passed: Callable[[], None] = lambda: None

    def all(self) -> Counter[str]:
        """What was made is taken away first, then rows come back, then what was changed is put right."""
        for what in BEFORE:
            self._reverse(what)
        self._tasks()
        self._reverse("moved")
        self._rows(Prediction)
        self._rows(Annotation)
        for model, _mirror in belonging():
            if model not in (Task, Prediction, Annotation):
                self._rows(model)
        for what in REVERSALS:
            if what != "moved" and what not in BEFORE:
                self._reverse(what)
        with self.step():
            self.numbers["left"] = _size(self.entry, PIECE)
            if not self.numbers["left"]:
                reverse_entry(self.actor, self.project, self.entry)
                RecycleEntry.objects.filter(pk=self.entry.pk).update(undone_at=timezone.now(), undone_by_id=self.actor.user_id)
            done = {name: number for name, number in self.numbers.items() if number}
            record("recycle.undone", self.actor, project=self.project.pk, ids=[self.entry.pk], what=self.entry.kind, **done)
            self.passed()
        return self.numbers

    def _pieces(self, table: str, condition: str = "1 = 1", params: tuple[Any, ...] = ()) -> Iterator[list[int]]:
        """Ids of an entry's rows, piece by piece. Those that stay in the bin are passed once."""
        last = 0
        while found := rows(
            f"SELECT id FROM {table} WHERE project_id = %s AND entry_id = %s AND id > %s AND {condition} ORDER BY id LIMIT {PIECE}",
            [self.project.pk, self.entry.pk, last, *params],
        ):
            last = found[-1][0]
            yield [row[0] for row in found]

    def _reverse(self, what: str) -> None:
        for piece in self._pieces("tasks_recyclechange", "what = %s", (what,)):
            with self.step():
                self._lock()
                named = ids(piece)
                changes = rows(
                    f"SELECT id, row_id, stamp, former FROM tasks_recyclechange WHERE id IN ({named.text}) ORDER BY id", named.params
                )
                done = REVERSALS[what](self.actor, self.project, self.entry, changes)
                gone = ids(done.changes)
                run(f"DELETE FROM tasks_recyclechange WHERE id IN ({gone.text})", gone.params)
                self.numbers.update(done.numbers)
                self.passed()

    def _tasks(self) -> None:
        _table, mirror, _columns = names_of(Task)
        for piece in self._pieces(mirror):
            with self.step():
                self._lock()
                back = ids(piece)
                results = ResultChanges()
                with keep_counters(self.project, back):
                    for model, _mirror in belonging():
                        number = self._put_back(model, "id" if model is Task else "task_id", back)
                        self._count(model, number)
                    count_predictions(back, self.project.model_version)
                mark_assigned(back)
                change_columns(self.project.pk, columns_of(back))
                count_results(results, "tasks_annotation", "task_id", back, 1)
                count_results(results, "tasks_draft", "task_id", back, 1)
                results.save(self.project.pk, locked=False)
                record("task.restored", self.actor, project=self.project.pk, ids=piece, count=len(piece))
                self.passed()

    def _rows(self, model: type[models.Model]) -> None:
        """Rows that were deleted while their tasks stayed."""
        table, mirror, _columns = names_of(model)
        for piece in self._pieces(mirror):
            with self.step():
                self._lock()
                named = ids(piece)
                # What somebody has brought back in another way is no longer ours.
                run(
                    f"DELETE FROM {mirror} WHERE id IN ({named.text}) AND EXISTS (SELECT 1 FROM {table} x WHERE x.id = {mirror}.id)",
                    named.params,
                )
                found = rows(
                    f"SELECT b.id, b.task_id FROM {mirror} b JOIN tasks_task t ON t.id = b.task_id WHERE b.id IN ({named.text})",
                    named.params,
                )
                affected = ids(row[1] for row in found)
                with keep_counters(self.project, affected):
                    self._put_back(model, "id", ids(row[0] for row in found))
                back = [row[0] for row in rows(f"SELECT id FROM {table} WHERE id IN ({named.text}) ORDER BY id", named.params)]
                self._count(model, len(back))
                self._follow(model, ids(back), affected, back)
                self.passed()

    def _follow(self, model: type[models.Model], back: IdSet, affected: IdSet, named: list[int]) -> None:
        """What the return of rows means to others than the counters of tasks."""
        results = ResultChanges()
        if model is Annotation:
            # They go on with the version they had: it is no former state any more.
            run(
                f"""DELETE FROM tasks_annotationversion WHERE annotation_id IN ({back.text}) AND reason = 'deleted'
                    AND version = (SELECT a.version FROM tasks_annotation a WHERE a.id = tasks_annotationversion.annotation_id)""",
                back.params,
            )
            count_results(results, "tasks_annotation", "id", back, 1)
            record("annotation.created", self.actor, project=self.project.pk, ids=named, count=len(named), restored=True)
        elif model is Draft:
            count_results(results, "tasks_draft", "id", back, 1)
        elif model is Prediction:
            count_predictions(affected, self.project.model_version)
            record("prediction.created", self.actor, project=self.project.pk, count=len(named), restored=True)
        mark_assigned(affected)
        results.save(self.project.pk, locked=False)

    def _put_back(self, model: type[models.Model], column: str, which: IdSet) -> int:
        """Move rows from the mirror to their table; returns how many. What has no place there stays in the bin."""
        table, mirror, columns = names_of(model)
        mine = f"project_id = %s AND entry_id = %s AND {column} IN ({which.text})"
        params = [self.project.pk, self.entry.pk, *which.params]
        ready = _make_fit(model, column, mirror, mine, params, which)
        number = run(f"INSERT INTO {table} ({columns}) SELECT {columns} FROM {mirror} WHERE {mine}{ready} ON CONFLICT DO NOTHING", params)
        run(f"DELETE FROM {mirror} WHERE {mine} AND EXISTS (SELECT 1 FROM {table} x WHERE x.id = {mirror}.id)", params)
        return number

    def _count(self, model: type[models.Model], number: int) -> None:
        name = f"{model.__name__.lower()}s"
        if name in COUNTS:
            self.numbers[name] += number

    def _lock(self) -> None:
        lock_project(self.project.pk)
        self.project.refresh_from_db(fields=["skip_queue", "model_version"])


def _make_fit(model: type[models.Model], column: str, mirror: str, mine: str, params: list[Any], which: IdSet) -> str:
    """Mend what rows in the bin point to, if it has gone meanwhile, as its deletion would have; returns SQL that says which rows can go back.

    And names that must be unique may be taken: then the returning row gets another one.
    """
    ready = ""
    for field in model._meta.concrete_fields:
        target: Any = field.related_model
        if target is None or target is Project:
            continue
        there = f'EXISTS (SELECT 1 FROM "{target._meta.db_table}" x WHERE x.id = {mirror}."{field.column}")'
        if getattr(field.remote_field, "on_delete", None) is models.CASCADE:
            ready += f' AND ("{field.column}" IS NULL OR {there})'
        elif target is model:  # a parent that comes back in the same statement
            run(
                f"""UPDATE {mirror} SET "{field.column}" = NULL WHERE {mine} AND "{field.column}" IS NOT NULL AND NOT {there}
                    AND NOT EXISTS (SELECT 1 FROM {mirror} y WHERE y.id = {mirror}."{field.column}" AND y.{column} IN ({which.text}))""",
                [*params, *which.params],
            )
        else:
            run(f'UPDATE {mirror} SET "{field.column}" = NULL WHERE {mine} AND "{field.column}" IS NOT NULL AND NOT {there}', params)
    if model is Annotation:
        fresh = "gen_random_uuid()" if connection.vendor == "postgresql" else "lower(hex(randomblob(16)))"
        taken = f"x.unique_id = {mirror}.unique_id AND x.id <> {mirror}.id"
        run(f"UPDATE {mirror} SET unique_id = {fresh} WHERE {mine} AND EXISTS (SELECT 1 FROM tasks_annotation x WHERE {taken})", params)
        taken = f"x.completed_by_id = {mirror}.completed_by_id AND x.idempotency_key = {mirror}.idempotency_key AND x.id <> {mirror}.id"
        run(
            f"""UPDATE {mirror} SET idempotency_key = NULL
                WHERE {mine} AND idempotency_key IS NOT NULL AND EXISTS (SELECT 1 FROM tasks_annotation x WHERE {taken})""",
            params,
        )
    return ready
