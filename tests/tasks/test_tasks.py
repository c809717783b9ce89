"""Tasks by the API, their overlap, and adding many at once (§1.6 of the API)."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from django.core.management import call_command

from core.events.models import Event
from core.permissions import Role
from core.rawjson import json_text, read_json
from projects.models import Project
from tasks.models import Annotation, AnnotationVersion, Draft, Lease, Prediction, Task
from tasks.operations import add_tasks, delete_all, delete_tasks
from tasks.operations.bulk import NewAnnotation, NewDraft, NewPrediction, NewTask
from tests.people import Person, somebody
from tests.tasks.counting import assert_counters_right
from tests.tasks.work import mood, project_of, span, task_ids

pytestmark = pytest.mark.django_db

BASE = {
    "id", "data", "meta", "created_at", "updated_at", "is_labeled", "overlap", "inner_id", "total_annotations", "cancelled_annotations", "total_predictions",
    "comment_count", "unresolved_comment_count", "last_comment_updated_at", "project", "updated_by", "file_upload", "comment_authors",
}  # fmt: skip
DETAILS = BASE | {
    "annotators", "completed_at", "annotations_results", "predictions_results", "predictions_score", "storage_filename", "annotations_ids",
    "predictions_model_versions", "avg_lead_time", "draft_exists", "drafts", "predictions", "annotations",
}  # fmt: skip


@pytest.fixture
def ann() -> Person:
    return somebody(Role.MANAGER)


@pytest.mark.django_db(transaction=True)
def test_many_tasks_are_deleted_by_a_job_and_come_back_as_one(ann: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(delete_all, "TASKS_AT_ONCE", 2)
    monkeypatch.setattr("tasks.api.tasks.PATIENCE", 0.0)
    project = project_of(ann, 5)
    answer = ann.delete(f"/api/projects/{project.pk}/tasks/")
    assert (answer.status_code, answer.json()["status"]) == (202, "waiting")
    late = ann.post("/api/tasks/", {"project": project.pk, "data": {"text": "later"}}).json()["id"]
    call_command("worker", batch=True, interval=0.01)
    assert ann.get(f"/api/jobs/{answer.json()['job']}/").json()["result"] == {"tasks": 5}
    assert task_ids(project) == [late], "what came after the request stays"
    (entry,) = ann.get(f"/api/projects/{project.pk}/recycle-bin/").json()["results"]
    assert entry["tasks"] == 5
    assert_counters_right(project)
    monkeypatch.setattr("tasks.api.tasks.PATIENCE", 60.0)
    assert ann.delete(f"/api/projects/{project.pk}/tasks/").status_code == 204


def test_a_task_is_made_read_changed_and_deleted(ann: Person) -> None:
    project = project_of(ann, 2, maximum_annotations=2)
    answer = ann.post("/api/tasks/", {"project": str(project.pk), "data": {"text": "ü", "n": 1.5}, "meta": {"k": [1]}})
    made = answer.json()
    assert (answer.status_code, set(made)) == (201, BASE)
    assert (made["data"], made["meta"], made["inner_id"], made["overlap"], made["project"]) == (
        {"text": "ü", "n": 1.5},
        {"k": [1]},
        3,
        2,
        project.pk,
    )
    path = f"/api/tasks/{made['id']}/"
    assert set(ann.get(path).json()) == DETAILS
    changed = ann.patch(path, {"data": {"text": "b"}, "total_annotations": 99, "is_labeled": True, "inner_id": 50})
    assert changed.status_code == 200
    assert set(changed.json()) == BASE | {"annotations", "predictions"}
    assert (changed.json()["data"], changed.json()["total_annotations"], changed.json()["is_labeled"]) == ({"text": "b"}, 0, False)
    project.refresh_from_db()
    assert read_json(project.data_columns) == {"text": 3}
    assert ann.post(f"/api/projects/{project.pk}/tasks", {"data": {"text": "c"}}).json()["inner_id"] == 51
    assert ann.delete(path).status_code == 204
    assert ann.get(path).status_code == 404
    assert_counters_right(project)


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "project"), ({"project": "x", "data": {"text": "a"}}, "project"), ({"project": 987654321, "data": {"text": "a"}}, "project"), ({"data": None}, "data"),
        ({"data": {"txet": "a"}}, "data"), ({"data": [1]}, "data"), ({"data": "{"}, "data"), ({"data": {"text": {"deep": 1}}}, "data"),
        ({"data": {"text": "a"}, "meta": [1]}, "meta"), ({"data": {"text": "a"}, "overlap": 0}, "overlap"), ({"data": {"text": "a"}, "overlap": 2**40}, "overlap"),
    ],
)  # fmt: skip
def test_what_cannot_be_shown_is_not_taken(ann: Person, body: dict[str, Any], field: str) -> None:
    project = project_of(ann, 1)
    answer = ann.post("/api/tasks/", {**({"project": project.pk} if body and "project" not in body else {}), **body})
    assert (answer.status_code, list(answer.json()["validation_errors"])) == (400, [field])
    if field in ("data", "meta", "overlap") and body.get("data", 1) is not None:
        assert ann.patch(f"/api/tasks/{task_ids(project)[0]}/", body).status_code == 400
    assert Task.objects.count() == 1


def test_changing_the_overlap_decides_anew_what_is_finished(ann: Person) -> None:
    project = project_of(ann, 2)
    first, second = task_ids(project)
    ann.post(f"/api/tasks/{first}/annotations/", {"result": mood()})
    assert ann.patch(f"/api/tasks/{first}/", {"overlap": 2}).json()["is_labeled"] is False
    assert ann.patch(f"/api/tasks/{first}/", {"overlap": 1}).json()["is_labeled"] is True
    assert ann.patch(f"/api/projects/{project.pk}/", {"maximum_annotations": 2}).status_code == 200
    assert list(Task.objects.order_by("pk").values_list("overlap", "is_labeled")) == [(2, False), (2, False)]
    assert ann.patch(f"/api/projects/{project.pk}/", {"maximum_annotations": 1}).status_code == 200
    assert Task.objects.get(pk=first).is_labeled
    assert not Task.objects.get(pk=second).is_labeled
    assert_counters_right(project)


@pytest.mark.parametrize("share", [0, 10, 50, 99])
def test_a_cohort_is_that_share_of_the_tasks(ann: Person, share: int) -> None:
    project = project_of(ann, 50, maximum_annotations=3, overlap_cohort_percentage=share)
    assert Task.objects.filter(overlap=3).count() == 50 * share // 100
    add_tasks(ann.actor, project, (NewTask(json_text({"text": "a"})) for _ in range(50)))
    assert Task.objects.filter(overlap=3).count() == 100 * share // 100
    busy = task_ids(project)[-1]
    ann.post(f"/api/tasks/{busy}/annotations/", {"result": mood()})
    assert ann.patch(f"/api/projects/{project.pk}/", {"overlap_cohort_percentage": 20}).status_code == 200
    assert list(Task.objects.values_list("overlap", flat=True)).count(3) == 20
    assert Task.objects.get(pk=busy).overlap == 3
    assert_counters_right(project)


def test_skip_modes_decide_anew_what_is_finished(ann: Person) -> None:
    project = project_of(ann, 1)
    ann.post(f"/api/tasks/{task_ids(project)[0]}/annotations/", {"was_cancelled": True})
    assert ann.patch(f"/api/projects/{project.pk}/", {"skip_queue": "IGNORE_SKIPPED"}).json()["finished_task_number"] == 1
    assert ann.patch(f"/api/projects/{project.pk}/", {"skip_queue": "REQUEUE_FOR_ME"}).json()["finished_task_number"] == 0
    assert_counters_right(project)


def test_the_deprecated_list(ann: Person) -> None:
    project = project_of(ann, 5)
    ids = task_ids(project)
    ann.post(f"/api/tasks/{ids[2]}/annotations/", {"result": mood()})
    path = f"/api/projects/{project.pk}/tasks"
    everything = ann.get(path).json()
    assert [row["id"] for row in everything] == [ids[2], ids[4], ids[3], ids[1], ids[0]]
    assert [len(row["annotations"]) for row in everything] == [1, 0, 0, 0, 0]
    assert [row["id"] for row in ann.get(path, page=2, page_size=2).json()] == [ids[3], ids[1]]
    assert [row["id"] for row in ann.get(path, start=4, length=10).json()] == [ids[0]]
    assert len(ann.get(path, page_size=-1).json()) == 5
    assert ann.get(path, page=3, page_size=4).status_code == 404
    assert ann.get(path, page_size="many").status_code == 400
    assert ann.delete(f"{path}/").status_code == 204
    assert ann.get(path).status_code == 404
    assert_counters_right(project)


def test_the_distribution_of_labels(ann: Person) -> None:
    config = '<View><Text name="t" value="$text"/><Choices name="c" toName="t"><Choice value="A"/><Choice value="B"/></Choices><Rating name="r" toName="t"/></View>'
    project = project_of(ann, 1, label_config=config)
    task = task_ids(project)[0]
    for label, stars in (("A", 1), ("A", 4), ("B", 4)):
        rows = [
            {"from_name": "c", "to_name": "t", "type": "choices", "value": {"choices": [label]}},
            {"from_name": "r", "to_name": "t", "type": "rating", "value": {"rating": stars}},
        ]
        assert ann.post(f"/api/tasks/{task}/annotations/", {"result": rows}).status_code == 201
    assert ann.get(f"/api/tasks/{task}/agreement/").json() == {
        "total_annotations": 3,
        "distributions": {
            "c": {"type": "choices", "labels": {"A": 2, "B": 1}},
            "r": {"type": "rating", "labels": {}, "average": 3.0, "count": 3},
        },
    }


def test_everything_of_an_item_is_written_and_counted(ann: Person) -> None:
    project, name = project_of(ann, 1), uuid.uuid4()
    bob = somebody(Role.ANNOTATOR, ann.organization)
    item = NewTask(json_text({"text": "a", "b": 2}), meta='{"m":1}', allow_skip=False)
    item.predictions = [NewPrediction(mood(), 0.5, "v1", import_id=70), NewPrediction(mood("Bad"), 0.25, "v1")]
    item.annotations = [
        NewAnnotation([*mood(), span()], bob.user.pk, unique_id=name, import_id=5, lead_time=2.5, parent_prediction=70),
        NewAnnotation(mood(), ann.user.pk, parent_annotation=5, parent_prediction=71),
    ]
    item.drafts = [NewDraft(bob.user.pk, mood("Bad"), annotation=5), NewDraft(ann.user.pk, [span()])]
    added = add_tasks(ann.actor, project, iter([item, NewTask(json_text({"text": "b"}))]))
    assert (len(added.task_ids), added.annotation_count, added.prediction_count) == (2, 2, 2)
    task = Task.objects.get(pk=added.task_ids[0])
    assert (task.inner_id, task.is_labeled, task.total_annotations, task.total_predictions, task.uncertainty, task.allow_skip) == (
        2,
        True,
        2,
        2,
        0.25,
        False,
    )
    first, second = Annotation.objects.order_by("pk")
    assert (first.unique_id, first.lead_time, first.import_id, first.result_count) == (name, 2.5, 5, 2)
    assert (first.parent_prediction_id, second.parent_annotation_id, second.parent_prediction_id) == (
        Prediction.objects.earliest("pk").pk,
        first.pk,
        None,
    )
    assert Draft.objects.get(user=bob.user).annotation_id == first.pk
    project.refresh_from_db()
    assert (project.model_version, project.last_inner_id) == ("v1", 3)
    assert_counters_right(project)
    event = Event.objects.filter(kind="task.created").latest("pk")
    assert (read_json(event.ids), read_json(event.meta)) == ([added.task_ids[0], added.task_ids[-1]], {"range": True, "count": 2})
    again = add_tasks(ann.actor, project, [item])
    assert again.annotation_count == 2
    assert Annotation.objects.filter(unique_id=name).count() == 1
    assert_counters_right(project)


def test_names_longer_than_an_index_takes_are_counted_cut(ann: Person) -> None:
    project = project_of(ann, 1)
    row = {"id": "a", "from_name": "ü" * 3_000, "to_name": "t" * 600, "type": "choices", "value": {"choices": ["😀" * 3_000]}}
    answer = ann.post(f"/api/tasks/{task_ids(project)[0]}/annotations/", {"result": [row]})
    assert answer.status_code == 201
    counts = ann.get(f"/api/projects/{project.pk}/summary").json()["created_labels"]
    assert [list(labels.values()) for labels in counts.values()] == [[1]]
    assert ann.delete(f"/api/annotations/{answer.json()['id']}/").status_code == 204
    assert ann.get(f"/api/projects/{project.pk}/summary").json()["created_labels"] == {}


def test_deleting_tasks_takes_everything_that_hangs_on_them(ann: Person) -> None:
    project, other = project_of(ann, 4), project_of(ann, 1)
    for task in [*task_ids(project), *task_ids(other)]:
        ann.get(f"/api/projects/{project.pk}/next")
        made = ann.post(f"/api/tasks/{task}/annotations/", {"result": mood()}).json()["id"]
        ann.patch(f"/api/annotations/{made}/", {"result": [span()]})
        ann.post(f"/api/tasks/{task}/drafts/", {"result": mood()})
        ann.post("/api/predictions/", {"task": task, "result": "Good"})
    assert delete_tasks(ann.actor, project, [*task_ids(project)[:2], *task_ids(other)]) == 2
    assert [model.objects.filter(project=project).count() for model in (Task, Annotation, AnnotationVersion, Draft, Prediction, Lease)] == [
        2
    ] * 6
    assert_counters_right(project)
    assert_counters_right(other)
    assert ann.delete(f"/api/projects/{project.pk}/tasks/").status_code == 204
    assert [model.objects.count() for model in (Task, Annotation, AnnotationVersion, Draft, Prediction)] == [1] * 5
    assert_counters_right(project)
    assert Project.objects.get(pk=project.pk).last_inner_id == 4


def test_annotators_may_not_change_tasks(ann: Person) -> None:
    project, bob = project_of(ann, 1), somebody(Role.ANNOTATOR, ann.organization)
    path = f"/api/tasks/{task_ids(project)[0]}/"
    assert bob.get(path).status_code == 200
    assert [
        bob.patch(path, {"data": {"text": "x"}}).status_code,
        bob.delete(path).status_code,
        bob.post("/api/tasks/", {"project": project.pk}).status_code,
    ] == [403] * 3
    assert bob.get(f"/api/projects/{project.pk}/tasks").status_code == 403


@pytest.mark.parametrize("annotations", [1, 40])
def test_opening_a_task_takes_few_statements(ann: Person, annotations: int, django_assert_max_num_queries: Any) -> None:
    project = project_of(ann, 0)
    people = [NewAnnotation(mood(), ann.user.pk) for _ in range(annotations)]
    task = add_tasks(
        ann.actor, project, [NewTask(json_text({"text": "a"}), annotations=people, predictions=[NewPrediction(mood())])]
    ).task_ids[0]
    ann.get("/api/projects/")
    with django_assert_max_num_queries(6 + 1):  # and one for the session
        assert len(ann.get(f"/api/tasks/{task}").json()["annotations"]) == annotations
