"""An import in the background: preview, rows left out and their report, going on after an interruption."""

from __future__ import annotations

import csv
import io
from typing import Any

import orjson
import pytest

from core.jobs import run
from core.jobs.models import Job
from core.permissions import Role
from data_import import jobs, reading
from tasks.models import Task
from tests.labelled import choice, make_project, send_files, whole
from tests.people import Person, somebody

pytestmark = pytest.mark.django_db

ROWS = b"text,n\none,1\ntwo\n,3,4\nfive,5\n"


@pytest.fixture
def ann() -> Person:
    return somebody(Role.MANAGER)


@pytest.fixture
def project(ann: Person) -> int:
    return make_project(ann)


def uploaded(ann: Person, project: int, name: str, content: bytes) -> int:
    answer = send_files(ann, f"/api/projects/{project}/uploads", (name, content))
    assert answer.status_code == 201, answer.content
    return int(answer.json()["id"])


def started(ann: Person, project: int, *uploads: int, **options: Any) -> dict[str, Any]:
    answer = ann.post(f"/api/projects/{project}/imports", {"file_upload_ids": list(uploads), **options})
    assert answer.status_code == 201, answer.content
    found: dict[str, Any] = answer.json()
    return found


def ended(ann: Person, project: int, begun: dict[str, Any]) -> dict[str, Any]:
    run.run_job.func(begun["job"])
    found: dict[str, Any] = ann.get(f"/api/projects/{project}/imports/{begun['id']}").json()
    return found


def test_rows_with_mistakes_stop_an_import_and_are_reported(ann: Person, project: int) -> None:
    upload = uploaded(ann, project, "a.csv", ROWS)
    answer = ended(ann, project, started(ann, project, upload))
    assert (answer["status"], answer["refused"], answer["task_count"]) == ("failed", 1, 0)
    report = whole(ann.get(f"/api/projects/{project}/imports/{answer['id']}/refused")).decode("utf-8-sig")
    (row,) = csv.DictReader(io.StringIO(report))
    assert row == {"row": "3", "file": "a.csv", "line": "4", "reason": "the row has 3 cells, but the first line names 2 columns"}


def test_rows_with_mistakes_may_be_left_out(ann: Person, project: int) -> None:
    upload = uploaded(ann, project, "a.csv", ROWS)
    answer = ended(ann, project, started(ann, project, upload, leave_out=True))
    assert (answer["status"], answer["refused"], answer["task_count"]) == ("completed", 1, 3)
    report = orjson.loads(whole(ann.get(f"/api/projects/{project}/imports/{answer['id']}/refused", format="json")))
    assert [(row["row"], row["line"]) for row in report] == [(3, 4)]
    assert Task.objects.filter(project_id=project).count() == 3
    assert ann.get(f"/api/projects/{project}/imports/{answer['id']}/refused", format="xml").status_code == 400


def test_the_preview_says_what_would_become_of_the_files(ann: Person, project: int) -> None:
    tasks = [
        {"data": {"text": "one"}, "annotations": [{"result": choice()}]},
        {"data": {"text": "two"}, "predictions": [{"result": choice()}]},
    ]
    uploads = [uploaded(ann, project, "a.json", orjson.dumps([*tasks, {"nothing": 1}])), uploaded(ann, project, "b.txt", b"three\n")]
    found = ann.post(f"/api/projects/{project}/imports/preview", {"file_upload_ids": uploads}).json()
    assert (found["format"], found["rows"], found["refused"], found["annotations"], found["predictions"]) == ("json", 4, 1, 1, 1)
    assert found["tasks"][:2] == [
        {"data": {"text": "one"}, "regions": 1, "annotations": 1},
        {"data": {"text": "two"}, "regions": 1, "predictions": 1},
    ]
    assert len(found["problems"]) == 1
    assert Task.objects.filter(project_id=project).count() == 0


def test_judging_and_writing_go_on_where_they_were_interrupted(ann: Person, project: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "PROGRESS", 10)
    monkeypatch.setattr(jobs, "STEP", 10)
    monkeypatch.setattr(jobs, "AT_ONCE", 20)
    lines = [b"text"] + [b"wrong,row" if n % 7 == 3 else str(n).encode() for n in range(60)]
    begun = started(ann, project, uploaded(ann, project, "a.csv", b"\n".join(lines)), leave_out=True)
    steps = []
    real = run.JobRun.step

    def step(self: run.JobRun) -> Any:
        steps.append(self.cursor)
        if len(steps) % 3 == 0:
            run.stopping.set()
        return real(self)

    monkeypatch.setattr(run.JobRun, "step", step)
    deliveries = 0
    while Job.objects.get(pk=begun["job"]).status == Job.Status.WAITING:
        run.run_job.func(begun["job"])
        run.stopping.clear()
        deliveries += 1
    assert deliveries > 2
    monkeypatch.setattr(run.JobRun, "step", real)
    answer = ann.get(f"/api/projects/{project}/imports/{begun['id']}").json()
    good = [n for n in range(60) if n % 7 != 3]
    assert (answer["status"], answer["refused"], answer["task_count"]) == ("completed", 60 - len(good), len(good))
    texts = Task.objects.filter(project_id=project).order_by("id").values_list("data", flat=True)
    assert [orjson.loads(text)["text"] for text in texts] == [str(n) for n in good]
    report = orjson.loads(whole(ann.get(f"/api/projects/{project}/imports/{begun['id']}/refused", format="json")))
    assert [row["row"] for row in report] == [n + 1 for n in range(60) if n % 7 == 3]
