"""Snapshots: what is in them, their conversions, their files and how long they stay."""

from __future__ import annotations

import csv
import hashlib
import io
from datetime import timedelta
from typing import Any

import orjson
import pytest
from django.core.files.storage import default_storage
from django.utils import timezone

from core.jobs.models import Job
from core.jobs.run import Interrupted, run_job
from core.permissions import Role
from data_export import jobs, retention
from data_export.filters import read_options
from data_export.models import ConvertedFormat, Export
from data_export.operations import create_snapshot
from data_export.queries import status_of
from projects.jobs import tables_of_a_project
from projects.models import Project
from tasks.models import Task
from tests.labelled import choice, import_tasks, make_project, whole
from tests.people import Person, somebody

pytestmark = pytest.mark.django_db

KEYS = ["title", "id", "created_by", "created_at", "finished_at", "status", "md5", "counters", "converted_formats"]


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def ann() -> Person:
    return somebody(Role.MANAGER)


@pytest.fixture
def project(ann: Person) -> int:
    """Five tasks: plainly answered, not answered, only skipped, ground truth and a plain answer with a prediction, answered and skipped."""
    project = make_project(ann, maximum_annotations=1)
    skipped = {"result": [], "was_cancelled": True, "ground_truth": False}

    def plain(label: str = "Positive") -> dict[str, Any]:
        return {"result": choice(label), "ground_truth": False}

    import_tasks(
        ann,
        project,
        [
            {"data": {"text": "plain"}, "annotations": [plain()]},
            {"data": {"text": "open"}},
            {"data": {"text": "skipped"}, "annotations": [skipped]},
            {
                "data": {"text": "truth"},
                "annotations": [{**plain("Negative"), "ground_truth": True}, plain("Neutral")],
                "predictions": [{"result": choice(), "score": 0.25, "model_version": "m"}],
                "drafts": [{"result": choice("Neutral")}],
            },
            {"data": {"text": "both"}, "annotations": [plain(), skipped]},
        ],
    )
    return project


def make(person: Person, project: int, **body: Any) -> dict[str, Any]:
    answer = person.post(f"/api/projects/{project}/exports/", body)
    assert answer.status_code == 201, answer.content
    found: dict[str, Any] = answer.json()
    assert found["status"] == "completed"
    return found


def content(person: Person, project: int, export: int, **query: Any) -> bytes:
    answer = person.get(f"/api/projects/{project}/exports/{export}/download", **query)
    assert answer.status_code == 200, answer.content
    return whole(answer)


def tasks_in(person: Person, project: int, **body: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = orjson.loads(content(person, project, make(person, project, **body)["id"]))
    return found


def texts(person: Person, project: int, **task_filter_options: Any) -> list[str]:
    return [task["data"]["text"] for task in tasks_in(person, project, task_filter_options=task_filter_options)]


def test_a_snapshot_under_way_is_cancelled_leaves_no_file_and_runs_again(
    ann: Person, project: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    options = read_options(ann.actor, Project.objects.get(pk=project), {})
    export = create_snapshot(ann.actor, Project.objects.get(pk=project), options)
    stop = f"/api/jobs/{export.job_id}"

    def cancelled_at_the_first_step(pace: jobs.Pace) -> bool:
        assert ann.post(f"{stop}/cancel").status_code == 200
        return True

    monkeypatch.setattr(jobs.Pace, "due", cancelled_at_the_first_step)
    run_job.call(export.job_id)
    assert ann.get(stop).json()["status"] == "cancelled"
    url = f"/api/projects/{project}/exports/{export.pk}"
    assert (ann.get(url).json()["status"], ann.get(f"{url}/download").status_code) == ("failed", 404)
    assert Export.objects.get(pk=export.pk).file == ""
    assert ann.post(f"{stop}/cancel").status_code == 409
    monkeypatch.undo()
    assert ann.post(f"{stop}/retry").json()["status"] == "waiting"
    run_job.call(export.job_id)
    assert ann.get(url).json()["status"] == "completed"
    assert len(orjson.loads(content(ann, project, export.pk))) == 5


def test_a_snapshot_is_made_listed_downloaded_and_deleted(ann: Person, project: int) -> None:
    made = make(ann, project, title="Friday")
    assert [*made][: len(KEYS)] == KEYS
    assert (made["title"], made["counters"], made["converted_formats"]) == ("Friday", {"task_number": 5}, [])
    assert made["created_by"]["email"] == ann.user.email
    url = f"/api/projects/{project}/exports/{made['id']}"
    assert ann.get(url).json() == ann.get(f"/api/projects/{project}/exports/").json()[0]
    body = content(ann, project, made["id"])
    assert hashlib.md5(body, usedforsecurity=False).hexdigest() == made["md5"]
    answer = ann.get(f"{url}/download", exportType="JSON")
    assert answer["filename"].startswith(f"project-{project}-at-")
    assert answer["filename"].endswith(f"-{made['md5'][:8]}.json")
    assert answer["Content-Disposition"] == f'attachment; filename="{answer["filename"]}"'
    file = Export.objects.get(pk=made["id"]).file
    assert default_storage.exists(file)
    assert ann.delete(url).status_code == 204
    assert ann.get(url).status_code == 404
    assert [job.status for job in Job.objects.filter(kind="export.snapshot")] == ["done"]


def test_files_go_with_their_snapshot(ann: Person, project: int, django_capture_on_commit_callbacks: Any) -> None:
    made = make(ann, project)
    convert(ann, project, made["id"], "CSV")
    files = [Export.objects.get().file, ConvertedFormat.objects.get().file]
    assert all(map(default_storage.exists, files))
    with django_capture_on_commit_callbacks(execute=True):
        ann.delete(f"/api/projects/{project}/exports/{made['id']}")
    assert not any(map(default_storage.exists, files))


def test_parts_of_a_file_are_sent(ann: Person, project: int) -> None:
    made = make(ann, project)
    body = content(ann, project, made["id"])
    part = ann.client.get(f"/api/projects/{project}/exports/{made['id']}/download", headers={"Range": "bytes=2-5"})
    assert (part.status_code, whole(part), part["Content-Range"]) == (206, body[2:6], f"bytes 2-5/{len(body)}")


def test_a_title_is_made_of_the_project_s_and_the_time(ann: Person, project: int) -> None:
    Project.objects.filter(pk=project).update(title="My own project")
    assert make(ann, project)["title"].startswith(f"My-own-project-at-{timezone.now():%Y-%m-%d-}")


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({}, ["plain", "open", "skipped", "truth", "both"]),
        ({"annotated": "only"}, ["plain", "truth", "both"]),
        ({"annotated": "exclude"}, ["open", "skipped"]),
        ({"skipped": "only"}, ["skipped", "both"]),
        ({"skipped": "exclude"}, ["plain", "open", "truth"]),
        ({"finished": "only"}, ["plain", "truth", "both"]),
        ({"finished": "exclude", "annotated": None}, ["open", "skipped"]),
        ({"only_with_annotations": True}, ["plain", "skipped", "truth", "both"]),
        ({"annotated": "only", "skipped": "exclude"}, ["plain", "truth"]),
    ],
)
def test_tasks_are_chosen_by_their_state(ann: Person, project: int, options: dict[str, Any], expected: list[str]) -> None:
    assert texts(ann, project, **options) == expected


def test_tasks_are_chosen_by_a_tab_of_the_data_page(ann: Person, project: int) -> None:
    filters = {
        "conjunction": "and",
        "items": [{"filter": "filter:tasks:data.text", "operator": "contains", "type": "String", "value": "o"}],
    }
    view = ann.post("/api/dm/views/", {"project": project, "data": {"title": "Os", "filters": filters}}).json()["id"]
    assert texts(ann, project, view=view) == ["open", "both"]
    exported = ann.get(f"/api/projects/{project}/export", view=view, download_all_tasks="1")
    assert [task["data"]["text"] for task in orjson.loads(whole(exported))] == ["open", "both"]
    other = make_project(ann)
    assert ann.post(f"/api/projects/{other}/exports/", {"task_filter_options": {"view": view}}).status_code == 404


@pytest.mark.parametrize(
    ("options", "counts"),
    [
        (None, [1, 0, 1, 2, 2]),
        ({}, [1, 0, 0, 1, 1]),
        ({"usual": False, "ground_truth": True}, [0, 0, 0, 1, 0]),
        ({"usual": False, "skipped": True}, [0, 0, 1, 0, 1]),
        ({"usual": True, "ground_truth": True, "skipped": True}, [1, 0, 1, 2, 2]),
        ({"usual": False}, [1, 0, 1, 2, 2]),
    ],
)
def test_annotations_are_chosen_by_their_kind(ann: Person, project: int, options: Any, counts: list[int]) -> None:
    assert [len(task["annotations"]) for task in tasks_in(ann, project, annotation_filter_options=options)] == counts


def test_only_tasks_with_an_annotation_of_the_chosen_kind(ann: Person, project: int) -> None:
    found = tasks_in(
        ann,
        project,
        task_filter_options={"only_with_annotations": True},
        annotation_filter_options={"usual": False, "ground_truth": True},
    )
    assert [task["data"]["text"] for task in found] == ["truth"]


def test_ids_or_objects_as_asked(ann: Person, project: int) -> None:
    plain = tasks_in(ann, project)[3]
    assert all(isinstance(value, int) for value in (*plain["drafts"], *plain["predictions"], plain["annotations"][0]["completed_by"]))
    told = {"drafts": {"only_id": False}, "predictions": {"only_id": False}, "annotations__completed_by": {"only_id": False}}
    full = tasks_in(ann, project, serialization_options=told)[3]
    assert (full["drafts"][0]["result"], full["predictions"][0]["score"]) == (choice("Neutral"), 0.25)
    assert full["annotations"][0]["completed_by"] == {
        "id": ann.user.pk,
        "email": ann.user.email,
        "first_name": ann.user.first_name,
        "last_name": ann.user.last_name,
    }
    again = orjson.loads(whole(ann.get(f"/api/projects/{project}/export", download_all_tasks="1")))[3]
    assert {**full, "annotations": [{**item, "completed_by": ann.user.pk} for item in full["annotations"]]} == again


def test_former_states_are_told_when_asked_for(ann: Person, project: int) -> None:
    annotation = Task.objects.get(project_id=project, inner_id=1).annotations.get()
    assert ann.patch(f"/api/annotations/{annotation.pk}", {"result": choice("Negative")}).status_code == 200
    (item,) = tasks_in(ann, project, serialization_options={"include_annotation_history": True})[0]["annotations"]
    assert [state["result"] for state in item["history"]] == [choice()]
    assert "history" not in tasks_in(ann, project)[0]["annotations"][0]


def convert(person: Person, project: int, export: int, name: str) -> dict[str, Any]:
    answer = person.post(f"/api/projects/{project}/exports/{export}/convert", {"export_type": name})
    assert answer.status_code == 200, answer.content
    found: dict[str, Any] = answer.json()
    return found


def test_a_conversion_tells_what_was_exported_then(ann: Person, project: int) -> None:
    made = make(ann, project, annotation_filter_options={"usual": True})
    Task.objects.filter(project_id=project).delete()
    converted = convert(ann, project, made["id"], "CSV")
    row = ann.get(f"/api/projects/{project}/exports/{made['id']}").json()["converted_formats"]
    assert row == [{"id": converted["converted_format"], "status": "completed", "export_type": "CSV", "traceback": None}]
    table = list(csv.DictReader(io.StringIO(content(ann, project, made["id"], exportType="CSV").decode())))
    assert [(line["text"], line["sentiment"]) for line in table] == [
        ("plain", "Positive"),
        ("open", ""),
        ("skipped", ""),
        ("truth", "Neutral"),
        ("both", "Positive"),
    ]
    for name in ("JSONL", "JSON_MIN", "TSV"):
        convert(ann, project, made["id"], name)
        assert content(ann, project, made["id"], exportType=name)
    lines = content(ann, project, made["id"], exportType="JSONL").splitlines()
    assert [orjson.loads(line) for line in lines] == orjson.loads(content(ann, project, made["id"]))


def test_what_cannot_be_converted_says_why(ann: Person, project: int) -> None:
    made = make(ann, project)
    url = f"/api/projects/{project}/exports/{made['id']}"
    assert ann.get(f"{url}/download", exportType="CSV").status_code == 404
    for body in ({}, {"export_type": "NONSENSE"}, {"export_type": "YOLO"}, {"export_type": 7}):
        assert ann.post(f"{url}/convert", body).status_code == 400
    convert(ann, project, made["id"], "CSV")
    again = ann.post(f"{url}/convert", {"export_type": "CSV"})
    assert (again.status_code, "already started" in again.content.decode()) == (400, True)


@pytest.mark.parametrize(
    "body",
    [
        {"title": 5},
        {"keep_days": 0},
        {"task_filter_options": []},
        {"task_filter_options": {"skipped": "perhaps"}},
        {"task_filter_options": {"view": "x"}},
        {"annotation_filter_options": {"usual": "perhaps"}},
        {"serialization_options": {"drafts": True}},
        {"serialization_options": {"interpolate_key_frames": "perhaps"}},
    ],
)
def test_options_that_mean_nothing_are_a_400(ann: Person, project: int, body: dict[str, Any]) -> None:
    assert ann.post(f"/api/projects/{project}/exports/", body).status_code == 400
    assert not Export.objects.exists()


def waiting(person: Person, project: int) -> tuple[Export, int]:
    found = Project.objects.get(pk=project)
    export = create_snapshot(person.actor, found, read_options(person.actor, found, {}), keep=timedelta(days=1))
    assert export.job_id
    return export, export.job_id


def test_one_under_way_is_in_progress_and_cancelled_it_has_failed(ann: Person, project: int) -> None:
    export, job_id = waiting(ann, project)
    url = f"/api/projects/{project}/exports/{export.pk}"
    assert ann.get(url).json()["status"] == "in_progress"
    assert ann.get(f"{url}/download").status_code == 404
    assert ann.post(f"{url}/convert", {"export_type": "CSV"}).status_code == 400
    ann.post(f"/api/jobs/{job_id}/cancel")
    assert ann.get(url).json()["status"] == "failed"
    assert status_of(export, {}) == "failed"


def test_a_writer_that_was_stopped_goes_on(ann: Person, project: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("data_export.queries.CHUNK", 2)
    monkeypatch.setattr(jobs, "STEP_SECONDS", 0.0)
    export, job_id = waiting(ann, project)
    real = jobs._pieces

    def stopped(*arguments: Any, **more: Any) -> Any:
        for number, piece in enumerate(real(*arguments, **more)):
            if number == 1:
                raise Interrupted
            yield piece

    monkeypatch.setattr(jobs, "_pieces", stopped)
    run_job.func(job_id)
    job = Job.objects.get(pk=job_id)
    assert (job.status, job.done, job.total) == ("waiting", 2, 5)
    monkeypatch.setattr(jobs, "_pieces", real)
    run_job.func(job_id)
    found = orjson.loads(content(ann, project, export.pk))
    assert [task["data"]["text"] for task in found] == ["plain", "open", "skipped", "truth", "both"]
    assert Export.objects.get().task_number == 5


def test_those_whose_time_has_come_are_deleted(ann: Person, project: int, django_capture_on_commit_callbacks: Any) -> None:
    kept, old = make(ann, project), make(ann, project, keep_days=2)
    assert kept["expires_at"] is None
    file = Export.objects.get(pk=old["id"]).file
    assert retention.tidy() is False
    Export.objects.filter(pk=old["id"]).update(expires_at=timezone.now())
    with django_capture_on_commit_callbacks(execute=True):
        assert retention.tidy() is True
    assert [row.pk for row in Export.objects.all()] == [kept["id"]]
    assert not default_storage.exists(file)


def test_files_that_no_snapshot_names_are_swept(ann: Person, project: int, monkeypatch: pytest.MonkeyPatch) -> None:
    made = Export.objects.get(pk=make(ann, project)["id"])
    monkeypatch.setattr(retention, "YOUNG", timedelta(0))
    assert retention.sweep() == 0
    made.delete()
    assert (retention.sweep(), default_storage.exists(made.file)) == (1, False)


def test_a_deleted_project_takes_its_snapshots_along() -> None:
    tables = [table for table, _key, _column in tables_of_a_project()]
    assert tables.index("data_export_convertedformat") < tables.index("data_export_export")


def test_whose_they_are(ann: Person, project: int) -> None:
    made = make(ann, project)
    url = f"/api/projects/{project}/exports/{made['id']}"
    reviewer = somebody(Role.REVIEWER, ann.organization)
    assert reviewer.get(url).status_code == 200
    assert reviewer.delete(url).status_code == 403
    own = make(reviewer, project)
    assert reviewer.delete(f"/api/projects/{project}/exports/{own['id']}").status_code == 204
    assert somebody(Role.OWNER).get(url).status_code == 404
    assert ann.get(f"/api/projects/{make_project(ann)}/exports/{made['id']}").status_code == 404
