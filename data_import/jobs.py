"""The import job: judge everything, then write; 100,000 tasks and fewer as one transaction, more in steps that go on after a restart."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict
from itertools import chain, islice
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from core.actor import Actor
from core.errors import Refused
from core.jobs.models import Job
from core.jobs.registry import JobKind
from core.jobs.run import JobRun, run_job
from core.permissions import Role
from core.rawjson import json_text, read_json
from data_import.intake import Intake, ItemRefused
from data_import.models import FileUpload, ProjectImport, RefusedRow
from data_import.operations import AT_ONCE, Options, Written, mark_imported, write
from data_import.parts import Entry, ImportFile, Unpacked
from data_import.queries import findings
from data_import.reading import Found, judge, tasks_of
from data_import.receiving import as_import_file
from data_import.unpacking import unpack, unpacked
from projects.models import Project

if TYPE_CHECKING:
    from tasks.operations.bulk import NewTask

MAX_REPORTED = 100_000  # refused rows that a report names
STEP = 5_000  # tasks of one transaction
POLL = 0.2  # seconds


def run(job: JobRun) -> dict[str, Any]:
    """Cursor while it judges: `{started, judged}`; then `{started, answer, read, written, ids}`: items that were read, rows that are in the
    database, and the ranges of their ids."""
    said = job.parameters
    row = ProjectImport.objects.get(pk=said["import"])
    project = Project.objects.get(pk=row.project_id)
    creator: Any = job.job.created_by_id  # None: a command, before there is any account
    actor = Actor(creator, said["email"], job.job.organization_id, Role(said["role"]), "job")
    files = [_at_hand(ImportFile.of_json(file)) for file in said["files"]]
    options = Options.of_json(said["options"])
    intake = Intake(actor, project, options.preannotated_from_fields, elsewhere=options.elsewhere)
    try:
        unpacked = _unpack(job, actor, files)
        if job.cursor is None or "judged" in job.cursor:
            _judge(job, row, intake, files, options, unpacked)
        cursor = job.cursor
        written = Written(**cursor["written"])
        tasks = tasks_of(intake, files, reading=options.reading, unpacked=unpacked, skip=cursor["read"], leave_out=options.leave_out)
        whole = (job.total or 0) <= AT_ONCE
        while chunk := list(islice(tasks, 1)):
            last = [cursor["read"]]
            with job.step():
                write(actor, project, _told(chain(chunk, tasks if whole else islice(tasks, STEP - 1)), last), written)
                cursor = _note(job, {**cursor, "read": last[0]}, written, options)
    except Refused as refused:
        messages = (refused.fields or {}).get("non_field_errors", [str(refused)])
        ProjectImport.objects.filter(pk=row.pk).update(
            status="failed", error="\n".join(map(str, messages)), finished_at=timezone.now(), updated_at=timezone.now()
        )
        raise Refused("\n".join(map(str, messages))) from None
    ids = [task for first, last in cursor["ids"] for task in range(first, last + 1)]
    answer = {**cursor["answer"], **asdict(written), "task_ids": ids, "duration": round(time.time() - cursor["started"], 3)}
    with job.step():
        ProjectImport.objects.filter(pk=row.pk).update(
            status="completed", answer=json_text(answer), finished_at=timezone.now(), updated_at=timezone.now()
        )
        mark_imported([file.upload_id for file in files if file.upload_id is not None])
    for file in files:
        if file.upload_id is None:
            file.path.unlink(missing_ok=True)  # the body of a request, kept until here
    return {**{name: answer[name] for name in ("task_count", "annotation_count", "prediction_count", "duration")}, "refused": row.refused}


def _at_hand(file: ImportFile) -> ImportFile:
    """The same with its bytes on this machine: another one may have begun the import."""
    if file.upload_id is None:
        return file
    return as_import_file(FileUpload.objects.select_related("content").get(pk=file.upload_id))


def _told(tasks: Iterable[tuple[int, NewTask]], last: list[int]) -> Iterator[NewTask]:
    """The tasks; `last` holds the number of the one that was taken last."""
    for number, task in tasks:
        last[0] = number
        yield task


def _unpack(job: JobRun, actor: Actor, files: list[ImportFile]) -> dict[int, Unpacked]:
    found = {}
    for file in files:
        if file.is_archive and file.upload_id is not None:
            upload = FileUpload.objects.get(pk=file.upload_id)
            unpack(actor, upload, job.step)
            found[upload.pk] = unpacked(upload)
    return found


def _judge(
    job: JobRun, row: ProjectImport, intake: Intake, files: list[ImportFile], options: Options, places: Mapping[int, Unpacked]
) -> None:
    """Look at everything before anything is written. Goes on behind what an earlier attempt had looked at."""
    before: dict[str, Any] = job.cursor["judged"] if job.cursor else {}
    started = job.cursor["started"] if job.cursor else time.time()
    seen = Found(before.get("count", 0), before.get("messages", []), before.get("mistakes", 0))
    if before.get("columns") is not None:
        intake.columns = set(before["columns"])
    ProjectImport.objects.filter(pk=row.pk).update(status="in_progress", updated_at=timezone.now())
    refused: list[RefusedRow] = []

    def mistake(number: int, entry: Entry, why: ItemRefused) -> None:
        if seen.mistakes <= MAX_REPORTED:
            refused.append(
                RefusedRow(
                    project_id=row.project_id, import_id=row.pk, number=number, file=entry.file, line=entry.line, reason=str(why)[:2_000]
                )
            )

    def save(found: Found) -> None:
        RefusedRow.objects.bulk_create(refused, batch_size=1_000)
        refused.clear()
        row.refused = found.mistakes
        ProjectImport.objects.filter(pk=row.pk).update(refused=found.mistakes)

    def progress(found: Found) -> None:
        columns = None if intake.columns is None else sorted(intake.columns)
        with job.step():  # ends the job here when it was cancelled or the worker stops
            save(found)
            intake.people.settle()
            judged = {"count": found.count, "messages": found.messages, "mistakes": found.mistakes, "columns": columns}
            job.cursor = {"started": started, "judged": judged}

    RefusedRow.objects.filter(import_id=row.pk, number__gt=seen.count).delete()
    try:
        judge(intake, files, reading=options.reading, unpacked=places, each=progress, mistake=mistake, found=seen)
        seen.refuse_mistakes(leave_out=options.leave_out)
    except Refused:
        save(seen)
        raise
    answer = findings(seen, intake.columns, [file.upload_id for file in files if file.upload_id is not None])
    with job.step():
        save(seen)
        intake.people.settle()
        job.total = seen.count
        job.cursor = {"started": started, "answer": answer, "read": 0, "written": asdict(Written()), "ids": []}


def _note(job: JobRun, cursor: dict[str, Any], written: Written, options: Options) -> dict[str, Any]:
    """What the step that is about to be committed leaves behind."""
    if options.return_task_ids:
        cursor["ids"] = add_to_ranges(cursor["ids"], written.task_ids)
    written.task_ids = []
    job.cursor = {**cursor, "written": asdict(written)}
    job.done = cursor["read"]
    return job.cursor


def add_to_ranges(ranges: list[list[int]], ids: Iterable[int]) -> list[list[int]]:
    """Ids as [first, last] pairs: those of an import are mostly one row of numbers, and the cursor is written with every step."""
    found = [list(pair) for pair in ranges]
    for task in ids:
        if found and task == found[-1][1] + 1:
            found[-1][1] = task
        else:
            found.append([task, task])
    return found


def finish(row: ProjectImport) -> ProjectImport:
    """Run an import's job here and now, or wait for the worker that has it. Raises `Refused` with its mistakes."""
    job_id = row.job_id or 0
    run_job.func(job_id)
    while True:
        job = Job.objects.only("status", "error").get(pk=job_id)
        if job.status not in (Job.Status.WAITING, Job.Status.RUNNING):
            break
        time.sleep(POLL)
    row.refresh_from_db()
    if job.status != Job.Status.DONE:
        raise Refused(
            "Validation error", 400, fields={"non_field_errors": job.error.split("\n") if job.error else ["The import was cancelled."]}
        )
    return row


IMPORT = JobKind("import", run)


def answer_of(row: ProjectImport) -> dict[str, Any]:
    found: dict[str, Any] = read_json(row.answer)
    return found
