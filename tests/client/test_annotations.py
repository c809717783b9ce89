"""Scenarios 27-30: annotations, drafts, skipping and the queue, with the unmodified SDK."""

from __future__ import annotations

import uuid
from typing import Any

import pytest

from tests.client.scenario import Server, refused
from tests.labelled import TEXT_CONFIG, choice

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.filterwarnings("ignore")]


def project_of(client: Any, tasks: int, **fields: Any) -> tuple[int, list[int]]:
    project = client.projects.create(title="Scenario", label_config=TEXT_CONFIG, **fields).id
    answer = client.projects.import_tasks(id=project, request=[{"text": str(n)} for n in range(tasks)], return_task_ids=True)
    return project, list(answer.task_ids)


def following(http: Any, project: int) -> Any:
    """The task that the queue gives; None when there is none."""
    answer = http.get(f"/api/projects/{project}/next/")
    if answer.status_code == 404:
        assert answer.json()["detail"].startswith("There are no tasks")
        return None
    assert answer.status_code == 200, answer.text
    return answer.json()


def submit(http: Any, task: int, **fields: Any) -> dict[str, Any]:
    answer = http.post(f"/api/tasks/{task}/annotations/", json={"result": choice(), **fields})
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


def test_27_annotations(server: Server, clients: list[Any]) -> None:
    for client in clients:
        project, (task, _other) = project_of(client, 2)
        unique = str(uuid.uuid4())
        made = client.annotations.create(id=task, result=choice(), unique_id=unique, ground_truth=True, lead_time=3.5)
        refused(409, client.annotations.create, id=task, result=choice(), unique_id=unique)
        skipped = client.annotations.create(id=task, result=[], was_cancelled=True)
        assert [row.id for row in client.annotations.list(id=task)] == [made.id], "the list hides what was skipped"
        assert client.annotations.get(id=skipped.id).was_cancelled is True
        second = client.annotations.create(id=task, result=choice("Neutral"), ground_truth=True)
        assert [client.annotations.get(id=pk).ground_truth for pk in (made.id, second.id)] == [False, True], "one ground truth per task"
        changed = client.annotations.update(id=made.id, result=choice("Negative"), ground_truth=True)
        assert (changed.result, client.annotations.get(id=second.id).ground_truth) == (choice("Negative"), False)
        refused(400, client.annotations.update, id=made.id, result="nonsense")
        counts = client.projects.get(id=project)
        assert (counts.total_annotations_number, counts.skipped_annotations_number, counts.ground_truth_number) == (2, 1, 1)
        client.annotations.delete(id=made.id)
        refused(404, client.annotations.get, id=made.id)
        bulk = client.annotations.create_bulk(tasks=[task, _other], result=choice("Neutral"))
        assert [row.id for row in bulk] == sorted(row.id for row in bulk)
        client.annotations.delete_bulk(ids=[row.id for row in bulk], project=project)
        assert client.projects.get(id=project).total_annotations_number == 1


def test_28_drafts(server: Server) -> None:
    client, bob = server.sdk(), server.person()
    project, (task,) = project_of(client, 1)
    made = bob.http.post(f"/api/tasks/{task}/drafts", json={"result": choice(), "lead_time": 2.5})
    assert made.status_code == 201
    draft = made.json()
    assert (draft["user"], draft["annotation"], draft["was_postponed"]) == (bob.email, None, False)
    assert bob.http.patch(f"/api/drafts/{draft['id']}/", json={"result": choice("Neutral")}).json()["result"] == choice("Neutral")
    assert [row["id"] for row in bob.http.get(f"/api/tasks/{task}/").json()["drafts"]] == [draft["id"]]
    assert client.tasks.get(id=str(task)).drafts == [], "a draft is its author's"
    annotation = submit(bob.http, task, draft_id=draft["id"])
    assert annotation["draft_created_at"] == draft["created_at"]
    assert bob.http.get(f"/api/drafts/{draft['id']}/").status_code == 404, "submitting takes the draft away"
    change = bob.http.post(f"/api/tasks/{task}/annotations/{annotation['id']}/drafts", json={"result": choice("Negative")}).json()
    assert change["annotation"] == annotation["id"]
    bob.http.patch(f"/api/annotations/{annotation['id']}/", json={"result": choice("Negative")})
    assert bob.http.get(f"/api/tasks/{task}/drafts").json() == [], "and so does an update"
    again = bob.http.post(f"/api/annotations/{annotation['id']}/convert-to-draft")
    assert (again.status_code, again.json()["result"]) == (201, choice("Negative"))
    assert client.projects.get(id=project).total_annotations_number == 0


@pytest.mark.parametrize(
    ("mode", "for_me", "for_others"),
    [("REQUEUE_FOR_ME", True, False), ("REQUEUE_FOR_OTHERS", False, True), ("IGNORE_SKIPPED", False, False)],
)
def test_29_what_becomes_of_a_skipped_task(server: Server, mode: str, for_me: bool, for_others: bool) -> None:
    client, ann, bob = server.sdk(), server.person(), server.person()
    project, (task,) = project_of(client, 1, skip_queue=mode)
    assert following(ann.http, project)["id"] == task
    answer = ann.http.post(f"/api/tasks/{task}/annotations/?was_cancelled=1", json={"result": []})
    assert (answer.status_code, answer.json()["was_cancelled"]) == (201, True)
    assert client.tasks.get(id=str(task)).is_labeled is (mode == "IGNORE_SKIPPED")
    assert (following(bob.http, project) is not None) is for_others
    bob.http.delete(f"/api/tasks/{task}/lease")
    assert (following(ann.http, project) is not None) is for_me


@pytest.mark.parametrize("sampling", ["Sequential sampling", "Uniform sampling", "Uncertainty sampling"])
def test_30_the_queue(server: Server, sampling: str) -> None:
    client, ann, bob = server.sdk(), server.person(), server.person()
    project, tasks = project_of(client, 3, sampling=sampling, maximum_annotations=2)
    predictions = [
        {"task": task, "result": choice(), "score": score, "model_version": "m"} for task, score in zip(tasks, (0.9, 0.1, 0.5), strict=True)
    ]
    client.projects.import_predictions(id=project, request=predictions)
    client.projects.update(id=project, model_version="m")
    first = following(ann.http, project)
    if sampling == "Sequential sampling":
        assert first["id"] == tasks[0]
    if sampling == "Uncertainty sampling":
        assert first["id"] == tasks[1], "the least certain first"
    assert first["queue"]
    assert [row["model_version"] for row in first["predictions"]] == ["m"]
    assert following(ann.http, project)["id"] == first["id"], "who asks again gets the task they hold"
    submit(ann.http, first["id"])
    assert client.tasks.get(id=str(first["id"])).is_labeled is False, "one of two answers"
    assert following(bob.http, project)["id"] == first["id"], "what somebody began comes first"
    submit(bob.http, first["id"])
    assert client.tasks.get(id=str(first["id"])).is_labeled is True
    postponed = following(ann.http, project)["id"]
    ann.http.post(f"/api/tasks/{postponed}/drafts", json={"result": choice(), "was_postponed": True})
    other = following(ann.http, project)["id"]
    assert other not in (first["id"], postponed)
    submit(ann.http, other)
    assert following(ann.http, project)["id"] == postponed, "what was put off comes last"
    submit(ann.http, postponed)
    assert following(ann.http, project) is None
    cat, dog = server.person(), server.person()
    given = [following(person.http, project)["id"] for person in (bob, cat)]
    assert len(set(given)) == 2, "one open slot is one person's"
    assert following(dog.http, project) is None, "locks keep people apart"
    assert [row["taskId"] for row in ann.http.get(f"/api/projects/{project}/label-stream-history/").json()]
