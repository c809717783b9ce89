"""Background jobs through the real worker: done once, stopped between steps, taken back from the dead, cancelled."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.utils import timezone

from core.actor import Actor
from core.errors import Refused
from core.jobs import operations, registry, run
from core.jobs.models import Job
from core.permissions import Role

pytestmark = pytest.mark.django_db(transaction=True)
ACTOR = Actor(user_id=0, email="", organization_id=1, role=Role.OWNER)


@pytest.fixture
def kinds() -> Iterator[dict[str, registry.JobKind]]:
    before = dict(registry._kinds)
    yield registry._kinds
    registry._kinds.clear()
    registry._kinds.update(before)
    run.stopping.clear()


def work() -> None:
    call_command("worker", batch=True, interval=0.01)


def enqueue(kind: str, **parameters: Any) -> Job:
    return operations.enqueue(None, kind, "A test", parameters=parameters)


def count_to_ten(job: run.JobRun) -> dict[str, Any]:
    for number in range(job.cursor or 0, 10):
        with job.step():
            Job.objects.create(kind="counted", title=str(number))
            job.cursor = job.done = number + 1
    return {"last": job.cursor}


def counted() -> list[str]:
    return sorted(Job.objects.filter(kind="counted").values_list("title", flat=True))


ALL = [str(number) for number in range(10)]


def test_a_job_runs_to_its_end_and_keeps_its_result(kinds: dict[str, registry.JobKind]) -> None:
    registry.register(registry.JobKind("count", count_to_ten))
    job = enqueue("count")
    work()
    job.refresh_from_db()
    assert (job.status, job.done, job.result, counted()) == ("done", 10, '{"last":10}', ALL)


def test_a_stopped_worker_leaves_the_job_to_the_next_one_which_goes_on_from_the_cursor(kinds: dict[str, registry.JobKind]) -> None:
    def stop_in_the_middle(job: run.JobRun) -> dict[str, Any]:
        if job.cursor is None:
            for number in range(4):
                with job.step():
                    Job.objects.create(kind="counted", title=str(number))
                    job.cursor = job.done = number + 1
            run.stopping.set()
        return count_to_ten(job)

    registry.register(registry.JobKind("count", stop_in_the_middle))
    job = enqueue("count")
    run.run_job.call(job.pk)
    job.refresh_from_db()
    assert (job.status, job.cursor, counted()) == ("waiting", "4", ALL[:4])
    run.stopping.clear()
    work()
    job.refresh_from_db()
    assert (job.status, counted()) == ("done", ALL)


def test_what_a_killed_worker_left_is_taken_back_and_done_once(kinds: dict[str, registry.JobKind]) -> None:
    """Label Studio's fault 1: its background jobs run inside requests, and die with them."""
    registry.register(registry.JobKind("count", count_to_ten))
    job = enqueue("count")
    Job.objects.filter(pk=job.pk).update(status="running", attempt=1, cursor="3", done=3, worker="elsewhere:1", heartbeat_at=timezone.now())
    for number in range(3):
        Job.objects.create(kind="counted", title=str(number))
    assert operations.take_back_lost_jobs() == 0  # it still breathes
    Job.objects.filter(pk=job.pk).update(heartbeat_at=timezone.now() - timedelta(minutes=1))
    assert operations.take_back_lost_jobs() == 1
    work()
    job.refresh_from_db()
    assert (job.status, job.attempt, counted()) == ("done", 2, ALL)


def test_a_dead_process_of_this_machine_is_noticed_at_once(kinds: dict[str, registry.JobKind]) -> None:
    import subprocess

    gone = subprocess.Popen(["true"])
    gone.wait()
    host = operations.worker_name().rpartition(":")[0]
    registry.register(registry.JobKind("count", count_to_ten))
    job = enqueue("count")
    Job.objects.filter(pk=job.pk).update(status="running", attempt=1, worker=f"{host}:{gone.pid}", heartbeat_at=timezone.now())
    assert operations.take_back_lost_jobs() == 1


def test_a_worker_thought_dead_changes_nothing_when_it_returns(kinds: dict[str, registry.JobKind]) -> None:
    def overtaken(job: run.JobRun) -> None:
        Job.objects.filter(pk=job.job.pk).update(attempt=job.job.attempt + 1)  # somebody took the job back meanwhile
        with job.step():
            Job.objects.create(kind="counted", title="too late")

    registry.register(registry.JobKind("count", overtaken))
    job = enqueue("count")
    work()
    job.refresh_from_db()
    assert (job.status, counted()) == ("running", [])


def test_cancelling_stops_a_running_job_at_its_next_step(kinds: dict[str, registry.JobKind]) -> None:
    def cancelled_in_the_middle(job: run.JobRun) -> dict[str, Any]:
        with job.step():
            Job.objects.create(kind="counted", title="0")
            job.cursor = 1
        Job.objects.filter(pk=job.job.pk).update(status="cancelled")
        return count_to_ten(job)

    registry.register(registry.JobKind("count", cancelled_in_the_middle))
    job = enqueue("count")
    work()
    job.refresh_from_db()
    assert (job.status, counted()) == ("cancelled", ["0"])


def test_a_failure_is_told_in_one_sentence_and_can_be_retried(kinds: dict[str, registry.JobKind]) -> None:
    attempts: list[int] = []

    def fails_once(job: run.JobRun) -> None:
        attempts.append(job.job.attempt)
        if len(attempts) == 1:
            raise Refused("The file has no rows.")

    registry.register(registry.JobKind("once", fails_once))
    job = operations.enqueue(ACTOR_IN_DB(), "once", "A test")
    work()
    job.refresh_from_db()
    assert (job.status, job.error) == ("failed", "The file has no rows.")
    operations.retry(ACTOR_IN_DB(), job.pk)
    work()
    job.refresh_from_db()
    assert (job.status, attempts) == ("done", [1, 1])


def test_the_log_tells_what_happened_and_stays_short(kinds: dict[str, registry.JobKind]) -> None:
    def talkative(job: run.JobRun) -> None:
        for number in range(2_000):
            job.log(f"Row {number} of the file\nwas read.")
        with job.step():
            pass

    registry.register(registry.JobKind("talkative", talkative))
    job = enqueue("talkative")
    work()
    job.refresh_from_db()
    lines = job.log.splitlines()
    assert (lines[-1][20:], lines[-2][20:]) == ("Done.", "Row 1999 of the file was read.")
    assert len(job.log) <= run.LOG_LENGTH
    assert len(lines) > 100


def test_a_job_of_another_organization_cannot_be_touched(kinds: dict[str, registry.JobKind]) -> None:
    job = Job.objects.create(kind="count", title="x", organization_id=2)
    with pytest.raises(Refused) as refused:
        operations.cancel(ACTOR, job.pk)
    assert refused.value.status == 404


def ACTOR_IN_DB() -> Actor:
    from django.contrib.auth import get_user_model

    user, _ = get_user_model().objects.get_or_create(email="a@example.com")
    return Actor(user_id=user.pk, email=user.email, organization_id=1, role=Role.OWNER)
