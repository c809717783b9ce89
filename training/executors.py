"""Where a run is trained: on this machine, at Hugging Face Jobs, or on this Space with other hardware for as long as it takes.

`start` brings a run that is starting to running, `watch` one that is running to its end. Both may be called again at any time, by another process.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from core.errors import Refused
from hub_datasets.hub import Hub
from spaces.hub import told
from training import local
from training.changes import change
from training.models import TrainingRun
from training.queue import RESULTS
from training.runner import STOPPED, TIMED_OUT

State, Kind = TrainingRun.State, TrainingRun.Executor
MOST_ATTEMPTS = 2
CPU = "cpu-basic"
HARDWARE_MINUTES = 30  # that hardware may take to come
ASLEEP = 900  # seconds without visitors after which a Space with paid hardware sleeps, whatever became of us
LASTING = (401, 402, 403, 404, 409)  # refusals that asking again does not mend


class Executor(ABC):
    @abstractmethod
    def start(self, run: TrainingRun) -> None: ...

    @abstractmethod
    def watch(self, run: TrainingRun) -> None: ...

    @abstractmethod
    def stop(self, run: TrainingRun) -> None:
        """End a cancelled run's process, wherever it is. Raises Refused."""

    def most_minutes(self, run: TrainingRun) -> int:
        """From the start to the end of an attempt."""
        return run.minutes + 1


def again_or_fail(run: TrainingRun, why: str) -> None:
    """Another attempt, if there is one left."""
    if run.attempts < MOST_ATTEMPTS:
        change(run, state=State.QUEUED, reason=why)
    else:
        fail(run, why)


def fail(run: TrainingRun, why: str) -> None:
    change(run, state=State.FAILED, reason=why[:2000])


class Local(Executor):
    def start(self, run: TrainingRun) -> None:
        # Claimed before it begins, so that of two workers one begins it.
        if change(run, state=State.RUNNING):
            local.start(run)

    def watch(self, run: TrainingRun) -> None:
        code = local.exit_code(run)
        if code is None:
            return
        if code == 0:
            self._succeeded(run)
        elif code == TIMED_OUT:
            fail(run, _("It took longer than its %(minutes)d minutes.") % {"minutes": run.minutes})
        elif code == -1:
            again_or_fail(run, _("Its process is gone: the machine was restarted, or killed it."))
        elif code != STOPPED:
            last = local.log_of(run).rstrip().rpartition("\n")[2]
            again_or_fail(run, _("The script ended with code %(code)d: %(last)s") % {"code": code, "last": last[:500]})
        else:
            fail(run, _("It was stopped."))

    def stop(self, run: TrainingRun) -> None:
        local.stop(run)

    def _succeeded(self, run: TrainingRun) -> None:
        found = local.attempt_of(run) / local.PREDICTIONS
        # With its end, in one commit: no crash can part them.
        files: dict[str, str | bytes] = {f"{RESULTS}/{run.key}/{local.PREDICTIONS}": str(found)} if run.queue and found.exists() else {}
        change(run, files=files, state=State.SUCCEEDED, reason="")


class OnSpace(Local):
    def start(self, run: TrainingRun) -> None:
        runtime = _asked(run, lambda api, space: api.get_space_runtime(space))
        if runtime is None:
            return
        if runtime.hardware == run.hardware:
            super().start(run)
        elif run.deadline and timezone.now() > run.deadline - timedelta(minutes=run.minutes):
            fail(
                run,
                _("Hugging Face did not give %(hardware)s within %(minutes)d minutes.")
                % {"hardware": run.hardware, "minutes": HARDWARE_MINUTES},
            )
        elif runtime.requested_hardware != run.hardware:
            _asked(run, lambda api, space: api.request_space_hardware(space, run.hardware, sleep_time=ASLEEP))

    def most_minutes(self, run: TrainingRun) -> int:
        return run.minutes + HARDWARE_MINUTES


class AtJobs(Executor):
    def start(self, run: TrainingRun) -> None:
        # A process that died after it asked: the job is there by its labels.
        labels = {"labelspace-run": run.key, "attempt": str(run.attempts)}
        owner = run.queue.partition("/")[0]

        def begin(api: Any, space: str) -> Any:
            there = next(iter(api.list_jobs(labels=labels, namespace=owner)), None)
            return there or api.run_job(
                image=run.image,
                command=["sh", "-c", AT_JOBS.format(script=run.script)],
                env={**local.told_to_script(run), "LABELSPACE_OUTPUT": "."},
                secrets={"HF_TOKEN": settings.ENVIRONMENT.hf_token},
                flavor=run.hardware or None,
                timeout=f"{run.minutes}m",
                labels=labels,
                namespace=owner,
            )

        job = _asked(run, begin)
        if job is not None:
            change(run, state=State.RUNNING, hub_job=job.id)

    def watch(self, run: TrainingRun) -> None:
        owner = run.queue.partition("/")[0]
        job = _asked(run, lambda api, space: api.inspect_job(job_id=run.hub_job, namespace=owner))
        stage = str(job.status.stage) if job is not None else ""
        if stage == "COMPLETED":
            change(run, state=State.SUCCEEDED, reason="")
        elif stage in ("ERROR", "DELETED"):
            again_or_fail(run, _("The job ended in an error: %(why)s") % {"why": job.status.message or stage})
        elif stage in ("CANCELED", "CANCELLED"):
            fail(run, _("The job was cancelled at Hugging Face."))
        elif run.deadline and timezone.now() > run.deadline + timedelta(minutes=HARDWARE_MINUTES):
            self.stop(run)
            fail(run, _("It took longer than its %(minutes)d minutes.") % {"minutes": run.minutes})

    def stop(self, run: TrainingRun) -> None:
        if run.hub_job:
            with told(run.hub_job):
                _api().cancel_job(job_id=run.hub_job, namespace=run.queue.partition("/")[0])


# What the script has written is put where this server looks for it. (`hf` comes with huggingface_hub, which a training has.)
AT_JOBS = (
    "set -e\n{script}\n"
    'if [ -f predictions.jsonl ]; then hf upload "$LABELSPACE_QUEUE" predictions.jsonl "results/$LABELSPACE_RUN/predictions.jsonl" --repo-type dataset; fi\n'
)
EXECUTORS: dict[str, Executor] = {Kind.LOCAL: Local(), Kind.SPACE: OnSpace(), Kind.JOBS: AtJobs()}


def give_back() -> bool:
    """Put this Space on its free hardware again when a run asked for other and none needs it now; whether there was something to do.

    Asked again until it is written down that it was: no kill leaves paid hardware behind.
    """
    holding = list(TrainingRun.objects.filter(holds_hardware=True))
    if not holding or any(run.state in (State.STARTING, State.RUNNING) for run in holding):
        return False
    space = settings.ENVIRONMENT.space.id
    if space:
        with told(space):
            runtime = _api().get_space_runtime(space)
            if CPU not in (runtime.requested_hardware, runtime.requested_hardware or runtime.hardware):
                _api().request_space_hardware(space, CPU)
    for run in holding:
        if not run.is_open:
            change(run, holds_hardware=False)
    return True


def _api() -> Any:
    return Hub(settings.ENVIRONMENT.hf_token).api


def _asked(run: TrainingRun, question: Any) -> Any:
    """The answer; None when there is none now: the run has then failed, or it is asked again later."""
    space = settings.ENVIRONMENT.space.id
    try:
        with told(space):
            return question(_api(), space)
    except Refused as refused:
        if refused.status in LASTING:
            fail(run, refused.sentence)
        return None
