"""Ellipses, polygons and points on an image: by pointer and by keys, with the numbers of what was drawn."""

from __future__ import annotations

import io
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import CDPSession, Page

from tests.e2e.conftest import Visits
from tests.e2e.images import Canvas, picture
from tests.e2e.labeling import only_result, submit
from tests.labelled import make_project, send_files
from tests.people import Person

NEAR = 0.2  # percent of the image


def image_project(owner: Person, tag: str, attributes: str = "") -> int:
    labels = '<Label value="Cat"/><Label value="Dog"/>'
    control = f'<{tag} name="shape" toName="image"{attributes}>{labels}</{tag}>'
    made = make_project(owner, f'<View><Image name="image" value="$image"/>{control}</View>')
    assert send_files(owner, f"/api/projects/{made}/import", ("one.png", picture())).status_code == 201
    return made


def only_value(owner: Person, project: int) -> dict[str, Any]:
    (row,) = only_result(owner, project)
    value: dict[str, Any] = row["value"]
    return value


def test_an_ellipse_by_pointer(visit: Visits, owner: Person) -> None:
    project = image_project(owner, "EllipseLabels")
    canvas = Canvas(visit(owner), project)
    canvas.page.keyboard.press("2")
    canvas.drag((0.2, 0.3), (0.6, 0.5))
    submit(canvas.page)
    value = only_value(owner, project)
    (x1, y1), (x2, y2) = canvas.percent(0.2, 0.3), canvas.percent(0.6, 0.5)
    assert [value[key] for key in ("x", "y", "radiusX", "radiusY")] == pytest.approx(
        [(x1 + x2) / 2, (y1 + y2) / 2, (x2 - x1) / 2, (y2 - y1) / 2], abs=NEAR
    )
    assert value["ellipselabels"] == ["Dog"]


def test_an_ellipse_by_keyboard(visit: Visits, owner: Person) -> None:
    project = image_project(owner, "EllipseLabels")
    page = Canvas(visit(owner), project).page
    page.keyboard.press("1")
    page.keyboard.press("Enter")
    page.keyboard.press("Shift+ArrowRight")
    page.keyboard.press("Alt+Shift+ArrowDown")
    submit(page)
    value = only_value(owner, project)
    assert [value["x"], value["y"]] == pytest.approx([51, 50 + 5 / 7], abs=NEAR)  # 10 of 1000 pixels, half of 10 of 700
    assert value["radiusY"] == pytest.approx(12.5 + 5 / 7, abs=NEAR)


def test_a_polygon_by_pointer_then_changed(visit: Visits, owner: Person) -> None:
    project = image_project(owner, "PolygonLabels")
    canvas = Canvas(visit(owner), project)
    page = canvas.page
    page.keyboard.press("1")
    corners = [(0.2, 0.2), (0.5, 0.2), (0.5, 0.6), (0.7, 0.8)]
    for corner in corners:
        canvas.click(*corner)
    page.keyboard.press("Control+z")  # not that one
    canvas.click(0.2, 0.6)
    canvas.click(0.2, 0.2)  # closes
    page.keyboard.press("v")
    canvas.click(0.35, 0.4)
    canvas.drag((0.5, 0.6), (0.6, 0.7))  # a corner
    canvas.drag((0.35, 0.2), (0.35, 0.1))  # the middle of an edge becomes one
    page.keyboard.down("Alt")
    canvas.click(0.2, 0.6)  # away with it
    page.keyboard.up("Alt")
    submit(page)
    value = only_value(owner, project)
    wanted = [canvas.percent(*place) for place in [(0.2, 0.2), (0.35, 0.1), (0.5, 0.2), (0.6, 0.7)]]
    assert len(value["points"]) == len(wanted)
    for found, expected in zip(value["points"], wanted, strict=True):
        assert found == pytest.approx(expected, abs=NEAR)
    assert value["closed"] is True


def test_a_polygon_by_keyboard(visit: Visits, owner: Person) -> None:
    project = image_project(owner, "PolygonLabels")
    page = Canvas(visit(owner), project).page
    page.keyboard.press("2")
    page.keyboard.press("Enter")  # a diamond in the middle
    page.keyboard.press(".")  # its first corner
    page.keyboard.press("Shift+ArrowUp")
    page.keyboard.press("Insert")  # a corner behind it
    page.keyboard.press("Shift+ArrowRight")
    submit(page)
    value = only_value(owner, project)
    top = 37.5 - 10 / 7
    wanted = [[50, top], [(50 + 62.5) / 2 + 1, (top + 50) / 2], [62.5, 50], [50, 62.5], [37.5, 50]]
    for found, expected in zip(value["points"], wanted, strict=True):
        assert found == pytest.approx(expected, abs=NEAR)
    assert value["polygonlabels"] == ["Dog"]


def test_points_inside_each_other_by_pointer(visit: Visits, owner: Person) -> None:
    project = image_project(owner, "KeyPointLabels")
    canvas = Canvas(visit(owner), project)
    canvas.page.keyboard.press("1")
    canvas.click(0.25, 0.5)
    canvas.drag((0.7, 0.7), (0.75, 0.6))  # put right before it is let go
    submit(canvas.page)
    rows = only_result(owner, project)
    for row, place in zip(rows, [(0.25, 0.5), (0.75, 0.6)], strict=True):
        assert [row["value"]["x"], row["value"]["y"]] == pytest.approx(canvas.percent(*place), abs=NEAR)
        # Two pixels of the screen, as Label Studio has it.
        assert row["value"]["width"] == pytest.approx(2 / canvas.width * 100, abs=0.05)


def test_a_point_by_keyboard(visit: Visits, owner: Person) -> None:
    project = image_project(owner, "KeyPointLabels")
    page = Canvas(visit(owner), project).page
    page.keyboard.press("2")
    page.keyboard.press("Enter")
    page.keyboard.press("Shift+ArrowLeft")
    page.keyboard.press("ArrowDown")
    submit(page)
    value = only_value(owner, project)
    assert [value["x"], value["y"]] == pytest.approx([49, 50 + 1 / 7], abs=0.01)
    assert value["keypointlabels"] == ["Dog"]


def test_a_path_by_pointer(visit: Visits, owner: Person) -> None:
    project = image_project(owner, "VectorLabels", ' curves="true" closable="true"')
    canvas = Canvas(visit(owner), project)
    page = canvas.page
    page.keyboard.press("1")
    canvas.click(0.2, 0.2)
    canvas.drag((0.6, 0.2), (0.7, 0.3))  # a curve
    canvas.click(0.6, 0.7)
    canvas.click(0.2, 0.2)  # closes
    page.keyboard.press("v")
    canvas.click(0.6, 0.5)
    canvas.drag((0.6, 0.7), (0.5, 0.8))
    submit(page)
    value = only_value(owner, project)
    first, second, third = value["vertices"]
    places = [canvas.percent(*place) for place in [(0.2, 0.2), (0.6, 0.2), (0.5, 0.8)]]
    for vertex, place in zip(value["vertices"], places, strict=True):
        assert [vertex["x"], vertex["y"]] == pytest.approx(place, abs=NEAR)
    assert [second["prevPointId"], third["prevPointId"]] == [first["id"], second["id"]]
    control = second["controlPoint2"]
    assert [control["x"], control["y"]] == pytest.approx(canvas.percent(0.7, 0.3), abs=NEAR)
    assert (value["closed"], first["isBezier"], second["isBezier"]) == (True, False, True)


def test_a_path_by_keyboard(visit: Visits, owner: Person) -> None:
    project = image_project(owner, "VectorLabels", ' curves="true"')
    page = Canvas(visit(owner), project).page
    page.keyboard.press("2")
    page.keyboard.press("Enter")
    page.keyboard.press(".")
    page.keyboard.press("Insert")  # a point in the middle
    page.keyboard.press("Shift+ArrowRight")
    page.keyboard.press("Shift+C")
    submit(page)
    value = only_value(owner, project)
    assert [vertex["isBezier"] for vertex in value["vertices"]] == [False, True, False]
    assert [value["vertices"][1][axis] for axis in ("x", "y")] == pytest.approx([51, 50], abs=NEAR)
    assert value["vectorlabels"] == ["Dog"]


def touch(session: CDPSession, kind: str, *places: tuple[float, float]) -> None:
    points = [{"x": x, "y": y, "id": finger} for finger, (x, y) in enumerate(places)]
    session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})


def tap(session: CDPSession, place: tuple[float, float]) -> None:
    touch(session, "touchStart", place)
    touch(session, "touchEnd")


def scale_of(page: Page) -> str:
    return page.locator(".image-scale").inner_text()


def test_a_polygon_by_finger_goes_on_after_a_pinch_and_a_two_finger_pan(visit: Visits, owner: Person) -> None:
    project = image_project(owner, "PolygonLabels")
    canvas = Canvas(visit(owner, has_touch=True), project)
    page = canvas.page
    session = page.context.new_cdp_session(page)
    page.keyboard.press("1")
    tap(session, canvas.at(0.4, 0.4))
    tap(session, canvas.at(0.6, 0.4))
    before = scale_of(page)
    middle = canvas.at(0.5, 0.5)

    def fingers(apart: float, moved: float = 0) -> list[tuple[float, float]]:
        return [(middle[0] + side * apart + moved, middle[1]) for side in (-1, 1)]

    touch(session, "touchStart", fingers(60)[0])
    touch(session, "touchStart", *fingers(60))
    for apart in (70, 90, 120):
        touch(session, "touchMove", *fingers(apart))
    page.wait_for_timeout(100)
    assert scale_of(page) != before  # it is nearer now
    for apart in (90, 70, 60):
        touch(session, "touchMove", *fingers(apart))
    for moved in (20, 40, 20, 0):
        touch(session, "touchMove", *fingers(60, moved))
    touch(session, "touchEnd")
    page.keyboard.press("Shift+Digit1")  # the whole image again
    tap(session, canvas.at(0.5, 0.6))
    tap(session, canvas.at(0.4, 0.4))  # closes
    submit(page)
    value = only_value(owner, project)
    for found, place in zip(value["points"], [(0.4, 0.4), (0.6, 0.4), (0.5, 0.6)], strict=True):
        assert found == pytest.approx(canvas.percent(*place), abs=0.4)


def test_a_photograph_taken_upright_is_upright(visit: Visits, owner: Person) -> None:
    control = '<RectangleLabels name="box" toName="image"><Label value="Cat"/></RectangleLabels>'
    project = make_project(owner, f'<View><Image name="image" value="$image"/>{control}</View>')
    image = Image.new("RGB", (700, 1000), (200, 200, 200))
    image.paste((255, 0, 255), (0, 0, 700, 6))
    image.paste((255, 0, 255), (0, 994, 700, 1000))
    image.paste((255, 0, 255), (0, 0, 6, 1000))
    image.paste((255, 0, 255), (694, 0, 700, 1000))
    turned = image.rotate(90, expand=True)  # as a camera stores it, with a word about it
    turned_by = Image.Exif()
    turned_by[0x0112] = 6
    file = io.BytesIO()
    turned.save(file, "JPEG", quality=95, exif=turned_by)
    assert send_files(owner, f"/api/projects/{project}/import", ("one.jpg", file.getvalue())).status_code == 201
    canvas = Canvas(visit(owner), project)
    assert canvas.height > canvas.width
    canvas.page.keyboard.press("1")
    canvas.drag((0.25, 0.5), (0.75, 0.75))
    submit(canvas.page)
    (row,) = only_result(owner, project)
    assert (row["original_width"], row["original_height"]) == (700, 1000)
    assert [row["value"][key] for key in ("x", "y", "width", "height")] == pytest.approx([25, 50, 50, 25], abs=0.5)
