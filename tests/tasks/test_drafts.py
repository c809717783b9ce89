"""Drafts: one for each person and annotation, never lost, never another person's (§2.6 of the API)."""

from __future__ import annotations

import pytest

from core.permissions import Role
from projects.models import Project
from tasks.models import Annotation, Draft
from tests.people import Person, somebody
from tests.tasks.counting import assert_counters_right
from tests.tasks.work import mood, project_of, span, task_ids

pytestmark = pytest.mark.django_db


@pytest.fixture
def ann() -> Person:
    return somebody(Role.MANAGER)


@pytest.fixture
def bob(ann: Person) -> Person:
    return somebody(Role.ANNOTATOR, ann.organization)


@pytest.fixture
def project(ann: Person) -> Project:
    return project_of(ann, 2)


@pytest.fixture
def task(project: Project) -> int:
    return task_ids(project)[0]


def test_saving_again_changes_the_same_draft(bob: Person, project: Project, task: int) -> None:
    path = f"/api/tasks/{task}/drafts/"
    answer = bob.post(path, {"result": mood(), "lead_time": 1.5})
    made = answer.json()
    assert answer.status_code == 201
    assert set(made) >= {
        "id",
        "user",
        "created_username",
        "created_ago",
        "result",
        "lead_time",
        "was_postponed",
        "import_id",
        "created_at",
        "updated_at",
        "task",
        "annotation",
    }
    assert (made["user"], made["result"], made["lead_time"], made["task"], made["annotation"], made["was_postponed"]) == (
        bob.user.email,
        mood(),
        1.5,
        task,
        None,
        False,
    )
    again = bob.post(path, {"result": [span()]}).json()
    assert (again["id"], again["result"], again["lead_time"], again["created_at"]) == (made["id"], [span()], 1.5, made["created_at"])
    third = bob.patch(f"/api/drafts/{made['id']}/", {"was_postponed": True}).json()
    assert (third["result"], third["was_postponed"]) == ([span()], True)
    assert [row["id"] for row in bob.get(path).json()] == [made["id"]]
    assert bob.get(f"/api/drafts/{made['id']}").json()["id"] == made["id"]
    assert_counters_right(project)
    assert bob.delete(f"/api/drafts/{made['id']}/").status_code == 204
    assert bob.get(path).json() == []
    assert_counters_right(project)


def test_unfinished_work_is_kept_whatever_it_looks_like(bob: Person, project: Project, task: int) -> None:
    rows = [{"id": "half", "type": "choices", "from_name": "mood", "to_name": "text", "value": {}}, {"from_name": 5, "value": None}]
    assert bob.post(f"/api/tasks/{task}/drafts/", {"result": rows}).json()["result"] == rows
    assert bob.post(f"/api/tasks/{task}/drafts/", {"result": None}).json()["result"] == []
    for wrong in ({"a": 1}, 5, [5], "x"):
        assert bob.post(f"/api/tasks/{task}/drafts/", {"result": wrong}).status_code == 400
    assert bob.post("/api/tasks/987654321/drafts/", {"result": []}).status_code == 404


def test_a_draft_of_another_task_is_not_taken(bob: Person, project: Project, task: int) -> None:
    draft = bob.post(f"/api/tasks/{task_ids(project)[1]}/drafts/", {"result": mood()}).json()["id"]
    assert bob.post(f"/api/tasks/{task}/annotations/", {"result": mood(), "draft_id": draft}).status_code == 403
    assert Draft.objects.filter(pk=draft).exists()


def test_a_draft_vanishes_with_the_answer(ann: Person, bob: Person, project: Project, task: int) -> None:
    path = f"/api/tasks/{task}/drafts/"
    mine, theirs = bob.post(path, {"result": [span()]}).json(), ann.post(path, {"result": mood("Bad")}).json()
    refused = bob.post(f"/api/tasks/{task}/annotations/", {"result": mood(), "draft_id": theirs["id"]})
    assert refused.status_code == 403
    assert Draft.objects.count() == 2
    made = bob.post(f"/api/tasks/{task}/annotations/", {"result": mood(), "draft_id": mine["id"]}).json()
    assert made["draft_created_at"] == mine["created_at"]
    assert list(Draft.objects.values_list("pk", flat=True)) == [theirs["id"]]
    # The answer to a submit was lost, the draft is gone: submitting again is no mistake.
    assert bob.post(f"/api/tasks/{task}/annotations/", {"result": mood(), "draft_id": mine["id"]}).status_code == 201
    assert_counters_right(project)


def test_a_draft_of_a_change_vanishes_with_the_change(ann: Person, bob: Person, project: Project, task: int) -> None:
    made = bob.post(f"/api/tasks/{task}/annotations/", {"result": mood()}).json()
    path = f"/api/tasks/{task}/annotations/{made['id']}/drafts/"
    new, mine, theirs = (
        bob.post(f"/api/tasks/{task}/drafts/", {"result": []}).json(),
        bob.post(path, {"result": mood("Bad")}).json(),
        ann.post(path, {"result": [span()]}).json(),
    )
    assert len({new["id"], mine["id"], theirs["id"]}) == 3
    assert mine["annotation"] == made["id"]
    assert [row["id"] for row in bob.get(path).json()] == [mine["id"]]
    assert {row["id"] for row in bob.get(f"/api/tasks/{task}/").json()["drafts"]} == {new["id"], mine["id"]}
    assert bob.patch(f"/api/annotations/{made['id']}/", {"result": mood("Bad")}).status_code == 200
    assert set(Draft.objects.values_list("pk", flat=True)) == {new["id"], theirs["id"]}
    # The same content again: no version, but the draft of it goes too.
    assert ann.patch(f"/api/annotations/{made['id']}/", {"result": mood("Bad")}).status_code == 200
    assert set(Draft.objects.values_list("pk", flat=True)) == {new["id"]}
    assert bob.post(f"/api/tasks/{task_ids(project)[1]}/annotations/{made['id']}/drafts/", {"result": []}).status_code == 404
    assert_counters_right(project)


def test_nobody_changes_another_persons_draft(ann: Person, bob: Person, task: int) -> None:
    theirs = ann.post(f"/api/tasks/{task}/drafts/", {"result": mood()}).json()["id"]
    mine = bob.post(f"/api/tasks/{task}/drafts/", {"result": []}).json()["id"]
    assert bob.get(f"/api/drafts/{theirs}/").status_code == 404
    assert [bob.patch(f"/api/drafts/{theirs}/", {"result": []}).status_code, bob.delete(f"/api/drafts/{theirs}/").status_code] == [403, 403]
    assert ann.patch(f"/api/drafts/{mine}/", {"result": [span()]}).status_code == 403
    assert {row["id"] for row in ann.get(f"/api/tasks/{task}/drafts/").json()} == {mine, theirs}
    assert [row["id"] for row in ann.get(f"/api/tasks/{task}/").json()["drafts"]] == [theirs]
    stranger = somebody(Role.OWNER)
    assert stranger.patch(f"/api/drafts/{theirs}/", {"result": []}).status_code == 404


def test_an_annotation_is_taken_back_into_work(bob: Person, project: Project, task: int) -> None:
    made = bob.post(f"/api/tasks/{task}/annotations/", {"result": [span()], "lead_time": 7, "was_cancelled": True}).json()
    answer = bob.post(f"/api/annotations/{made['id']}/convert-to-draft/")
    assert (answer.status_code, answer.json()["result"], answer.json()["lead_time"], answer.json()["annotation"]) == (
        201,
        [span()],
        7,
        None,
    )
    assert not Annotation.objects.exists()
    assert_counters_right(project)
    assert bob.post(f"/api/annotations/{made['id']}/versions/1/restore/").json()["was_cancelled"] is True
    assert bob.patch(f"/api/annotations/{made['id']}/", {"result": mood()}).status_code == 200
    assert bob.post(f"/api/annotations/{made['id']}/convert-to-draft").status_code == 409
    assert Draft.objects.get().result.startswith('[{"id":"r2"')
    assert_counters_right(project)


def test_an_empty_annotation_becomes_an_empty_draft(bob: Person, project: Project, task: int) -> None:
    made = bob.post(f"/api/tasks/{task}/annotations/", {}).json()
    assert bob.post(f"/api/annotations/{made['id']}/convert-to-draft/").json()["result"] == []
