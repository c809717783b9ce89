"""Predictions by the API (§1.8)."""

from __future__ import annotations

from typing import Any

import pytest

from core.permissions import Role
from tasks.models import Prediction, Task
from tasks.operations.predictions import delete_predictions
from tests.people import Person, somebody
from tests.tasks.counting import assert_counters_right
from tests.tasks.work import mood, project_of, task_ids

pytestmark = pytest.mark.django_db


@pytest.fixture
def ann() -> Person:
    return somebody(Role.MANAGER)


def test_a_prediction_is_made_read_changed_and_deleted(ann: Person) -> None:
    project = project_of(ann, 2)
    task = task_ids(project)[0]
    answer = ann.post(
        "/api/predictions/",
        {"task": task, "result": mood(score=0.5), "score": 0.75, "model_version": "v1", "neighbors": [1, 2], "cluster": 3},
    )
    made = answer.json()
    assert answer.status_code == 201
    assert set(made) == {
        "id", "result", "model_version", "created_ago", "score", "cluster", "neighbors", "mislabeling", "created_at", "updated_at", "model", "model_run", "task", "project",
    }  # fmt: skip
    assert (made["result"], made["score"], made["model_version"], made["neighbors"], made["cluster"], made["mislabeling"]) == (
        mood(score=0.5),
        0.75,
        "v1",
        [1, 2],
        3,
        0.0,
    )
    path = f"/api/predictions/{made['id']}/"
    assert ann.get(path).json() == made
    assert Task.objects.get(pk=task).total_predictions == 1
    changed = ann.patch(path, {"result": "Bad", "score": None}).json()
    assert (changed["result"][0]["value"], changed["score"], changed["model_version"]) == ({"choices": ["Bad"]}, None, "v1")
    assert ann.delete(path).status_code == 204
    assert ann.get(path).status_code == 404
    assert Task.objects.get(pk=task).total_predictions == 0
    assert_counters_right(project)


@pytest.mark.parametrize("short", ["Good", {"choices": ["Good"]}])
def test_short_forms_are_spelt_out(ann: Person, short: Any) -> None:
    task = task_ids(project_of(ann, 1))[0]
    row = ann.post("/api/predictions/", {"task": task, "result": short}).json()["result"][0]
    assert (row["from_name"], row["to_name"], row["type"], row["value"]) == ("mood", "text", "choices", {"choices": ["Good"]})


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"task": None}, "task"), ({"task": 987654321}, "task"), ({"task": "x"}, "task"), ({"result": None}, "result"), ({"result": 5}, "result"), ({"result": [5]}, "result"),
        ({"result": {"rating": 5}}, "result"), ({"score": "high"}, "score"), ({"model_version": 5}, "model_version"), ({"cluster": 2**40}, "cluster"), ({"neighbors": 5}, "neighbors"),
        ({"result": mood(value={"choices": 5})}, "result"),
    ],
)  # fmt: skip
def test_a_mistake_is_told_at_its_field(ann: Person, body: dict[str, Any], field: str) -> None:
    task = task_ids(project_of(ann, 1))[0]
    answer = ann.post("/api/predictions/", {"task": task, "result": mood(), **body})
    assert (answer.status_code, list(answer.json()["validation_errors"])) == (400, [field])
    assert not Prediction.objects.exists()


def test_the_list_is_narrowed_and_scoped(ann: Person) -> None:
    one, other = project_of(ann, 2), project_of(ann, 1)
    first, second = task_ids(one)
    stranger = somebody(Role.OWNER)
    theirs = task_ids(project_of(stranger, 1))[0]
    ids = [ann.post("/api/predictions/", {"task": task, "result": "Good"}).json()["id"] for task in (first, second, *task_ids(other))]
    hidden = stranger.post("/api/predictions/", {"task": theirs, "result": "Good"}).json()["id"]

    def listed(**query: Any) -> list[int]:
        return [row["id"] for row in ann.get("/api/predictions/", **query).json()]

    assert listed() == ids
    assert listed(task=first) == ids[:1]
    assert listed(project=one.pk) == listed(task__project=one.pk) == ids[:2]
    assert listed(task=theirs) == listed(project=10**9) == []
    assert ann.get("/api/predictions/", task="x").status_code == 400
    assert [
        ann.get(f"/api/predictions/{hidden}/").status_code,
        ann.patch(f"/api/predictions/{hidden}/", {}).status_code,
        ann.delete(f"/api/predictions/{hidden}/").status_code,
    ] == [404] * 3


def test_annotators_read_predictions_only(ann: Person) -> None:
    task = task_ids(project_of(ann, 1))[0]
    made = ann.post("/api/predictions/", {"task": task, "result": "Good"}).json()["id"]
    bob = somebody(Role.ANNOTATOR, ann.organization)
    assert bob.get(f"/api/predictions/{made}/").status_code == 200
    assert [
        bob.post("/api/predictions/", {"task": task, "result": "Good"}).status_code,
        bob.delete(f"/api/predictions/{made}/").status_code,
    ] == [403, 403]


def test_predictions_of_tasks_or_of_a_version_are_deleted_together(ann: Person) -> None:
    project = project_of(ann, 3)
    ids = task_ids(project)
    for task in ids:
        for version in ("v1", "v2", None):
            ann.post("/api/predictions/", {"task": task, "result": "Good", "model_version": version, "score": 0.5})
    parent = Prediction.objects.filter(model_version="v1").first()
    assert parent is not None
    ann.post(f"/api/tasks/{parent.task_id}/annotations/", {"result": mood(), "parent_prediction": parent.pk})
    assert delete_predictions(ann.actor, project, tasks=ids[:2], model_version="v2") == 2
    assert delete_predictions(ann.actor, project, model_version="v1") == 3
    assert_counters_right(project)
    assert ann.get(f"/api/tasks/{parent.task_id}/").json()["annotations"][0]["parent_prediction"] is None
    assert delete_predictions(ann.actor, project) == 4
    assert_counters_right(project)
