"""What receivers are told: Label Studio's actions and shapes."""

from __future__ import annotations

from typing import Any

import pytest

from core.events.record import record
from tests.labelled import choice, import_tasks, make_project
from tests.people import Person
from tests.webhooks.conftest import SECRET, Receiver, hook, log, work
from webhooks import payloads
from webhooks.models import Delivery

pytestmark = pytest.mark.django_db

ANNOTATION = {
    "id", "result", "completed_by", "was_cancelled", "ground_truth", "created_at", "updated_at", "draft_created_at", "lead_time", "prediction", "result_count",
    "unique_id", "import_id", "last_action", "bulk_created", "task", "project", "updated_by", "parent_prediction", "parent_annotation", "last_created_by",
}  # fmt: skip
COUNTERS = {
    "task_number", "finished_task_number", "total_predictions_number", "total_annotations_number", "num_tasks_with_annotations", "useful_annotation_number",
    "ground_truth_number", "skipped_annotations_number",
}  # fmt: skip


def add_task(person: Person, project: int, text: str = "x") -> int:
    answer = person.post("/api/tasks/", {"project": project, "data": {"text": text}})
    assert answer.status_code == 201, answer.content
    return int(answer.json()["id"])


def annotate(person: Person, task: int, label: str = "Positive", **fields: Any) -> dict[str, Any]:
    answer = person.post(f"/api/tasks/{task}/annotations/", {"result": choice(label), **fields})
    assert answer.status_code == 201, answer.content
    made: dict[str, Any] = answer.json()
    return made


def test_the_life_of_a_project_as_its_organization_hears_it(ann: Person, receiver: Receiver) -> None:
    hook(ann, receiver.url)
    project = make_project(ann, title="First title")
    ann.patch(f"/api/projects/{project}/", {"title": "Second title"})
    task = add_task(ann, project)
    made = annotate(ann, task)
    ann.patch(f"/api/annotations/{made['id']}/", {"result": choice("Negative")})
    ann.delete(f"/api/annotations/{made['id']}/")
    ann.delete(f"/api/tasks/{task}/")
    ann.delete(f"/api/projects/{project}/")
    work()
    assert receiver.actions == [
        "PROJECT_CREATED", "PROJECT_UPDATED", "TASKS_CREATED", "ANNOTATION_CREATED", "ANNOTATION_UPDATED", "ANNOTATIONS_DELETED", "TASKS_DELETED",
        "PROJECT_DELETED",
    ]  # fmt: skip
    assert all(request.is_signed_with(SECRET) for request in receiver.requests)
    assert all(request.headers["Content-Type"] == "application/json" for request in receiver.requests)
    assert receiver.requests[-1].body == {"action": "PROJECT_DELETED", "project": {"id": project}}
    assert receiver.requests[5].body["annotations"] == [{"id": made["id"]}]
    assert receiver.requests[6].body["tasks"] == [{"id": task}]


def test_projects_come_with_their_settings_and_counts(ann: Person, receiver: Receiver) -> None:
    hook(ann, receiver.url)
    project = make_project(ann, title="A title")
    work()
    shown = receiver.requests[0].body["project"]
    read = ann.get(f"/api/projects/{project}/").json()
    assert shown["created_by"] == ann.user.pk
    assert shown.keys() >= COUNTERS
    same = shown.keys() - {"created_by"}
    assert {name: shown[name] for name in same} == {name: read[name] for name in same}


def test_an_annotation_comes_with_all_its_columns_its_task_and_its_project(ann: Person, receiver: Receiver) -> None:
    project = make_project(ann)
    task = add_task(ann, project)
    hook(ann, receiver.url, project=project)
    made = annotate(ann, task, lead_time=3.5, unique_id="0b0e4a3e-9a0f-4c57-8a8c-6b7b2f2d1c11")
    work()
    body = receiver.requests[0].body
    assert list(body) == ["action", "annotation", "task", "project"]
    assert body["annotation"].keys() == ANNOTATION
    expected = {
        "id": made["id"], "result": choice(), "completed_by": ann.user.pk, "task": task, "project": project, "lead_time": 3.5, "result_count": 1,
        "unique_id": "0b0e4a3e-9a0f-4c57-8a8c-6b7b2f2d1c11", "prediction": {}, "was_cancelled": False, "created_at": made["created_at"],
    }  # fmt: skip
    assert {name: body["annotation"][name] for name in expected} == expected
    assert (body["task"]["id"], body["task"]["data"], body["task"]["is_labeled"]) == (task, {"text": "x"}, True)
    assert (body["project"]["id"], body["project"]["total_annotations_number"]) == (project, 1)


def test_each_event_shows_the_annotation_as_it_was_then(ann: Person, receiver: Receiver) -> None:
    """However late it is sent: the versions know."""
    project = make_project(ann)
    task = add_task(ann, project)
    hook(ann, receiver.url, project=project)
    pk = annotate(ann, task, lead_time=1.5)["id"]
    ann.patch(f"/api/annotations/{pk}/", {"result": choice("Negative")})
    ann.patch(f"/api/annotations/{pk}/", {"result": choice("Neutral"), "was_cancelled": True})
    ann.delete(f"/api/annotations/{pk}/")
    work()
    shown = [request.body["annotation"] for request in receiver.requests[:3]]
    assert [row["result"] for row in shown] == [choice("Positive"), choice("Negative"), choice("Neutral")]
    assert [row["was_cancelled"] for row in shown] == [False, False, True]
    assert all(row.keys() == ANNOTATION for row in shown)
    assert len({row["unique_id"] for row in shown}) == 1
    assert len({row["created_at"] for row in shown}) == 1
    assert [row["updated_at"] for row in shown] == sorted(row["updated_at"] for row in shown)
    assert all(row["created_at"].endswith("Z") and row["updated_at"].endswith("Z") for row in shown)
    assert receiver.actions[3] == "ANNOTATIONS_DELETED"


def test_a_former_state_taken_back_is_an_update(ann: Person, receiver: Receiver) -> None:
    from tasks.operations import restore_version

    project = make_project(ann)
    task = add_task(ann, project)
    pk = annotate(ann, task)["id"]
    ann.patch(f"/api/annotations/{pk}/", {"result": choice("Negative")})
    hook(ann, receiver.url, project=project)
    restore_version(ann.actor, pk, 1)
    work()
    assert receiver.actions == ["ANNOTATION_UPDATED"]
    shown = receiver.requests[0].body["annotation"]
    assert shown["result"] == choice("Positive")
    assert shown["updated_at"] > shown["created_at"]


def test_what_is_gone_when_it_is_told_is_named_by_its_id(ann: Person, receiver: Receiver) -> None:
    project = make_project(ann)
    task = add_task(ann, project)
    hook(ann, receiver.url, project=project)
    pk = annotate(ann, task)["id"]
    ann.delete(f"/api/tasks/{task}/")
    work()
    body = receiver.requests[0].body
    assert (body["annotation"], body["task"]) == ({"id": pk}, {"id": task})


def test_imported_tasks_are_told_in_pieces_of_bounded_size(ann: Person, receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(payloads, "TASKS_IN_A_PIECE", 4)
    project = make_project(ann)
    made = hook(ann, receiver.url, project=project)
    import_tasks(ann, project, [{"text": f"text {number}"} for number in range(10)])
    work()
    assert receiver.actions == ["TASKS_CREATED"] * 3
    told = [[task["data"]["text"] for task in request.body["tasks"]] for request in receiver.requests]
    assert [len(piece) for piece in told] == [4, 4, 2]
    assert [text for piece in told for text in piece] == [f"text {number}" for number in range(10)]
    assert [(row["status"], row["attempts"]) for row in log(ann, made)] == [("delivered", 1)]

    monkeypatch.setattr(payloads, "TASKS_IN_A_PIECE", 5_000)
    monkeypatch.setattr(payloads, "BYTES_IN_A_PIECE", 2_500)
    receiver.requests.clear()
    import_tasks(ann, project, [{"text": "x" * 1_000} for _ in range(5)])
    work()
    assert [len(request.body["tasks"]) for request in receiver.requests] == [2, 2, 1]


def test_a_piece_that_fails_is_sent_again_and_those_before_it_are_not(
    ann: Person, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tests.webhooks.conftest import pass_time

    monkeypatch.setattr(payloads, "TASKS_IN_A_PIECE", 2)
    project = make_project(ann)
    hook(ann, receiver.url, project=project)
    import_tasks(ann, project, [{"text": str(number)} for number in range(5)])
    receiver.answer = lambda request: 500 if len(receiver.requests) == 1 else 200
    work()
    pass_time(minutes=1)
    work()
    told = [[task["data"]["text"] for task in request.body["tasks"]] for request in receiver.requests]
    assert told == [["0", "1"], ["2", "3"], ["2", "3"], ["4"]]


def test_deleted_tasks_and_annotations_are_told_in_pieces(ann: Person, receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(payloads, "TASKS_IN_A_PIECE", 2)
    project = make_project(ann)
    tasks = [add_task(ann, project) for _ in range(3)]
    hook(ann, receiver.url, project=project)
    ann.delete(f"/api/projects/{project}/tasks/")
    work()
    assert [request.body["tasks"] for request in receiver.requests] == [[{"id": tasks[0]}, {"id": tasks[1]}], [{"id": tasks[2]}]]


def test_several_annotations_made_at_once_are_one_event(ann: Person, receiver: Receiver) -> None:
    project = make_project(ann)
    tasks = [add_task(ann, project) for _ in range(2)]
    made = [annotate(ann, task)["id"] for task in tasks]
    hook(ann, receiver.url, project=project)
    record("annotation.created", ann.actor, project=project, ids=made)
    work()
    body = receiver.requests[0].body
    assert body["action"] == "ANNOTATIONS_CREATED"
    assert [row["id"] for row in body["annotation"]] == made
    assert [row["id"] for row in body["task"]] == tasks
    assert body["project"]["id"] == project


def test_without_payload_only_the_action_is_sent(ann: Person, receiver: Receiver) -> None:
    project = make_project(ann)
    hook(ann, receiver.url, project=project, send_payload=False)
    add_task(ann, project)
    work()
    assert [request.body for request in receiver.requests] == [{"action": "TASKS_CREATED"}]


def test_a_webhook_hears_what_it_asked_for_in_its_project_since_it_was_made(ann: Person, receiver: Receiver) -> None:
    mine, other = make_project(ann), make_project(ann)
    add_task(ann, mine)
    hook(ann, receiver.url + "/project", project=mine, send_for_all_actions=False, actions=["TASKS_CREATED", "PROJECT_DELETED"])
    hook(ann, receiver.url + "/off", is_active=False)
    hook(ann, receiver.url + "/all", send_for_all_actions=False, actions=["TASKS_CREATED"])
    add_task(ann, mine)
    add_task(ann, other)
    ann.patch(f"/api/projects/{mine}/", {"title": "Changed"})
    ann.delete(f"/api/projects/{mine}/")
    work()
    told = sorted((request.path, request.body["project"]["id"]) for request in receiver.requests)
    assert told == [("/hook/all", mine), ("/hook/all", other)], "a deleted project's webhooks are silent"
    assert Delivery.objects.filter(webhook__project=mine).count() == 0


def test_what_events_say_costs_a_fixed_number_of_statements(ann: Person, receiver: Receiver, django_assert_max_num_queries: Any) -> None:
    project = make_project(ann)
    made = hook(ann, receiver.url, project=project)
    add_task(ann, project)
    work()
    for _ in range(20):
        add_task(ann, project)
    from core.events.consumers import consumers
    from core.events.delivery import deliver_next

    (ours,) = [consumer for consumer in consumers() if consumer.name == "webhooks"]
    with django_assert_max_num_queries(14):  # savepoints included
        deliver_next(ours)
    assert len(log(ann, made)) == 21
