"""The statistics of a project: real numbers, kept current by what happens to annotations."""

from __future__ import annotations

from typing import Any

import pytest

from core.events.loops import run_loops_until_idle
from core.jobs.models import Job
from core.permissions import Role
from core.rawjson import json_text
from projects.models import Project
from tasks.operations.bulk import NewAnnotation, NewTask, add_tasks
from tests.people import Person, somebody
from tests.tasks.work import mood, project_of, task_ids

pytestmark = pytest.mark.django_db


@pytest.fixture
def ann() -> Person:
    return somebody(Role.OWNER)


@pytest.fixture
def bob(ann: Person) -> Person:
    return somebody(Role.ANNOTATOR, ann.organization)


@pytest.fixture
def cat(ann: Person) -> Person:
    return somebody(Role.ANNOTATOR, ann.organization)


@pytest.fixture
def project(ann: Person) -> Project:
    return project_of(ann, tasks=2, maximum_annotations=3)


def answer(person: Person, task: int, label: str, **fields: Any) -> int:
    made = person.post(f"/api/tasks/{task}/annotations", {"result": mood(label), **fields})
    assert made.status_code == 201, made.content
    return int(made.json()["id"])


def stats(person: Person, project: Project, name: str, **query: Any) -> Any:
    run_loops_until_idle()
    found = person.get(f"/api/projects/{project.pk}/stats/{name}", **query)
    assert found.status_code == 200, found.content
    return found.json()


def test_agreement_label_by_label_and_with_models(ann: Person, bob: Person, cat: Person, project: Project) -> None:
    """Through the names that Label Studio's SDK asks by."""
    one, two = task_ids(project)
    for person, labels in ((bob, ("Good", "Good")), (cat, ("Good", "Bad"))):
        for task, label in zip((one, two), labels, strict=True):
            made = answer(person, task, label)
    ann.patch(f"/api/annotations/{made}/", {"ground_truth": True})
    for task in (one, two):
        ann.post("/api/predictions/", {"task": task, "result": mood("Good"), "model_version": "m1"})
    assert stats(ann, project, "total_agreement", per_label="true") == {"total_agreement": {"Bad": 0.0, "Good": 0.5}}

    def of(path: str) -> Any:
        return ann.get(f"/api/projects/{project.pk}/{path}").json()

    assert of(f"user-stats/prediction?ids={bob.user.pk},{cat.user.pk}") == {"agreement": {str(bob.user.pk): 1.0, str(cat.user.pk): 0.5}}
    assert of(f"user-stats/{cat.user.pk}/prediction") == {"average_prediction_agreement_per_user": 0.5}
    assert (of("model-stats/m1/agreement"), of("model-stats/m1/agreement-groundtruth")) == ({"agreement": 0.75}, {"agreement": 0.0})
    assert of("model-stats/unknown/agreement") == {"agreement": None}


def test_the_data_page_shows_filters_and_orders_by_agreement(ann: Person, bob: Person, cat: Person, project: Project) -> None:
    one, two = task_ids(project)
    for person, labels in ((bob, ("Good", "Good")), (cat, ("Good", "Bad"))):
        for task, label in zip((one, two), labels, strict=True):
            answer(person, task, label)
    run_loops_until_idle()

    def found(**query: Any) -> list[tuple[int, float | None]]:
        listed = ann.get("/api/tasks/", project=project.pk, query=json_text(query)).json()["tasks"]
        return [(task["id"], task["agreement"]) for task in listed]

    assert found(ordering=["tasks:agreement"]) == [(two, 0.0), (one, 100.0)]
    low = {"filter": "filter:tasks:agreement", "operator": "less", "type": "Number", "value": 50}
    assert found(filters={"conjunction": "and", "items": [low]}) == [(two, 0.0)]
    assert "agreement" in [column["id"] for column in ann.get("/api/dm/columns/", project=project.pk).json()["columns"]]


def test_agreement_follows_annotations(ann: Person, bob: Person, cat: Person, project: Project) -> None:
    one, two = task_ids(project)
    assert stats(ann, project, "total_agreement") == {"total_agreement": None}
    answer(bob, one, "Good")
    answer(cat, one, "Good")
    answer(bob, two, "Good")
    changed = answer(cat, two, "Bad")
    assert stats(ann, project, "total_agreement") == {"total_agreement": 0.5}
    matrix = stats(ann, project, "IAA")
    assert [user["id"] for user in matrix["users"]] == [bob.user.pk, cat.user.pk]
    assert (matrix["IAA"], matrix["common_tasks"]) == ([[1.0, 0.5], [0.5, 1.0]], [[0, 2], [2, 0]])
    cat.patch(f"/api/annotations/{changed}", {"result": mood("Good")})
    assert stats(ann, project, "total_agreement") == {"total_agreement": 1.0}
    cat.delete(f"/api/annotations/{changed}")
    assert stats(ann, project, "IAA")["common_tasks"] == [[0, 1], [1, 0]]
    ann.delete(f"/api/tasks/{one}")
    assert stats(ann, project, "total_agreement") == {"total_agreement": None}


def test_people_are_measured_against_each_other_and_against_the_truth(ann: Person, bob: Person, cat: Person, project: Project) -> None:
    one, two = task_ids(project)
    for task in (one, two):
        answer(ann, task, "Good", ground_truth=True)
        answer(bob, task, "Good", lead_time=2)
    answer(cat, one, "Bad", lead_time=4)
    cat.post(f"/api/tasks/{two}/annotations", {"result": [], "was_cancelled": True})
    assert stats(ann, project, "agreement-groundtruth") == {"agreement": {str(bob.user.pk): 1.0, str(cat.user.pk): 0.0}}
    assert stats(ann, project, "agreement_annotators", ids=str(cat.user.pk)) == {"agreement": {str(cat.user.pk): 0.0}}
    assert stats(ann, project, f"agreement_annotator/{bob.user.pk}")["Agreement_per_annotator"] == pytest.approx(2 / 3)
    rows = {row["user"]["id"]: row for row in stats(ann, project, "annotators")}
    assert {name: rows[cat.user.pk][name] for name in ("annotations", "skipped", "tasks", "mean_lead_time", "ground_truth_agreement")} == {
        "annotations": 1, "skipped": 1, "tasks": 2, "mean_lead_time": 4.0, "ground_truth_agreement": 0.0,
    }  # fmt: skip
    matrix = ann.get(f"/api/projects/{project.pk}/tasks/{one}/agreement-matrix").json()
    assert len(matrix["users"]) == 3
    assert stats(ann, project, "finished", user_pk=bob.user.pk) == {"id": bob.user.pk, "finished": 2, "progress": 100}


def test_lead_times_and_labels(ann: Person, bob: Person, project: Project) -> None:
    one, two = task_ids(project)
    answer(bob, one, "Good", lead_time=1)
    answer(bob, two, "Bad", lead_time=4)
    answer(ann, two, "Bad", lead_time=10)
    times = {row["user_id"]: row for row in stats(ann, project, "lead_time")["lead_time_stats"]}
    assert times[bob.user.pk] == {"user_id": bob.user.pk, "sum_lead_time": 5.0, "mean_time": 2.5, "median_time": 2.5}
    structure = stats(ann, project, "label-distribution/structure")["dimensions"]
    assert [(row["name"], row["choices"]) for row in structure] == [("mood", ["Good", "Bad"]), ("spans", ["Person", "Place"])]
    counts = stats(ann, project, "label-distribution/counts", limit=1)
    assert [(row["choice"], row["from_annotations_count"]) for row in counts["results"]] == [("Bad", 2)]
    assert counts["results"][0]["from_annotations_percent"] == pytest.approx(200 / 3)
    assert (counts["next_offset"], counts["totals"]["annotation_totals_by_dimension"]) == (1, {"mood": 3})


def test_imported_answers_are_compared_by_a_job(ann: Person, bob: Person, project: Project) -> None:
    people = (ann.user.pk, bob.user.pk)
    items = [
        NewTask(json_text({"text": str(n)}), annotations=[NewAnnotation(mood("Good" if n % 2 or person == ann.user.pk else "Bad"), completed_by_id=person) for person in people])
        for n in range(4)
    ]  # fmt: skip
    add_tasks(ann.actor, project, items)
    run_loops_until_idle()
    from core.jobs.run import run_job

    (job,) = Job.objects.filter(kind="quality.measure")
    run_job.call(job.pk)
    assert stats(ann, project, "total_agreement") == {"total_agreement": 0.5}
