"""Actions on a selection of tasks, as clients ask for them."""

from __future__ import annotations

from typing import Any

import pytest

from core.permissions import Role
from projects.models import Project
from tasks.models import Annotation, Task
from tests.people import Person, somebody
from tests.tasks.counting import assert_counters_right
from tests.tasks.work import mood, project_of, task_ids

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner() -> Person:
    return somebody()


@pytest.fixture
def project(owner: Person) -> Project:
    return project_of(owner, 6)


def ask(person: Person, project: Project, action: str, body: dict[str, Any] | None = None) -> Any:
    return person.post(f"/api/dm/actions/?project={project.pk}&id={action}", body or {})


def done(person: Person, project: Project, action: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
    answer = ask(person, project, action, body)
    assert answer.status_code == 200, answer.content
    found: dict[str, Any] = answer.json()
    return found


def only(*tasks: int) -> dict[str, Any]:
    return {"selectedItems": {"all": False, "included": list(tasks)}}


EVERYTHING: dict[str, Any] = {"selectedItems": {"all": True, "excluded": []}}


def predict(person: Person, task: int, label: str = "Good", **more: Any) -> int:
    answer = person.post("/api/predictions/", {"task": task, "result": mood(label), **more})
    assert answer.status_code == 201
    return int(answer.json()["id"])


def answer(person: Person, task: int, label: str = "Good", **more: Any) -> int:
    made = person.post(f"/api/tasks/{task}/annotations/", {"result": mood(label), **more})
    assert made.status_code == 201, made.content
    return int(made.json()["id"])


def test_the_list_names_each_action_with_its_dialog(owner: Person, project: Project) -> None:
    predict(owner, task_ids(project)[0], model_version="v1")
    listed = {one["id"]: one for one in owner.get("/api/dm/actions/", project=project.pk).json()}
    assert "next_task" not in listed
    one = listed["predictions_to_annotations"]
    assert (one["order"], one["dialog"]["type"], one["dialog"]["form"][0]["fields"][0]["options"]) == (91, "confirm", ["", "v1"])
    assert owner.get("/api/dm/actions/predictions_to_annotations/form/", project=project.pk).json() == one["dialog"]["form"]
    annotator = somebody(Role.ANNOTATOR, owner.organization)
    assert annotator.get("/api/dm/actions/", project=project.pk).json() == []
    assert ask(annotator, project, "predictions_to_annotations", EVERYTHING).status_code == 403


def test_mistakes_are_told(owner: Person, project: Project) -> None:
    assert owner.post(f"/api/dm/actions?project={project.pk}", {}).status_code == 422
    unknown = ask(owner, project, "fly_away", EVERYTHING)
    assert unknown.status_code == 404
    assert "fly_away" in unknown.json()["detail"]
    assert ask(owner, project, "predictions_to_annotations", {"selectedItems": {"all": "yes"}}).status_code == 400
    assert ask(owner, project, "predictions_to_annotations", {"model_version": 5}).status_code == 400
    assert ask(somebody(), project, "predictions_to_annotations").status_code == 404


def test_an_empty_selection_does_nothing_and_says_so(owner: Person, project: Project) -> None:
    predict(owner, task_ids(project)[0])
    said = done(owner, project, "predictions_to_annotations", only())
    assert (said["processed_items"], "No task is selected" in said["detail"]) == (0, True)
    assert not Annotation.objects.exists()


def test_predictions_become_annotations_once(owner: Person, project: Project) -> None:
    first, second, third, *_others = task_ids(project)
    guess = predict(owner, first, "Bad", model_version="v1")
    predict(owner, first, "Good", model_version="v2")
    predict(owner, third, model_version="v1")
    said = done(owner, project, "predictions_to_annotations", {**only(first, second), "model_version": "v1"})
    assert said["entry"] > 0
    assert {**said, "entry": 0} == {"response_code": 200, "processed_items": 1, "detail": "Created 1 annotations", "entry": 0}
    made = Annotation.objects.get()
    assert (made.task_id, made.parent_prediction_id, made.completed_by_id, made.result_count) == (first, guess, owner.user.pk, 1)
    assert done(owner, project, "predictions_to_annotations", EVERYTHING)["processed_items"] == 2
    assert done(owner, project, "predictions_to_annotations", EVERYTHING)["processed_items"] == 0
    assert_counters_right(project)


def test_the_label_stream_goes_through_a_selection_in_its_order(owner: Person, project: Project) -> None:
    tasks = task_ids(project)
    annotator = somebody(Role.ANNOTATOR, owner.organization)
    body = {**only(*tasks[:3]), "ordering": ["-tasks:data.text"]}
    for expected in reversed(tasks[:3]):
        given = done(annotator, project, "next_task", body)
        assert (given["id"], given["queue"], given["annotations"]) == (expected, "Data manager queue", [])
        answer(annotator, expected)
    assert ask(annotator, project, "next_task", body).status_code == 404
    assert done(annotator, project, "next_task")["id"] == tasks[3]
    assert Task.objects.filter(is_labeled=True).count() == 3
