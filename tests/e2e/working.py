"""The worker's part in tests of the browser: what a page has begun is done here and now."""

from __future__ import annotations

import time

from core.jobs.models import Job
from core.jobs.run import run_job

SECONDS = 20


def run_next_job() -> None:
    """Wait for a job to be there, and do it."""
    end = time.monotonic() + SECONDS
    while (job := Job.objects.filter(status=Job.Status.WAITING).order_by("pk").first()) is None:
        assert time.monotonic() < end, "no job was begun"
        time.sleep(0.05)
    run_job.func(job.pk)
