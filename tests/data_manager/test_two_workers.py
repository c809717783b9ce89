"""Several workers share the jobs: each job is done, and done once. In processes of their own, on PostgreSQL, where many may run."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection

from core.jobs.models import Job
from core.jobs.operations import enqueue
from data_manager.actions.work import KIND
from tasks.models import Annotation
from tests.people import somebody
from tests.tasks.counting import assert_counters_right
from tests.tasks.work import mood, project_of, task_ids

ROOT = Path(__file__).resolve().parents[2]
JOBS, TASKS = 12, 5

if os.environ.get("TEST_DB") == "postgres":

    @pytest.mark.django_db(transaction=True)
    def test_two_workers_never_do_a_job_twice() -> None:
        owner = somebody()
        project = project_of(owner, TASKS + 1)
        tasks = task_ids(project)
        source = owner.post(f"/api/tasks/{tasks[0]}/annotations/", {"result": mood()}).json()["id"]
        said = {"selectedItems": {"all": False, "included": tasks[1:]}}
        parameters = {"action": "propagate_annotations", "said": said, "parameters": {"source": source}, "email": "", "role": "owner"}
        for _number in range(JOBS):
            enqueue(owner.actor, KIND, "Copy", project=project.pk, parameters=parameters)
        environment = {**os.environ, "POSTGRE_NAME": str(connection.settings_dict["NAME"]), "PYTHONPATH": str(ROOT)}
        command = [sys.executable, "manage.py", "worker", "--batch", "--interval", "0.01"]
        workers = [subprocess.Popen(command, cwd=ROOT, env=environment) for _number in range(2)]
        assert [worker.wait(timeout=150) for worker in workers] == [0, 0]
        jobs = list(Job.objects.filter(kind=KIND))
        assert {(job.status, job.attempt) for job in jobs} == {("done", 1)}
        assert Annotation.objects.count() == 1 + JOBS * TASKS
        assert_counters_right(project)
