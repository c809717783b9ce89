"""The pages: a dataset is looked at and becomes a project; annotations go out by hand and are told."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import datasets

from core.jobs.models import Job
from core.jobs.run import run_job
from hub_datasets.models import HubTarget
from projects.models import Project
from tests.browser import text_of
from tests.hub_datasets.conftest import TOKEN
from tests.hub_datasets.test_import import run_all
from tests.people import Person, somebody
from tests.services.hub import Hub
from tests.tasks.work import mood, project_of, task_ids

FEATURES = datasets.Features({"text": datasets.Value("string"), "label": datasets.ClassLabel(names=["neg", "pos"])})
ROWS = {"text": ["fine", "<b>bad</b>"], "label": [1, 0]}


def told(response: Any) -> Any:
    """Follows a form's answer to the page of its job, whose id this returns."""
    assert response.status_code == 302, text_of(response)
    return int(response["Location"].rstrip("/").rpartition("/")[2])


def test_a_dataset_becomes_a_project(owner: Person, published: Callable[..., str]) -> None:
    repo = published(train=datasets.Dataset.from_dict(ROWS, features=FEATURES), test=datasets.Dataset.from_dict(ROWS, features=FEATURES))
    page = "/projects/create/hub"
    assert "its address" not in text_of(owner.get(page))
    said = {"dataset": repo, "do": "look", "token": ""}
    refused = owner.client.post(page, said)
    assert (refused.status_code, "private" in text_of(refused)) == (400, True)
    # A fragment is shown whatever it says.
    assert owner.client.post(page, said, headers={"HX-Request": "true"}).status_code == 200
    said["token"] = TOKEN
    looked = owner.client.post(page, said).content.decode()
    assert TOKEN not in looked
    assert "&lt;b&gt;bad&lt;/b&gt;" in looked
    assert "&lt;Choice value=&quot;pos&quot;/&gt;" in looked
    assert 'value="default/train" selected' in looked
    assert Project.objects.count() == 0
    job = told(
        owner.client.post(page, {**said, "do": "import", "of": repo, "part": "default/test", "use:label": "annotation", "title": "Moods"})
    )
    assert run_all(job)["annotation_count"] == 2
    project = Project.objects.get()
    assert (project.title, project.task_number) == ("Moods", 2)
    assert "Its project" in text_of(owner.get(f"/jobs/{job}/"))


def test_rows_for_a_project_that_is_there(owner: Person, published: Callable[..., str]) -> None:
    repo = published(train=datasets.Dataset.from_dict(ROWS, features=FEATURES))
    project = project_of(owner)
    page = f"/projects/{project.pk}/data/import/hub"
    assert page in owner.get(f"/projects/{project.pk}/data/import").content.decode()
    said = {"dataset": f"https://huggingface.co/datasets/{repo}", "token": TOKEN}
    looked = owner.client.post(page, {**said, "do": "look", "of": "another/one", "part": "none/none"}).content.decode()
    assert 'name="take_config">' in looked  # not checked: the project has a set-up
    job = told(owner.client.post(page, {**said, "do": "import"}))
    # Cancelled, then gone on with.
    owner.client.post("/jobs/", {"do": "cancel", "job": job})
    assert Job.objects.get(pk=job).status == Job.Status.CANCELLED
    assert "Run again" in text_of(owner.get(f"/jobs/{job}/"))
    owner.client.post("/jobs/", {"do": "retry", "job": job})
    assert run_all(job)["task_count"] == 2
    project.refresh_from_db()
    assert "mood" in project.label_config
    assert somebody("annotator", owner.organization).get(page).status_code == 403


def test_annotations_are_pushed_from_a_page(owner: Person, hub: Hub) -> None:
    project = project_of(owner, 1)
    page = f"/projects/{project.pk}/data/export/hub"
    assert page in owner.get(f"/projects/{project.pk}/data/export").content.decode()
    assert "Say first where they go" in text_of(owner.get(page))
    assert owner.client.post(page, {"do": "push"}).status_code == 400
    owner.post(f"/api/tasks/{task_ids(project)[0]}/annotations/", {"result": mood()})
    said = {"dataset": f"ann/page-{project.pk}", "visibility": "private", "when": "annotations", "annotations": "50", "do": "save-and-push"}
    refused = owner.client.post(page, said)
    assert (refused.status_code, "write access" in text_of(refused)) == (400, True)
    assert owner.client.post(page, {**said, "token": TOKEN}).status_code == 302
    target = HubTarget.objects.get()
    assert (target.annotations, target.hours, target.private) == (50, 0, True)
    assert "Pushing" in text_of(owner.get(page))
    run_all(target.job_id or 0)
    shown = owner.get(page).content.decode()
    target.refresh_from_db()
    assert f'href="{hub.endpoint}/datasets/ann/page-{project.pk}/tree/{target.tag}"' in shown
    assert TOKEN not in shown
    hub.fail_next("POST .*/tag/", 402)
    assert owner.client.post(page, {"do": "push"}).status_code == 302
    target.refresh_from_db()
    run_job.func(target.job_id)
    assert "paid plan" in text_of(owner.get(page))
    pushes = owner.get(f"/api/projects/{project.pk}/hub/target").json()["pushes"]
    assert [bool(one["error"]) for one in pushes] == [True, False]
    reviewer = somebody("reviewer", owner.organization)
    assert reviewer.get(page).status_code == 403
    assert page not in reviewer.get(f"/projects/{project.pk}/data/export").content.decode()
