"""What was deleted comes back: the same rows with the same ids, and every counter right."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from core.jobs.models import Job
from core.jobs.run import run_job
from core.permissions import Role
from projects.models import Project
from tasks.models import Annotation, AnnotationVersion, Draft, Lease, Prediction, RecycleEntry, Task
from tasks.operations.undo import purge
from tasks.recycled import belonging
from tests.people import Person, somebody
from tests.tasks.counting import assert_counters_right
from tests.tasks.work import mood, project_of, span, task_ids

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner() -> Person:
    return somebody()


@pytest.fixture
def annotator(owner: Person) -> Person:
    return somebody(Role.ANNOTATOR, owner.organization)


@pytest.fixture
def project(owner: Person, annotator: Person) -> Project:
    """Three tasks: the first with everything a task can have."""
    made = project_of(owner, 3, maximum_annotations=2)
    first, second, _third = task_ids(made)
    guess = owner.post(
        "/api/predictions/", {"task": first, "result": mood("Bad"), "score": 0.123456789012345678, "model_version": "v1"}
    ).json()["id"]
    assert owner.patch(f"/api/projects/{made.pk}/", {"model_version": "v1"}).status_code == 200
    annotator.get(f"/api/projects/{made.pk}/next/")
    one = annotator.post(f"/api/tasks/{first}/annotations/", {"result": mood(), "parent_prediction": guess, "lead_time": 1 / 3}).json()[
        "id"
    ]
    annotator.patch(f"/api/annotations/{one}/", {"result": [*mood("Bad"), span()]})
    owner.post(f"/api/tasks/{first}/annotations/", {"result": mood(), "parent_annotation": one, "ground_truth": True})
    owner.post(f"/api/tasks/{first}/annotations/{one}/drafts/", {"result": mood()})
    owner.post(f"/api/tasks/{second}/drafts/", {"result": [span("Place")]})
    return made


def everything(project: Project, *left_out: str) -> dict[str, list[dict[str, Any]]]:
    """Every row of a project's tasks, as it is stored."""
    found = {}
    for model in (Task, Annotation, AnnotationVersion, Draft, Prediction, Lease):
        rows = model.objects.filter(project=project).order_by("pk").values()  # type: ignore[attr-defined]
        found[model.__name__] = [{name: value for name, value in row.items() if name not in left_out} for row in rows]
    return found


def bin_of(person: Person, project: Project) -> list[dict[str, Any]]:
    listed: list[dict[str, Any]] = person.get(f"/api/projects/{project.pk}/recycle-bin/").json()["results"]
    return listed


def undone(person: Person, project: Project) -> dict[str, Any]:
    """Undo what was done last."""
    answer = person.post(f"/api/projects/{project.pk}/recycle-bin/{bin_of(person, project)[0]['id']}/undo/")
    assert answer.status_code == 200, answer.content
    found: dict[str, Any] = answer.json()
    return found


def nothing_in_the_bin() -> bool:
    return not any(mirror._default_manager.exists() for _model, mirror in belonging())


def test_deleted_tasks_come_back_as_they_were(owner: Person, project: Project) -> None:
    before = everything(project)
    assert owner.delete(f"/api/projects/{project.pk}/tasks/").status_code == 204
    assert not Task.objects.exists()
    assert_counters_right(project)
    (entry,) = bin_of(owner, project)
    assert (entry["tasks"], entry["annotations"], entry["drafts"], entry["predictions"]) == (3, 2, 2, 1)
    assert (entry["created_by"]["email"], entry["title"]) == (owner.user.email, "Deleted tasks")
    assert undone(owner, project)["restored"]["tasks"] == 3
    assert everything(project) == before
    assert nothing_in_the_bin()
    assert_counters_right(project)


def test_a_single_task_and_what_came_after_it(owner: Person, project: Project) -> None:
    first = task_ids(project)[0]
    before = everything(project)
    owner.delete(f"/api/tasks/{first}/")
    later = owner.post("/api/tasks/", {"project": project.pk, "data": {"text": "later"}}).json()["id"]
    owner.patch(f"/api/projects/{project.pk}/", {"skip_queue": "IGNORE_SKIPPED", "model_version": ""})
    undone(owner, project)
    assert_counters_right(project)
    owner.delete(f"/api/tasks/{later}/")
    owner.patch(f"/api/projects/{project.pk}/", {"skip_queue": project.skip_queue, "model_version": "v1"})
    assert everything(project) == before


def test_an_annotation_comes_back_with_its_draft_children_and_lease(owner: Person, annotator: Person, project: Project) -> None:
    one = Annotation.objects.get(project=project, completed_by=annotator.user).pk
    before = everything(project, "updated_at", "updated_by_id", "expires_at")
    annotator.delete(f"/api/annotations/{one}/")
    assert_counters_right(project)
    assert [entry["title"] for entry in bin_of(annotator, project)] == ["Deleted an annotation"]
    undone(annotator, project)
    assert everything(project, "updated_at", "updated_by_id", "expires_at") == before
    assert_counters_right(project)
    assert annotator.patch(f"/api/annotations/{one}/", {"result": mood()}).status_code == 200  # its history goes on
    assert [row["version"] for row in annotator.get(f"/api/annotations/{one}/versions/").json()] == [2, 1]


def test_predictions_come_back_to_the_annotations_made_from_them(owner: Person, project: Project) -> None:
    before = everything(project)
    owner.delete(f"/api/projects/{project.pk}/model-versions/", {"model_version": "v1"})
    owner.patch(f"/api/projects/{project.pk}/", {"model_version": ""})
    assert not Annotation.objects.exclude(parent_prediction=None).exists()
    undone(owner, project)
    owner.patch(f"/api/projects/{project.pk}/", {"model_version": "v1"})
    assert everything(project) == before


def test_what_came_back_by_its_history_is_not_brought_back_twice(owner: Person, annotator: Person, project: Project) -> None:
    one = Annotation.objects.get(project=project, completed_by=annotator.user).pk
    annotator.delete(f"/api/annotations/{one}/")
    assert annotator.post(f"/api/annotations/{one}/versions/2/restore/").status_code == 200
    annotator.delete(f"/api/annotations/{one}/")  # and away again: the first entry has lost it to the second
    first = bin_of(annotator, project)[1]["id"]
    assert annotator.post(f"/api/projects/{project.pk}/recycle-bin/{first}/undo/").status_code == 200
    assert not Annotation.objects.filter(pk=one).exists()
    assert undone(annotator, project)["restored"]["annotations"] == 1
    assert_counters_right(project)


def test_what_has_no_place_waits_until_its_task_is_back(owner: Person, project: Project) -> None:
    before = everything(project, "updated_at", "updated_by_id", "expires_at")
    one = Annotation.objects.filter(project=project).order_by("pk").first()
    assert one is not None
    owner.delete(f"/api/annotations/{one.pk}/")
    owner.delete(f"/api/tasks/{one.task_id}/")
    annotation_entry = bin_of(owner, project)[1]["id"]
    waiting = owner.post(f"/api/projects/{project.pk}/recycle-bin/{annotation_entry}/undo/").json()
    assert waiting["restored"]["left"] > 0
    assert waiting["undone_at"] is None
    undone(owner, project)
    assert owner.post(f"/api/projects/{project.pk}/recycle-bin/{annotation_entry}/undo/").json()["undone_at"]
    assert everything(project, "updated_at", "updated_by_id", "expires_at") == before
    assert_counters_right(project)


def test_a_new_draft_is_not_replaced_by_the_old_one(owner: Person, annotator: Person, project: Project) -> None:
    from tasks.operations.delete import delete_drafts
    from tasks.sets import all_tasks

    assert delete_drafts(owner.actor, project, all_tasks(project.pk)) == 2
    second = task_ids(project)[1]
    owner.post(f"/api/tasks/{second}/drafts/", {"result": mood("Bad")})
    answer = undone(owner, project)
    assert (answer["restored"]["drafts"], answer["restored"]["left"]) == (1, 1)
    assert "Bad" in Draft.objects.get(task=second).result
    assert_counters_right(project)


def test_people_see_and_undo_what_they_may(owner: Person, annotator: Person, project: Project) -> None:
    owner.delete(f"/api/tasks/{task_ids(project)[0]}/")
    entry = bin_of(owner, project)[0]["id"]
    assert bin_of(annotator, project) == []
    assert annotator.post(f"/api/projects/{project.pk}/recycle-bin/{entry}/undo/").status_code == 403
    assert somebody().post(f"/api/projects/{project.pk}/recycle-bin/{entry}/undo/").status_code == 404
    undone(owner, project)
    assert owner.post(f"/api/projects/{project.pk}/recycle-bin/{entry}/undo/").status_code == 409


def test_after_30_days_the_worker_forgets_it(owner: Person, project: Project) -> None:
    owner.delete(f"/api/projects/{project.pk}/tasks/")
    entry = RecycleEntry.objects.get()
    assert timedelta(days=29, hours=23) < entry.expires_at - timezone.now() < timedelta(days=30)
    RecycleEntry.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert bin_of(owner, project) == []
    assert owner.post(f"/api/projects/{project.pk}/recycle-bin/{entry.pk}/undo/").status_code == 404
    while purge():
        pass
    assert nothing_in_the_bin()
    assert not RecycleEntry.objects.exists()


def test_an_entry_can_be_deleted_for_good(owner: Person, project: Project) -> None:
    owner.delete(f"/api/tasks/{task_ids(project)[0]}/")
    entry = bin_of(owner, project)[0]["id"]
    assert owner.delete(f"/api/projects/{project.pk}/recycle-bin/{entry}/").status_code == 204
    assert owner.delete(f"/api/projects/{project.pk}/recycle-bin/{entry}/").status_code == 404
    while purge():
        pass
    assert nothing_in_the_bin()


def test_much_is_undone_by_a_job(owner: Person, project: Project, monkeypatch: pytest.MonkeyPatch) -> None:

    before = everything(project)
    owner.delete(f"/api/projects/{project.pk}/tasks/")
    monkeypatch.setattr("tasks.operations.undo.SHORT", 3)
    answer = owner.post(f"/api/projects/{project.pk}/recycle-bin/{bin_of(owner, project)[0]['id']}/undo/")
    assert answer.status_code == 202
    run_job.func(answer.json()["job"])
    job = owner.get(f"/api/jobs/{answer.json()['job']}/").json()
    assert (job["status"], job["result"]["tasks"]) == ("done", 3)
    assert everything(project) == before


def test_a_deleted_project_takes_its_bin_along(owner: Person, project: Project) -> None:
    owner.delete(f"/api/tasks/{task_ids(project)[0]}/")
    owner.delete(f"/api/projects/{project.pk}/")
    run_job.func(Job.objects.get(kind="project.purge").pk)
    assert not Project.objects.filter(pk=project.pk).exists()
    assert nothing_in_the_bin()
