"""Projects, tasks and answers for tests of the queue and of annotations."""

from __future__ import annotations

from typing import Any

from core.rawjson import json_text
from projects.models import Project
from projects.operations import create_project
from tasks.operations.bulk import NewTask, add_tasks
from tests.people import Person

CONFIG = (
    '<View><Text name="text" value="$text"/><Choices name="mood" toName="text"><Choice value="Good"/><Choice value="Bad"/></Choices>'
    '<Labels name="spans" toName="text"><Label value="Person"/><Label value="Place"/></Labels></View>'
)


def mood(label: str = "Good", **more: Any) -> list[dict[str, Any]]:
    """A result: one answer of the Choices."""
    return [{"id": "r1", "from_name": "mood", "to_name": "text", "type": "choices", "value": {"choices": [label]}, **more}]


def span(label: str = "Person") -> dict[str, Any]:
    return {
        "id": "r2",
        "from_name": "spans",
        "to_name": "text",
        "type": "labels",
        "value": {"start": 0, "end": 3, "text": "abc", "labels": [label]},
    }


def project_of(person: Person, tasks: int = 0, **fields: Any) -> Project:
    """A project of this person's organization with that many tasks of text."""
    project = create_project(person.actor, {"title": "Texts", "label_config": CONFIG, **fields})
    if tasks:
        add_tasks(person.actor, project, (NewTask(json_text({"text": f"text {number}"})) for number in range(tasks)))
        project.refresh_from_db()
    return project


def task_ids(project: Project) -> list[int]:
    return list(project.tasks.order_by("pk").values_list("pk", flat=True))  # type: ignore[attr-defined]
