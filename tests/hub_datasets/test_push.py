"""Annotations become a dataset that `datasets.load_dataset` reads, typed and equal."""

from __future__ import annotations

from pathlib import Path

import orjson
from huggingface_hub import HfApi

from core.jobs.models import Job
from hub_datasets.jobs import push_what_is_due
from hub_datasets.models import HubTarget
from tests.hub_datasets.conftest import TOKEN, loaded
from tests.hub_datasets.test_import import run_all
from tests.people import Person, somebody
from tests.services.hub import Hub
from tests.tasks.work import mood, project_of, span, task_ids


def test_what_is_pushed_is_what_was_labelled(owner: Person, hub: Hub, tmp_path: Path) -> None:
    project = project_of(owner, 3, expert_instruction="<p>Be <b>kind</b>.</p>")
    first, second, third = task_ids(project)
    others = [somebody("annotator", owner.organization) for _ in range(2)]
    for person, task, result in (
        (owner, first, [*mood("Good"), span()]),
        (others[0], first, mood("Bad")),
        (others[1], first, mood("Good")),
        (others[0], second, mood("Bad")),
    ):
        assert person.post(f"/api/tasks/{task}/annotations/", {"result": result, "lead_time": 2.5}).status_code == 201
    where, repo = f"/api/projects/{project.pk}/hub", f"ann/labels-{project.pk}"
    assert owner.post(f"{where}/push").status_code == 400
    assert owner.put(f"{where}/target", {"dataset": repo}).status_code == 400  # a token is needed
    assert "token" not in owner.put(f"{where}/target", {"dataset": repo, "token": TOKEN, "annotations": 2}).json()
    run_all(owner.post(f"{where}/push").json()["job"])
    told = owner.get(f"{where}/target").json()
    api = HfApi(endpoint=hub.endpoint, token=TOKEN)
    assert api.repo_info(repo, repo_type="dataset", revision=told["tag"]).sha == told["commit"]
    assert api.repo_info(repo, repo_type="dataset").private
    found = loaded(hub, repo, tmp_path)
    assert found["features"]["mood"] == "ClassLabel(names=['Good', 'Bad'])"
    assert [(row["task_id"], row["text"], row["mood"], row["lead_time"]) for row in found["train"]] == [
        (first, "text 0", 0, 2.5),
        (first, "text 0", 1, 2.5),
        (first, "text 0", 0, 2.5),
        (second, "text 1", 1, 2.5),
    ]
    assert found["train"][0]["spans"] == [{"start": 0, "end": 3, "text": "abc", "labels": ["Person"]}]
    assert [orjson.loads(row["result"])[0]["value"] for row in found["train"]][1] == {"choices": ["Bad"]}
    agreed = found["consensus"]
    assert [(row["task_id"], row["mood"], row["annotations"]) for row in agreed] == [(first, 0, 3), (second, 1, 1)]
    assert abs(agreed[0]["agreement"] - 2 / 3) < 1e-9
    card = Path(api.hf_hub_download(repo, "README.md", repo_type="dataset", local_dir=tmp_path / "card")).read_text()
    assert "| Good | 2 |" in card
    assert "66.7%" in card
    assert (
        Path(api.hf_hub_download(repo, "guidelines.md", repo_type="dataset", local_dir=tmp_path / "card")).read_text().strip() == "Be kind."
    )
    # Two more annotations, and the worker pushes by itself; a third time nothing is due.
    push_what_is_due()
    assert HubTarget.objects.get(project=project).job_id == told["job"]
    for person in others:
        assert person.post(f"/api/tasks/{third}/annotations/", {"result": mood()}).status_code == 201
    HubTarget.objects.update(pushed_at=None)
    push_what_is_due()
    job = HubTarget.objects.get(project=project).job_id
    assert job is not None
    run_all(job)
    push_what_is_due()
    assert Job.objects.filter(kind="hub.push").count() == 2
    assert len(api.list_repo_commits(repo, repo_type="dataset")) == 3
