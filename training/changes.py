"""The one way a run changes: claimed in the queue on the Hub first, when it has one, then in its row here. Either may be the last thing done
before this process dies: the next one sees how far the queue is (`catch_up`) and goes on from there."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from core.events.record import record
from core.jobs.operations import enqueue
from training.local import folder_of, forget, log_of
from training.models import TrainingRun
from training.queue import Queue

State = TrainingRun.State
CSV = "csv-"  # what the keys of runs that a table names begin with


def change(run: TrainingRun, *, files: Mapping[str, str | bytes] | None = None, **fields: Any) -> bool:
    """Move a run on from the version that `run` was read at, with files into the queue in the same commit. False when it has moved meanwhile.

    Raises Refused for what the Hub refuses: then nothing has changed.
    """
    wanted = TrainingRun.objects.get(pk=run.pk)
    if wanted.version != run.version:
        return False
    for name, value in fields.items():
        setattr(wanted, name, value)
    wanted.version = run.version + 1
    if run.queue:
        done = run.key if run.key.startswith(CSV) and wanted.state == State.SUCCEEDED else ""
        if not Queue(run.queue).claim(wanted.told(), run.version, files, done):
            return False
    return _store(run, {**fields, "version": wanted.version})


def catch_up(run: TrainingRun) -> None:
    """Take over what the queue knows and this row does not: a process died between the two. Raises Refused."""
    if not run.queue:
        return
    said = Queue(run.queue).read(run.key)
    if said is not None and said["version"] > run.version:
        _store(run, fields_of(said))


def fields_of(said: Mapping[str, Any]) -> dict[str, Any]:
    """A run's fields as its file in the queue says them."""
    deadline = said.get("deadline")
    return {
        **{name: said[name] for name in TrainingRun.TOLD if name in said},
        "deadline": datetime.fromisoformat(deadline) if deadline else None,
    }


def _store(run: TrainingRun, fields: dict[str, Any]) -> bool:
    """Into the row; with the end of a run comes, in the same transaction and therefore once, the job that takes its results in."""
    state = fields.get("state", run.state)
    ended = state not in TrainingRun.OPEN and run.is_open
    if ended:
        fields |= {"finished_at": timezone.now(), "log": log_of(run)}
    with transaction.atomic():
        if not TrainingRun.objects.filter(pk=run.pk, version=run.version).update(**fields):
            return False
        run.refresh_from_db()
        if ended:
            record(f"training.{state}", None, organization=run.organization_id, project=run.project_id, ids=[run.pk])
            if state == State.SUCCEEDED and run.project_id:
                job = enqueue(None, "training.results", f"{run.model_version}", project=run.project_id, parameters={"run": run.pk})
                type(job).objects.filter(pk=job.pk).update(organization_id=run.organization_id, created_by_id=run.created_by_id)
                TrainingRun.objects.filter(pk=run.pk).update(job_id=job.pk)
    if ended and not (state == State.SUCCEEDED and run.project_id) and folder_of(run).exists():
        forget(run)
    return True
