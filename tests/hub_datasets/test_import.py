"""A dataset of the Hub becomes a labelled project: features, proposal, rows, media."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import datasets
import pytest

from core.jobs.models import Job
from core.jobs.run import Interrupted, JobRun, run_job
from tests.hub_datasets.conftest import TOKEN, loaded
from tests.people import Person
from tests.services.hub import Hub
from tests.tasks.work import project_of

PIXEL = (
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00\x1f\x15\xc4\x89\x00\x00\x00\rIDATx\x9cc\xf8\xff"
    b"\xff?\x00\x05\xfe\x02\xfe\xa75\x81\x84\x00\x00\x00\x00IEND\xaeB`\x82"
)


def run_all(job: int) -> dict[str, Any]:
    run_job.func(job)
    done = Job.objects.get(pk=job)
    assert done.status == Job.Status.DONE, done.error
    import json

    return json.loads(done.result)  # type: ignore[no-any-return]


@pytest.mark.timeout(1200)
def test_100_000_rows_in_labelled_and_out(
    owner: Person, hub: Hub, published: Callable[..., str], size: Callable[[int], int], tmp_path: Path
) -> None:
    count = size(100_000)
    features = datasets.Features({"text": datasets.Value("string"), "label": datasets.ClassLabel(names=["neg", "pos"])})
    rows = {"text": [f"number {number}" for number in range(count)], "label": [number % 2 for number in range(count)]}
    repo = published(
        train=datasets.Dataset.from_dict(rows, features=features), test=datasets.Dataset.from_dict({"text": ["x"], "label": [1]})
    )
    project = project_of(owner)
    said = {"dataset": f"https://huggingface.co/datasets/{repo}", "token": TOKEN}
    answer = owner.post(f"/api/projects/{project.pk}/hub/look", {**said, "token": ""})
    assert answer.status_code == 400
    assert "private" in answer.json()["validation_errors"]["dataset"][0]
    looked = owner.post(f"/api/projects/{project.pk}/hub/look", said).json()
    assert looked["configurations"] == {"default": ["test", "train"]}
    assert looked["columns"][1] == {"name": "label", "kind": "class", "names": ["neg", "pos"]}
    assert '<Choice value="pos"/>' in looked["config"]
    assert looked["tasks"][1]["predictions"][0]["result"][0]["value"] == {"choices": ["pos"]}
    # The worker is stopped on the way: it goes on where it was, and each row is there once.
    job = owner.post(f"/api/projects/{project.pk}/hub/import", {**said, "take_config": True, "uses": {"label": "annotation"}}).json()["job"]
    steps = iter([None, Interrupted()])
    original = JobRun.step

    def stopped(self: JobRun) -> Any:
        if error := next(steps, None):
            raise error
        return original(self)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(JobRun, "step", stopped)
        run_job.func(job)
    assert Job.objects.get(pk=job).status == Job.Status.WAITING
    result = run_all(job)
    assert (result["task_count"], result["annotation_count"]) == (count, count)
    found = owner.get("/api/tasks/", project=project.pk, page_size=3, fields="all").json()
    assert found["total"] == count
    assert [task["data"] for task in found["tasks"]] == [{"text": f"number {number}"} for number in range(3)]
    answer = owner.get("/api/tasks/", project=project.pk, page_size=1, page=count, fields="all").json()["tasks"][0]
    assert answer["annotations"][0]["result"][0]["value"] == {"choices": [["neg", "pos"][(count - 1) % 2]]}
    # Some are answered anew, and everything goes out: what is loaded is what is here, each class as its number.
    mine = [task["id"] for task in owner.get("/api/tasks/", project=project.pk, page_size=10).json()["tasks"]]
    head = {"from_name": "label", "to_name": "text_shown", "type": "choices"}
    for task in mine:
        answer = owner.post(f"/api/tasks/{task}/annotations/", {"result": [{**head, "value": {"choices": ["pos"]}}], "lead_time": 1.5})
        assert answer.status_code == 201
    owner.put(f"/api/projects/{project.pk}/hub/target", {"dataset": f"{repo}-out", "token": TOKEN})
    assert run_all(owner.post(f"/api/projects/{project.pk}/hub/push").json()["job"])["rows"] == count + len(mine)
    out = loaded(hub, f"{repo}-out", tmp_path)
    assert out["features"] == {
        **dict.fromkeys(("task_id", "annotation_id", "annotator", "annotations"), "Value('int64')"),
        **dict.fromkeys(("text", "created_at", "updated_at", "result"), "Value('string')"),
        **dict.fromkeys(("lead_time", "agreement"), "Value('float64')"),
        "ground_truth": "Value('bool')",
        "label": "ClassLabel(names=['neg', 'pos'])",
    }
    imported = [row for row in out["train"] if row["lead_time"] is None]
    assert [(row["text"], row["label"]) for row in imported] == [(f"number {number}", number % 2) for number in range(count)]
    assert [(row["task_id"], row["label"]) for row in out["train"] if row["lead_time"] == 1.5] == [(task, 1) for task in mine]
    assert len(out["consensus"]) == count


def test_pictures_stay_on_the_hub(owner: Person, published: Callable[..., str]) -> None:
    features = datasets.Features({"image": datasets.Image(decode=False), "note": datasets.Value("string")})
    rows = {"image": [{"bytes": PIXEL + bytes([number]), "path": None} for number in range(3)], "note": ["a", "b", "c"]}
    repo = published(train=datasets.Dataset.from_dict(rows, features=features))
    project = project_of(owner)
    job = owner.post(f"/api/projects/{project.pk}/hub/import", {"dataset": repo, "token": TOKEN, "take_config": True}).json()["job"]
    assert run_all(job)["task_count"] == 3
    tasks = owner.get("/api/tasks/", project=project.pk, fields="all").json()["tasks"]
    for number, task in enumerate(tasks):
        answer = owner.get(task["data"]["image"])
        assert (answer.status_code, answer["Content-Type"]) == (200, "image/png")
        assert b"".join(answer.streaming_content) == PIXEL + bytes([number])
    assert owner.get(tasks[0]["data"]["image"].replace("0-0", "0-9")).status_code == 404
    assert owner.get(tasks[0]["data"]["image"].replace("/image", "/note")).status_code == 404


def test_tokens_with_tags_become_spans(owner: Person, published: Callable[..., str]) -> None:
    names = ["O", "B-PER", "I-PER", "B-LOC"]
    features = datasets.Features(
        {"tokens": datasets.Sequence(datasets.Value("string")), "ner_tags": datasets.Sequence(datasets.ClassLabel(names=names))}
    )
    rows = {"tokens": [["Ann", "Lee", "saw", "Rome"]], "ner_tags": [[1, 2, 0, 3]]}
    repo = published(train=datasets.Dataset.from_dict(rows, features=features))
    project = project_of(owner)
    looked = owner.post(f"/api/projects/{project.pk}/hub/look", {"dataset": repo, "token": TOKEN}).json()
    assert looked["tasks"][0]["data"] == {"tokens": "Ann Lee saw Rome"}
    assert [row["value"] for row in looked["tasks"][0]["predictions"][0]["result"]] == [
        {"start": 0, "end": 7, "text": "Ann Lee", "labels": ["PER"]},
        {"start": 12, "end": 16, "text": "Rome", "labels": ["LOC"]},
    ]
    job = owner.post(f"/api/projects/{project.pk}/hub/import", {"dataset": repo, "token": TOKEN, "take_config": True}).json()["job"]
    assert run_all(job)["prediction_count"] == 1
