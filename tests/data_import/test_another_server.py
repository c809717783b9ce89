"""An export of a Label Studio server: its people, numbers, dates, parents and drafts are kept (rows 19 of what Label Studio loses)."""

from __future__ import annotations

from typing import Any

import orjson
import pytest

from core.permissions import Role
from organizations.models import Membership
from tasks.models import Annotation, Draft, Task
from tests.labelled import choice, import_tasks, make_project, whole
from tests.people import Person, somebody
from users.models import User

pytestmark = pytest.mark.django_db

UNIQUE = "11111111-2222-4333-8444-555555555555"
# As Label Studio 1.23 writes it: the newest annotation first, people as numbers or objects, drafts with addresses.
EXPORT: list[dict[str, Any]] = [
    {
        "id": 4711, "inner_id": 3, "data": {"text": "one"}, "meta": {"source": "x"}, "created_at": "2024-01-02T03:04:05.000006Z",
        "updated_at": "2024-02-02T03:04:05.000006Z", "total_annotations": 2, "project": 9, "updated_by": 7, "comment_authors": [], "file_upload": None,
        "annotations": [
            {"id": 902, "completed_by": {"id": 8, "email": "bob@elsewhere.org", "first_name": "Bob", "last_name": "Lee"}, "result": choice("Negative"),
             "was_cancelled": False, "ground_truth": False, "created_at": "2024-01-04T00:00:00Z", "updated_at": "2024-01-05T00:00:00Z", "lead_time": 4.5,
             "unique_id": UNIQUE, "parent_annotation": 901, "parent_prediction": 55, "last_action": "updated", "task": 4711, "project": 9, "updated_by": 7},
            {"id": 901, "completed_by": 7, "result": choice(), "was_cancelled": True, "ground_truth": True, "created_at": "2024-01-03T00:00:00Z",
             "updated_at": "2024-01-03T00:00:00Z", "lead_time": 1.5, "draft_created_at": "2024-01-02T00:00:00Z"},
        ],
        "predictions": [{"id": 55, "result": choice(), "score": 0.5, "model_version": "m1", "created_at": "2024-01-01T00:00:00Z"}],
        "drafts": [{"id": 3, "user": "bob@elsewhere.org", "result": choice("Neutral"), "lead_time": 2.0, "annotation": 902, "created_at": "2024-01-06T00:00:00Z"}],
    }
]  # fmt: skip


@pytest.fixture
def ann() -> Person:
    return somebody(Role.MANAGER)


def test_unknown_people_are_refused_unless_the_file_is_another_server_s(ann: Person) -> None:
    project = make_project(ann)
    answer = ann.post(
        f"/api/projects/{project}/import",
        [{"data": {"text": "x"}, "annotations": [{"result": choice(), "completed_by": {"email": "who@x.org"}}]}],
    )
    assert answer.json()["validation_errors"]["non_field_errors"] == [
        "Error at item 0: Unknown annotator's email who@x.org",
        "Unknown annotator's email who@x.org",
    ]
    assert not User.objects.filter(email="who@x.org").exists()


def test_everything_of_another_server_is_kept(ann: Person) -> None:
    project = make_project(ann)
    import_tasks(ann, project, EXPORT, elsewhere="true")
    task = Task.objects.get(project_id=project)
    assert orjson.loads(task.meta) == {"source": "x", "import_id": 4711}
    assert (task.created_at.isoformat(), task.updated_at.isoformat()) == (
        "2024-01-02T03:04:05.000006+00:00",
        "2024-02-02T03:04:05.000006+00:00",
    )
    first, second = Annotation.objects.filter(task=task).order_by("pk")
    assert (first.import_id, first.was_cancelled, first.ground_truth, first.draft_created_at.day) == (901, True, True, 2)  # type: ignore[union-attr]
    assert (second.import_id, second.ground_truth, second.lead_time, str(second.unique_id)) == (902, False, 4.5, UNIQUE)
    assert (second.parent_annotation_id, second.last_action, second.created_at.day, second.updated_at.day) == (first.pk, "updated", 4, 5)
    assert second.parent_prediction is not None
    assert second.parent_prediction.model_version == "m1"
    draft = Draft.objects.get(task=task)
    assert (draft.annotation_id, draft.created_at.day, draft.user_id) == (second.pk, 6, second.completed_by_id)
    bob, seven = (User.objects.get(pk=row.completed_by_id) for row in (second, first))
    assert (bob.email, bob.name, bob.is_active, bob.has_usable_password()) == ("bob@elsewhere.org", "Bob Lee (imported)", False, False)
    assert (seven.name, seven.is_active) == ("Annotator 7 (imported)", False)
    assert Membership.objects.filter(user__in=[bob, seven], organization=ann.organization, removed_at=None).count() == 0
    exported = orjson.loads(whole(ann.get(f"/api/projects/{project}/export", exportType="JSON")))
    assert [row["import_id"] for row in exported[0]["annotations"]] == [902, 901]


def test_the_same_people_are_found_again_and_members_are_themselves(ann: Person) -> None:
    project = make_project(ann)
    tasks = [
        {"data": {"text": "x"}, "annotations": [{"result": choice(), "completed_by": who}]}
        for who in ("bob@elsewhere.org", ann.user.email, 7, 7)
    ]
    import_tasks(ann, project, tasks, elsewhere="true")
    import_tasks(ann, project, tasks, elsewhere="true")
    people = list(Annotation.objects.filter(project_id=project).order_by("pk").values_list("completed_by_id", flat=True))
    assert people[:4] == people[4:]
    assert people[1] == ann.user.pk
    assert (people[2] == people[3], len(set(people))) == (True, 3)


def test_an_account_of_another_organization_stays_out_of_it(ann: Person) -> None:
    stranger = somebody(Role.OWNER)
    project = make_project(ann)
    import_tasks(
        ann,
        project,
        [{"data": {"text": "x"}, "annotations": [{"result": choice(), "completed_by": stranger.user.email}]}],
        elsewhere="true",
    )
    kept = Annotation.objects.get(project_id=project).completed_by_id
    assert kept not in (None, stranger.user.pk, ann.user.pk)
    assert list(Membership.objects.filter(user=stranger.user).values_list("organization_id", flat=True)) == [stranger.organization.pk]


def test_the_preview_names_who_would_become_a_placeholder(ann: Person) -> None:
    from tests.labelled import send_files

    project = make_project(ann)
    upload = send_files(ann, f"/api/projects/{project}/uploads", ("a.json", orjson.dumps(EXPORT))).json()["id"]
    found = ann.post(f"/api/projects/{project}/imports/preview", {"file_upload_ids": [upload], "elsewhere": True}).json()
    assert (found["refused"], found["annotations"], found["placeholders"]) == (
        0,
        2,
        ["bob@elsewhere.org", f"annotator-7.project-{project}@placeholder.invalid"],
    )
    assert not User.objects.filter(email="bob@elsewhere.org").exists()
