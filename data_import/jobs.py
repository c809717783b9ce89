"""The import job: judge everything, then write; 100,000 tasks and fewer as one transaction, more in steps that go on after a restart."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import asdict
from itertools import islice
from typing import Any

from django.utils import timezone

from core.actor import Actor
from core.errors import Refused
from core.jobs.models import Job
from core.jobs.registry import JobKind
from core.jobs.run import JobRun, run_job
from core.permissions import Role
from core.rawjson import json_text, read_json
from data_import.intake import Intake
from data_import.models import ProjectImport
from data_import.operations import AT_ONCE, Options, Written, write
from data_import.queries import findings
from data_import.reading import ImportFile, judge, tasks_of
from projects.models import Project

STEP = 5_000  # tasks of one transaction
POLL = 0.2  # seconds


def run(job: JobRun) -> dict[str, Any]:
    """Cursor: `{started, answer, written, ids}` once everything has been judged; `written` is in the database, `ids` are its ranges."""
    said = job.parameters
    row = ProjectImport.objects.get(pk=said["import"])
    project = Project.objects.get(pk=row.project_id)
    creator = job.job.created_by_id
    actor = Actor(creator or 0, said["email"], job.job.organization_id, Role(said["role"]), "job")
    files = [ImportFile.of_json(file) for file in said["files"]]
    options = Options(**{**said["options"], "preannotated_from_fields": tuple(said["options"]["preannotated_from_fields"])})
    intake = Intake(actor, project, options.preannotated_from_fields)
    try:
        if job.cursor is None:
            _judge(job, row, intake, files, options)
        cursor = job.cursor
        written = Written(**cursor["written"])
        tasks = tasks_of(intake, files, as_list=options.files_as_tasks_list, skip=written.task_count)
        if (job.total or 0) <= AT_ONCE:
            if written.task_count == 0:
                with job.step():
                    write(actor, project, tasks, written)
                    _note(job, cursor, written, options)
        else:
            while chunk := list(islice(tasks, STEP)):
                with job.step():
                    write(actor, project, chunk, written)
                    _note(job, cursor, written, options)
    except Refused as refused:
        messages = (refused.fields or {}).get("non_field_errors", [str(refused)])
        ProjectImport.objects.filter(pk=row.pk).update(
            status="failed", error="\n".join(map(str, messages)), finished_at=timezone.now(), updated_at=timezone.now()
        )
        raise Refused("\n".join(map(str, messages))) from None
    ids = [task for first, last in cursor["ids"] for task in range(first, last + 1)]
    answer = {**cursor["answer"], **asdict(written), "task_ids": ids, "duration": round(time.time() - cursor["started"], 3)}
    ProjectImport.objects.filter(pk=row.pk).update(
        status="completed", answer=json_text(answer), finished_at=timezone.now(), updated_at=timezone.now()
    )
    for file in files:
        if file.upload_id is None:
            file.path.unlink(missing_ok=True)  # the body of a request, kept until here
    return {name: answer[name] for name in ("task_count", "annotation_count", "prediction_count", "duration")}


def _judge(job: JobRun, row: ProjectImport, intake: Intake, files: list[ImportFile], options: Options) -> None:
    started = time.time()
    ProjectImport.objects.filter(pk=row.pk).update(status="in_progress", updated_at=timezone.now())

    def progress() -> None:
        with job.step():  # ends the job here when it was cancelled or the worker stops
            pass

    found = judge(intake, files, as_list=options.files_as_tasks_list, each=progress)
    found.refuse_mistakes()
    answer = findings(found, intake.columns, [file.upload_id for file in files if file.upload_id is not None])
    with job.step():
        job.total = found.count
        job.cursor = {"started": started, "answer": answer, "written": asdict(Written()), "ids": []}


def _note(job: JobRun, cursor: dict[str, Any], written: Written, options: Options) -> None:
    """What the step that is about to be committed leaves behind."""
    if options.return_task_ids:
        cursor["ids"] = add_to_ranges(cursor["ids"], written.task_ids)
    written.task_ids = []
    job.cursor = {**cursor, "written": asdict(written)}
    job.done = written.task_count


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
