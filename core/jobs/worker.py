"""The background worker: django-tasks-db's, which also stops jobs between two steps, takes back what dead workers left and hands out events."""

from __future__ import annotations

import logging
import threading
from datetime import timedelta
from types import FrameType

from django.db import DatabaseError, connection
from django.utils import timezone
from django_tasks_db.management.commands.db_worker import Worker
from django_tasks_db.models import DBTaskResult

from core.events.loops import RunningLoops, run_loops_until_idle
from core.jobs.operations import take_back_lost_jobs
from core.jobs.run import stopping

logger = logging.getLogger("labelspace.jobs")
SWEEP_SECONDS = 10
SWEEP_ENDS_WITHIN = 2
KEEP_DELIVERIES = timedelta(days=1)


class JobWorker(Worker):
    def shutdown(self, signum: int, frame: FrameType | None) -> None:
        stopping.set()
        super().shutdown(signum, frame)

    def run(self) -> None:
        ended = threading.Event()
        sweeper = threading.Thread(target=_sweep, args=[ended], name="sweeper", daemon=True)
        sweeper.start()
        loops = RunningLoops()
        if not self.batch:
            loops.start()
        try:
            super().run()
            if self.batch:
                run_loops_until_idle()
        finally:
            ended.set()
            loops.end()
            sweeper.join(SWEEP_ENDS_WITHIN)


def _sweep(ended: threading.Event) -> None:
    try:
        while True:
            try:
                take_back_lost_jobs()
                # Ended deliveries say nothing that the Job row does not say.
                DBTaskResult.objects.finished().filter(finished_at__lt=timezone.now() - KEEP_DELIVERIES).delete()
            except DatabaseError as error:
                logger.warning("looking for lost jobs was put off: %s", error)
            if ended.wait(SWEEP_SECONDS):
                return
    finally:
        connection.close()
