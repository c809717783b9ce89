"""Labeling with a model at hand: what is drawn goes to it, its suggestions are accepted or rejected; predictions are ready to be corrected."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from projects.models import Project
from tests.e2e.conftest import Visits
from tests.e2e.images import draw, picture, ready
from tests.e2e.labeling import only_result, open_stream, project_with, submit
from tests.e2e.test_text_regions import CONFIG, TEXT, drag_over, spans
from tests.labelled import make_project, send_files
from tests.ml.conftest import Answer, Model, Request, connect, model, work  # noqa: F401 - the fixture
from tests.people import Person

BOXES = '<View><Image name="image" value="$image"/><RectangleLabels name="box" toName="image" smart="true"><Label value="Cat"/></RectangleLabels></View>'


def answering(result: list[dict[str, Any]]) -> Any:
    return lambda request: {"results": [{"result": result, "score": 0.9} for _task in request.body["tasks"]]}


def connected(owner: Person, number: int, server: Model, **fields: Any) -> None:
    connect(owner, Project.objects.get(pk=number), server, **fields)


def context_of(server: Model) -> list[dict[str, Any]]:
    """The rows that were sent with the last question."""
    rows: list[dict[str, Any]] = server.asked("/predict")[-1]["params"]["context"]["result"]
    return rows


def accept_button(page: Page) -> Any:
    return page.get_by_role("button", name="Accept")


def test_a_word_becomes_suggestions_that_enter_accepts(visit: Visits, owner: Person, model: Model) -> None:  # noqa: F811
    project = project_with(owner, CONFIG, {"text": TEXT}, show_collab_predictions=False)
    connected(owner, project, model, is_interactive=True)
    names = [(2, 5, "Ida"), (10, 13, "Tom")]
    model.answers["/predict"] = answering(
        [
            {"from_name": "label", "to_name": "text", "type": "labels", "value": {"start": a, "end": b, "text": c, "labels": ["Person"]}}
            for a, b, c in names
        ]
    )
    page = visit(owner)
    open_stream(page, project)
    page.get_by_role("switch", name="Auto-annotation").click()
    page.locator(".text-body").click(position={"x": 2, "y": 2})
    page.keyboard.press("1")
    drag_over(page, "Ida")
    expect(accept_button(page)).to_contain_text("2")
    assert [row["value"]["text"] for row in context_of(model)] == ["Ida"]
    page.keyboard.press("Enter")
    expect(accept_button(page)).to_have_count(0)
    submit(page)
    assert spans(only_result(owner, project)) == [(2, 5, "Ida", "Person"), (10, 13, "Tom", "Person")]


@pytest.fixture
def pictures(owner: Person) -> int:
    made = make_project(owner, BOXES, show_collab_predictions=False)
    assert send_files(owner, f"/api/projects/{made}/import", ("one.png", picture())).status_code == 201
    return made


def test_a_box_is_refined_or_kept_as_it_was_drawn(visit: Visits, owner: Person, model: Model, pictures: int) -> None:  # noqa: F811
    connected(owner, pictures, model, is_interactive=True)
    tight = {"x": 20, "y": 30, "width": 5, "height": 6, "rotation": 0, "rectanglelabels": ["Cat"]}
    model.answers["/predict"] = answering([{"id": "x", "from_name": "box", "to_name": "image", "type": "rectanglelabels", "value": tight}])
    page = visit(owner)
    left, top, width, height = ready(page, pictures)
    page.get_by_role("switch", name="Auto-annotation").click()

    def drawn() -> None:
        if page.get_by_role("button", name="Cat").get_attribute("aria-pressed") != "true":
            page.keyboard.press("1")
        draw(page, (round(left + 0.5 * width), round(top + 0.5 * height)), (round(left + 0.9 * width), round(top + 0.9 * height)))
        expect(accept_button(page)).to_be_visible()

    drawn()
    page.keyboard.press("Escape")
    expect(accept_button(page)).to_have_count(0)
    page.keyboard.press("Control+z")  # the box that was drawn stayed, and goes by undo
    drawn()
    page.keyboard.press("Enter")
    expect(accept_button(page)).to_have_count(0)
    submit(page)
    [row] = only_result(owner, pictures)
    assert row["value"] == tight
    assert row["origin"] == "prediction"


def test_a_model_that_fails_leaves_what_was_drawn(visit: Visits, owner: Person, model: Model, pictures: int) -> None:  # noqa: F811
    connected(owner, pictures, model, is_interactive=True)
    model.answers["/predict"] = lambda request: Answer({"detail": "no memory"}, 500)
    page = visit(owner)
    left, top, width, height = ready(page, pictures)
    page.get_by_role("switch", name="Auto-annotation").click()
    page.keyboard.press("1")
    draw(page, (round(left + 0.1 * width), round(top + 0.1 * height)), (round(left + 0.4 * width), round(top + 0.4 * height)))
    expect(page.get_by_text("no memory")).to_be_visible()
    submit(page)
    assert len(only_result(owner, pictures)) == 1


def test_an_annotation_begins_with_the_prediction_also_with_a_late_one(visit: Visits, owner: Person, model: Model) -> None:  # noqa: F811
    row = {"from_name": "label", "to_name": "text", "type": "labels", "value": {"start": 2, "end": 5, "text": "Ida", "labels": ["Person"]}}
    model.answers["/predict"] = answering([row])
    project = project_with(owner, CONFIG, {"text": TEXT}, {"text": TEXT})
    connected(owner, project, model)
    page = visit(owner)
    open_stream(page, project)  # the page does not wait for the model
    expect(page.locator(".region-row")).to_have_count(0)
    work()
    expect(page.locator(".region-row")).to_have_count(1, timeout=20_000)
    submit(page)
    expect(page.locator(".region-row")).to_have_count(1, timeout=20_000)  # the next one was asked for ahead
    submit(page)
    for number in (1, 2):
        made = owner.get("/api/predictions/", project=project).json()[number - 1]
        [annotation] = owner.get(f"/api/tasks/{made['task']}/annotations/").json()
        assert (annotation["parent_prediction"], spans(annotation["result"])) == (made["id"], [(2, 5, "Ida", "Person")])
