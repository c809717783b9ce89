"""Boxes on an image: what is drawn is what comes out, in percent of the image."""

from __future__ import annotations

from typing import Any

import pytest

from tests.e2e.conftest import Visits
from tests.e2e.images import SIZE, draw, picture, ready
from tests.e2e.labeling import results, submit
from tests.labelled import make_project, send_files
from tests.people import Person

LABELS = '<View><Image name="image" value="$image"/><RectangleLabels name="box" toName="image"><Label value="Cat"/><Label value="Dog"/></RectangleLabels></View>'
PLAIN = '<View><Image name="image" value="$image"/><Rectangle name="box" toName="image"/></View>'


@pytest.fixture
def project(owner: Person) -> int:
    made = make_project(owner, LABELS)
    assert send_files(owner, f"/api/projects/{made}/import", ("one.png", picture()), ("two.png", picture())).status_code == 201
    return made


def boxes(rows: list[dict[str, Any]]) -> list[list[float]]:
    return [[row["value"][key] for key in ("x", "y", "width", "height")] for row in rows]


def test_three_boxes_match_what_was_drawn(visit: Visits, owner: Person, project: int) -> None:
    page = visit(owner)
    left, top, width, height = ready(page, project)
    wanted = []
    for number, (x, y, across, down) in enumerate([(0.1, 0.1, 0.2, 0.3), (0.45, 0.2, 0.25, 0.25), (0.6, 0.62, 0.3, 0.28)]):
        first = (round(left + x * width), round(top + y * height))
        second = (round(left + (x + across) * width), round(top + (y + down) * height))
        wanted.append(
            [
                (first[0] - left) / width * 100,
                (first[1] - top) / height * 100,
                (second[0] - first[0]) / width * 100,
                (second[1] - first[1]) / height * 100,
            ]
        )
        page.keyboard.press(str(number % 2 + 1))
        draw(page, first, second)
    submit(page)
    rows = results(owner, project)[0]
    assert [row["value"]["rectanglelabels"] for row in rows] == [["Cat"], ["Dog"], ["Cat"]]
    for found, expected in zip(boxes(rows), wanted, strict=True):
        assert found == pytest.approx(expected, abs=0.2)
    assert {(row["original_width"], row["original_height"]) for row in rows} == {SIZE}


def test_a_box_by_keyboard_only(visit: Visits, owner: Person, project: int) -> None:
    page = visit(owner)
    ready(page, project)
    page.keyboard.press("2")
    page.keyboard.press("Enter")  # a box in the middle
    page.keyboard.press("Shift+ArrowRight")
    page.keyboard.press("Alt+Shift+ArrowDown")
    submit(page)
    (row,) = results(owner, project)[0]
    assert row["value"]["rectanglelabels"] == ["Dog"]
    x, y, across, down = boxes([row])[0]
    assert x + across / 2 > 50  # was moved to the right
    assert y + down / 2 > 50  # was made taller downwards
    assert 0 < across < 100
    assert 0 < down < 100


def test_moving_and_resizing_a_box(visit: Visits, owner: Person, project: int) -> None:
    page = visit(owner)
    left, top, width, height = ready(page, project)
    page.keyboard.press("1")
    draw(page, (left + 0.2 * width, top + 0.2 * height), (left + 0.4 * width, top + 0.4 * height))
    page.keyboard.press("v")
    draw(page, (left + 0.3 * width, top + 0.3 * height), (left + 0.5 * width, top + 0.3 * height))  # by its inside
    draw(page, (left + 0.6 * width, top + 0.4 * height), (left + 0.7 * width, top + 0.6 * height))  # by its corner
    submit(page)
    assert boxes(results(owner, project)[0])[0] == pytest.approx([40, 20, 30, 40], abs=0.4)


def test_boxes_without_labels(visit: Visits, owner: Person) -> None:
    project = make_project(owner, PLAIN)
    send_files(owner, f"/api/projects/{project}/import", ("one.png", picture()))
    page = visit(owner)
    left, top, width, height = ready(page, project)
    page.keyboard.press("r")
    draw(page, (left + 0.25 * width, top + 0.25 * height), (left + 0.75 * width, top + 0.5 * height))
    submit(page)
    (row,) = results(owner, project)[0]
    assert (row["type"], "rectanglelabels" in row["value"]) == ("rectangle", False)
    assert boxes([row])[0] == pytest.approx([25, 25, 50, 25], abs=0.2)
