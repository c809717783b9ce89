"""What people do with trainings: ask for one, knowing what it costs at most, and cancel one."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.actor import Actor
from core.errors import Refused, invalid, not_found
from core.events.record import record
from core.jobs.operations import enqueue
from hub_datasets.hub import NAME, Hub
from projects.models import Project
from spaces.hub import told
from training.changes import change
from training.executors import CPU, EXECUTORS, MOST_ATTEMPTS
from training.local import scripts
from training.models import TrainingRun
from training.queue import Queue

Kind = TrainingRun.Executor
MOST_MINUTES = 7 * 24 * 60
LONGEST_SCRIPT = 10_000


@dataclass(frozen=True)
class Machine:
    """`dollars` an hour; 0 is free."""

    name: str
    title: str
    dollars: float


def executors() -> list[str]:
    """Where trainings can run here; none at all until there is a folder of scripts, or a token."""
    environment = settings.ENVIRONMENT
    found = [Kind.LOCAL] if scripts() else []
    if environment.hf_token:
        found.append(Kind.JOBS)
        if environment.space.id and scripts():
            found.append(Kind.SPACE)
    return [str(one) for one in found]


def machines(executor: str) -> list[Machine]:
    """The hardware of an executor, with its price. Raises Refused when the Hub does not answer."""
    if executor not in (Kind.JOBS, Kind.SPACE):
        return []
    api = Hub(settings.ENVIRONMENT.hf_token).api
    with told():
        rows = api.list_jobs_hardware() if executor == Kind.JOBS else api.list_spaces_hardware()
    return [Machine(one.name, one.pretty_name or one.name, (one.unit_cost_usd or 0) * 60) for one in rows]


def price(executor: str, hardware: str, minutes: int) -> float:
    """What a run costs at most, in dollars: every attempt to its limit. Raises 400 for hardware that is not there."""
    offered = {one.name: one for one in machines(executor)}
    if not offered:
        return 0.0
    if hardware not in offered:
        raise invalid(hardware=_("There is no such hardware: %(known)s.") % {"known": ", ".join(offered)})
    return offered[hardware].dollars * minutes / 60 * MOST_ATTEMPTS


def queue_name() -> str:
    """The private dataset of the queue. Raises Refused without a token that has an owner."""
    environment = settings.ENVIRONMENT
    if environment.training_queue:
        return str(environment.training_queue)
    if environment.space.id:
        return f"{environment.space.id}-training"
    with told():
        return f"{Hub(environment.hf_token).api.whoami()['name']}/labelspace-training"


def checked(fields: dict[str, Any]) -> dict[str, Any]:
    """What somebody asks for, as a run keeps it, with its `cost`. Raises 400."""
    executor = fields.get("executor")
    if executor not in executors():
        raise invalid(executor=_("Trainings cannot run there. Possible are: %(known)s.") % {"known": ", ".join(executors()) or "-"})
    minutes = fields.get("minutes")
    if isinstance(minutes, str) and minutes.isdecimal():
        minutes = int(minutes)
    if not isinstance(minutes, int) or not 1 <= minutes <= MOST_MINUTES:
        raise invalid(minutes=_("Give a number of minutes from 1 to %(most)d.") % {"most": MOST_MINUTES})
    texts = {name: fields.get(name) or "" for name in ("script", "image", "hardware", "base_model")}
    for name, text in texts.items():
        if not isinstance(text, str) or len(text) > (LONGEST_SCRIPT if name == "script" else 200) or "\0" in text:
            raise invalid(**{name: _("This must be a shorter text.")})
    if executor == Kind.JOBS:
        if not texts["script"].strip() or not texts["image"].strip():
            raise invalid(script=_("Say which commands run, in which image."))
    elif texts["script"] not in scripts():
        raise invalid(script=_("There is no such script: %(known)s.") % {"known": ", ".join(scripts())})
    if texts["base_model"] and not NAME.fullmatch(texts["base_model"]):
        raise invalid(base_model=_("Give a model's id like distilbert/distilbert-base-uncased, or nothing."))
    hardware = "" if executor == Kind.LOCAL else texts["hardware"] or CPU
    return {**texts, "hardware": hardware, "executor": executor, "minutes": minutes, "cost": price(executor, hardware, minutes)}


def begin(actor: Actor, project: Project, fields: dict[str, Any]) -> TrainingRun:
    """Ask for a training; a job takes the snapshot first. Raises 400."""
    asked = checked(fields)
    queue = "" if asked["executor"] == Kind.LOCAL else queue_name()
    key = uuid.uuid4().hex
    run = TrainingRun(
        key=key,
        organization_id=project.organization_id,
        project=project,
        queue=queue,
        version=1,
        model_version=f"trained-{timezone.now():%Y%m%d}-{key[:6]}",
        created_by_id=actor.user_id,
        **asked,
    )
    if queue:
        Queue(queue).make()
        Queue(queue).claim(run.told(), 0)
    with transaction.atomic():
        run.save()
        job = enqueue(
            actor,
            "training.snapshot",
            _("Snapshot for %(model)s") % {"model": run.model_version},
            project=project.pk,
            parameters={"run": run.pk},
        )
        TrainingRun.objects.filter(pk=run.pk).update(job_id=job.pk)
        record("training.asked", actor, project=project.pk, ids=[run.pk])
    return run


def cancel(actor: Actor, run_id: int, project: Project) -> TrainingRun:
    """Raises 404, 409 when it has ended."""
    run: TrainingRun | None = TrainingRun.objects.visible_to(actor).filter(pk=run_id, project=project).first()
    if run is None:
        raise not_found()
    if not run.is_open:
        raise Refused(_("This training has already ended."), 409)
    executor = EXECUTORS[run.executor]
    executor.stop(run)
    if not change(run, state=TrainingRun.State.CANCELLED, reason=""):
        raise Refused(_("The training has just moved on. Try again."), 409)
    record("training.cancel", actor, project=project.pk, ids=[run.pk])
    return run
