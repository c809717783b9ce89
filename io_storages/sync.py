"""The job that reads a source's new objects as tasks: batch by batch along the keys, so that it goes on after a restart, in constant memory."""

from __future__ import annotations

import re
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from core.actor import Actor
from core.database import insert_rows
from core.errors import Refused
from core.jobs.registry import JobKind
from core.jobs.run import JobRun
from core.permissions import Role
from core.rawjson import json_text, read_json
from core.secrets import SecretUnreadable
from data_import.file_types import EXTENSIONS, UNKNOWN, extension_of
from data_import.intake import Intake, ItemRefused
from data_import.readers import BY_EXTENSION, UNDEFINED, Source, reader_of
from data_import.storage import Received, receive
from io_storages.connector import Connector, ObjectMissing, StorageError, Stored
from io_storages.key_filter import key_filter
from io_storages.models import ObjectChange, Storage, StorageLink
from io_storages.queries import connector_of
from io_storages.targets import note_all, write_waiting
from tasks.operations.bulk import NewTask, add_tasks
from tasks.operations.delete import delete_tasks
from tasks.operations.tasks import update_task

BATCH = 500
MOST_REASONS, EXAMPLES = 50, 5
NUMBERS = re.compile(r"\d+")
TASK_FILES = ("json", "jsonl", "parquet")
LINK_COLUMNS = ("storage_id", "project_id", "task_id", "key", "row", "etag", "size", "generation")


@dataclass
class Progress:
    """What a synchronization has found so far: keys, but tasks in `created`."""

    after: str = ""
    generation: int = 0
    created: int = 0
    changed: int = 0
    existed: int = 0
    gone: int = 0
    refused: int = 0
    refusals: list[dict[str, Any]] = field(default_factory=list)  # {reason, count, examples}, the first reasons
    started: float = 0.0

    def refuse(self, key: str, why: str) -> None:
        """Count an object under its reason: sentences that differ in numbers only are one."""
        self.refused += 1
        why = why.removeprefix(f"{key.rpartition('/')[2]}: ")
        shape = NUMBERS.sub("#", why)
        known = next((entry for entry in self.refusals if NUMBERS.sub("#", entry["reason"]) == shape), None)
        if known is None:
            if len(self.refusals) == MOST_REASONS:
                return
            known = {"reason": why, "count": 0, "examples": []}
            self.refusals.append(known)
        known["count"] += 1
        if len(known["examples"]) < EXAMPLES:
            known["examples"].append(key)

    def report(self) -> str:
        """What was refused, a line for each reason."""
        lines = []
        for entry in self.refusals:
            shown = ", ".join(entry["examples"])
            more = entry["count"] - len(entry["examples"])
            lines.append(f"{shown}{f' (+{more})' if more else ''}: {entry['reason']}")
        unnamed = self.refused - sum(entry["count"] for entry in self.refusals)
        if unnamed:
            lines.append(_("… and %(count)s more.") % {"count": unnamed})
        return "\n".join(lines)


def run(job: JobRun) -> dict[str, Any]:
    """Parameters: `storage`, `dry` (only find out what would change). Result: counts, and what was refused with its reason."""
    storage = Storage.objects.select_related("project").filter(pk=job.parameters["storage"]).first()
    if storage is None:
        raise Refused(_("This storage is not connected any more."))
    if storage.direction == Storage.Direction.TARGET:
        return _write_all(job, storage)
    try:
        return _read(job, storage)
    except (StorageError, SecretUnreadable) as error:
        if not job.parameters["dry"]:
            Storage.objects.filter(pk=storage.pk).update(
                status=Storage.Status.FAILED, traceback=str(error), last_sync=timezone.now(), last_sync_count=0
            )
        raise Refused(str(error)) from None


def _write_all(job: JobRun, storage: Storage) -> dict[str, Any]:
    with job.step():
        total = note_all(storage)
        Storage.objects.filter(pk=storage.pk).update(status=Storage.Status.IN_PROGRESS, failures=0, paused_until=None)
        storage.failures = 0
        job.total, job.done = total, 0
    while done := write_waiting(storage, time.monotonic() + 5):
        with job.step():
            job.done += done
    storage.refresh_from_db()
    if storage.status == Storage.Status.FAILED:
        raise Refused(storage.traceback)
    return {"written": job.done}


def _read(job: JobRun, storage: Storage) -> dict[str, Any]:
    dry: bool = job.parameters["dry"]
    actor = Actor(job.job.created_by_id or 0, job.parameters["email"], job.job.organization_id, Role(job.parameters["role"]), "job")
    connector = connector_of(storage)
    reader = _Reader(actor, storage, connector)
    if job.parameters.get("told"):
        return _follow(job, storage, reader)
    if job.cursor is None:
        first = Progress(generation=storage.generation + 1, started=time.time())
        with job.step():
            job.cursor = first.__dict__
            if not dry:
                Storage.objects.filter(pk=storage.pk).update(
                    status=Storage.Status.IN_PROGRESS,
                    generation=first.generation,
                    meta=json_text({"attempts": 1, "time_in_progress": timezone.now()}),
                )
    progress = Progress(**job.cursor)
    after = progress.after if connector.sorted_listing else ""
    recursive = bool(connector.values.get("recursive_scan", True))
    for batch in _batches(reader.wanted(connector.listing(recursive=recursive, after=after)), BATCH):
        found = reader.look(batch, progress, download=not dry)
        with job.step():
            if not dry:
                reader.write(found, progress)
            else:
                progress.created += len(found.new)
            progress.after = batch[-1].key
            job.cursor, job.done = progress.__dict__, job.done + len(batch)
    if dry:
        keys = StorageLink.objects.filter(storage=storage, task__project=storage.project_id).values("key").distinct().count()
        return {
            "new": progress.created,
            "changed": progress.changed,
            "gone": max(0, keys - progress.existed),
            "refused_count": progress.refused,
            "refused": progress.refusals,
        }
    progress.gone = _settle_gone(job, actor, storage, progress, delete=connector.values.get("on_gone") == "delete")
    _finish(storage, progress)
    return {
        "created": progress.created,
        "changed": progress.changed,
        "gone": progress.gone,
        "existed": progress.existed,
        "refused_count": progress.refused,
        "refused": progress.refusals,
    }


def _follow(job: JobRun, storage: Storage, reader: _Reader) -> dict[str, Any]:
    """Look at the objects that the cloud has told of, as they are now: what it told first may be over."""
    connector = reader.connector
    progress = Progress(**job.cursor) if job.cursor else Progress(generation=storage.generation, started=time.time())
    while told := list(ObjectChange.objects.filter(storage=storage).order_by("pk")[:BATCH]):
        there: list[Stored] = []
        gone: list[str] = []
        for key in dict.fromkeys(change.key for change in told):
            try:
                there.append(connector.head(key))
            except ObjectMissing:
                gone.append(key)
        found = reader.look(there, progress, download=True)
        with job.step():
            reader.write(found, progress)
            progress.gone += reader.forget(gone)
            ObjectChange.objects.filter(pk__in=[change.pk for change in told]).delete()
            job.cursor, job.done = progress.__dict__, job.done + len(told)
    _finish(storage, progress)
    return {name: getattr(progress, name) for name in ("created", "changed", "gone", "existed")} | {"refused": progress.refusals}


@dataclass
class _Found:
    """What a batch holds: objects to make tasks of, changed ones with their tasks' new data, and links that were seen again."""

    new: list[tuple[Stored, int, NewTask | None]] = field(default_factory=list)
    changed: list[tuple[Stored, dict[int, NewTask]]] = field(default_factory=list)
    seen: list[str] = field(default_factory=list)


class _Reader:
    def __init__(self, actor: Actor, storage: Storage, connector: Connector) -> None:
        self.actor, self.storage, self.connector = actor, storage, connector
        self.whole = bool(connector.values.get("use_blob_urls"))
        self.takes = key_filter(connector.values)
        self.intake = Intake(actor, storage.project)

    def wanted(self, listing: Iterable[Stored]) -> Iterator[Stored]:
        for stored in listing:
            if self.takes(stored.key):
                yield stored

    def look(self, batch: list[Stored], progress: Progress, *, download: bool) -> _Found:
        """Outside of any transaction: what is new is fetched and judged."""
        known: dict[str, list[tuple[int, int, str]]] = defaultdict(list)
        # The join leaves out links whose tasks were deleted: their objects are read anew.
        links = StorageLink.objects.filter(
            storage=self.storage, key__in=[stored.key for stored in batch], task__project=self.storage.project_id
        )
        for key, row, task, etag in links.values_list("key", "row", "task_id", "etag"):
            known[key].append((row, task, etag))
        found = _Found()
        for stored in batch:
            mine = known.get(stored.key)
            if mine is None:
                found.new += self._tasks(stored, progress) if download else [(stored, -1, None)]
                continue
            progress.existed += 1
            found.seen.append(stored.key)
            if stored.etag and any(etag and etag != stored.etag for _row, _task, etag in mine):
                progress.changed += 1
                if download and not self.whole:
                    new = {row: task for _stored, row, task in self._tasks(stored, progress)}
                    found.changed.append((stored, {task: new[row] for row, task, _etag in mine if new.get(row)}))  # type: ignore[misc]
                else:
                    found.changed.append((stored, {}))
        return found

    def _tasks(self, stored: Stored, progress: Progress) -> list[tuple[Stored, int, NewTask | None]]:
        try:
            if self.whole:
                kind = EXTENSIONS.get(extension_of(stored.key), UNKNOWN).kind
                return [(stored, -1, self.intake.read({UNDEFINED: self.connector.address(stored.key)}, kind=kind))]
            return list(self._rows(stored))
        except ItemRefused as refused:
            progress.refuse(stored.key, "; ".join(refused.messages))
        except Refused as refused:
            messages = (refused.fields or {}).get("non_field_errors", [refused.sentence])
            progress.refuse(stored.key, "; ".join(map(str, messages)))
        return []

    def _rows(self, stored: Stored) -> Iterator[tuple[Stored, int, NewTask]]:
        """The tasks that an object holds: one, or a list of them, each with its row."""
        name = stored.key.rpartition("/")[2]
        extension = extension_of(name) or "json"
        if extension not in TASK_FILES or extension not in BY_EXTENSION:
            raise Refused(
                _("is not a JSON, JSONL or Parquet file. If objects are images or other media, switch on “Every object is a task”.")
            )
        received = self._fetch(stored.key)
        try:
            source = Source(received.path, name if extension_of(name) else f"{name}.json")
            items = [item for _line, item in reader_of(source).items()]
        finally:
            received.forget()
        alone = len(items) == 1
        for row, item in enumerate(items):
            yield stored, -1 if alone else row, self.intake.read(item)

    def _fetch(self, key: str) -> Received:
        with self.connector.open(key) as body:
            return receive(body.pieces, announced=body.stored.size)

    def write(self, found: _Found, progress: Progress) -> None:
        """Inside the step's transaction: tasks, links, and which were seen."""
        new = [(stored, row, task) for stored, row, task in found.new if task is not None]
        if new:
            added = add_tasks(self.actor, self.storage.project, (task for _stored, _row, task in new))
            progress.created += len(added.task_ids)
            links = [
                (self.storage.pk, self.storage.project_id, task_id, stored.key, row, stored.etag[:128], stored.size, progress.generation)
                for task_id, (stored, row, _task) in zip(added.task_ids, new, strict=True)
            ]
            StorageLink.objects.filter(storage=self.storage, key__in={link[3] for link in links}).delete()
            insert_rows(StorageLink, LINK_COLUMNS, links)
        if found.seen:
            StorageLink.objects.filter(storage=self.storage, key__in=found.seen).update(generation=progress.generation)
        for stored, tasks in found.changed:
            for task_id, task in tasks.items():
                update_task(self.actor, task_id, {"data": read_json(task.data)})
            StorageLink.objects.filter(storage=self.storage, key=stored.key).update(etag=stored.etag[:128], size=stored.size)

    def forget(self, keys: list[str]) -> int:
        """Inside the step's transaction: these are gone; returns how many were known. Unanswered tasks go with them when the storage says so."""
        links = StorageLink.objects.filter(storage=self.storage, key__in=keys, task__project=self.storage.project_id)
        count = links.values("key").distinct().count()
        links.update(generation=0)  # older than any listing: a later one counts them as gone, too
        if self.connector.values.get("on_gone") == "delete":
            tasks = list(links.filter(task__total_annotations=0, task__cancelled_annotations=0).values_list("task_id", flat=True))
            if tasks:
                delete_tasks(self.actor, self.storage.project, tasks)
        return count


def _settle_gone(job: JobRun, actor: Actor, storage: Storage, progress: Progress, *, delete: bool) -> int:
    """What the listing did not see any more; with `delete` its unanswered tasks go, a thousand at a time."""
    links = StorageLink.objects.filter(storage=storage, generation__lt=progress.generation, task__project=storage.project_id)
    count = links.values("key").distinct().count()
    if not delete:
        return count
    while True:
        tasks = list(links.filter(task__total_annotations=0, task__cancelled_annotations=0).values_list("task_id", flat=True)[:1_000])
        if not tasks:
            return count
        with job.step():
            delete_tasks(actor, storage.project, tasks)


def _finish(storage: Storage, progress: Progress) -> None:
    failed = bool(progress.refused) and not (progress.created or progress.existed)
    status = Storage.Status.COMPLETED if not progress.refused else Storage.Status.COMPLETED_WITH_ERRORS
    meta = {
        "attempts": 1,
        "tasks_existed": progress.existed,
        "tasks_failed_validation": progress.refused,
        "time_completed": timezone.now(),
        "duration": round(time.time() - progress.started, 3),
        "changed": progress.changed,
        "gone": progress.gone,
        "refused": progress.refusals,
    }
    Storage.objects.filter(pk=storage.pk).update(
        status=Storage.Status.FAILED if failed else status,
        traceback=progress.report(),
        last_sync=timezone.now(),
        last_sync_count=progress.created,
        meta=json_text(meta),
    )


def _batches(stored: Iterator[Stored], size: int) -> Iterator[list[Stored]]:
    while batch := list(islice(stored, size)):
        yield batch


SYNC = JobKind("storage.sync", run)
