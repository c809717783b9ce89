"""What people and workers do to jobs: enqueue, cancel, retry, take back what a dead worker left."""

from __future__ import annotations

import os
import socket
import sys
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.actor import Actor
from core.errors import Refused
from core.events.record import record
from core.jobs.models import Job
from core.jobs.queries import jobs_visible_to
from core.rawjson import json_text

HEARTBEAT = timedelta(seconds=5)
LOST_AFTER = timedelta(seconds=30)
OPEN = (Job.Status.WAITING, Job.Status.RUNNING)


def enqueue(
    actor: Actor | None,
    kind: str,
    title: str,
    *,
    project: int | None = None,
    parameters: dict[str, Any] | None = None,
    total: int | None = None,
) -> Job:
    """Make a job and hand its id to the task engine, both in the caller's transaction: rolled back together, run only after commit."""
    from core.jobs.run import run_job

    with transaction.atomic():
        job = Job.objects.create(
            kind=kind,
            title=title,
            organization_id=actor.organization_id if actor else None,
            project_id=project,
            created_by_id=actor.user_id if actor else None,
            parameters=json_text(parameters or {}),
            total=total,
        )
        run_job.enqueue(job.pk)
    return job


def cancel(actor: Actor, job_id: int) -> Job:
    """Stop a job: a waiting one never starts, a running one ends at its next step. Raises 409 when it has already ended."""
    with transaction.atomic():
        job = _get(actor, job_id)
        if not Job.objects.filter(pk=job.pk, status__in=OPEN).update(status=Job.Status.CANCELLED, finished_at=timezone.now()):
            raise Refused(_("This job has already ended."), 409)
        record("job.cancelled", actor, project=job.project_id, ids=[job.pk])
    job.refresh_from_db()
    return job


def retry(actor: Actor, job_id: int) -> Job:
    """Run a failed or cancelled job again, from where it stopped. Raises 409 for any other."""
    from core.jobs.run import run_job

    with transaction.atomic():
        job = _get(actor, job_id)
        again = Job.objects.filter(pk=job.pk, status__in=(Job.Status.FAILED, Job.Status.CANCELLED))
        if not again.update(
            status=Job.Status.WAITING,
            attempt=0,
            error="",
            finished_at=None,
            heartbeat_at=None,
        ):
            raise Refused(_("Only a failed or cancelled job can be run again."), 409)
        run_job.enqueue(job.pk)
        record("job.retried", actor, project=job.project_id, ids=[job.pk])
    job.refresh_from_db()
    return job


def take_back_lost_jobs() -> int:
    """Enqueue again what dead workers left: no heartbeat for `LOST_AFTER`, or a process of this machine that is gone. Returns how many."""
    from core.jobs.run import run_job

    lost = 0
    for job in Job.objects.filter(status=Job.Status.RUNNING).only("pk", "attempt", "worker", "heartbeat_at"):
        silent = job.heartbeat_at is None or job.heartbeat_at < timezone.now() - LOST_AFTER
        if not silent and not _gone(job.worker):
            continue
        with transaction.atomic():
            # The attempt in the condition: if somebody took it back meanwhile, nothing happens here.
            if Job.objects.filter(pk=job.pk, status=Job.Status.RUNNING, attempt=job.attempt).update(
                status=Job.Status.WAITING, heartbeat_at=None
            ):
                run_job.enqueue(job.pk)
                lost += 1
    return lost


def worker_name() -> str:
    return f"{socket.gethostname()}:{os.getpid()}"


def _gone(worker: str) -> bool:
    host, _sep, pid = worker.rpartition(":")
    if sys.platform == "win32":
        return False  # asking about a process by signal would end it there; its heartbeat tells
    if host != socket.gethostname() or not pid.isdigit() or int(pid) == os.getpid():
        return False
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return False


def _get(actor: Actor, job_id: int) -> Job:
    job = jobs_visible_to(actor).filter(pk=job_id).first()
    if job is None:
        raise Refused(_("Not found."), 404)
    return job
