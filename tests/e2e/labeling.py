"""Steps in the labeling view, as people take them."""

from __future__ import annotations

import json
import re
from typing import Any

from playwright.sync_api import Locator, Page, expect

from tests.labelled import import_tasks, make_project
from tests.people import Person


def project_with(person: Person, config: str, *tasks: dict[str, Any], **fields: Any) -> int:
    """A project of a labeling set-up with these tasks."""
    project = make_project(person, config, **fields)
    import_tasks(person, project, list(tasks))
    return project


def open_stream(page: Page, project: int) -> None:
    page.goto(f"/projects/{project}/label/")
    expect(page.locator("#task-area > *").first).to_be_visible()


def submit(page: Page) -> None:
    """Submit by its key, once there is something to submit; back when the server has answered and another annotation, or none, is open."""
    expect(page.get_by_role("button", name=re.compile("Submit|Update"))).to_be_enabled()
    answered_one = page.locator("#task-area").get_attribute("data-open")
    with page.expect_response(lambda answer: "/annotations" in answer.url and answer.request.method in ("POST", "PATCH")) as answered:
        page.keyboard.press("Control+Enter")
    assert answered.value.status in (200, 201), answered.value.text()
    expect(page.locator(f'#task-area[data-open="{answered_one}"]')).to_have_count(0)


def results(person: Person, project: int) -> list[list[dict[str, Any]]]:
    """The results of all annotations, in the order of their tasks, as the export gives them."""
    answer = person.get(f"/api/projects/{project}/export", exportType="JSON")
    tasks = sorted(json.loads(b"".join(answer.streaming_content)), key=lambda task: task["id"])
    return [annotation["result"] for task in tasks for annotation in task["annotations"]]


def only_result(person: Person, project: int) -> list[dict[str, Any]]:
    (found,) = results(person, project)
    return found


def values(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [row["value"] for row in rows]


def place_of(locator: Locator) -> dict[str, float]:
    box = locator.bounding_box()
    assert box is not None
    return dict(box)  # type: ignore[arg-type]
