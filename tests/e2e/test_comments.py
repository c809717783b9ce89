"""Comments beside the task: on a region, naming somebody, answered and resolved; by keyboard."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import expect

from tests.e2e.conftest import Visits
from tests.e2e.labeling import project_with
from tests.e2e.test_pages import problems
from tests.people import Person

CONFIG = '<View><Labels name="label" toName="text"><Label value="Person"/></Labels><Text name="text" value="$text"/></View>'
SPAN = {"start": 0, "end": 3, "text": "Ida", "labels": ["Person"]}
RESULT = [{"id": "ida", "from_name": "label", "to_name": "text", "type": "labels", "value": SPAN}]


def test_a_region_is_discussed(visit: Visits, owner: Person, colleague: Callable[..., Person]) -> None:
    project = project_with(owner, CONFIG, {"text": "Ida met Tom."})
    annotator = colleague()
    task = owner.get("/api/tasks/", project=project, page_size=1).json()["tasks"][0]["id"]
    assert annotator.post(f"/api/tasks/{task}/annotations/", {"result": RESULT}).status_code == 201
    page = visit(owner, f"/projects/{project}/tasks/{task}/")
    row = page.get_by_role("treeitem")
    row.click()
    page.keyboard.press("Alt+k")
    panel = page.get_by_role("complementary", name="Comments")
    field = panel.get_by_role("textbox", name="Write a comment")
    expect(field).to_be_focused()
    expect(panel.get_by_role("combobox", name="About")).to_have_value("region")
    page.keyboard.type(f"Is this a person, @{annotator.user.first_name[:3].lower()}")
    offered = panel.get_by_role("listbox").get_by_role("option", name=annotator.user.email)
    expect(offered).to_be_visible()
    while offered.get_attribute("aria-selected") != "true":
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(field).to_have_value(f"Is this a person, @{annotator.user.email} ")
    page.keyboard.press("Control+Enter")
    expect(panel.get_by_role("article")).to_have_count(1)
    expect(row.get_by_role("img", name="1 open comment")).to_be_visible()
    assert problems(page) == []
    page.keyboard.press("Escape")
    expect(panel).to_have_count(0)
    (told,) = annotator.get("/api/notifications").json()
    assert (told["reason"], told["comment"]["region_ref"]) == ("mention", {"regionId": "ida"})

    # Who was named finds it at the region, answers, and it is settled.
    other = visit(annotator, f"/projects/{project}/tasks/{task}/")
    expect(other.get_by_role("treeitem").get_by_role("img", name="1 open comment")).to_be_visible()
    other.get_by_role("button", name="Comments").click()
    panel = other.get_by_role("complementary", name="Comments")
    panel.get_by_role("button", name="1 Person").click()
    expect(other.get_by_role("treeitem")).to_have_attribute("aria-selected", "true")
    panel.get_by_role("button", name="Answer").click()
    expect(panel.get_by_role("textbox", name="Answer")).to_be_focused()
    other.keyboard.type("Yes, she is.")
    other.keyboard.press("Control+Enter")
    expect(panel.get_by_role("article")).to_have_count(2)
    panel.get_by_role("button", name="Resolve").click()
    expect(panel.get_by_role("button", name="Open again")).to_be_visible()
    expect(other.get_by_role("treeitem").get_by_role("img")).to_have_count(0)
    assert [(one["text"], one["is_resolved"]) for one in owner.get("/api/comments", task=task).json()] == [
        (f"Is this a person, @{annotator.user.email}", True),
        ("Yes, she is.", True),
    ]
