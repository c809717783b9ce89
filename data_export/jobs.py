"""The jobs that write snapshots and their conversions.

A file is written below `incoming/` first and given to the storage when it is whole. A snapshot goes on behind the last task that was written
when its worker was stopped; a conversion begins again.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, BinaryIO

from django.core.files.base import File
from django.core.files.storage import default_storage
from django.utils import timezone

from core.actor import Actor
from core.errors import Refused
from core.jobs.registry import JobKind
from core.jobs.run import JobRun, run_job
from data_export.filters import selection_of
from data_export.formats import ExportedFile, Options
from data_export.models import ConvertedFormat, Export
from data_export.operations import convert_snapshot, discard
from data_export.stored import StoredTasks
from data_export.writers import FORMATS
from data_import.storage import incoming

PIECE = 1 << 20
STEP_SECONDS = 1.0
AT_ONCE = 20_000  # tasks that a request waits for


def snapshot(job: JobRun) -> dict[str, Any]:
    """Cursor: `{last, size}` – the id of the last task in the file, and how many bytes the file had then."""
    export = Export.objects.select_related("project").filter(pk=job.parameters["export"]).first()
    if export is None:
        raise Refused("The snapshot has been deleted.")
    selection = selection_of(export.project, job.parameters["options"])
    path, pace = incoming() / f"export-{export.pk}", Pace()
    with path.open("r+b" if path.exists() else "w+b") as file:
        cursor = job.cursor
        if cursor is None or file.seek(0, 2) < cursor["size"]:
            cursor, job.done = {"last": 0, "size": 0}, 0
            with job.step():
                job.total, job.cursor = selection.count(), cursor
        file.truncate(cursor["size"])
        file.seek(cursor["size"])
        for last, count, piece in _pieces(replace(selection, after=cursor["last"]).texts(), first=cursor["last"] == 0):
            file.write(piece)
            job.done += count
            job.cursor = {"last": last, "size": file.tell()}
            if pace.due():
                file.flush()
                with job.step():
                    pass
        file.write(b"]" if job.done else b"[]")
        file.flush()
        digest = _md5(file)
    name = _store(path, export.project_id, digest, "json")
    _note(job, name, lambda: _finish(export, name, digest, job.done))
    _convert(job, export)
    return {"tasks": job.done}


def convert(job: JobRun) -> dict[str, Any]:
    converted = ConvertedFormat.objects.select_related("export__project").filter(pk=job.parameters["converted"]).first()
    if converted is None:
        raise Refused("The snapshot has been deleted.")
    export = converted.export
    source = StoredTasks(export)
    made: ExportedFile = FORMATS[converted.export_type].file(source, Options(download_resources=job.parameters["download_resources"]))
    path, pace = incoming() / f"export-{export.pk}-{converted.pk}", Pace()
    with path.open("w+b") as file:
        for piece in made.pieces:
            file.write(piece)
            if pace.due():
                with job.step():
                    job.done = source.done
        file.flush()
        digest = _md5(file)
    name = _store(path, export.project_id, digest, made.extension)

    def finish() -> None:
        ConvertedFormat.objects.filter(pk=converted.pk).update(file=name, size=default_storage.size(name), md5=digest)

    _note(job, name, finish)
    return {"tasks": export.task_number}


def finish(job_id: int | None, tasks: int) -> None:
    """Do a job here and now when it is short; the worker that hears of it later finds it done. A long one is left to the worker."""
    if job_id and tasks <= AT_ONCE:
        run_job.func(job_id)


def _pieces(chunks: Iterator[list[str]], *, first: bool) -> Iterator[tuple[int, int, bytes]]:
    """(last id, number of tasks, bytes) of each chunk of a list of tasks."""
    lead = "[" if first else ","
    for texts in chunks:
        if texts:
            last = texts[-1]
            yield int(last[len('{"id":') : last.index(",")]), len(texts), (lead + ",".join(texts)).encode()
            lead = ","


class Pace:
    """`due` once a second: a step costs a transaction."""

    def __init__(self) -> None:
        self._last = time.monotonic()

    def due(self) -> bool:
        now = time.monotonic()
        if now - self._last < STEP_SECONDS:
            return False
        self._last = now
        return True


def _store(path: Path, project: int, digest: str, extension: str) -> str:
    """Give a whole file to the storage under the name that people download it by; returns its name there."""
    name = f"export/{project}/project-{project}-at-{timezone.now():%Y-%m-%d-%H-%M}-{digest[:8]}.{extension}"
    try:
        with path.open("rb") as file:
            return str(default_storage.save(name, _Movable(file, path)))
    finally:
        path.unlink(missing_ok=True)


class _Movable(File):
    """A file that a storage on the same disk moves instead of copying it."""

    def __init__(self, file: BinaryIO, path: Path) -> None:
        super().__init__(file, name=path.name)
        self._path = path

    def temporary_file_path(self) -> str:
        return str(self._path)


def _note(job: JobRun, name: str, write: Any) -> None:
    """Make the stored file known, in the job's last step. One that nobody will know (the job was cancelled) is deleted."""
    try:
        with job.step():
            write()
    except BaseException:
        discard([name])
        raise


def _finish(export: Export, name: str, digest: str, tasks: int) -> None:
    Export.objects.filter(pk=export.pk).update(
        file=name, size=default_storage.size(name), md5=digest, task_number=tasks, finished_at=timezone.now()
    )


def _convert(job: JobRun, export: Export) -> None:
    export.refresh_from_db()
    person = job.job.created_by
    actor = Actor(person.pk, person.email, job.job.organization_id, None, "job") if person is not None else None
    for format in job.parameters["formats"]:
        convert_snapshot(actor, export, format, download_resources=job.parameters["download_resources"])


def _md5(file: BinaryIO) -> str:
    # A name for the content, as clients know it; nothing is protected by it.
    digest = hashlib.md5(usedforsecurity=False)
    file.seek(0)
    while piece := file.read(PIECE):
        digest.update(piece)
    return digest.hexdigest()


SNAPSHOT = JobKind("export.snapshot", snapshot)
CONVERT = JobKind("export.convert", convert)
