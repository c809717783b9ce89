"""How many tasks a query finds, and how much hangs on them. What was dear to count is kept, for every process.

Along with the numbers go marks: the id of every so many tasks in the order of ids. A page in the middle begins at the mark before it, and reads
no more than lies between two marks.
"""

from __future__ import annotations

import hashlib
import time
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import connection
from django.utils import timezone

from core.database import column_time
from core.rawjson import json_text, read_json
from data_manager.bounded import at_most
from data_manager.models import KeptTotals
from data_manager.query import TaskQuery
from data_manager.sql import Sql, compose
from tasks.sets import rows, run

if TYPE_CHECKING:
    from projects.models import Project

STRIDE = 1_000  # tasks from one mark to the next
DEAR = 0.1  # seconds from which a count is kept
# A dear count may be as old as it was dear, times this: who pages through a busy project does not count it again for each page.
PATIENCE, LONGEST = 20, 60.0
KEEP = timedelta(days=1)


@dataclass(frozen=True)
class Totals:
    tasks: int
    annotations: int
    predictions: int
    marks: list[int] = field(default_factory=list)  # the first id of every `STRIDE` tasks, ids ascending


def matched(project: Project, query: TaskQuery, columns: str = "") -> Sql:
    """`SELECT` the ids (and `columns`) of the tasks `t` that a query finds, by way of the index when it helps; AND or ORDER BY can follow."""
    pk = query.id_column
    wanted = f"{pk}, {columns}" if columns else pk
    if query.ids is None:
        where = query.where or Sql("1 = 1")
        return Sql(f"SELECT {wanted} FROM tasks_task t WHERE t.project_id = %s AND {where.text}", (project.pk, *where.params))
    if query.rest is None and not query.order and not columns:
        return compose(f"SELECT {wanted} FROM ({{}}) c WHERE TRUE", query.ids)
    # CROSS JOIN tells SQLite to walk along the candidates; to PostgreSQL it is a join like others.
    found = compose(f"SELECT {wanted} FROM ({{}}) c CROSS JOIN tasks_task t WHERE t.id = c.id", query.ids)
    rest = query.rest or Sql("1 = 1")
    return Sql(f"{found.text} AND t.project_id = %s AND {rest.text}", (*found.params, project.pk, *rest.params))


def totals_of(project: Project, query: TaskQuery, *, within: float | None = None) -> Totals:
    """Exact, or as they were a little while ago when counting is dear. Raises `TookTooLong` when it would take longer than `within` seconds."""
    if query.where is None:
        return Totals(project.task_number, project.total_annotations_number, project.total_predictions_number)
    digest, version = _digest(query), _version()
    kept = KeptTotals.objects.filter(project=project, digest=digest).first()
    if kept is not None:
        age = (timezone.now() - kept.made_at).total_seconds()
        if kept.version == version or age < min(LONGEST, kept.seconds * PATIENCE):
            return Totals(kept.tasks, kept.annotations, kept.predictions, read_json(kept.marks))
    began = time.perf_counter()
    if within is None:
        found = _count(project, query)
    else:
        with at_most(within):
            found = _count(project, query)
    seconds = time.perf_counter() - began
    if seconds > DEAR:
        _keep(project, digest, version, seconds, found)
    return found


def last_known(project: Project, query: TaskQuery) -> Totals | None:
    """As they were when they were last counted, however long ago that is."""
    kept = KeptTotals.objects.filter(project=project, digest=_digest(query)).first()
    return Totals(kept.tasks, kept.annotations, kept.predictions) if kept is not None else None


def _count(project: Project, query: TaskQuery) -> Totals:
    inner = matched(
        project, query, f"t.total_annotations AS made, t.total_predictions AS guessed, ROW_NUMBER() OVER (ORDER BY {query.id_column}) AS n"
    )
    found = rows(
        f"""SELECT (s.n - 1) / {STRIDE} AS stretch, MIN(s.id), COUNT(*), SUM(s.made), SUM(s.guessed)
            FROM ({inner.text}) s GROUP BY (s.n - 1) / {STRIDE} ORDER BY stretch""",
        inner.params,
    )
    return Totals(
        sum(row[2] for row in found), sum(int(row[3]) for row in found), sum(int(row[4]) for row in found), [row[1] for row in found]
    )


def _keep(project: Project, digest: str, version: int, seconds: float, found: Totals) -> None:
    run(
        """INSERT INTO data_manager_kepttotals (project_id, digest, version, seconds, tasks, annotations, predictions, marks, made_at)
           VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)
           ON CONFLICT (project_id, digest) DO UPDATE SET version = excluded.version, seconds = excluded.seconds, tasks = excluded.tasks,
               annotations = excluded.annotations, predictions = excluded.predictions, marks = excluded.marks, made_at = excluded.made_at""",
        [project.pk, digest, version, seconds, found.tasks, found.annotations, found.predictions, json_text(found.marks),
         column_time(timezone.now())],
    )  # fmt: skip


def _digest(query: TaskQuery) -> str:
    where = query.where or Sql("")
    return hashlib.sha256(f"{where.text}\0{where.params!r}".encode()).hexdigest()


def _version() -> int:
    """Of everything: the last event. Whoever changed anything wrote one."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT MAX(id) FROM core_event")
        return int(cursor.fetchone()[0] or 0)


def forget_old_totals() -> bool:
    KeptTotals.objects.filter(made_at__lt=timezone.now() - KEEP).delete()
    return False
