"""Reading a project's tasks for export: in chunks along the ids, a few statements a chunk, never a whole project in memory."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol

from django.db import connection

from core.database import time_sql
from core.errors import not_found
from core.events.models import Event
from core.jobs.models import Job
from core.jobs.operations import OPEN
from core.rawjson import read_json
from data_export.models import ConvertedFormat, Export
from data_export.task_text import WHOLE, Shape, of_tasks, task_texts
from data_manager.sql import Sql, json_as_text
from projects.models import ResultCount
from projects.render import user_simple

if TYPE_CHECKING:
    from core.actor import Actor
    from projects.models import Project

CHUNK = 1_000  # tasks
HISTORY_WINDOW = 20_000  # events
IDS_PER_STATEMENT = 10_000
ANSWERED = "(t.total_annotations > 0 OR t.cancelled_annotations > 0)"


class Tasks(Protocol):
    """What writers write: the tasks of a project, from its tables (`Selection`) or from a snapshot's file."""

    @property
    def project(self) -> Project: ...

    def chunks(self) -> Iterator[Chunk]:
        """Tasks with their annotations (newest first), in the order of their ids."""

    def texts(self) -> Iterator[list[str]]:
        """The same tasks, whole, as JSON objects."""

    def data_columns(self) -> list[str]:
        """Every key that the data of a task may have."""

    def control_names(self) -> list[str]:
        """The controls that an annotation may have answers of."""


@dataclass
class Chunk:
    """Some tasks in the order of their ids, each as (id, data, …), and their annotations as (task, id, completed_by, result, was_cancelled,
    ground_truth, created_at, updated_at, lead_time). Data and results are JSON text."""

    tasks: list[tuple[Any, ...]]
    annotations: dict[int, list[tuple[Any, ...]]] = field(default_factory=dict)


@dataclass(frozen=True)
class Selection:
    """Which tasks: all of them, or only those somebody answered (skipped counts), or these ids, or those a condition on the row `t` of
    tasks_task finds. `annotations_where` is a further condition on the row `a` of tasks_annotation, with its AND; `shape` is how `texts` tells them."""

    project: Project
    all_tasks: bool = False
    ids: Sequence[int] | None = None
    where: Sql | None = None
    annotations_where: str = ""
    shape: Shape = WHOLE
    after: int = 0  # begin behind this id

    def chunks(self) -> Iterator[Chunk]:
        columns = f"""a.task_id, a.id, a.completed_by_id, {json_as_text("a.result")}, a.was_cancelled, a.ground_truth, {time_sql("a.created_at")},
                      {time_sql("a.updated_at")}, a.lead_time"""
        for rows in self.pages(f"{json_as_text('t.data')}, t.total_annotations + t.cancelled_annotations"):
            chunk = Chunk(rows)
            if any(row[2] for row in rows):
                chunk.annotations = self._annotations(columns, [row[0] for row in rows])
            yield chunk

    def texts(self) -> Iterator[list[str]]:
        return task_texts(self, self.shape)

    def data_columns(self) -> list[str]:
        return list(read_json(self.project.data_columns))

    def control_names(self) -> list[str]:
        counted = ResultCount.objects.filter(project=self.project, label="", annotations__gt=0)
        return list(counted.values_list("from_name", flat=True).distinct())

    def pages(self, columns: str) -> Iterator[list[tuple[Any, ...]]]:
        """Rows of tasks in the order of their ids, a bounded number at a time: the id, then these columns of the task `t` and its upload `f`."""
        last = self.after
        while rows := self._page(last, columns):
            last = rows[-1][0]
            yield rows
            if len(rows) < CHUNK:
                return

    def count(self) -> int:
        """How many tasks there are."""
        if self.ids is None and self.where is None:
            return int(self.project.task_number) if self.all_tasks else self._counted()
        return self._counted()

    def _counted(self) -> int:
        found = self._condition(self.after)
        if found is None:
            return 0
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT COUNT(*) FROM tasks_task t WHERE {found.text}", found.params)
            return int(cursor.fetchone()[0])

    def _condition(self, after: int) -> Sql | None:
        """SQL about `t` for what comes after an id; None when nothing does."""
        where, parameters = "t.project_id = %s AND t.id > %s", [self.project.pk, after]
        if self.ids is not None:
            ids = [task for task in self.ids if task > after][:IDS_PER_STATEMENT]
            if not ids:
                return None
            where += f" AND t.id IN ({', '.join(['%s'] * len(ids))})"
            parameters += ids
        if not self.all_tasks:
            where += f" AND {ANSWERED}"
        if self.where is not None:
            where += f" AND {self.where.text}"
            parameters += self.where.params
        return Sql(where, tuple(parameters))

    def _page(self, after: int, columns: str) -> list[tuple[Any, ...]]:
        found = self._condition(after)
        if found is None:
            return []
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT t.id, {columns} FROM tasks_task t LEFT JOIN data_import_fileupload f ON f.id = t.file_upload_id WHERE {found.text} ORDER BY t.id LIMIT {CHUNK}",
                found.params,
            )
            rows: list[tuple[Any, ...]] = cursor.fetchall()
        return rows

    def _annotations(self, columns: str, ids: list[int]) -> dict[int, list[tuple[Any, ...]]]:
        found: dict[int, list[tuple[Any, ...]]] = defaultdict(list)
        where, parameters = of_tasks("a", ids)
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT {columns} FROM tasks_annotation a WHERE {where}{self.annotations_where} ORDER BY a.task_id, a.id DESC", parameters
            )
            for row in cursor.fetchall():
                found[row[0]].append(row)
        return found


def get_export(actor: Actor, project: Project, export_id: int) -> Export:
    """Raises 404 for a snapshot that is not there or not of this project."""
    found = Export.objects.visible_to(actor).select_related("project", "created_by").filter(pk=export_id, project=project).first()
    if found is None:
        raise not_found()
    return found


def exports_of(actor: Actor, project: Project, *, most: int = 100) -> list[Export]:
    """The newest snapshots of a project, with their conversions."""
    rows = Export.objects.visible_to(actor).filter(project=project).select_related("created_by", "project")
    return list(rows.prefetch_related("converted_formats").order_by("-pk")[:most])


def jobs_of(exports: Sequence[Export]) -> dict[int, Job]:
    """The jobs of snapshots and their conversions, by id."""
    ids = [export.job_id for export in exports] + [row.job_id for export in exports for row in export.converted_formats.all()]
    return Job.objects.in_bulk([job for job in ids if job])


def status_of(row: Export | ConvertedFormat, jobs: Mapping[int, Job]) -> str:
    """completed, in_progress or failed (§1.10 of the API). One that waits for a worker is in progress: clients poll as long as they read that."""
    if row.file:
        return "completed"
    job = jobs.get(row.job_id or 0)
    return "in_progress" if job is not None and job.status in OPEN else "failed"


def export_json(export: Export, jobs: Mapping[int, Job]) -> dict[str, Any]:
    """A snapshot as Label Studio's API shows it, and when it will be deleted."""
    return {
        "title": export.title,
        "id": export.pk,
        "created_by": user_simple(export.created_by),
        "created_at": export.created_at,
        "finished_at": export.finished_at,
        "status": status_of(export, jobs),
        "md5": export.md5,
        "counters": {"task_number": export.task_number},
        "converted_formats": [
            {"id": row.pk, "status": status_of(row, jobs), "export_type": row.export_type, "traceback": _error(row, jobs)}
            for row in sorted(export.converted_formats.all(), key=lambda row: row.pk)
        ],
        "expires_at": export.expires_at,
    }


def _error(row: ConvertedFormat, jobs: Mapping[int, Job]) -> str | None:
    job = jobs.get(row.job_id or 0)
    return job.error or None if job is not None and not row.file else None


@dataclass(frozen=True)
class Taken:
    """Once that data was taken out: the format, by whom, when."""

    export_type: str
    who: str
    created_at: datetime


def history(actor: Actor, project: Project, *, most: int = 10) -> list[Taken]:
    """The newest downloads of a project's data, as far as the latest events of the organization go back."""
    window = Event.objects.filter(organization_id=actor.organization_id).order_by("-pk").values_list("pk", flat=True)
    oldest = window[HISTORY_WINDOW : HISTORY_WINDOW + 1].first() or 0
    found = Event.objects.filter(organization_id=actor.organization_id, pk__gt=oldest, project_id=project.pk, kind="project.exported")
    return [
        Taken(str(read_json(event.meta).get("export_type", "")), event.actor.name if event.actor else "", event.created_at)
        for event in found.select_related("actor").order_by("-pk")[:most]
    ]
