"""A deleted project is gone at once; its rows go in the background, all of them, and nobody else's."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.core.management import call_command
from django.utils import timezone

from core.events.loops import run_loops_until_idle
from core.jobs.models import Job
from core.permissions import Role
from data_import.contents import sweep
from data_import.models import Content, FileUpload
from projects.jobs import tables_of_a_project
from projects.models import Project
from tests.labelled import send_files
from tests.people import somebody

CONFIG = (
    '<View><Text name="text" value="$text"/><Choices name="mood" toName="text"><Choice value="Good"/><Choice value="Bad"/></Choices></View>'
)
RESULT = [{"id": "a", "from_name": "mood", "to_name": "text", "type": "choices", "value": {"choices": ["Good"]}}]


def rows_of(project: int) -> dict[str, int]:
    """How many rows of each table belong to a project."""
    models = {model._meta.db_table: model for model in apps.get_models()}
    return {
        table: count
        for table, _key, column in tables_of_a_project()
        if (count := models[table]._default_manager.filter(**{column: project}).count())
    }


@pytest.mark.django_db(transaction=True)
def test_a_deleted_project_takes_everything_of_its_own_with_it(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"
    ann = somebody(Role.MANAGER)
    projects = [ann.post("/api/projects/", {"title": f"Project {n}", "label_config": CONFIG}).json()["id"] for n in range(2)]
    for project in projects:
        tasks = [{"data": {"text": f"t{n}"}, "predictions": [{"result": RESULT}], "annotations": [{"result": RESULT}]} for n in range(20)]
        assert ann.post(f"/api/projects/{project}/import", tasks).status_code == 201
        task = ann.get(f"/api/projects/{project}/next/")
        assert task.status_code in (200, 404)
        first = ann.get(f"/api/tasks/?project={project}&fields=all").json()["tasks"][0]
        prediction = first["predictions"][0]["id"]
        made = ann.post(f"/api/tasks/{first['id']}/annotations/", {"result": RESULT, "parent_prediction": prediction}).json()
        child = ann.post(f"/api/tasks/{first['id']}/annotations/", {"result": RESULT, "parent_annotation": made["id"]})
        assert child.status_code == 201
        ann.patch(f"/api/annotations/{made['id']}/", {"result": []})
        ann.post(f"/api/tasks/{first['id']}/drafts/", {"result": RESULT})
        ann.post(f"/api/tasks/{first['id']}/annotations/{made['id']}/drafts/", {"result": RESULT})
        ann.patch(f"/api/projects/{project}/", {"label_config": CONFIG.replace("Good", "Great"), "members_only": True})
        ann.post(f"/api/projects/{project}/members/", {"user": ann.user.pk})
        assert send_files(ann, f"/api/projects/{project}/uploads", ("a.csv", f"text\nof {project}\n".encode())).status_code == 201
    files = {project: settings.MEDIA_ROOT / FileUpload.objects.get(project_id=project).content.path for project in projects}
    run_loops_until_idle()  # what is made of events belongs to the projects too
    gone, kept = projects
    before = rows_of(kept)
    assert set(before) >= {
        "tasks_task",
        "tasks_annotation",
        "tasks_prediction",
        "tasks_draft",
        "tasks_annotationversion",
        "projects_resultcount",
    }
    assert ann.delete(f"/api/projects/{gone}/").status_code == 204
    assert ann.get(f"/api/projects/{gone}/").status_code == 404
    assert ann.get(f"/api/tasks/?project={gone}").status_code == 404
    assert [row["id"] for row in ann.get("/api/projects/").json()["results"]] == [kept]
    call_command("worker", batch=True, interval=0.01)
    assert Job.objects.get(kind="project.purge").status == "done"
    assert rows_of(gone) == {}
    assert not Project.objects.filter(pk=gone).exists()
    assert rows_of(kept) == before
    Content.objects.update(created_at=timezone.now() - timedelta(days=1))
    for _round in range(3):  # nothing points to them any more; they are given up, and go
        sweep()
    assert (files[gone].exists(), files[kept].exists()) == (False, True)
