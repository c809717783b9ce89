"""Trainings: on this machine, on a Space's other hardware and at Hugging Face Jobs; killed anywhere, they end once."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from core.jobs.models import Job
from core.jobs.run import run_job
from tasks.models import Prediction
from tests.browser import text_of
from tests.people import Person, somebody
from tests.services.hub import Hub
from tests.tasks.work import mood, project_of, task_ids
from tests.training.conftest import SPACE
from training import changes, local, stepping
from training.models import TrainingRun
from training.queue import Queue

# Reads what it is given, and says "Good" of every task.
LEARN = """
import json, os, pathlib
data = os.environ["LABELSPACE_DATASET"]
tasks = pathlib.Path(data, "tasks", "tasks.jsonl").read_text().splitlines() if os.path.isdir(data) else ['{"id": %d}']
assert "SECRET_KEY" not in os.environ
rows = [{"from_name": "mood", "to_name": "text", "type": "choices", "value": {"choices": ["Good"]}}]
with open("predictions.jsonl", "w") as out:
    for task in tasks:
        out.write(json.dumps({"task": json.loads(task)["id"], "result": rows, "score": 0.5}) + "\\n")
    out.write('{"task": 1, "result": "nonsense"}\\n')
print("learnt from", data)
"""


def jobs_done() -> None:
    for job in Job.objects.filter(kind__startswith="training.", status=Job.Status.WAITING):
        run_job.func(job.pk)


def steps_until(done: Callable[[], bool], hub: Hub | None = None) -> None:
    """The worker's loop, and (`hub`) a platform that gives hardware at once; a script takes as long as it takes."""
    end = time.monotonic() + 60
    while not done():
        assert time.monotonic() < end, list(TrainingRun.objects.values("state", "reason", "attempts"))
        stepping.step_all()
        jobs_done()
        if hub is not None:
            hub.settle(SPACE)
        time.sleep(0.02)


def ended() -> bool:
    return not TrainingRun.objects.open().exists() and not TrainingRun.objects.filter(holds_hardware=True).exists()


def asked(owner: Person, project: Any, **fields: Any) -> TrainingRun:
    answer = owner.post(f"/api/projects/{project.pk}/trainings", {"script": "learn.py", "minutes": 5, **fields})
    assert answer.status_code == 201, answer.json()
    return TrainingRun.objects.get(pk=answer.json()["id"])


@pytest.mark.django_db
def test_on_this_machine_from_its_page(owner: Person, here: Callable[..., None], scripts: Path) -> None:
    project = project_of(owner, 3)
    page = f"/projects/{project.pk}/settings/training"
    assert "TRAINING_SCRIPTS" in text_of(owner.get(page))  # what to do first
    (scripts / "learn.py").write_text(LEARN)
    owner.post(f"/api/tasks/{task_ids(project)[0]}/annotations/", {"result": mood()})
    assert "Nothing has been trained yet" in text_of(owner.get(page))
    said = {"executor": "local", "script": "learn.py", "minutes": "5", "do": "begin"}
    assert owner.client.post(page, {**said, "script": "../learn.py"}).status_code == 400
    assert owner.client.post(page, said).status_code == 302
    steps_until(ended)
    jobs_done()
    run = TrainingRun.objects.get()
    assert (run.state, run.attempts, run.reason) == ("succeeded", 1, "")
    assert "learnt from" in run.log
    found = Prediction.objects.filter(project=project)
    assert sorted(found.values_list("task_id", "score", "model_version")) == [(task, 0.5, run.model_version) for task in task_ids(project)]
    assert "3 predictions, 1 refused" in text_of(owner.get(f"/jobs/{run.job_id}/"))
    assert not local.folder_of(run).exists()
    shown = text_of(owner.get(page))
    assert run.model_version in shown
    assert "Succeeded" in shown
    manager = somebody("manager", owner.organization)
    assert "What it costs" not in text_of(manager.get(page))
    assert manager.client.post(page, said).status_code == 403


@pytest.mark.django_db
def test_what_keeps_failing_stops(owner: Person, here: Callable[..., None], scripts: Path) -> None:
    (scripts / "learn.py").write_text("raise SystemExit('no memory')")
    project = project_of(owner, 1)
    asked(owner, project, executor="local")
    steps_until(ended)
    run = TrainingRun.objects.get()
    assert (run.state, run.attempts) == ("failed", 2)
    assert "code 1: no memory" in run.reason


@pytest.mark.django_db
def test_a_cancelled_script_ends(owner: Person, here: Callable[..., None], scripts: Path, tmp_path: Path) -> None:
    (scripts / "learn.py").write_text(f"import time\nopen({str(tmp_path / 'begun')!r}, 'w').close()\ntime.sleep(600)")
    project = project_of(owner, 1)
    run = asked(owner, project, executor="local")
    steps_until((tmp_path / "begun").exists)
    lock = (local.attempt_of(TrainingRun.objects.get()) / "lock").open("ab")
    assert not local.try_lock(lock)
    assert owner.post(f"/api/projects/{project.pk}/trainings/{run.pk}/cancel").json()["state"] == "cancelled"
    steps_until(lambda: local.try_lock(lock))
    lock.close()
    assert owner.post(f"/api/projects/{project.pk}/trainings/{run.pk}/cancel").status_code == 409


class Killed(BaseException):
    """What kill -9 is for the code that it hits: nothing after it happens."""


@contextmanager
def killed_at(number: int, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[int]]:
    """Before and after each thing that lasts (a commit to the queue, a change of the row, a request for hardware, a process), counted."""
    from huggingface_hub import HfApi

    count = [0]

    def deadly(function: Any) -> Any:
        def call(*args: Any, **kwargs: Any) -> Any:
            for after in (False, True):
                if after:
                    answer = function(*args, **kwargs)
                count[0] += 1
                if count[0] == number:
                    raise Killed
            return answer

        return call

    with monkeypatch.context() as patch:
        patch.setattr(Queue, "_commit", deadly(Queue._commit))
        patch.setattr(changes, "_store", deadly(changes._store))
        patch.setattr(HfApi, "request_space_hardware", deadly(HfApi.request_space_hardware))
        patch.setattr(local, "start", deadly(local.start))
        yield count


@pytest.mark.django_db
@pytest.mark.timeout(900)
def test_a_space_killed_at_every_state_ends_once_and_is_back_on_cpu(
    owner: Person, on_space: Hub, scripts: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, size: Callable[[int], int]
) -> None:
    project = project_of(owner, 1)
    (task,) = task_ids(project)
    ran = tmp_path / "ran"
    (scripts / "learn.py").write_text(f"open({str(ran)!r}, 'a').write('.')\n" + LEARN.replace("%d", str(task)))
    number = 1
    while True:
        ran.write_text("")
        run = asked(owner, project, executor="space", hardware="t4-small")
        assert run.cost == pytest.approx(0.006667 * 5 * 2)
        jobs_done()
        run.refresh_from_db()
        with killed_at(number, monkeypatch) as count:
            try:
                steps_until(ended, on_space)
            except Killed:
                # The container is gone with its disk, and every process in it.
                _let_it_end(run)
                shutil.rmtree(Path(settings.DATA_DIR) / "training", ignore_errors=True)
        steps_until(ended, on_space)
        on_space.settle(SPACE)
        jobs_done()
        run.refresh_from_db()
        assert run.state in ("succeeded", "failed"), (number, run.reason)
        assert on_space.repo("spaces", SPACE).settings["runtime"]["hardware"] == {"current": "cpu-basic", "requested": "cpu-basic"}, number
        assert len(ran.read_text()) <= 2, number
        said = Queue(run.queue).read(run.key)
        assert said is not None
        assert (said["state"], said["version"], said["holds_hardware"]) == (run.state, run.version, False)
        found = Prediction.objects.filter(project=project, model_version=run.model_version).count()
        assert found == (1 if run.state == "succeeded" else 0), number
        if count[0] < number:
            break
        number += 1 if size(100) == 100 else 7
    assert number > 12
    assert run.state == "succeeded"


def _let_it_end(run: TrainingRun) -> None:
    run.refresh_from_db()
    folder = local.attempt_of(run)
    if (folder / "lock").exists():
        local.stop(run)
        with (folder / "lock").open("ab") as lock:
            end = time.monotonic() + 30
            while not local.try_lock(lock) and time.monotonic() < end:
                time.sleep(0.02)


@pytest.mark.django_db
def test_hardware_that_is_refused_or_never_comes(owner: Person, on_space: Hub, scripts: Path) -> None:
    (scripts / "learn.py").write_text("")
    project = project_of(owner, 1)
    on_space.fail_next("/hardware$", 402)
    page = f"/projects/{project.pk}/settings/training"
    assert "payment" in text_of(
        owner.client.post(
            page,
            {"executor": "space", "script": "learn.py", "minutes": "60", "hardware": "t4-small", "do": "price"},
            headers={"HX-Request": "true"},
        )
    )
    priced = text_of(
        owner.client.post(page, {"executor": "space", "script": "learn.py", "minutes": "60", "hardware": "t4-small", "do": "price"})
    )
    assert "At most $0.80" in priced
    run = asked(owner, project, executor="space", hardware="t4-small")
    jobs_done()
    on_space.fail_next("POST .*/hardware$", 402)
    steps_until(ended)
    run.refresh_from_db()
    assert (run.state, "payment" in run.reason) == ("failed", True)
    late = asked(owner, project, executor="space", hardware="t4-small")
    jobs_done()
    stepping.step_all()
    TrainingRun.objects.filter(pk=late.pk).update(deadline="2020-01-01T00:00:00Z")
    steps_until(ended)
    late.refresh_from_db()
    assert (late.state, "did not give" in late.reason) == ("failed", True)
    assert on_space.repo("spaces", SPACE).settings["runtime"]["hardware"]["requested"] == "cpu-basic"


@pytest.mark.django_db
def test_at_jobs_begun_once_and_what_it_found_comes_back(owner: Person, on_space: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    project = project_of(owner, 1)
    (task,) = task_ids(project)
    run = asked(owner, project, executor="jobs", script="python train.py", image="python:3.12", hardware="t4-small")
    jobs_done()
    with monkeypatch.context() as patch:
        patch.setattr("training.executors.change", lambda *args, **fields: (_ for _ in ()).throw(Killed))
        stepping_run = TrainingRun.objects.get(pk=run.pk)
        with pytest.raises(Killed):
            stepping.step(stepping_run)
    stepping.step_all()
    (job,) = on_space.jobs.values()  # asked for once
    run.refresh_from_db()
    assert (run.state, run.hub_job, job["flavor"]) == ("running", job["id"], "t4-small")
    assert (job["_spec"]["timeoutSeconds"], list(job["secrets"])) == (300, ["HF_TOKEN"])
    line = f'{{"task": {task}, "result": [{{"from_name": "mood", "to_name": "text", "type": "choices", "value": {{"choices": ["Bad"]}}}}]}}'
    on_space.repo("datasets", run.queue).put(f"results/{run.key}/predictions.jsonl", line.encode())
    job["status"] = {"stage": "COMPLETED", "message": None}
    steps_until(ended)
    jobs_done()
    assert Prediction.objects.get(project=project).model_version == run.model_version
    # One that always fails is tried twice.
    bad = asked(owner, project, executor="jobs", script="false", image="python:3.12")
    for _attempt in range(2):
        steps_until(lambda: TrainingRun.objects.filter(pk=bad.pk, state="running").exists())
        for one in on_space.jobs.values():
            if one["status"]["stage"] == "SCHEDULING":
                one["status"] = {"stage": "ERROR", "message": "out of memory"}
        stepping.step_all()
    bad.refresh_from_db()
    assert (bad.state, "out of memory" in bad.reason, len(on_space.jobs)) == ("failed", True, 3)


@pytest.mark.django_db
def test_the_table_of_a_simpler_scheduler_is_read(owner: Person, on_space: Hub, scripts: Path) -> None:
    (scripts / "train.py").write_text("import os\nprint(os.environ['LABELSPACE_MODEL'], os.environ['LABELSPACE_DATASET'])")
    queue = Queue(f"{SPACE}-training")
    queue.make()
    on_space.repo("datasets", queue.repo).put("tasks.csv", b"a/model,a/concept-1,DONE\na/model,a/concept-2,PENDING\n")
    stepping.look_through()
    steps_until(ended)
    run = TrainingRun.objects.get()
    assert (run.state, run.log.strip()) == ("succeeded", "a/model a/concept-2")
    assert (
        on_space.repo("datasets", queue.repo).read("tasks.csv") or b""
    ).decode() == "a/model,a/concept-1,DONE\na/model,a/concept-2,DONE\n"
    project = project_of(owner, 1)
    assert "a/concept-2" in text_of(owner.get(f"/projects/{project.pk}/settings/training"))


@pytest.mark.django_db
def test_a_server_without_its_data_gives_the_hardware_back(owner: Person, on_space: Hub, scripts: Path) -> None:
    (scripts / "learn.py").write_text("")
    run = asked(owner, project_of(owner, 1), executor="space", hardware="t4-small")
    jobs_done()
    stepping.step_all()
    on_space.settle(SPACE)
    TrainingRun.objects.all().delete()
    stepping._looked = None
    steps_until(lambda: ended() and TrainingRun.objects.exists())
    assert (TrainingRun.objects.get().key, TrainingRun.objects.get().state) == (run.key, "failed")
    assert on_space.repo("spaces", SPACE).settings["runtime"]["hardware"]["requested"] == "cpu-basic"
