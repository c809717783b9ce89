"""Masks painted with brush and eraser: by pointer, by pen and by keys; the pixels that come out are those that were painted."""

from __future__ import annotations

import base64
import io
import math
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Page

from data_export.brush_rle import decode_alpha
from tests.e2e.conftest import Visits
from tests.e2e.images import SIZE, Canvas, picture
from tests.e2e.labeling import only_result, submit
from tests.labelled import make_project, send_files
from tests.people import Person

PIXELS = SIZE[0] * SIZE[1]


def painting_project(owner: Person, tag: str = "BrushLabels", attributes: str = ' strokeWidth="20"') -> int:
    labels = '<Label value="Cat"/><Label value="Dog"/>'
    control = f'<{tag} name="mask" toName="image"{attributes}>{labels}</{tag}>'
    made = make_project(owner, f'<View><Image name="image" value="$image"/>{control}</View>')
    assert send_files(owner, f"/api/projects/{made}/import", ("one.png", picture())).status_code == 201
    return made


def painted(row: dict[str, Any]) -> bytearray:
    assert row["value"]["format"] == "rle"
    return decode_alpha(row["value"]["rle"], *SIZE)


def share(mask: bytearray) -> float:
    return sum(1 for value in mask if value) / PIXELS


def at(mask: bytearray, x: float, y: float) -> int:
    return mask[int(y * SIZE[1]) * SIZE[0] + int(x * SIZE[0])]


def test_a_stroke_is_as_wide_and_long_as_it_was_painted(visit: Visits, owner: Person) -> None:
    project = painting_project(owner)
    canvas = Canvas(visit(owner), project)
    canvas.page.keyboard.press("1")
    canvas.drag((0.2, 0.5), (0.5, 0.5))
    submit(canvas.page)
    (row,) = only_result(owner, project)
    mask = painted(row)
    radius = 10 * SIZE[0] / canvas.width  # 20 pixels of the screen
    (x1, y), (x2, _) = canvas.percent(0.2, 0.5), canvas.percent(0.5, 0.5)
    length = (x2 - x1) / 100 * SIZE[0]
    assert share(mask) == pytest.approx((length * 2 * radius + math.pi * radius * radius) / PIXELS, abs=0.002)
    assert at(mask, 0.35, y / 100) == 255
    assert at(mask, 0.35, y / 100 + (radius + 3) / SIZE[1]) == 0
    assert row["value"]["brushlabels"] == ["Cat"]


def test_strokes_go_on_with_the_mask_the_eraser_takes_away_and_undo_brings_back(visit: Visits, owner: Person) -> None:
    project = painting_project(owner)
    canvas = Canvas(visit(owner), project)
    page = canvas.page
    page.keyboard.press("1")
    canvas.drag((0.2, 0.3), (0.6, 0.3))
    canvas.drag((0.2, 0.6), (0.6, 0.6))  # the same mask
    page.keyboard.press("e")
    canvas.drag((0.4, 0.2), (0.4, 0.7))
    canvas.drag((0.5, 0.2), (0.5, 0.7))
    page.keyboard.press("Control+z")  # only the last stroke
    page.keyboard.press("b")
    page.keyboard.press("Escape")
    page.keyboard.press("2")
    canvas.drag((0.8, 0.8), (0.9, 0.8))  # another mask
    submit(page)
    first, second = only_result(owner, project)
    mask = painted(first)
    assert [at(mask, x, y) for x in (0.3, 0.4, 0.5) for y in (0.3, 0.6)] == [255, 255, 0, 0, 255, 255]
    assert at(mask, 0.85, 0.8) == 0
    assert at(painted(second), 0.85, 0.8) == 255
    assert second["value"]["brushlabels"] == ["Dog"]


def test_a_mask_by_keyboard(visit: Visits, owner: Person) -> None:
    project = painting_project(owner)
    canvas = Canvas(visit(owner), project)
    page = canvas.page
    page.keyboard.press("1")
    for _ in range(4):
        page.keyboard.press("]")  # 40 pixels wide
    page.keyboard.press("Enter")
    page.keyboard.press("Shift+ArrowRight")
    page.keyboard.press("ArrowUp")
    submit(page)
    (row,) = only_result(owner, project)
    mask = painted(row)
    radius = 20 * SIZE[0] / canvas.width
    assert share(mask) == pytest.approx(math.pi * radius * radius / PIXELS, abs=0.0005)
    rows = [y for y in range(SIZE[1]) if any(mask[y * SIZE[0] : (y + 1) * SIZE[0]])]
    columns = [x for x in range(SIZE[0]) if any(mask[x :: SIZE[0]])]
    assert (min(columns) + max(columns) + 1) / 2 == pytest.approx(510, abs=1)
    assert (min(rows) + max(rows) + 1) / 2 == pytest.approx(349, abs=1)


def press(page: Page, kind: str, place: tuple[float, float], **more: Any) -> None:
    """A pointer event of a pen or finger, as the browser would send it."""
    event = {"pointerId": 7, "bubbles": True, "button": 0, "clientX": place[0], "clientY": place[1], **more}
    page.evaluate("([kind, event]) => document.querySelector('.image-stage').dispatchEvent(new PointerEvent(kind, event))", [kind, event])


def test_a_pen_s_pressure_makes_the_line_thinner_and_the_palm_paints_nothing(visit: Visits, owner: Person) -> None:
    project = painting_project(owner)
    canvas = Canvas(visit(owner, has_touch=True), project)
    page = canvas.page
    page.evaluate("Element.prototype.setPointerCapture = () => {}")  # there is no such pointer to capture
    page.keyboard.press("1")
    for y, pressure in ((0.3, 1), (0.6, 0.1)):
        press(page, "pointerdown", canvas.at(0.2, y), pointerType="pen", pressure=pressure)
        for x in (0.3, 0.4, 0.6):
            press(page, "pointermove", canvas.at(x, y), pointerType="pen", pressure=pressure)
        palm = {"pointerType": "touch", "pointerId": 8, "pressure": 0.5}
        press(page, "pointerdown", canvas.at(0.5, 0.9), **palm)
        press(page, "pointermove", canvas.at(0.6, 0.9), **palm)
        press(page, "pointerup", canvas.at(0.6, 0.9), **palm)
        press(page, "pointerup", canvas.at(0.6, y), pointerType="pen", pressure=0)
    submit(page)
    (row,) = only_result(owner, project)
    mask = painted(row)
    heights = [sum(1 for step in range(SIZE[1] // 10) if at(mask, 0.4, y - 0.05 + step / SIZE[1])) for y in (0.3, 0.6)]
    assert heights[0] > 2 * heights[1] > 0
    assert at(mask, 0.55, 0.9) == 0


def bitmask(row: dict[str, Any]) -> bytearray:
    head, _, body = row["value"]["imageDataURL"].partition(",")
    assert head == "data:image/png;base64"
    image = Image.open(io.BytesIO(base64.b64decode(body)))
    image.load()
    assert image.size == SIZE
    return bytearray(image.convert("RGBA").getchannel("A").tobytes())


def test_a_bitmask_by_pointer_then_by_keys(visit: Visits, owner: Person) -> None:
    project = painting_project(owner, "BitmaskLabels", ' strokeWidth="30"')
    canvas = Canvas(visit(owner), project)
    page = canvas.page
    page.keyboard.press("1")
    canvas.drag((0.2, 0.5), (0.5, 0.5))
    page.keyboard.press("e")
    canvas.drag((0.35, 0.4), (0.35, 0.6))
    page.keyboard.press("Escape")
    page.keyboard.press("b")
    page.keyboard.press("2")
    page.keyboard.press("Enter")
    page.keyboard.press("Shift+ArrowDown")
    submit(page)
    first, second = only_result(owner, project)
    radius = 15 * SIZE[0] / canvas.width
    mask = bitmask(first)
    (x1, _), (x2, _) = canvas.percent(0.2, 0.5), canvas.percent(0.5, 0.5)
    length = (x2 - x1) / 100 * SIZE[0]
    assert share(mask) == pytest.approx((length * 2 * radius + math.pi * radius**2 - 4 * radius * radius) / PIXELS, abs=0.002)
    assert [at(mask, x, 0.5) for x in (0.25, 0.35, 0.45)] == [255, 0, 255]
    assert [at(bitmask(second), 0.5, 0.5 + by / SIZE[1]) for by in (10 - radius - 3, 10, 10 + radius - 2)] == [0, 255, 255]
    assert second["value"]["bitmasklabels"] == ["Dog"]


def wand_project(owner: Person) -> int:
    controls = '<Labels name="kind" toName="image"><Label value="Cat"/></Labels><MagicWand name="wand" toName="image" blurRadius="1"/>'
    made = make_project(owner, f'<View><Image name="image" value="$image"/>{controls}</View>')
    assert send_files(owner, f"/api/projects/{made}/import", ("one.png", picture())).status_code == 201
    return made


def test_a_magic_wand_by_pointer(visit: Visits, owner: Person) -> None:
    project = wand_project(owner)
    canvas = Canvas(visit(owner), project)
    canvas.page.keyboard.press("1")
    canvas.click(0.5, 0.5)
    submit(canvas.page)
    shape, label = only_result(owner, project)
    assert (shape["type"], shape["from_name"], label["type"], label["value"]["labels"]) == ("magicwand", "wand", "labels", ["Cat"])
    assert shape["id"] == label["id"]
    assert share(painted(shape)) == pytest.approx((SIZE[0] - 12) * (SIZE[1] - 12) / PIXELS, abs=0.002)  # all that is grey
    assert painted(label) == painted(shape)


def test_a_magic_wand_by_keyboard(visit: Visits, owner: Person) -> None:
    project = wand_project(owner)
    page = Canvas(visit(owner), project).page
    page.keyboard.press("1")
    page.keyboard.press("Enter")
    submit(page)
    mask = painted(only_result(owner, project)[0])
    assert [at(mask, 0.5, 0.5), at(mask, 0.001, 0.5)] == [255, 0]
