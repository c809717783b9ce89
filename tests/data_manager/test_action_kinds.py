"""What each action does to tasks, and that undoing it leaves everything as it was."""

from __future__ import annotations

import json
from typing import Any

import pytest

from core.events.loops import run_loops_until_idle
from core.jobs.run import run_job
from core.permissions import Role
from projects.models import Project
from tasks.models import Annotation, Assignment, Draft, Prediction, Task
from tests.data_manager.test_actions import EVERYTHING, answer, ask, done, only, owner, predict, project
from tests.people import Person, somebody
from tests.tasks.counting import assert_counters_right
from tests.tasks.test_recycle_bin import everything, nothing_in_the_bin, undone
from tests.tasks.work import mood, span, task_ids

pytestmark = pytest.mark.django_db
__all__ = ["owner", "project"]

# What an undo may leave different: who touched a row last, and that there were versions in between.
TOUCHED = ("updated_at", "updated_by_id", "version", "expires_at")


def state(project: Project) -> dict[str, Any]:
    found = everything(project, *TOUCHED)
    del found["AnnotationVersion"]
    return found


def data_of(project: Project, key: str) -> list[Any]:
    return [json.loads(task.data).get(key) for task in Task.objects.filter(project=project).order_by("pk")]


@pytest.fixture
def furnished(owner: Person, project: Project) -> Project:
    first, second, third, *_rest = task_ids(project)
    predict(owner, first, "Bad", model_version="v1")
    answer(owner, first)
    answer(owner, second, "Bad")
    owner.post(f"/api/tasks/{third}/drafts/", {"result": [*mood(), span()]})
    return project


@pytest.mark.parametrize(
    ("action", "more", "number"),
    [
        ("delete_tasks", {}, 6),
        ("delete_tasks_annotations", {}, 2),
        ("delete_tasks_predictions", {}, 1),
        ("delete_tasks_drafts", {}, 1),
        ("predictions_to_annotations", {}, 1),
        ("add_data_field", {"value_name": "text", "value_type": "String", "value": "new"}, 6),
        ("add_data_field", {"value_name": "n", "value_type": "Expression", "value": "range(5)"}, 6),
        ("cache_labels", {"control_tag": "ALL"}, 6),
        ("rename_labels", {"control_tag": "mood", "old_label_name": "Good", "new_label_name": "Fine", "change_config": True}, 1),
        ("rename_labels", {"control_tag": "mood", "old_label_name": "Good", "new_label_name": "Bad", "change_config": True}, 1),
        ("set_ground_truth", {"value": "Set"}, 2),
    ],
)
def test_an_action_and_its_undo(owner: Person, furnished: Project, action: str, more: dict[str, Any], number: int) -> None:
    before, config = state(furnished), Project.objects.get(pk=furnished.pk).label_config
    said = done(owner, furnished, action, {**EVERYTHING, **more})
    assert (said["processed_items"], said["detail"] != "") == (number, True)
    assert state(furnished) != before
    assert_counters_right(furnished)
    undone(owner, furnished)
    assert state(furnished) == before
    assert Project.objects.get(pk=furnished.pk).label_config == config
    assert nothing_in_the_bin()
    assert_counters_right(furnished)


@pytest.mark.parametrize("action", ["delete_tasks", "delete_tasks_annotations", "delete_tasks_predictions", "remove_duplicates"])
def test_nothing_is_taken_away_without_a_selection(owner: Person, furnished: Project, action: str) -> None:
    assert ask(owner, furnished, action).status_code == 400
    assert done(owner, furnished, action, only())["processed_items"] == 0
    assert Task.objects.filter(project=furnished).count() == 6


def test_the_words_that_clients_read(owner: Person, furnished: Project) -> None:
    assert done(owner, furnished, "delete_tasks_annotations", EVERYTHING)["detail"] == "Deleted 2 annotations"
    assert done(owner, furnished, "delete_tasks_predictions", EVERYTHING)["detail"] == "Deleted 1 predictions"
    first, *_others = task_ids(furnished)
    said = done(owner, furnished, "delete_tasks", only(first))
    assert (said["processed_items"], said["detail"], said["reload"]) == (1, "Deleted 1 tasks", False)
    assert done(owner, furnished, "delete_tasks", EVERYTHING)["reload"] is True


def test_annotations_of_one_person_are_deleted(owner: Person, project: Project) -> None:
    other = somebody(Role.ANNOTATOR, owner.organization)
    first = task_ids(project)[0]
    answer(owner, first)
    answer(other, first)
    assert done(owner, project, "delete_tasks_annotations", {**EVERYTHING, "annotator": other.user.pk})["processed_items"] == 1
    assert Annotation.objects.get().completed_by == owner.user


def test_duplicates_leave_their_annotations_to_the_first(owner: Person, project: Project) -> None:
    other = somebody(Role.ANNOTATOR, owner.organization)
    first = task_ids(project)[0]
    same = [owner.post("/api/tasks/", {"project": project.pk, "data": data}).json()["id"] for data in ({"text": "a", "n": 1}, {"n": 1, "text": "a"}, {"text": "a", "n": 1})]  # fmt: skip
    guess = predict(owner, same[1])
    answer(owner, same[0], ground_truth=True)
    moved = answer(other, same[1], parent_prediction=guess)
    owner.patch(f"/api/annotations/{moved}/", {"result": mood("Bad"), "ground_truth": True})
    owner.post(f"/api/tasks/{same[1]}/annotations/{moved}/drafts/", {"result": mood()})
    owner.post("/api/comments/", {"annotation": moved, "text": "Are you sure?"})
    run_loops_until_idle()
    before = state(project)
    said = done(owner, project, "remove_duplicates", EVERYTHING)
    assert (said["processed_items"], said["detail"]) == (2, "Removed 2 tasks")
    run_loops_until_idle()
    assert answered_by(owner, project, other) == commented(owner, project) == [same[0]], "what follows annotations follows them"
    assert Annotation.objects.get(pk=moved).task_id == same[0]
    assert Annotation.objects.filter(ground_truth=True).count() == 1
    assert set(Task.objects.filter(pk__in=[first, *same]).values_list("pk", flat=True)) == {first, same[0]}
    assert len(owner.get(f"/api/annotations/{moved}/versions/").json()) == 2
    assert_counters_right(project)
    undone(owner, project)
    run_loops_until_idle()
    assert state(project) == before
    assert answered_by(owner, project, other) == commented(owner, project) == [same[1]]
    assert_counters_right(project)


def answered_by(owner: Person, project: Project, person: Person) -> list[int]:
    """The tasks that the search index knows this person's answers of."""
    item = {"filter": "filter:tasks:annotators", "operator": "contains", "type": "List", "value": person.user.pk}
    return found_by(owner, project, item)


def commented(owner: Person, project: Project) -> list[int]:
    return found_by(owner, project, {"filter": "filter:tasks:comment_count", "operator": "greater", "type": "Number", "value": 0})


def found_by(owner: Person, project: Project, item: dict[str, Any]) -> list[int]:
    query = json.dumps({"filters": {"conjunction": "and", "items": [item]}})
    return [task["id"] for task in owner.get("/api/tasks/", project=project.pk, query=query).json()["tasks"]]


def test_expressions(owner: Person, project: Project) -> None:
    def field(expression: str, name: str = "x") -> list[Any]:
        body = {**EVERYTHING, "value_name": name, "value_type": "Expression", "value": expression}
        done(owner, project, "add_data_field", body)
        return data_of(project, name)

    assert field("range(3)") == [3, 4, 5, 6, 7, 8]
    assert sorted(field("sample()")) == [0, 1, 2, 3, 4, 5]
    assert all(1 <= value <= 3 for value in field("random(1, 3)"))
    assert set(field('choices(["a", "b"], [1, 0])')) == {"a"}
    assert field('replace("text", "word")', "text") == [f"word {number}" for number in range(6)]
    done(owner, project, "add_data_field", {**EVERYTHING, "value_name": "n", "value_type": "Number", "value": "2.5"})
    assert set(data_of(project, "n")) == {2.5}
    assert_counters_right(project)


@pytest.mark.parametrize(
    "value",
    ["range()", "range(1.5)", "sample(1)", "random(3, 1)", "choices([])", 'choices(["a"], [1, 2])', "choices(['a'])", 'replace("", "x")', "__import__('os')", "range(1", "exec(1)", "choices([1], [-1])"],
)  # fmt: skip
def test_what_is_no_expression_is_refused(owner: Person, project: Project, value: str) -> None:
    body = {**EVERYTHING, "value_name": "x", "value_type": "Expression", "value": value}
    assert ask(owner, project, "add_data_field", body).status_code == 400


@pytest.mark.parametrize(
    ("action", "body"),
    [
        ("add_data_field", {"value_name": "", "value": "x"}), ("add_data_field", {"value_name": "x", "value_type": "Number", "value": "many"}),
        ("add_data_field", {"value_name": "x", "value_type": "Code", "value": "x"}), ("propagate_annotations", {"source_annotation_id": 10**9}),
        ("propagate_annotations", {}), ("rename_labels", {"control_tag": "mood"}), ("set_ground_truth", {"value": "Maybe"}),
        ("rename_labels", {"control_tag": "mood", "old_label_name": "Unknown", "new_label_name": "x", "change_config": True}),
        ("assign_tasks", {"users": []}), ("assign_tasks", {"users": [10**9]}), ("assign_tasks", {"type": "Lend", "users": [1]}), ("cache_labels", {"source": "Air"}),
    ],
)  # fmt: skip
def test_wrong_parameters_are_a_400(owner: Person, project: Project, action: str, body: dict[str, Any]) -> None:
    assert ask(owner, project, action, {**EVERYTHING, **body}).status_code == 400


def test_labels_in_the_data(owner: Person, furnished: Project) -> None:
    done(owner, furnished, "cache_labels", {**EVERYTHING, "control_tag": "mood", "with_counters": "No"})
    assert data_of(furnished, "cache_mood")[:3] == ["Good", "Bad", ""]
    done(owner, furnished, "cache_labels", {**EVERYTHING, "control_tag": "ALL", "source": "Predictions"})
    assert data_of(furnished, "cache_predictions_all")[:2] == ["Bad: 1", ""]


def test_an_annotation_is_copied_to_other_tasks(owner: Person, furnished: Project) -> None:
    source = Annotation.objects.order_by("pk").first()
    assert source is not None
    before = state(furnished)
    said = done(owner, furnished, "propagate_annotations", {**EVERYTHING, "source_annotation_id": source.pk})
    assert said["detail"] == "Created 5 annotations"
    assert_counters_right(furnished)
    changed = Annotation.objects.order_by("-pk")[0].pk
    owner.patch(f"/api/annotations/{changed}/", {"result": mood("Bad")})
    assert undone(owner, furnished)["restored"]["left"] == 1  # what somebody has worked on since stays
    owner.delete(f"/api/annotations/{changed}/")
    assert state(furnished)["Annotation"] == before["Annotation"]
    assert_counters_right(furnished)


def test_renaming_reaches_everything_and_the_set_up(owner: Person, furnished: Project) -> None:
    body = {"control_tag": "mood", "old_label_name": "Bad", "new_label_name": "Poor", "change_config": True}
    said = done(owner, furnished, "rename_labels", {**EVERYTHING, **body})
    assert said["detail"] == "Updated 1 labels in 1 annotations"
    assert "Poor" in Project.objects.get(pk=furnished.pk).label_config
    assert "Poor" in Prediction.objects.get().result
    summary = owner.get(f"/api/projects/{furnished.pk}/summary/").json()
    assert summary["created_labels"]["mood"] == {"Good": 1, "Poor": 1}
    assert [row["reason"] for row in owner.get(f"/api/annotations/{Annotation.objects.order_by('pk')[1].pk}/versions/").json()] == [
        "updated"
    ]


def test_the_queue_offers_assigned_tasks_to_their_people_only(owner: Person, project: Project) -> None:
    ann, bob = (somebody(Role.ANNOTATOR, owner.organization) for _ in range(2))
    tasks = task_ids(project)

    def given(person: Person) -> list[int]:
        found = []
        while (got := person.get(f"/api/projects/{project.pk}/next/")).status_code == 200:
            found.append(got.json()["id"])
            answer(person, found[-1])
        return found

    done(owner, project, "assign_tasks", {**only(tasks[1], tasks[4], tasks[5]), "users": [ann.user.pk]})
    done(owner, project, "assign_tasks", {**only(tasks[5]), "type": "Replace", "users": [bob.user.pk]})
    assert set(Assignment.objects.values_list("task_id", "user_id")) == {
        (tasks[1], ann.user.pk),
        (tasks[4], ann.user.pk),
        (tasks[5], bob.user.pk),
    }
    assert given(bob) == [tasks[5], tasks[0], tasks[2], tasks[3]]
    assert given(ann) == [tasks[1], tasks[4]]
    assert ann.get(f"/api/projects/{project.pk}/next/").status_code == 404


def test_taking_an_assignment_back_opens_the_task_again(owner: Person, project: Project) -> None:
    ann, bob = (somebody(Role.ANNOTATOR, owner.organization) for _ in range(2))
    done(owner, project, "assign_tasks", {**EVERYTHING, "users": [ann.user.pk]})
    assert bob.get(f"/api/projects/{project.pk}/next/").status_code == 404
    undone(owner, project)
    assert bob.get(f"/api/projects/{project.pk}/next/").status_code == 200
    done(owner, project, "assign_tasks", {**EVERYTHING, "users": [ann.user.pk]})
    done(owner, project, "assign_tasks", {**EVERYTHING, "type": "Remove", "users": []})
    assert (Assignment.objects.count(), Task.objects.filter(is_assigned=True).count()) == (0, 0)


def test_much_work_is_a_job_and_its_undo_too(owner: Person, furnished: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    from dataclasses import replace

    from data_manager.actions import register_action
    from data_manager.actions.delete import DELETE_TASKS

    monkeypatch.setattr("data_manager.actions.work.PIECE", 2)
    monkeypatch.setattr("tasks.operations.undo.SHORT", 2)
    before = state(furnished)
    register_action(replace(DELETE_TASKS, short=3))
    try:
        said = ask(owner, furnished, "delete_tasks", EVERYTHING)
        assert said.status_code == 202
        run_job.func(said.json()["job"])
    finally:
        register_action(DELETE_TASKS)
    job = owner.get(f"/api/jobs/{said.json()['job']}/").json()
    assert (job["status"], job["done"], job["total"], job["result"]["processed_items"]) == ("done", 6, 6, 6)
    assert not Task.objects.filter(project=furnished).exists()
    back = owner.post(f"/api/projects/{furnished.pk}/recycle-bin/{job['result']['entry']}/undo/")
    assert back.status_code == 202
    run_job.func(back.json()["job"])
    assert state(furnished) == before
    assert Draft.objects.count() == 1
    assert_counters_right(furnished)


def test_counts_of_a_dialog(owner: Person, furnished: Project) -> None:
    path = f"/api/dm/actions/delete_tasks/counts/?project={furnished.pk}"
    assert owner.post(path, EVERYTHING).json() == {"tasks": 6, "annotations": 2, "drafts": 1, "predictions": 1}
    first, *_others = task_ids(furnished)
    assert owner.post(path, only(first)).json() == {"tasks": 1, "annotations": 1, "drafts": 0, "predictions": 1}
