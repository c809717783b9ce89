"""Target storages: each annotation (or task) that changes is written to the bucket by the worker, as long as it takes.

The consumer writes down what changed, in the transaction of the event cursor; the sender writes what is true when it sends. A bucket that is
down holds up nobody: what is to be written waits in the table.
"""

from __future__ import annotations

import logging
import time
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.models import Exists, OuterRef
from django.utils import timezone

from core.database import column_time
from core.events.models import Event
from core.jobs.run import stopping
from core.rawjson import dump_json, read_json
from core.secrets import SecretUnreadable
from io_storages.connector import Connector, StorageError
from io_storages.models import Storage, TargetWrite
from io_storages.queries import connector_of
from tasks import render
from tasks.sets import rows, run

logger = logging.getLogger("labelspace.storages")

KINDS = frozenset(
    {"annotation.created", "annotation.updated", "annotation.deleted", "annotation.restored", "annotation.moved", "task.created"}
)
THREADS = 2
ROUND_SECONDS = 20.0
AT_ONCE = 200
LEASE = timedelta(seconds=120)
FIRST_PAUSE, LONGEST_PAUSE = timedelta(seconds=5), timedelta(minutes=5)

_NOTE = """INSERT INTO io_storages_targetwrite (storage_id, project_id, object_id, number, waiting, attempts, next_attempt_at, key, error)
           {what} ON CONFLICT (storage_id, object_id) DO UPDATE
           SET number = io_storages_targetwrite.number + 1, waiting = {true}, attempts = 0, next_attempt_at = excluded.next_attempt_at"""


def per_task() -> bool:
    """Whether an object holds a whole task (`FUTURE_SAVE_TASK_TO_STORAGE`) rather than one annotation."""
    return bool(settings.ENVIRONMENT.future_save_task_to_storage)


def note_writes(events: Sequence[Event]) -> None:
    """Write down what the target storages of the events' projects must be told."""
    projects = {event.project_id for event in events if event.project_id is not None}
    targets: dict[int, list[int]] = defaultdict(list)
    for pk, project in Storage.objects.filter(direction=Storage.Direction.TARGET, project__in=projects).values_list("pk", "project_id"):
        targets[project].append(pk)
    for event in events:
        for storage in targets.get(event.project_id or 0, ()):
            _note(storage, event)


def _note(storage: int, event: Event) -> None:
    found, meta = read_json(event.ids), read_json(event.meta)
    if event.kind == "task.created":
        first, last = found[0], found[-1]
        column = "task_id" if per_task() else "id"
        _note_selected(
            storage,
            event.project_id,
            f"SELECT DISTINCT {column} FROM tasks_annotation WHERE project_id = %s AND task_id BETWEEN %s AND %s",
            [event.project_id, first, last],
        )
    elif per_task():
        tasks = [meta["task"]] if meta.get("task") else meta.get("tasks") or _tasks_of(found)
        _note_ids(storage, event.project_id, tasks)
    else:
        _note_ids(storage, event.project_id, found)


def _tasks_of(annotations: list[int]) -> list[int]:
    from tasks.models import Annotation, AnnotationVersion

    known = set(Annotation.objects.filter(pk__in=annotations).values_list("task_id", flat=True))
    return sorted(known | set(AnnotationVersion.objects.filter(annotation_id__in=annotations).values_list("task_id", flat=True)))


def note_all(storage: Storage) -> int:
    """Everything of the project is to be written; returns how much that is."""
    column = "DISTINCT task_id" if per_task() else "id"
    return _note_selected(
        storage.pk, storage.project_id, f"SELECT {column} FROM tasks_annotation WHERE project_id = %s", [storage.project_id]
    )


def _true() -> str:
    return "TRUE" if connection.vendor == "postgresql" else "1"


def _note_selected(storage: int, project: int | None, select: str, params: list[Any]) -> int:
    what = f"SELECT %s, %s, o.id, 1, {_true()}, 0, {_moment()}, '', '' FROM ({select.replace('task_id FROM', 'task_id AS id FROM')}) o WHERE 1 = 1"
    return run(_NOTE.format(what=what, true=_true()), [storage, project, column_time(timezone.now()), *params])


def _moment() -> str:
    return "%s::timestamptz" if connection.vendor == "postgresql" else "%s"


def _note_ids(storage: int, project: int | None, ids: Iterable[int]) -> None:
    now = column_time(timezone.now())
    marks = f"VALUES (%s, %s, %s, 1, {_true()}, 0, %s, '', '')"
    with connection.cursor() as cursor:
        cursor.executemany(_NOTE.format(what=marks, true=_true()), [[storage, project, pk, now] for pk in ids])


def write_due() -> bool:
    """Write for one target that has something due, for about `ROUND_SECONDS`; returns whether there was one."""
    storage = _claim()
    if storage is None:
        return False
    try:
        write_waiting(storage, time.monotonic() + ROUND_SECONDS)
    finally:
        Storage.objects.filter(pk=storage.pk).update(leased_until=None)
    return True


def _claim() -> Storage | None:
    now = timezone.now()
    due = TargetWrite.objects.filter(storage=OuterRef("pk"), waiting=True, next_attempt_at__lte=now)
    free = Storage.objects.filter(direction=Storage.Direction.TARGET, project__deleted_at=None).filter(Exists(due))
    for storage in free.order_by("leased_until", "pk")[:10]:
        if (storage.paused_until and storage.paused_until > now) or (storage.leased_until and storage.leased_until > now):
            continue
        if Storage.objects.filter(pk=storage.pk, leased_until=storage.leased_until).update(leased_until=now + LEASE):
            return storage
    return None


def write_waiting(storage: Storage, until: float) -> int:
    """Write what waits for a target, oldest first, until the clock `until`; returns how much was written. Ends at the first failure."""
    written = 0
    try:
        connector = connector_of(storage)
    except (SecretUnreadable, StorageError) as error:
        _failed(storage, str(error))
        return 0
    while True:
        waiting = TargetWrite.objects.filter(storage=storage, waiting=True, next_attempt_at__lte=timezone.now()).order_by(
            "next_attempt_at", "pk"
        )
        batch = list(waiting[:AT_ONCE])
        if not batch:
            break
        for start in range(0, len(batch), connector.writes_at_once):
            some = batch[start : start + connector.writes_at_once]
            if stopping.is_set() or time.monotonic() > until:
                return written
            try:
                _write(connector, some)
            except StorageError as error:
                _failed(storage, str(error), some[0])
                return written
            written += len(some)
    _succeeded(storage)
    return written


def _write(connector: Connector, writes: Sequence[TargetWrite]) -> None:
    puts: list[tuple[TargetWrite, str, bytes]] = []
    gone: list[TargetWrite] = []
    for write in writes:
        body = body_of(write.object_id)
        if body is None:
            gone.append(write)
        else:
            puts.append((write, write.key or key_of(connector, write.object_id), body))
    deletes = [write.key for write in gone if write.key and connector.values.get("can_delete_objects")]
    connector.change([(key, body) for _write, key, body in puts], deletes)
    for write in gone:
        TargetWrite.objects.filter(pk=write.pk, number=write.number).delete()
    for write, key, _body in puts:
        mine = TargetWrite.objects.filter(pk=write.pk, number=write.number)
        # Changed again meanwhile: then it stays waiting, but where it lies is known.
        if not mine.update(waiting=False, key=key, written_at=timezone.now(), attempts=0, error=""):
            TargetWrite.objects.filter(pk=write.pk).update(key=key)


def key_of(connector: Connector, object_id: int) -> str:
    """Where an object goes: `<prefix>/<id>`, as Label Studio names them."""
    name = str(object_id)
    if per_task() and settings.ENVIRONMENT.future_save_task_to_storage_json_ext:
        name += ".json"
    return f"{connector.prefix}/{name}" if connector.prefix else name


def body_of(object_id: int) -> bytes | None:
    """The JSON of an annotation with its task, or of a task with its annotations; None when it is gone."""
    if per_task():
        found = render.select_tasks("t.id = %s", [object_id])
        if not found:
            return None
        annotations = [render.annotation_json(row, person=True) for row in render.select_annotations("a.task_id = %s", [object_id])]
        if not annotations:
            return None
        predictions = [render.prediction_json(row) for row in render.select_predictions("p.task_id = %s", [object_id])]
        return dump_json({**render.task_json(found[0], resolve=False), "annotations": annotations, "predictions": predictions})
    rows_ = render.select_annotations("a.id = %s", [object_id])
    if not rows_:
        return None
    annotation = render.annotation_json(rows_[0], person=True)
    unique = rows("SELECT unique_id, result_count FROM tasks_annotation WHERE id = %s", [object_id])
    task = render.select_tasks("t.id = %s", [annotation["task"]])
    if not task or not unique:
        return None
    return dump_json({**annotation, "result_count": unique[0][1], "task": render.task_json(task[0], resolve=False)})


def _failed(storage: Storage, error: str, write: TargetWrite | None = None) -> None:
    failures = storage.failures + 1
    pause: datetime = timezone.now() + min(FIRST_PAUSE * 2 ** min(failures - 1, 10), LONGEST_PAUSE)
    Storage.objects.filter(pk=storage.pk).update(failures=failures, paused_until=pause, status=Storage.Status.FAILED, traceback=error)
    storage.failures = failures
    if write is not None:
        TargetWrite.objects.filter(pk=write.pk).update(attempts=write.attempts + 1, error=error)
    logger.warning("target storage %s: %s", storage.pk, error)


def _succeeded(storage: Storage) -> None:
    count = TargetWrite.objects.filter(storage=storage, waiting=False).count()
    Storage.objects.filter(pk=storage.pk).update(
        failures=0, paused_until=None, status=Storage.Status.COMPLETED, traceback="", last_sync=timezone.now(), last_sync_count=count
    )
