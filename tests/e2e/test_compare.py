"""Annotations and predictions of a task side by side: what differs is named, and taken over by a key."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import expect

from tests.e2e.conftest import Visits
from tests.e2e.images import picture
from tests.e2e.labeling import submit
from tests.e2e.test_pages import problems
from tests.labelled import make_project, send_files
from tests.people import Person

CONFIG = (
    '<View><Image name="image" value="$image"/>'
    '<RectangleLabels name="box" toName="image"><Label value="Cat"/><Label value="Dog"/></RectangleLabels>'
    '<Choices name="mood" toName="image"><Choice value="Good"/><Choice value="Bad"/></Choices></View>'
)


def box(name: str, x: float, label: str) -> dict[str, object]:
    value = {"x": x, "y": 20, "width": 10, "height": 20, "rotation": 0, "rectanglelabels": [label]}
    return {"id": name, "from_name": "box", "to_name": "image", "type": "rectanglelabels", "value": value, **SIZE}


def mood(name: str, choice: str) -> dict[str, object]:
    return {"id": name, "from_name": "mood", "to_name": "image", "type": "choices", "value": {"choices": [choice]}}


SIZE = {"original_width": 1000, "original_height": 700, "image_rotation": 0}
MINE = [box("a", 5, "Cat"), box("b", 25, "Cat"), box("c", 45, "Cat"), mood("m", "Good")]
THEIRS = [box("p", 5, "Cat"), box("q", 25, "Dog"), box("r", 47, "Cat"), box("s", 80, "Dog"), mood("n", "Bad")]


def test_what_differs_is_named_and_taken_over_by_keyboard(visit: Visits, owner: Person, colleague: Callable[..., Person]) -> None:
    project = make_project(owner, CONFIG, maximum_annotations=2)
    assert send_files(owner, f"/api/projects/{project}/import", ("one.png", picture())).status_code == 201
    task = owner.get("/api/tasks/", project=project, page_size=1).json()["tasks"][0]["id"]
    annotator = colleague()
    for person, result in ((annotator, THEIRS), (owner, MINE)):
        assert person.post(f"/api/tasks/{task}/annotations/", {"result": result}).status_code == 201
    page = visit(owner, f"/projects/{project}/tasks/{task}/")
    page.get_by_role("tab", name="Mine").click()
    expect(page.locator("#task-area .image-tag[data-state=ready]")).to_be_visible()
    page.keyboard.press("Alt+c")
    dialog = page.get_by_role("dialog", name="Compare")
    expect(dialog.get_by_text("Agreement 33 %: 1 of 5 the same")).to_be_visible()
    other = f"{annotator.user.first_name} {annotator.user.last_name}"
    expect(dialog.locator(".compare-row")).to_have_text(
        [
            "mood: Good ≠ Badother answer",
            "Cat ≠ Dog · 100 × 140other label",
            "Cat · 100 × 140other place, 67 % in common",
            f"Dog · 100 × 140only {other}",
        ]
    )
    expect(dialog.locator(".compare-pane .image-tag[data-state=ready]")).to_have_count(2)
    assert problems(page) == []
    # The answer, the label and the new box are taken over; the place stays as it is.
    page.keyboard.press("Enter")
    expect(dialog.locator(".compare-row")).to_have_count(3)
    page.keyboard.press("Enter")
    expect(dialog.locator(".compare-row")).to_have_count(2)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(dialog.locator(".compare-row")).to_have_count(1)
    page.keyboard.press("o")
    expect(dialog.locator(".compare-pane .image-tag[data-state=ready]")).to_have_count(1)
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    submit(page)
    saved = owner.get(f"/api/tasks/{task}/").json()["annotations"]
    (mine,) = [one["result"] for one in saved if one["result"][0]["id"] == "a"]
    assert {row["id"]: row["value"] for row in mine} == {
        "a": MINE[0]["value"],
        "b": THEIRS[1]["value"],
        "c": MINE[2]["value"],
        "s": THEIRS[3]["value"],
        "m": THEIRS[4]["value"],
    }
