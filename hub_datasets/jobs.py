"""The import of a dataset and the push of one: jobs that go on where they were."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import Any

from django.db.models import F, Q
from django.utils import timezone

from core.actor import Actor
from core.errors import Refused
from core.jobs.models import Job
from core.jobs.operations import OPEN
from core.jobs.registry import JobKind
from core.jobs.run import JobRun
from core.permissions import Role
from core.rawjson import read_json
from core.secrets import SecretUnreadable
from data_import.intake import Intake, ItemRefused
from data_import.operations import Written, write
from hub_datasets import operations
from hub_datasets.columns import columns_of
from hub_datasets.hub import Hub
from hub_datasets.media import address_of
from hub_datasets.models import HubSource, HubTarget
from hub_datasets.proposal import Rows
from hub_datasets.push import push
from hub_datasets.reading import parquet, rows_of
from tasks.operations.bulk import NewTask

STEP = 2_000  # rows of one transaction
TOLD = 20  # refused rows that the log names


def run_import(job: JobRun) -> dict[str, Any]:
    """Cursor: `{file, row, written, refused}`; the file and row to go on with."""
    source = HubSource.objects.select_related("project").get(pk=job.parameters["source"])
    creator: Any = job.job.created_by_id
    actor = Actor(creator, job.parameters["email"], job.job.organization_id, Role(job.parameters["role"]), "job")
    hub, files, uses = Hub(source.plain_token()), read_json(source.files), read_json(source.uses)
    controls = operations.controls_of_project(source.project)
    intake = Intake(actor, source.project)
    cursor: dict[str, Any] = job.cursor or {"file": 0, "row": 0, "refused": 0, "tasks": 0, "annotations": 0, "predictions": 0}
    while cursor["file"] < len(files):
        path = files[cursor["file"]]
        with parquet(hub, source.repo, source.revision, path) as file:
            columns = columns_of(file.schema_arrow)
            convert = Rows(columns, uses, controls, source.repo)
            if job.total is None:
                job.total = file.metadata.num_rows * len(files)  # of files of one size, which the Hub's are
            rows = rows_of(file, columns, cursor["row"])
            while True:
                chunk: list[NewTask] = []
                last = cursor["row"]
                refused: list[str] = []
                for number, row in rows:
                    last = number + 1
                    try:
                        chunk.append(intake.read(convert.task(row, partial(address_of, source, cursor["file"], number))))
                    except (ItemRefused, ValueError) as error:
                        refused.append(f"{path}, row {number + 1}: {error}")
                    if len(chunk) + len(refused) >= STEP:
                        break
                if not chunk and not refused:
                    break
                with job.step():
                    written = Written()
                    write(actor, source.project, chunk, written)
                    cursor = {
                        **cursor,
                        "row": last,
                        "refused": cursor["refused"] + len(refused),
                        "tasks": cursor["tasks"] + written.task_count,
                        "annotations": cursor["annotations"] + written.annotation_count,
                        "predictions": cursor["predictions"] + written.prediction_count,
                    }
                    for line in refused[: max(0, TOLD - cursor["refused"] + len(refused))]:
                        job.log(line)
                    job.cursor, job.done = cursor, cursor["tasks"] + cursor["refused"]
        cursor = {**cursor, "file": cursor["file"] + 1, "row": 0}
        with job.step():
            job.cursor = cursor
    return {
        "task_count": cursor["tasks"],
        "annotation_count": cursor["annotations"],
        "prediction_count": cursor["predictions"],
        "refused": cursor["refused"],
    }


def run_push(job: JobRun) -> dict[str, Any]:
    """Whole or not at all: a push is one commit, so an interrupted one begins again."""
    target = HubTarget.objects.select_related("project").get(pk=job.parameters["target"])
    counted = target.project.total_annotations_number

    def alive() -> None:
        with job.step():
            job.done += 1

    try:
        pushed = push(target, target.plain_token(), alive)
    except (Refused, SecretUnreadable) as error:
        operations.note_failure(target, str(error))
        raise Refused(str(error), 400) from None
    operations.note_push(target, commit=pushed.commit, tag=pushed.tag, counted=counted, rows=pushed.rows)
    return {"detail": f"{pushed.address} ({pushed.rows} annotations, {pushed.tag})", "rows": pushed.rows, "commit": pushed.commit}


def push_what_is_due() -> bool:
    """A step of the worker: begin the pushes whose time has come, or whose project has enough new annotations."""
    now = timezone.now()
    by_number = Q(annotations__gt=0, project__total_annotations_number__gte=F("counted") + F("annotations"))
    rested = Q(pushed_at__isnull=True) | Q(pushed_at__lt=now - timedelta(minutes=1))
    for target in HubTarget.objects.select_related("project").filter(Q(hours__gt=0) | (by_number & rested))[:100]:
        by_time = target.hours and (target.pushed_at is None or target.pushed_at < now - timedelta(hours=target.hours))
        by_count = target.annotations and target.project.total_annotations_number >= target.counted + target.annotations
        if not (by_time or by_count) or (target.job_id and Job.objects.filter(pk=target.job_id, status__in=OPEN).exists()):
            continue
        operations.push(None, target)
    return False


IMPORT = JobKind("hub.import", run_import)
PUSH = JobKind("hub.push", run_push)
