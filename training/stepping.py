"""A step of the worker: every open run a step further, and paid hardware given back."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Q
from django.utils import timezone

from core.errors import Refused
from organizations.queries import first_organization
from training.changes import CSV, catch_up, change, fields_of
from training.executors import CPU, EXECUTORS, fail, give_back
from training.local import scripts
from training.models import TrainingRun
from training.operations import queue_name
from training.queue import PENDING, Line, Queue

logger = logging.getLogger("labelspace.training")

State, Kind = TrainingRun.State, TrainingRun.Executor
LOOK_AGAIN = timedelta(minutes=10)
CSV_MINUTES = 240

_looked: datetime | None = None  # when the queue was last looked through for runs that this server does not know


def step_all() -> bool:
    """Costs one query while nothing is trained."""
    look_through()
    for run in TrainingRun.objects.filter(Q(state__in=TrainingRun.OPEN) | Q(holds_hardware=True)).order_by("pk")[:200]:
        try:
            step(run)
        except Refused as refused:
            logger.warning("training %s: %s", run.key, refused)
    try:
        give_back()
    except Refused as refused:
        logger.warning("giving hardware back: %s", refused)
    return False


def step(run: TrainingRun) -> None:
    """What comes next for one run. Raises Refused when the Hub does not answer: it is done later then."""
    catch_up(run)
    executor = EXECUTORS[run.executor]
    if run.state == State.QUEUED and run.dataset and not _waits(run):
        claimed = change(
            run,
            state=State.STARTING,
            attempts=run.attempts + 1,
            deadline=timezone.now() + timedelta(minutes=executor.most_minutes(run)),
            hub_job="",
            holds_hardware=run.holds_hardware or (run.executor == Kind.SPACE and run.hardware != CPU),
        )
        if not claimed:
            return
    if run.state == State.STARTING:
        executor.start(run)
    elif run.state == State.RUNNING:
        executor.watch(run)


def _waits(run: TrainingRun) -> bool:
    """On this machine one at a time, the oldest first."""
    if run.executor == Kind.JOBS:
        return False
    here = TrainingRun.objects.open().filter(executor__in=(Kind.LOCAL, Kind.SPACE)).exclude(pk=run.pk)
    return here.filter(Q(state__in=(State.STARTING, State.RUNNING)) | Q(pk__lt=run.pk, state=State.QUEUED) & ~Q(dataset="")).exists()


def look_through() -> None:
    """Runs of the queue that this server has lost with its disk, and lines of a `tasks.csv` there: at the start and every ten minutes."""
    global _looked
    now = timezone.now()
    if not settings.ENVIRONMENT.training_queue and not (settings.ENVIRONMENT.on_space and settings.ENVIRONMENT.hf_token):
        return
    if _looked is not None and now - _looked < LOOK_AGAIN:
        return
    _looked = now
    try:
        find_runs(Queue(queue_name()))
    except Refused as refused:
        logger.info("the training queue: %s", refused)


def find_runs(queue: Queue) -> None:
    """Raises Refused."""
    organization = first_organization()
    if organization is None:
        return
    known = set(TrainingRun.objects.filter(queue=queue.repo).values_list("key", flat=True))
    for key in queue.runs():
        said = queue.read(key) if key not in known else None
        if said is None or (said["state"] not in TrainingRun.OPEN and not said.get("holds_hardware")):
            continue
        run = TrainingRun.objects.create(key=key, organization=organization, queue=queue.repo, **fields_of(said))
        if run.is_open and not key.startswith(CSV):
            # Its project is not here: what it would find could not be kept.
            fail(run, "The server that asked for it has lost its data.")
    for line in queue.lines():
        if line.state == PENDING and line.key not in known and queue.read(line.key) is None:
            _of_line(organization.pk, queue, line)


def _of_line(organization: int, queue: Queue, line: Line) -> None:
    script = next(iter(scripts()), "")
    hardware = settings.ENVIRONMENT.training_hardware
    run = TrainingRun(
        key=line.key,
        organization_id=organization,
        queue=queue.repo,
        executor=Kind.SPACE if settings.ENVIRONMENT.on_space else Kind.LOCAL,
        script=script,
        hardware=hardware,
        minutes=CSV_MINUTES,
        base_model=line.model,
        dataset=line.dataset,
        version=1,
        state=State.QUEUED if script else State.FAILED,
        reason="" if script else "There is no script: name a folder of them by TRAINING_SCRIPTS.",
    )
    if queue.claim(run.told(), 0):
        run.save()
