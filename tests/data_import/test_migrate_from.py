"""`labelspace migrate-from`: a whole project of a running server (ours, as the source) arrives, goes on where it stopped, and later brings only what is new."""

from __future__ import annotations

from typing import Any

import orjson
import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from core.permissions import Role
from data_import.another_server import copying, server
from data_import.models import FileUpload
from data_manager.models import View
from organizations.models import Membership, Organization
from organizations.operations import ensure_first_user
from organizations.queries import first_organization
from projects.models import Project, ProjectMember
from tasks.models import Annotation, Draft, Prediction, Task
from tests.browser import PASSWORD
from tests.labelled import IMAGE_CONFIG, choice, import_tasks, make_project, send_files, whole
from tests.people import Person, somebody
from tests.tasks.counting import assert_counters_right
from users.operations.api_tokens import reset_legacy_token

pytestmark = pytest.mark.django_db(transaction=True)

TOKEN = "0123456789abcdef0123456789abcdef01234567"
CONFIG = IMAGE_CONFIG.replace(
    "</View>", '<Choices name="sentiment" toName="image"><Choice value="Positive"/><Choice value="Negative"/></Choices></View>'
)


def answer(label: str = "Positive") -> list[dict[str, Any]]:
    return [{**row, "to_name": "image"} for row in choice(label)]


@pytest.fixture
def target() -> Any:
    """Who the command works for: the owner of the first organization."""
    return ensure_first_user("owner@here.org", PASSWORD)


@pytest.fixture
def source(target: Any) -> Person:
    """The owner of another organization, whose projects are copied, with a token for the API."""
    ann = somebody(Role.OWNER)
    Organization.objects.filter(pk=ann.organization.pk).update(legacy_api_tokens_enabled=True)
    reset_legacy_token(None, ann.user, TOKEN)
    return ann


@pytest.fixture
def project(source: Person) -> int:
    made = make_project(source, CONFIG, title="Cats", maximum_annotations=2, expert_instruction="<b>Look</b>", show_instruction=True)
    send_files(source, f"/api/projects/{made}/import", ("one.png", b"\x89PNG\r\n\x1a\n1"), ("two.png", b"\x89PNG\r\n\x1a\n2"))
    bob = somebody(Role.ANNOTATOR, source.organization)
    tasks = [
        {"data": {"image": f"https://example.org/{n}.png"}, "meta": {"n": n}, "annotations": [{"result": answer(), "completed_by": bob.user.pk, "lead_time": n}],
         "predictions": [{"result": answer("Negative"), "score": 0.5, "model_version": "m1"}]}
        for n in range(5)
    ]  # fmt: skip
    import_tasks(source, made, tasks)
    source.post("/api/dm/views/", {"project": made, "data": {"title": "Mine", "ordering": ["-tasks:id"]}})
    return made


def migrate(url: str, *more: str) -> None:
    call_command("migrate_from", url, TOKEN, *more)


def copy_of(target: Any) -> Project:
    return Project.objects.get(organization__memberships__user=target, deleted_at=None)


def numbers(project: Project) -> tuple[int, int, int]:
    return tuple(model.objects.filter(project=project).count() for model in (Task, Annotation, Prediction))  # type: ignore[return-value]


def test_a_project_arrives_whole(live_server: Any, target: Any, source: Person, project: int) -> None:
    migrate(live_server.url)
    copy = copy_of(target)
    assert (copy.title, copy.maximum_annotations, copy.expert_instruction, copy.show_instruction) == ("Cats", 2, "<b>Look</b>", True)
    assert copy.label_config == CONFIG
    assert numbers(copy) == (7, 5, 5)
    theirs = orjson.loads(whole(source.get(f"/api/projects/{project}/export", exportType="JSON", download_all_tasks="1")))
    for said, task in zip(theirs, Task.objects.filter(project=copy).order_by("pk"), strict=True):
        assert orjson.loads(task.meta) == {**said["meta"], "import_id": said["id"]}
        assert task.created_at.isoformat().replace("+00:00", "Z") == said["created_at"]
        kept = Annotation.objects.filter(task=task)
        assert [(row.import_id, row.lead_time, orjson.loads(row.result or "null")) for row in kept] == [
            (row["id"], row["lead_time"], row["result"]) for row in said["annotations"]
        ]
        assert all(row.completed_by is not None and row.completed_by.name.endswith("(imported)") for row in kept)
    images = [orjson.loads(text)["image"] for text in Task.objects.filter(project=copy).order_by("pk").values_list("data", flat=True)[:2]]
    uploads = [FileUpload.objects.get(project=copy, file=image.removeprefix("/data/")) for image in images]
    assert [(upload.name, upload.size) for upload in uploads] == [("one.png", 9), ("two.png", 9)]
    assert [orjson.loads(view.data)["title"] for view in View.objects.filter(project=copy)] == ["Mine"]


def test_the_next_run_brings_only_what_is_new(live_server: Any, target: Any, source: Person, project: int) -> None:
    migrate(live_server.url)
    copy = copy_of(target)
    import_tasks(source, project, [{"image": "https://example.org/new.png"}])
    first = Task.objects.filter(project_id=project).order_by("pk").first()
    source.post(f"/api/tasks/{first.pk}/annotations", {"result": answer("Negative"), "lead_time": 9})  # type: ignore[union-attr]
    gone = Annotation.objects.filter(project=copy).order_by("pk").first()
    gone.delete()  # type: ignore[union-attr]
    before = FileUpload.objects.count()
    migrate(live_server.url, "--project", str(project))
    assert numbers(copy) == (8, 5, 5)
    assert Annotation.objects.filter(project=copy, lead_time=9).count() == 1
    assert (FileUpload.objects.count(), View.objects.filter(project=copy).count()) == (before, 1)
    migrate(live_server.url)
    assert numbers(copy) == (8, 5, 5)


def test_members_and_later_drafts_come_too(live_server: Any, target: Any, source: Person, project: int) -> None:
    bob = somebody(Role.ANNOTATOR, source.organization)
    source.post(f"/api/projects/{project}/members/", {"user": bob.user.pk})
    Membership.objects.create(organization=first_organization(), user=bob.user, role=Role.ANNOTATOR, is_active=False)
    migrate(live_server.url)
    copy = copy_of(target)
    assert list(ProjectMember.objects.filter(project=copy).values_list("user_id", flat=True)) == [bob.user.pk]
    first, last = (Task.objects.filter(project_id=project).order_by(order).first() for order in ("pk", "-pk"))
    source.post(f"/api/tasks/{first.pk}/drafts", {"result": answer("Negative"), "lead_time": 7})  # type: ignore[union-attr]
    annotation = Annotation.objects.filter(task=last).get()
    source.post(f"/api/tasks/{last.pk}/annotations/{annotation.pk}/drafts", {"result": answer("Negative"), "lead_time": 8})  # type: ignore[union-attr]
    for _again in range(2):
        migrate(live_server.url)
        drafts = Draft.objects.filter(project=copy).order_by("lead_time")
        assert [(draft.lead_time, draft.annotation and draft.annotation.import_id) for draft in drafts] == [(7, None), (8, annotation.pk)]
    assert_counters_right(copy)


def test_a_copy_that_broke_off_goes_on(
    live_server: Any, target: Any, source: Person, project: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(copying, "TASKS", 2)
    real, calls = server.Server.tasks, 0

    def breaks(self: server.Server, project_id: int, ids: list[int]) -> Any:
        nonlocal calls
        calls += 1
        if calls == 3:
            raise server.Refused("the network is gone", 400)
        return real(self, project_id, ids)

    monkeypatch.setattr(server.Server, "tasks", breaks)
    with pytest.raises(CommandError, match="Run the command again"):
        migrate(live_server.url)
    copy = copy_of(target)
    assert numbers(copy)[0] == 4
    migrate(live_server.url)
    assert numbers(copy) == (7, 5, 5)
    assert Project.objects.filter(organization__memberships__user=target).count() == 1


def test_a_server_that_refuses_is_told_in_one_sentence(live_server: Any, target: Any) -> None:
    from core.errors import Refused

    with pytest.raises(Refused, match="answered 401"):
        call_command("migrate_from", live_server.url, "f" * 40)
    with pytest.raises(Refused, match="cannot be reached"):
        migrate("http://127.0.0.1:9")
