"""Annotations by the API: submit, change, skip, ground truth, versions, who may what (§1.7 and §2.3 of the API)."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

import pytest

from core.permissions import Role
from core.rawjson import dump_json, json_text, read_json
from projects.models import Project
from tasks.models import Annotation, AnnotationVersion, Draft, Task
from tasks.operations.bulk import NewPrediction, NewTask, add_tasks
from tests.people import Person, somebody
from tests.tasks.counting import assert_counters_right
from tests.tasks.work import mood, project_of, span, task_ids

pytestmark = pytest.mark.django_db

FIELDS = {
    "id", "result", "created_username", "created_ago", "completed_by", "was_cancelled", "ground_truth", "created_at", "updated_at", "draft_created_at",
    "lead_time", "import_id", "last_action", "bulk_created", "task", "project", "updated_by", "parent_prediction", "parent_annotation", "last_created_by",
}  # fmt: skip


@pytest.fixture
def ann() -> Person:
    return somebody(Role.MANAGER)


@pytest.fixture
def bob(ann: Person) -> Person:
    return somebody(Role.ANNOTATOR, ann.organization)


@pytest.fixture
def project(ann: Person) -> Project:
    return project_of(ann, 3)


@pytest.fixture
def task(project: Project) -> int:
    return task_ids(project)[0]


def submit(person: Person, task: int, **body: Any) -> dict[str, Any]:
    answer = person.post(f"/api/tasks/{task}/annotations/", {"result": mood(), **body})
    assert answer.status_code == 201, answer.content
    return answer.json()  # type: ignore[no-any-return]


def test_an_annotation_comes_back_as_it_was_sent(ann: Person, task: int) -> None:
    result = [
        *mood(score=0.25, meta={"text": ["ü"]}, origin="manual"),
        span(),
        {"type": "relation", "from_id": "r1", "to_id": "r2", "direction": "right"},
    ]
    made = submit(ann, task, result=result, lead_time=12.5)
    assert set(made) == FIELDS
    assert (made["result"], made["lead_time"], made["completed_by"], made["task"]) == (result, 12.5, ann.user.pk, task)
    assert made["created_username"] == f" Person {ann.user.last_name} {ann.user.email}, {ann.user.pk}"
    assert made["created_ago"] == "0\u00a0minutes"
    assert ann.get(f"/api/annotations/{made['id']}").json() == made
    assert ann.get(f"/api/tasks/{task}/annotations/").json() == [made]
    details = ann.get(f"/api/tasks/{task}/").json()
    person = details["annotations"][0]["completed_by"]
    assert person == {
        "id": ann.user.pk, "first_name": "Person", "last_name": ann.user.last_name, "avatar": None, "email": ann.user.email, "initials": ann.user.initials,
    }  # fmt: skip
    assert (details["is_labeled"], details["annotators"], details["completed_at"]) == (True, [ann.user.pk], made["created_at"])
    assert details["updated_by"] == [{"user_id": ann.user.pk}]


def test_results_may_be_text_or_absent(ann: Person, task: int) -> None:
    assert submit(ann, task, result=json_text(mood("Bad")))["result"] == mood("Bad")
    assert ann.post(f"/api/tasks/{task}/annotations", {}).json()["result"] is None
    assert not Task.objects.get(pk=task_ids(Project.objects.get())[1]).is_labeled


@pytest.mark.parametrize(
    ("body", "field", "place"),
    [
        ({"result": {"a": 1}}, "result", "list"), ({"result": 5}, "result", "list"), ({"result": "nonsense"}, "result", "JSON"),
        ({"result": [1]}, "result", "result[0]"), ({"result": [{"type": "choices", "from_name": "mood", "to_name": "text", "value": {"choices": "Good"}}]}, "result", "result[0].value.choices"),
        ({"result": [{"value": {}}]}, "result", "result[0].type"), ({"lead_time": "long"}, "lead_time", "number"), ({"lead_time": True}, "lead_time", "number"),
        ({"was_cancelled": "perhaps"}, "was_cancelled", "boolean"), ({"unique_id": "x"}, "unique_id", "UUID"), ({"completed_by": "me"}, "completed_by", "integer"),
        ({"completed_by": 987654}, "completed_by", "no such person"),
    ],
)  # fmt: skip
def test_a_mistake_is_told_at_its_place(ann: Person, task: int, body: dict[str, Any], field: str, place: str) -> None:
    answer = ann.post(f"/api/tasks/{task}/annotations/", body)
    assert (answer.status_code, list(answer.json()["validation_errors"])) == (400, [field])
    assert place in str(answer.json()["validation_errors"][field])
    assert not Annotation.objects.exists()


@pytest.mark.parametrize("body", [b'{"lead_time": 1e999}', b'{"lead_time": NaN}', b"[", b"[]", b'{"result": [{"a": "\\u0000"}]}'])
def test_what_is_no_json_of_ours_is_refused(ann: Person, task: int, body: bytes) -> None:
    assert ann.client.generic("POST", f"/api/tasks/{task}/annotations/", body).status_code == 400


def test_what_the_config_does_not_know_is_kept_with_a_warning(ann: Person, task: int) -> None:
    made = submit(ann, task, result=mood("Unheard of"))
    assert any("Unheard of" in warning for warning in made["warnings"])
    assert ann.get(f"/api/annotations/{made['id']}").json()["result"] == mood("Unheard of")


def test_a_repeat_with_the_same_key_gets_the_first_answer(ann: Person, bob: Person, project: Project, task: int) -> None:
    def send(person: Person, where: int, **body: Any) -> Any:
        return person.post(f"/api/tasks/{where}/annotations/?next=1", {"result": mood(), **body}, headers={"Idempotency-Key": "4711"})

    first, again = send(ann, task), send(ann, task, result=mood("Bad"))
    assert (first.status_code, again.status_code) == (201, 201)
    assert {name: again.json()[name] for name in ("id", "result", "created_at")} == {
        name: first.json()[name] for name in ("id", "result", "created_at")
    }
    assert first.json()["next_task"]["id"] == again.json()["next_task"]["id"]
    assert send(bob, task).json()["id"] != first.json()["id"]
    assert send(ann, task_ids(project)[1]).status_code == 409
    assert ann.post(f"/api/tasks/{task}/annotations/", {}, headers={"Idempotency-Key": "k" * 101}).status_code == 400
    assert Annotation.objects.count() == 2
    assert_counters_right(project)


def test_a_unique_id_that_is_taken_is_409_with_the_existing_id(ann: Person, project: Project, task: int) -> None:
    name = str(uuid.uuid4())
    made = submit(ann, task, unique_id=name)
    again = ann.post(f"/api/tasks/{task}/annotations/", {"result": mood(), "unique_id": name})
    assert (again.status_code, again.json()["annotation"]) == (409, made["id"])
    stranger = somebody(Role.OWNER)
    theirs = project_of(stranger, 1)
    refused = stranger.post(f"/api/tasks/{task_ids(theirs)[0]}/annotations/", {"result": mood(), "unique_id": name})
    assert refused.status_code == 409
    assert "annotation" not in refused.json()
    assert_counters_right(project)


def test_skipping_and_taking_it_back(ann: Person, project: Project, task: int) -> None:
    made = ann.post(f"/api/tasks/{task}/annotations/?was_cancelled=1", {"result": mood()}).json()
    assert made["was_cancelled"] is True
    assert ann.get(f"/api/tasks/{task}/annotations/").json() == []
    row = Task.objects.get(pk=task)
    assert (row.total_annotations, row.cancelled_annotations, row.is_labeled) == (0, 1, False)
    assert ann.patch(f"/api/annotations/{made['id']}/", {"was_cancelled": False}).status_code == 200
    row.refresh_from_db()
    assert (row.total_annotations, row.cancelled_annotations, row.is_labeled) == (1, 0, True)
    assert ann.patch(f"/api/tasks/{task_ids(project)[1]}/", {"allow_skip": False}).status_code == 200
    assert ann.post(f"/api/tasks/{task_ids(project)[1]}/annotations/", {"was_cancelled": True}).status_code == 400


def test_one_ground_truth_for_a_task(ann: Person, bob: Person, project: Project, task: int) -> None:
    first, second = submit(ann, task, ground_truth=True), submit(ann, task)
    assert ann.patch(f"/api/annotations/{second['id']}/", {"ground_truth": True}).json()["ground_truth"] is True
    assert list(Annotation.objects.filter(ground_truth=True).values_list("pk", flat=True)) == [second["id"]]
    third = submit(ann, task, ground_truth=True)
    assert list(Annotation.objects.filter(ground_truth=True).values_list("pk", flat=True)) == [third["id"]]
    assert ann.get(f"/api/annotations/{first['id']}/").json()["ground_truth"] is False
    assert bob.post(f"/api/tasks/{task}/annotations/", {"result": mood(), "ground_truth": True}).status_code == 403
    assert submit(bob, task, ground_truth=False)["ground_truth"] is False
    assert_counters_right(project)


def test_every_change_keeps_the_former_state(ann: Person, bob: Person, project: Project, task: int) -> None:
    made = submit(bob, task, lead_time=1)
    path = f"/api/annotations/{made['id']}/"
    assert bob.get(f"{path}versions/").json() == []
    changed = ann.patch(path, {"result": mood("Bad")})
    assert (changed.json()["result"], changed.json()["updated_by"], changed.json()["completed_by"]) == (
        mood("Bad"),
        ann.user.pk,
        bob.user.pk,
    )
    assert ann.patch(path, {"result": mood("Bad"), "lead_time": 9}).json()["lead_time"] == 9
    versions = bob.get(f"{path}versions/").json()
    assert [(row["version"], row["result"], row["reason"], row["created_by"]["id"], row["replaced_by"]["id"]) for row in versions] == [
        (1, mood(), "updated", bob.user.pk, ann.user.pk)
    ]
    assert ann.put(path, {"result": [span()]}).status_code == 200
    back = bob.post(f"{path}versions/1/restore/")
    assert (back.status_code, back.json()["result"]) == (200, mood())
    assert [(row["version"], row["reason"]) for row in ann.get(f"{path}versions").json()] == [
        (3, "restored"),
        (2, "updated"),
        (1, "updated"),
    ]
    assert bob.post(f"{path}versions/77/restore/").status_code == 404
    assert_counters_right(project)


def test_a_deleted_annotation_can_be_taken_back(ann: Person, bob: Person, project: Project, task: int) -> None:
    name = str(uuid.uuid4())
    made = submit(bob, task, unique_id=name, lead_time=3, result=[*mood(), span()])
    ann.post(f"/api/tasks/{task}/annotations/{made['id']}/drafts/", {"result": mood("Bad")})
    assert bob.delete(f"/api/annotations/{made['id']}/").status_code == 204
    assert bob.get(f"/api/annotations/{made['id']}/").status_code == 404
    assert (Task.objects.get(pk=task).is_labeled, Draft.objects.count()) == (False, 0)
    gone = bob.get(f"/api/tasks/{task}/annotation-versions/?deleted=true").json()
    assert [(row["annotation"], row["reason"], row["result"]) for row in gone] == [(made["id"], "deleted", made["result"])]
    back = bob.post(f"/api/annotations/{made['id']}/versions/{gone[0]['version']}/restore/").json()
    assert {name: back[name] for name in FIELDS - {"updated_at"}} == {name: made[name] for name in FIELDS - {"updated_at"}}
    assert str(Annotation.objects.get(pk=made["id"]).unique_id) == name
    assert bob.get(f"/api/tasks/{task}/annotation-versions/?deleted=true").json() == []
    assert_counters_right(project)


def test_ids_are_never_used_again(ann: Person, task: int) -> None:
    first = submit(ann, task)["id"]
    ann.delete(f"/api/annotations/{first}/")
    assert submit(ann, task)["id"] > first


def test_if_match_keeps_two_from_overwriting_each_other(ann: Person, bob: Person, task: int) -> None:
    made = submit(bob, task)
    path = f"/api/annotations/{made['id']}/"
    tag = {"If-Match": f'"{made["updated_at"]}"'}
    assert bob.get(path).headers["ETag"] == tag["If-Match"]
    mine = bob.patch(path, {"result": mood("Bad")}, headers=tag)
    assert mine.status_code == 200
    theirs = ann.patch(path, {"result": [span()]}, headers=tag)
    assert (theirs.status_code, theirs.json()["annotation"]["result"]) == (412, mood("Bad"))
    # The repeat of a change that has arrived is no conflict.
    assert bob.patch(path, {"result": mood("Bad")}, headers=tag).status_code == 200
    assert ann.patch(path, {"result": [span()]}, headers={"If-Match": mine.headers["ETag"]}).status_code == 200
    assert ann.patch(path, {"result": []}, headers={"If-Match": '"yesterday"'}).status_code == 400
    assert ann.patch(path, {"result": []}, headers={"If-Match": "*"}).status_code == 200
    assert AnnotationVersion.objects.count() == 3


def test_annotators_see_and_change_only_what_is_theirs(ann: Person, bob: Person, task: int) -> None:
    eve = somebody(Role.ANNOTATOR, ann.organization)
    reviewer = somebody(Role.REVIEWER, ann.organization)
    made, mine = submit(bob, task), submit(eve, task)
    path = f"/api/annotations/{made['id']}/"
    assert eve.get(path).status_code == 404
    assert eve.patch(path, {"result": []}).status_code == 404
    assert eve.delete(path).status_code == 404
    assert eve.get(f"{path}versions/").status_code == 404
    assert eve.post(f"{path}convert-to-draft/").status_code == 404
    assert [row["id"] for row in eve.get(f"/api/tasks/{task}/").json()["annotations"]] == [mine["id"]]
    assert [row["id"] for row in eve.get(f"/api/tasks/{task}/annotations/").json()] == [mine["id"]]
    assert eve.get(f"/api/tasks/{task}/agreement").json()["total_annotations"] == 1
    assert [row["id"] for row in reviewer.get(f"/api/tasks/{task}/annotations/").json()] == [made["id"], mine["id"]]
    assert reviewer.patch(path, {"result": []}).status_code == 200
    assert eve.post("/api/annotations/bulk-delete/", {"ids": [made["id"]], "project": made["project"]}).status_code == 404
    assert reviewer.delete(path).status_code == 204


def test_only_managers_answer_for_others(ann: Person, bob: Person, task: int) -> None:
    assert submit(ann, task, completed_by=bob.user.pk)["completed_by"] == bob.user.pk
    assert submit(ann, task, completed_by=None)["completed_by"] == ann.user.pk
    assert bob.post(f"/api/tasks/{task}/annotations/", {"result": mood(), "completed_by": ann.user.pk}).status_code == 403
    assert submit(bob, task, completed_by=bob.user.pk)["completed_by"] == bob.user.pk
    stranger = somebody(Role.OWNER)
    assert ann.post(f"/api/tasks/{task}/annotations/", {"result": mood(), "completed_by": stranger.user.pk}).status_code == 400


def test_other_organizations_find_nothing(ann: Person, task: int) -> None:
    made = submit(ann, task)
    stranger = somebody(Role.OWNER)
    path = f"/api/annotations/{made['id']}/"
    asked = [
        stranger.get(f"/api/tasks/{task}/"), stranger.patch(f"/api/tasks/{task}/", {"data": 1}), stranger.delete(f"/api/tasks/{task}/"),
        stranger.post(f"/api/tasks/{task}/annotations/", {"result": mood()}), stranger.get(path), stranger.patch(path, {"result": []}), stranger.delete(path),
        stranger.get(f"{path}versions/"), stranger.post(f"{path}versions/1/restore/"), stranger.post(f"{path}convert-to-draft/"),
        stranger.post(f"/api/tasks/{task}/drafts/", {"result": []}), stranger.get(f"/api/tasks/{task}/drafts/"), stranger.get(f"/api/tasks/{task}/annotation-versions"),
        stranger.post("/api/annotations/bulk-delete/", {"ids": [made["id"]], "project": made["project"]}),
        stranger.post("/api/annotations/bulk/", {"tasks": [task], "result": []}), stranger.delete(f"/api/projects/{made['project']}/tasks/"),
    ]  # fmt: skip
    assert [answer.status_code for answer in asked] == [404] * len(asked)
    assert stranger.post("/api/tasks/", {"project": made["project"], "data": {"text": "a"}}).status_code == 400
    assert stranger.post("/api/predictions/", {"task": task, "result": "Good"}).status_code == 400
    assert Annotation.objects.get().result == json_text(mood())


def test_the_list_is_ordered(ann: Person, task: int) -> None:
    ids = [submit(ann, task, lead_time=seconds)["id"] for seconds in (3, 1, 2)]
    ann.post(f"/api/tasks/{task}/annotations/", {"was_cancelled": True})
    path = f"/api/tasks/{task}/annotations/"
    assert [row["id"] for row in ann.get(path).json()] == ids
    assert [row["id"] for row in ann.get(path, ordering="-id").json()] == ids[::-1]
    assert [row["lead_time"] for row in ann.get(path, ordering="lead_time").json()] == [1, 2, 3]
    assert ann.get(path, ordering="task__project__title").status_code == 400


def test_the_prediction_that_was_shown_is_kept_with_the_answer(ann: Person) -> None:
    project = project_of(ann, 0)
    add_tasks(ann.actor, project, [NewTask(json_text({"text": "a"}), predictions=[NewPrediction(mood("Bad"), 0.75, "v1")])])
    task = task_ids(project)[0]
    shown = ann.get(f"/api/tasks/{task}/").json()["predictions"][0]
    made = submit(ann, task, parent_prediction=shown["id"])
    assert made["parent_prediction"] == shown["id"]
    kept = read_json(Annotation.objects.get().prediction)
    assert kept == {**shown, "created_ago": kept["created_ago"]}
    assert ann.delete(f"/api/predictions/{shown['id']}/").status_code == 204
    assert ann.get(f"/api/annotations/{made['id']}/").json()["parent_prediction"] is None
    assert submit(ann, task, parent_prediction=shown["id"], parent_annotation=made["id"])["parent_annotation"] == made["id"]


@pytest.mark.parametrize("tasks", [10, 500])
def test_submitting_takes_nine_statements_at_most(ann: Person, tasks: int, statements: Callable[[], Any]) -> None:
    """With everything that can come together: draft, lease, prediction, ground truth, labels. (Label Studio's fault 5: a submit recounts and writes again and again)"""
    project = project_of(ann, 0)
    add_tasks(ann.actor, project, (NewTask(json_text({"text": "a"}), predictions=[NewPrediction(mood(), 0.5, "v1")]) for _ in range(tasks)))
    task = ann.get(f"/api/projects/{project.pk}/next").json()
    draft = ann.post(f"/api/tasks/{task['id']}/drafts/", {"result": [span()]}).json()
    from tasks.operations import submit_annotation

    fields = {
        "result": [*mood(), span()], "ground_truth": True, "draft_id": draft["id"], "lead_time": 2.0, "unique_id": uuid.uuid4(), "parent_prediction": task["predictions"][0]["id"],
    }  # fmt: skip
    with statements() as counted:
        made = submit_annotation(ann.actor, task["id"], fields, key="k")
    assert len(counted) == 9, counted
    assert read_json(dump_json(made["draft_created_at"])) == draft["created_at"]
    with statements() as counted:
        submit_annotation(ann.actor, task["id"], {"result": mood()})
    assert len(counted) <= 7, counted
    assert_counters_right(project)


def test_many_at_once(ann: Person, bob: Person, project: Project) -> None:
    ids = task_ids(project)
    answer = bob.post("/api/annotations/bulk/", {"tasks": ids[:2], "result": mood(), "lead_time": 4})
    made = [row["id"] for row in answer.json()]
    assert (answer.status_code, len(made)) == (201, 2)
    row = bob.get(f"/api/annotations/{made[0]}/").json()
    assert (row["result"], row["bulk_created"], row["completed_by"], row["task"]) == (mood(), True, bob.user.pk, ids[0])
    chosen = ann.post(
        "/api/annotations/bulk/",
        {"project": project.pk, "selected_items": {"all": True, "excluded": [ids[0]]}, "result": [], "ground_truth": True},
    )
    assert len(chosen.json()) == 2
    assert ann.post("/api/annotations/bulk/", {"selected_items": {"all": False, "included": []}, "result": []}).status_code == 400
    assert ann.post("/api/annotations/bulk/", {"tasks": [ids[0], 10**9], "result": []}).status_code == 400
    assert ann.post("/api/annotations/bulk/", {"tasks": "all", "result": []}).status_code == 400
    assert_counters_right(project)
    gone = ann.post("/api/annotations/bulk-delete/", {"ids": made, "project": project.pk})
    assert gone.json() == {"deleted_count": 2}
    assert_counters_right(project)
    back = ann.post(f"/api/annotations/{made[0]}/versions/1/restore/").json()
    assert (back["result"], back["created_at"], back["bulk_created"], back["completed_by"]) == (
        mood(),
        row["created_at"],
        True,
        bob.user.pk,
    )
    assert_counters_right(project)


def test_an_empty_ground_truth_that_gives_way_is_not_useful(ann: Person, project: Project, task: int) -> None:
    ann.post(f"/api/tasks/{task}/annotations/", {"result": None, "ground_truth": True})
    other = submit(ann, task)
    ann.patch(f"/api/annotations/{other['id']}/", {"ground_truth": True})
    project.refresh_from_db()
    assert project.useful_annotation_number == 0
    assert_counters_right(project)
