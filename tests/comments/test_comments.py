"""Comments: threads on tasks, annotations and regions; who sees and changes them; the task's counters; who is told."""

from __future__ import annotations

from typing import Any

import pytest
from django.core import mail

from core.events.loops import run_loops_until_idle
from core.jobs.models import Job
from core.permissions import Role
from tests.people import Person, somebody
from tests.tasks.work import mood, project_of, task_ids

pytestmark = pytest.mark.django_db
COUNTERS = ("comment_count", "unresolved_comment_count", "comment_authors")


@pytest.fixture
def ann() -> Person:
    return somebody(Role.MANAGER)


@pytest.fixture
def bob(ann: Person) -> Person:
    return somebody(Role.ANNOTATOR, ann.organization)


@pytest.fixture
def cat(ann: Person) -> Person:
    return somebody(Role.ANNOTATOR, ann.organization)


@pytest.fixture
def task(ann: Person) -> int:
    return task_ids(project_of(ann, tasks=1))[0]


@pytest.fixture
def annotation(bob: Person, task: int) -> int:
    return int(bob.post(f"/api/tasks/{task}/annotations", {"result": mood()}).json()["id"])


def write(person: Person, **fields: Any) -> dict[str, Any]:
    answer = person.post("/api/comments/", {"text": "Look again.", **fields})
    assert answer.status_code == 201, answer.content
    made: dict[str, Any] = answer.json()
    return made


def counters(person: Person, task: int) -> list[Any]:
    found = person.get(f"/api/tasks/{task}/").json()
    listed = person.get("/api/tasks/", project=found["project"]).json()["tasks"][0]
    assert {name: listed[name] for name in COUNTERS} == {name: found[name] for name in COUNTERS}
    assert (found["last_comment_updated_at"] is None) == (found["comment_count"] == 0)
    return [found[name] for name in COUNTERS]


def test_a_thread_from_remark_to_resolved(ann: Person, bob: Person, task: int, annotation: int) -> None:
    region = {"regionId": "r1", "controlName": "mood"}
    first = write(ann, annotation=annotation, text="Why good?", region_ref=region)
    assert (first["task"], first["annotation"], first["draft"], first["region_ref"], first["is_resolved"]) == (
        task,
        annotation,
        None,
        region,
        False,
    )
    assert first["created_by"] == ann.user.pk
    reply = write(bob, parent=first["id"], text="It says so.")
    assert (reply["parent"], reply["annotation"], reply["region_ref"]) == (first["id"], annotation, region)
    assert counters(ann, task) == [2, 2, [ann.user.pk, bob.user.pk]]
    resolved = bob.patch(f"/api/comments/{reply['id']}/", {"is_resolved": True}).json()
    assert (resolved["is_resolved"], resolved["resolved_by"]) == (True, bob.user.pk)
    assert resolved["resolved_at"]
    assert ann.get(f"/api/comments/{first['id']}/").json()["is_resolved"] is True, "a thread is resolved as a whole"
    assert counters(ann, task) == [2, 0, [ann.user.pk, bob.user.pk]]
    assert ann.patch(f"/api/comments/{first['id']}", {"is_resolved": False}).json()["resolved_at"] is None
    assert ann.delete(f"/api/comments/{first['id']}/").status_code == 204
    assert counters(ann, task) == [0, 0, []]


def test_lists_are_narrowed_ordered_and_expanded(ann: Person, task: int, annotation: int) -> None:
    one, two = write(ann, annotation=annotation), write(ann, task=task, text="The photo is dark.")
    listed = ann.get("/api/comments/", annotation=annotation).json()
    assert [row["id"] for row in listed] == [one["id"]]
    newest = ann.get("/api/comments/", projects=str(one["project"]), ordering="-id", expand_created_by="true").json()
    assert [row["id"] for row in newest] == [two["id"], one["id"]]
    assert newest[0]["created_by"]["email"] == ann.user.email
    assert ann.get("/api/comments/", annotators="999999").json() == []
    assert ann.get("/api/comments/", ordering="password").status_code == 400


def test_annotators_see_what_is_about_their_own_work(ann: Person, bob: Person, cat: Person, task: int, annotation: int) -> None:
    about_bob, about_task = write(ann, annotation=annotation), write(ann, task=task)
    assert [row["id"] for row in bob.get("/api/comments/").json()] == [about_bob["id"], about_task["id"]]
    assert [row["id"] for row in cat.get("/api/comments/").json()] == [about_task["id"]]
    assert cat.get(f"/api/comments/{about_bob['id']}/").status_code == 404
    assert cat.post("/api/comments/", {"annotation": annotation, "text": "x"}).status_code == 400
    refused = bob.patch(f"/api/comments/{about_bob['id']}/", {"text": "nothing"})
    assert refused.status_code == 403
    assert bob.delete(f"/api/comments/{about_bob['id']}/").status_code == 403


def test_comments_on_a_draft_go_with_it(ann: Person, bob: Person, task: int) -> None:
    draft = bob.post(f"/api/tasks/{task}/drafts", {"result": mood()}).json()["id"]
    made = write(bob, draft=draft, text="I am not sure.")
    assert (made["draft"], made["annotation"]) == (draft, None)
    annotation = bob.post(f"/api/tasks/{task}/annotations", {"result": mood(), "draft_id": draft}).json()["id"]
    run_loops_until_idle()
    moved = ann.get(f"/api/comments/{made['id']}/").json()
    assert (moved["draft"], moved["annotation"]) == (None, annotation)


def test_people_are_told_once_and_mailed_when_they_are_named(
    ann: Person, bob: Person, cat: Person, annotation: int, settings: Any, django_capture_on_commit_callbacks: Any
) -> None:
    settings.EMAIL_HOST, settings.PUBLIC_URL, settings.PUBLIC_ORIGIN = "mail", "https://labels.example.com", "https://labels.example.com"
    stranger = somebody(Role.OWNER)
    text = f"See this, @{cat.user.email}, and @{stranger.user.email}!"
    made = write(ann, annotation=annotation, text=text)
    ann.patch(f"/api/comments/{made['id']}/", {"text": f"{text} Twice: @{cat.user.email}"})
    (told,) = bob.get("/api/notifications/").json()
    assert (told["reason"], told["comment"]["id"], told["read_at"]) == ("annotation", made["id"], None)
    assert [row["reason"] for row in cat.get("/api/notifications/").json()] == ["mention"]
    assert stranger.get("/api/notifications/").json() == []
    assert ann.get("/api/notifications/").json() == []
    write(bob, parent=made["id"], text="Yes.")
    assert [row["reason"] for row in ann.get("/api/notifications/").json()] == ["reply"]
    assert bob.post("/api/notifications/", {"ids": [told["id"]]}).json() == {"read": 1}
    assert bob.get("/api/notifications/", unread="true").json() == []
    (job,) = Job.objects.filter(kind="comment.mail")
    from core.jobs.run import run_job

    run_job.call(job.pk)
    (sent,) = mail.outbox
    assert sent.to == [cat.user.email]
    assert text.partition(",")[0] in sent.body
    assert "https://labels.example.com/projects/" in sent.body


def test_comments_of_a_deleted_task_are_gone_for_everybody(ann: Person, task: int) -> None:
    made = write(ann, task=task)
    assert ann.delete(f"/api/tasks/{task}/").status_code == 204
    assert ann.get(f"/api/comments/{made['id']}/").status_code == 404
    assert ann.get("/api/comments/").json() == []


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"text": "x"}, "annotation"),
        ({"text": "x", "annotation": 10**12}, "annotation"),
        ({"text": " ", "task": 1}, "text"),
        ({"text": ["x"], "task": 1}, "text"),
        ({"task": 1}, "text"),
    ],
)
def test_mistakes_are_named(ann: Person, body: dict[str, Any], field: str) -> None:
    answer = ann.post("/api/comments/", body)
    assert answer.status_code == 400
    assert field in answer.json()["validation_errors"]


def test_the_export_is_a_table_that_no_spreadsheet_runs(ann: Person, task: int) -> None:
    write(ann, task=task, text='=HYPERLINK("https://x")')
    answer = ann.get("/api/comments/export/", tz="Europe/Berlin")
    lines = b"".join(answer.streaming_content).decode().splitlines()
    assert lines[0] == "id,project,task,annotation,author,created_at,text,resolved_at"
    assert "'=HYPERLINK" in lines[1]
    assert ann.get("/api/comments/export/", tz="Nowhere").status_code == 400
