"""A project in one file, and a project of it again: everything that people did is there, under their names."""

from __future__ import annotations

import io
import json
import re
import uuid
import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from core.jobs.models import Job
from core.jobs.run import Interrupted, JobRun, run_job
from data_import.storage import incoming, receive
from durability.bundle import jobs
from durability.bundle.jobs import sweep
from durability.bundle.operations import bring_bundle
from projects.models import Project
from tasks.models import AnnotationVersion, Draft
from tasks.recount import recount
from tests.browser import text_of
from tests.labelled import import_tasks, make_project, send_files, whole
from tests.people import Person, somebody
from tests.tasks.work import CONFIG, mood

pytestmark = pytest.mark.django_db
PICTURE = b"\x89PNG\r\n\x1a\n" + bytes(range(256))


@pytest.fixture
def furnished() -> tuple[Person, int]:
    """A project with a former set-up, a file, two people's answers, one of them changed twice, a prediction, a draft."""
    owner = somebody()
    ann = somebody("annotator", owner.organization)
    project = make_project(owner, CONFIG, title="Moods", maximum_annotations=2, expert_instruction="<p>Look.</p>")
    upload = send_files(owner, f"/api/projects/{project}/uploads", ("a picture.png", PICTURE)).json()
    address = upload["uploads"][0]["url"] if "uploads" in upload else f"/data/{Project.objects.get(pk=project).file_uploads.get().file}"
    import_tasks(
        owner,
        project,
        [
            {"data": {"text": "One", "picture": address}},
            {"data": {"text": "Two"}, "predictions": [{"model_version": "v1", "score": 0.5, "result": mood()}]},
        ],
    )
    first, second = sorted(Project.objects.get(pk=project).tasks.values_list("pk", flat=True))
    made = ann.post(f"/api/tasks/{first}/annotations/", {"result": mood("Good")}).json()
    ann.patch(f"/api/annotations/{made['id']}/", {"result": mood("Bad")})
    ann.patch(f"/api/annotations/{made['id']}/", {"result": mood("Good"), "lead_time": 3})
    owner.post(f"/api/tasks/{first}/annotations/", {"result": mood("Bad")})
    assert ann.post(f"/api/tasks/{second}/drafts/", {"result": mood("Bad")}).status_code == 201
    owner.patch(f"/api/projects/{project}/", {"label_config": CONFIG.replace("Place", "Spot")})
    return owner, project


def bundle_of(person: Person, project: int) -> bytes:
    made = person.post(f"/api/projects/{project}/bundles")
    assert made.status_code == 201, made.content
    one = made.json()
    assert (one["status"], one["available"]) == ("completed", True), one
    return whole(person.get(f"/api/projects/{project}/bundles/{one['id']}/download"))


def exported(person: Person, project: int) -> Any:
    tasks = json.loads(whole(person.get(f"/api/projects/{project}/export", exportType="JSON", download_all_tasks="true")))
    return [
        (
            task["data"]["text"],
            task["inner_id"],
            [(p["model_version"], p["score"], p["result"]) for p in task["predictions"]],
            [
                (a["result"], a["lead_time"], a["created_at"], a["updated_at"])
                for a in sorted(task["annotations"], key=lambda one: one["id"])
            ],
        )
        for task in tasks
    ]


def sent(person: Person, bundle: bytes, query: str = "") -> Any:
    return person.client.generic("POST", f"/api/bundles{query}", bundle, content_type="application/zip")


def test_a_project_out_and_in_again_on_another_server(furnished: tuple[Person, int]) -> None:
    owner, project = furnished
    bundle = bundle_of(owner, project)
    stranger = somebody()  # of another organization: what is theirs is another server's
    answer = sent(stranger, bundle, "?title=Moved")
    assert answer.status_code == 201, answer.content
    job = answer.json()
    assert job["status"] == "done", job
    brought = Project.objects.get(pk=job["result"]["project"])
    before = Project.objects.get(pk=project)
    assert brought.title == "Moved"
    assert (brought.label_config, brought.config_version) == (before.label_config, before.config_version)
    assert list(brought.config_versions.values_list("version", "label_config")) == list(
        before.config_versions.values_list("version", "label_config")
    )
    for name in (
        "expert_instruction",
        "maximum_annotations",
        "task_number",
        "finished_task_number",
        "total_annotations_number",
        "total_predictions_number",
        "model_version",
    ):
        assert getattr(brought, name) == getattr(before, name), name
    assert recount(brought) == {}
    assert exported(stranger, brought.pk) == exported(owner, project)
    # What the answers were before, and whose they are: names that cannot sign in.
    history = AnnotationVersion.objects.filter(project=brought).order_by("version")
    assert [json.loads(one.result or "null")[0]["value"]["choices"] for one in history] == [["Good"], ["Bad"]]
    annotations = list(brought.annotations.order_by("pk").select_related("completed_by"))
    assert [one.version for one in annotations] == [3, 1]
    assert not annotations[0].completed_by.is_active
    assert history[0].completed_by_id == annotations[0].completed_by_id
    assert Draft.objects.get(project=brought).user_id == annotations[0].completed_by_id
    # The file, under an address of its own.
    task = brought.tasks.order_by("pk").first()
    assert task is not None
    address = json.loads(task.data)["picture"]
    assert address.startswith(f"/data/upload/{brought.pk}/")
    assert whole(stranger.get(address)) == PICTURE


def test_copied_with_everything_under_the_same_people(furnished: tuple[Person, int]) -> None:
    owner, project = furnished
    job = owner.post(f"/api/projects/{project}/copy", {}).json()
    assert job["status"] == "done", job
    copy = Project.objects.get(pk=job["result"]["project"])
    assert copy.title == "Moods (copy)"
    assert exported(owner, copy.pk) == exported(owner, project)
    both = [
        list(one.annotations.order_by("pk").values_list("completed_by_id", flat=True)) for one in (copy, Project.objects.get(pk=project))
    ]
    assert both[0] == both[1]


def test_what_is_broken_makes_nothing(furnished: tuple[Person, int]) -> None:
    owner, project = furnished
    bundle = bundle_of(owner, project)
    count = Project.objects.count()
    assert "no bundle" in sent(owner, b"PK nothing").json()["detail"]
    assert "no bundle" in sent(owner, bundle[:-40]).json()["detail"]
    broken = bytearray(bundle)
    at = bundle.index(PICTURE[:8])
    broken[at + 20] ^= 0xFF
    job = sent(owner, bytes(broken)).json()
    assert (job["status"], "damaged" in job["error"]) == ("failed", True), job
    newer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(bundle)) as source, zipfile.ZipFile(newer, "w") as target:
        for name in source.namelist():
            target.writestr(name, source.read(name).replace(b'"format": 1', b'"format": 9'))
    assert "newer version" in sent(owner, newer.getvalue()).json()["detail"]
    assert Project.objects.count() == count
    assert list(incoming().glob("bundle-*")) == []


def test_broken_off_it_is_nobodys_to_see_and_goes_on(furnished: tuple[Person, int], monkeypatch: pytest.MonkeyPatch) -> None:
    owner, project = furnished
    monkeypatch.setattr(jobs, "STEP", 1)
    job = bring_bundle(owner.actor, receive([bundle_of(owner, project)]))
    steps = iter(range(100))
    step = JobRun.step

    def stopped(self: JobRun) -> Any:
        if next(steps) == 3:  # the beginning, the file and one of the two tasks are there
            raise Interrupted
        return step(self)

    monkeypatch.setattr(JobRun, "step", stopped)
    run_job.func(job.pk)
    job.refresh_from_db()
    hidden = json.loads(job.cursor)["project"]
    assert (job.status, job.done) == (Job.Status.WAITING, 1)
    assert owner.get(f"/api/projects/{hidden}/").status_code == 404
    run_job.func(job.pk)
    assert exported(owner, hidden) == exported(owner, project)
    assert not sweep()


def test_by_command(furnished: tuple[Person, int], tmp_path: Path) -> None:
    owner, project = furnished
    out = io.StringIO()
    call_command("bundle", "export", str(project), str(tmp_path / "moods.zip"), stdout=out)
    call_command(
        "bundle", "import", str(tmp_path / "moods.zip"), "--as", owner.user.email, "--title", f"Again {uuid.uuid4().hex[:6]}", stdout=out
    )
    assert "2 tasks, 2 annotations" in out.getvalue().splitlines()[-1]
    assert exported(owner, Project.objects.latest("pk").pk) == exported(owner, project)


def test_by_its_pages(furnished: tuple[Person, int]) -> None:
    owner, project = furnished
    page = f"/projects/{project}/settings/bundle"
    form = "application/x-www-form-urlencoded"
    assert "Make a bundle" in text_of(owner.get(page))
    owner.client.generic("POST", page, "do=make", form)
    shown = owner.get(page)
    assert "kept until" in text_of(shown)
    address = re.search(r'href="([^"]+/download)"', shown.content.decode())
    assert address
    bundle = whole(owner.get(address[1]))
    copied = owner.client.generic("POST", page, "do=copy&title=Twin", form)
    assert Project.objects.get(title="Twin").task_number == 2
    assert copied["Location"] == f"/projects/{Project.objects.get(title='Twin').pk}/"
    brought = send_files(owner, "/projects/create/bundle", ("moods.zip", bundle), title="Triplet")
    assert brought["Location"] == f"/projects/{Project.objects.get(title='Triplet').pk}/"
    refused = send_files(owner, "/projects/create/bundle", ("moods.zip", b"nothing"))
    assert (refused.status_code, "no bundle" in text_of(refused)) == (400, True)
    assert somebody("annotator", owner.organization).get(page).status_code == 403
