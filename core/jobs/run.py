"""Running a job: claim it, do it step by step, survive being stopped or killed at any moment."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import OperationalError, connection, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _
from django_tasks import task

from core.errors import Refused
from core.jobs.models import Job
from core.jobs.operations import HEARTBEAT, worker_name
from core.jobs.registry import kind_named
from core.rawjson import json_text, read_json

logger = logging.getLogger("labelspace.jobs")

LOG_LENGTH = 16_000  # characters
LINE_LENGTH = 1_000

# Set when the worker was told to stop: the running job ends at its next step and goes on after the restart.
stopping = threading.Event()


# How long the job that runs in this thread may take before the worker goes on with it (`run_for`).
_patience = threading.local()


class Interrupted(BaseException):
    """The job must end here: cancelled, taken over, or the worker stops. Not an Exception, so that no `except Exception` keeps it running."""


class JobRun:
    """What a kind's `run` is given.

    parameters: what `enqueue` was given. cursor: where the last committed step ended (None at first). done, total: progress in the kind's own unit.
    """

    def __init__(self, job: Job) -> None:
        self.job = job
        self.parameters: dict[str, Any] = read_json(job.parameters)
        self.cursor: Any = read_json(job.cursor)
        self.done = job.done
        self.total = job.total
        self._log = job.log

    def log(self, sentence: str) -> None:
        """Add a line to the job's log; it is stored with the next step, or with the end. Only the last `LOG_LENGTH` characters are kept."""
        self._log = _with_line(self._log, sentence)

    @contextmanager
    def step(self) -> Iterator[None]:
        """One transaction: the rows that the body writes, and `cursor`, `done` and `total` as the body leaves them. Raises `Interrupted`."""
        if stopping.is_set() or time.monotonic() > getattr(_patience, "until", float("inf")):
            raise Interrupted
        with transaction.atomic():
            yield
            written = self._mine().update(
                cursor=json_text(self.cursor),
                done=self.done,
                total=self.total,
                log=self._log,
                heartbeat_at=timezone.now(),
            )
            if not written:
                raise Interrupted  # rolls the body's rows back: another attempt owns the job now, or it was cancelled

    def _mine(self) -> Any:
        return Job.objects.filter(pk=self.job.pk, attempt=self.job.attempt, status=Job.Status.RUNNING)


@task()
def run_job(job_id: int) -> None:
    """What the task engine calls. A delivery that finds the job taken, ended or cancelled does nothing."""
    if not Job.objects.filter(pk=job_id, status=Job.Status.WAITING).update(
        status=Job.Status.RUNNING,
        attempt=F("attempt") + 1,
        worker=worker_name(),
        heartbeat_at=timezone.now(),
    ):
        return
    job = Job.objects.get(pk=job_id)
    run = JobRun(job)
    run.log(_("Begun by %(worker)s, try %(number)d.") % {"worker": job.worker, "number": job.attempt})
    try:
        kind = kind_named(job.kind)
        if job.attempt > kind.attempts:
            raise Refused(_("Given up after %(count)s tries.") % {"count": kind.attempts})
        with _heartbeat(run):
            result = kind.run(run)
    except Interrupted:
        _give_back(run)
    except Refused as error:
        _end(run, Job.Status.FAILED, error=str(error))
    except Exception as error:
        logger.exception("job %s (%s) failed", job.pk, job.kind)
        _end(run, Job.Status.FAILED, error=f"{type(error).__name__}: {error}")
    else:
        _end(run, Job.Status.DONE, result=result or {})


def run_for(job_id: int, seconds: float) -> None:
    """Run a waiting job here and now, in this thread, for about so long; the worker goes on with what is left."""
    _patience.until = time.monotonic() + seconds
    try:
        run_job.func(job_id)
    finally:
        del _patience.until


def _give_back(run: JobRun) -> None:
    """The worker stops: leave the job to the next one. A cancelled or taken-over job is not ours any more, and stays as it is."""
    run.log(_("The worker was stopped; the next one goes on."))
    with transaction.atomic():
        if run._mine().update(status=Job.Status.WAITING, attempt=F("attempt") - 1, heartbeat_at=None, log=run._log):
            run_job.enqueue(run.job.pk)


def _end(
    run: JobRun,
    status: Job.Status,
    *,
    result: dict[str, Any] | None = None,
    error: str = "",
) -> None:
    run.log(error or _("Done."))
    run._mine().update(
        status=status,
        log=run._log,
        result=json_text(result or {}),
        error=error,
        finished_at=timezone.now(),
    )


def _with_line(log: str, sentence: str) -> str:
    line = f"{timezone.now():%Y-%m-%d %H:%M:%S} {' '.join(sentence.split())[:LINE_LENGTH]}\n"
    log += line
    if len(log) > LOG_LENGTH:
        log = log[-LOG_LENGTH:].partition("\n")[2]
    return log


@contextmanager
def _heartbeat(run: JobRun) -> Iterator[None]:
    ended = threading.Event()

    def beat() -> None:
        try:
            while not ended.wait(HEARTBEAT.total_seconds()):
                try:
                    run._mine().update(heartbeat_at=timezone.now())
                except OperationalError as error:
                    logger.info("heartbeat of job %s put off: %s", run.job.pk, error)
        finally:
            connection.close()

    thread = threading.Thread(target=beat, name=f"heartbeat-{run.job.pk}", daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()
