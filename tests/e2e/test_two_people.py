"""Two browsers on one queue."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Visits
from tests.e2e.labeling import open_stream, project_with, submit
from tests.people import Person

CONFIG = (
    '<View><Text name="text" value="$text"/><Choices name="mood" toName="text"><Choice value="Good"/><Choice value="Bad"/></Choices></View>'
)
TASKS = 6


def label_all(pages: list[Page], each: int) -> None:
    """Turn by turn, one task each."""
    for _ in range(each):
        for number, page in enumerate(pages):
            expect(page.get_by_role("radio").first).to_be_enabled()
            page.keyboard.press(str(number + 1))
            submit(page)


@pytest.mark.parametrize("overlap", [1, 2])
def test_nobody_gets_a_task_twice(visit: Visits, owner: Person, colleague: Callable[..., Person], overlap: int) -> None:
    project = project_with(owner, CONFIG, *({"text": f"Text {number}"} for number in range(TASKS)), maximum_annotations=overlap)
    people = [colleague(), colleague()]
    pages = [visit(person) for person in people]
    for page in pages:
        open_stream(page, project)
    label_all(pages, TASKS * overlap // 2)
    answer = owner.get(f"/api/projects/{project}/export", exportType="JSON")
    tasks = json.loads(b"".join(answer.streaming_content))
    done = Counter((task["id"], annotation["completed_by"]) for task in tasks for annotation in task["annotations"])
    assert set(done.values()) == {1}
    assert Counter(task for task, _person in done) == {task["id"]: overlap for task in tasks}
    assert len(tasks) == TASKS
    for page in pages:
        open_page = page.goto(f"/projects/{project}/label/")
        assert open_page is not None
        expect(page.get_by_role("heading", name="No tasks left for you")).to_be_visible()
