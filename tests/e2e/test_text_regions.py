"""Marking words: by keyboard and by pointer, with offsets in code points; relations between marks."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Visits
from tests.e2e.labeling import only_result, open_stream, project_with, results, submit
from tests.people import Person

CONFIG = (
    '<View><Relations><Relation value="knows"/></Relations><Labels name="label" toName="text"><Label value="Person"/><Label value="Place"/></Labels>'
    '<Text name="text" value="$text"/></View>'
)
# The otter takes two UTF-16 units and one code point.
TEXT = "🦦 Ida met Tom in Rome."


def drag_over(page: Page, words: str) -> None:
    """Select words with the mouse."""
    page.locator(".text-body", has_text=words).wait_for()
    ends = page.evaluate(
        """words => {
            const walker = document.createTreeWalker(document.querySelector('.text-body'), NodeFilter.SHOW_TEXT);
            for (let node = walker.nextNode(); node; node = walker.nextNode()) {
                const at = node.data.indexOf(words);
                if (at < 0) continue;
                const range = document.createRange();
                range.setStart(node, at);
                range.setEnd(node, at + words.length);
                const box = range.getBoundingClientRect();
                return [box.left, box.right, box.top + box.height / 2];
            }
        }""",
        words,
    )
    left, right, middle = ends
    page.mouse.move(left + 0.5, middle)
    page.mouse.down()
    page.mouse.move((left + right) / 2, middle, steps=3)
    page.mouse.move(right - 0.5, middle, steps=3)
    page.mouse.up()


def spans(rows: list[dict[str, Any]]) -> list[tuple[int, int, str, str]]:
    return sorted(
        (row["value"]["start"], row["value"]["end"], row["value"]["text"], row["value"]["labels"][0])
        for row in rows
        if row["type"] == "labels"
    )


@pytest.fixture
def project(owner: Person) -> int:
    return project_with(owner, CONFIG, {"text": TEXT}, {"text": TEXT})


def test_marking_with_the_pointer(visit: Visits, owner: Person, project: int) -> None:
    page = visit(owner)
    open_stream(page, project)
    page.keyboard.press("1")
    drag_over(page, "Ida")
    page.keyboard.press("2")
    drag_over(page, "Rome")
    expect(page.locator(".side-panel, [aria-label*='egion']").get_by_text("Rome").first).to_be_visible()
    submit(page)
    assert spans(only_result(owner, project)) == [(2, 5, "Ida", "Person"), (17, 21, "Rome", "Place")]
    assert all(TEXT[start:end] == words for start, end, words, _label in spans(only_result(owner, project)))


def test_marking_by_keyboard(visit: Visits, owner: Person, project: int) -> None:
    page = visit(owner)
    open_stream(page, project)
    page.keyboard.press("1")
    page.get_by_role("textbox", name="Text text").focus()
    page.keyboard.press("Control+Home")
    for _ in range(2):
        page.keyboard.press("ArrowRight")
    for _ in range(3):
        page.keyboard.press("Shift+ArrowRight")
    page.keyboard.press("Enter")
    submit(page)
    assert spans(only_result(owner, project)) == [(2, 5, "Ida", "Person")]


def test_undo_redo_and_delete(visit: Visits, owner: Person, project: int) -> None:
    page = visit(owner)
    open_stream(page, project)
    for words in ("Ida", "Tom"):
        drag_over(page, words)
        page.keyboard.press("1")
    page.keyboard.press("Control+z")
    page.keyboard.press("Control+z")
    page.keyboard.press("Control+Shift+z")
    page.keyboard.press("Alt+Shift+1")
    page.keyboard.press("2")  # relabels what is selected
    submit(page)
    assert spans(only_result(owner, project)) == [(2, 5, "Ida", "Place")]


def test_a_relation(visit: Visits, owner: Person, project: int) -> None:
    page = visit(owner)
    open_stream(page, project)
    for words in ("Ida", "Tom"):
        drag_over(page, words)
        page.keyboard.press("1")  # the picker at the selection
    page.keyboard.press("Alt+Shift+1")
    page.keyboard.press("Alt+r")
    page.keyboard.press("Alt+Shift+2")
    submit(page)
    rows = only_result(owner, project)
    marks = {row["value"]["text"]: row["id"] for row in rows if row["type"] == "labels"}
    (relation,) = [row for row in rows if row["type"] == "relation"]
    assert (relation["from_id"], relation["to_id"], relation["direction"]) == (marks["Ida"], marks["Tom"], "right")


def test_predictions_can_be_taken_over(visit: Visits, owner: Person) -> None:
    row = {
        "id": "p1",
        "from_name": "label",
        "to_name": "text",
        "type": "labels",
        "value": {"start": 2, "end": 5, "text": "Ida", "labels": ["Person"]},
    }
    task = {"data": {"text": TEXT}, "predictions": [{"result": [row], "model_version": "m1", "score": 0.9}]}
    project = project_with(owner, CONFIG, task)
    owner.patch(f"/api/projects/{project}/", {"model_version": "m1"})
    page = visit(owner)
    open_stream(page, project)
    page.get_by_text("m1").click()
    page.get_by_role("button", name="Use as my annotation").click()
    submit(page)
    assert [spans(rows) for rows in results(owner, project)] == [[(2, 5, "Ida", "Person")]]


def test_all_the_same_words_are_labelled_and_found(visit: Visits, owner: Person) -> None:
    project = project_with(owner, CONFIG, {"text": "Ida and Idaho, 🦦 Ida met Tom. Tom saw Ida."})
    page = visit(owner)
    open_stream(page, project)
    page.keyboard.press("1")
    drag_over(page, "Ida")
    page.keyboard.press("Alt+Shift+1")
    page.keyboard.press("Alt+Shift+S")  # whole words only
    page.keyboard.press("u")
    page.keyboard.press("2")
    page.keyboard.press("Control+f")
    page.get_by_role("searchbox", name="Find in the text").fill("tom")
    expect(page.get_by_text("1 of 2")).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.get_by_text("2 of 2")).to_be_visible()
    page.get_by_role("button", name="Label all").click()
    page.get_by_role("button", name="Close", exact=True).click()
    submit(page)
    found = spans(only_result(owner, project))
    assert found == [
        (0, 3, "Ida", "Person"),
        (17, 20, "Ida", "Person"),
        (25, 28, "Tom", "Place"),
        (30, 33, "Tom", "Place"),
        (38, 41, "Ida", "Person"),
    ]
