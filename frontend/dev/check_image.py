"""Drives dev/image.html in a real Chromium: what is drawn is what is stored.

Start `npx vite --mode preview --port 5199` in frontend/, then run this file; it prints one line per check and fails at the first that does not hold.
Needs playwright and the system's Chromium.
"""

from __future__ import annotations

import json
import math
import sys
import urllib.parse
from collections.abc import Callable
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, Route, sync_playwright

ADDRESS = sys.argv[1] if len(sys.argv) > 1 else "http://localhost:5199/image.html"
STREET = Path(__file__).parents[2] / "labeling/templates/media/street.jpg"
CHECKS: list[Callable[[Browser], None]] = []
Box = dict[str, float]


def check(function: Callable[[Browser], None]) -> Callable[[Browser], None]:
    CHECKS.append(function)
    return function


def served(content: bytes) -> Callable[[Route], None]:
    return lambda route: route.fulfill(body=content)


def open_page(
    browser: Browser, ready: bool = True, context: dict[str, Any] | None = None, files: dict[str, bytes] | None = None, **query: Any
) -> Page:
    """A new window on the page; `files` are served below the root, `query` goes into the address as JSON."""
    values = {key: value if isinstance(value, str) else json.dumps(value) for key, value in query.items()}
    page = browser.new_context(**{"viewport": {"width": 1440, "height": 900}, **(context or {})}).new_page()
    page.on("pageerror", lambda error: sys.exit(f"error in the page: {error}"))
    for name, content in (files or {}).items():
        page.route(f"**/{name}", served(content))
    page.goto(f"{ADDRESS}?{urllib.parse.urlencode(values)}")
    if ready:
        page.wait_for_selector('.image-tag[data-state="ready"]')
        page.wait_for_function("document.querySelector('.image-picture').getBoundingClientRect().width > 0")
    return page


def picture(page: Page) -> Box:
    box = page.locator(".image-picture").bounding_box()
    assert box
    return box


def rows(page: Page) -> list[dict[str, Any]]:
    return page.evaluate("editor.rows().map(([, row]) => row)")


def selection(page: Page) -> list[str]:
    return page.evaluate("[...editor.selection.value]")


def at(page: Page, x: float, y: float) -> tuple[float, float]:
    """The window position of a point of the picture given in percent."""
    box = picture(page)
    return box["x"] + box["width"] * x / 100, box["y"] + box["height"] * y / 100


def drag(page: Page, start: tuple[float, float], end: tuple[float, float], steps: int = 4) -> None:
    page.mouse.move(*at(page, *start))
    page.mouse.down()
    page.mouse.move(*at(page, *end), steps=steps)
    page.mouse.up()


def close(row: dict[str, Any], x: float, y: float, width: float, height: float, rotation: float = 0, by: float = 0.01) -> None:
    value = row["value"]
    for key, wanted in {"x": x, "y": y, "width": width, "height": height, "rotation": rotation}.items():
        assert abs(value[key] - wanted) <= by, f"{key} is {value[key]}, not {wanted}: {value}"


def row(id: str, x: float, y: float, width: float, height: float, rotation: float = 0, label: str = "Car", **more: Any) -> dict[str, Any]:
    value = {"x": x, "y": y, "width": width, "height": height, "rotation": rotation, "rectanglelabels": [label]}
    base = {"id": id, "type": "rectanglelabels", "from_name": "label", "to_name": "image", "origin": "manual"}
    return {"original_width": 1200, "original_height": 800, "image_rotation": 0, "value": value, **base, **more}


TWO = [row("one", 10, 10, 20, 20), row("two", 50, 50, 20, 20)]


@check
def draws_by_dragging(browser: Browser) -> None:
    page = open_page(browser)
    page.keyboard.press("1")
    drag(page, (10, 10), (30, 40))
    drag(page, (80, 70), (60, 50))
    page.keyboard.press("2")
    drag(page, (50, 20), (150, 50))
    first, second, third = rows(page)
    close(first, 10, 10, 20, 30)
    close(second, 60, 50, 20, 20)
    close(third, 50, 20, 50, 30)
    assert first["value"]["rectanglelabels"] == ["Person"]
    assert third["value"]["rectanglelabels"] == ["Car"]
    assert (first["original_width"], first["original_height"], first["image_rotation"]) == (1200, 800, 0)
    assert "item_index" not in first


@check
def draws_by_two_clicks_and_by_three_points(browser: Browser) -> None:
    page = open_page(browser)
    page.keyboard.press("1")
    page.mouse.click(*at(page, 10, 10))
    page.mouse.move(*at(page, 20, 20))
    page.mouse.click(*at(page, 30, 30))
    close(rows(page)[0], 10, 10, 20, 20)
    page.keyboard.press("Shift+R")
    for x, y in [(50, 60), (70, 60), (60, 40)]:
        page.mouse.move(*at(page, x, y))
        page.mouse.click(*at(page, x, y))
    close(rows(page)[1], 50, 40, 20, 20)
    # An edge that rises to the right, third point below it.
    box = picture(page)
    for x, y in [(100, 700), (200, 600), (250, 650)]:
        page.mouse.move(box["x"] + x, box["y"] + y)
        page.mouse.click(box["x"] + x, box["y"] + y)
    value = rows(page)[2]["value"]
    assert abs(value["rotation"] - 315) < 0.01, value
    assert abs(value["width"] * box["width"] / 100 - math.hypot(100, 100)) < 0.1, value
    assert abs(value["height"] * box["height"] / 100 - math.hypot(50, 50)) < 0.1, value


@check
def a_shape_without_label_waits_for_one(browser: Browser) -> None:
    page = open_page(browser)
    drag(page, (10, 10), (30, 40))
    assert rows(page) == []
    assert "label" in page.inner_text("#said")
    page.keyboard.press("3")
    close(rows(page)[0], 10, 10, 20, 30)
    assert rows(page)[0]["value"]["rectanglelabels"] == ["Bicycle"]
    page.keyboard.press("Escape")
    page.keyboard.press("3")
    drag(page, (50, 50), (60, 60))
    page.keyboard.press("Escape")
    assert len(rows(page)) == 1


@check
def selects_moves_resizes_rotates(browser: Browser) -> None:
    page = open_page(browser, rows=TWO)
    page.keyboard.press("v")
    page.mouse.click(*at(page, 20, 20))
    assert selection(page) == ["one"]
    drag(page, (20, 20), (25, 30))
    close(rows(page)[0], 15, 20, 20, 20)
    drag(page, (35, 40), (45, 50))
    close(rows(page)[0], 15, 20, 30, 30)
    drag(page, (15, 35), (10, 35))
    close(rows(page)[0], 10, 20, 35, 30)
    drag(page, (10, 20), (-20, -20))
    close(rows(page)[0], 0, 0, 45, 50)
    page.keyboard.press("Control+z")
    close(rows(page)[0], 10, 20, 35, 30)
    # The rotation handle is 24 pixels above the top edge; a quarter turn about the middle.
    box = picture(page)
    middle = (box["x"] + box["width"] * 0.275, box["y"] + box["height"] * 0.35)
    page.mouse.move(middle[0], box["y"] + box["height"] * 0.2 - 24)
    page.mouse.down()
    page.mouse.move(middle[0] + 200, middle[1], steps=6)
    page.mouse.up()
    value = rows(page)[0]["value"]
    assert abs(value["rotation"] - 90) < 0.5, value
    assert abs(value["width"] - 35) < 1e-9
    assert abs(value["height"] - 30) < 1e-9
    assert rows(page)[1]["value"] == TWO[1]["value"]


@check
def selects_several(browser: Browser) -> None:
    page = open_page(browser, rows=[*TWO, row("inner", 12, 12, 5, 5)])
    page.keyboard.press("v")
    page.mouse.click(*at(page, 14, 14))
    assert selection(page) == ["inner"], selection(page)
    page.mouse.click(*at(page, 14, 14))
    assert selection(page) == ["one"], "a second click goes below"
    page.mouse.click(*at(page, 60, 60), button="left")
    page.keyboard.down("Control")
    page.mouse.click(*at(page, 25, 25))
    page.keyboard.up("Control")
    assert sorted(selection(page)) == ["one", "two"]
    drag(page, (60, 60), (65, 65))
    close(rows(page)[0], 15, 15, 20, 20)
    close(rows(page)[1], 55, 55, 20, 20)
    page.keyboard.press("Control+z")
    close(rows(page)[0], 10, 10, 20, 20)
    close(rows(page)[1], 50, 50, 20, 20)
    page.mouse.click(*at(page, 90, 5))
    assert selection(page) == []
    drag(page, (95, 95), (45, 45))
    assert selection(page) == ["two"]
    page.keyboard.press("Control+a")
    assert len(selection(page)) == 3


@check
def keys_do_all_of_it(browser: Browser) -> None:
    page = open_page(browser)
    page.keyboard.press("1")
    page.keyboard.press("Enter")
    close(rows(page)[0], 37.5, 37.5, 25, 25)
    assert len(selection(page)) == 1
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Shift+ArrowDown")
    close(rows(page)[0], 37.5 + 100 / 1200, 37.5 + 1000 / 800, 25, 25)
    page.keyboard.press("Alt+ArrowRight")
    page.keyboard.press("Alt+ArrowUp")
    close(rows(page)[0], 37.5 + 100 / 1200, 37.5 + 1000 / 800, 25 + 100 / 1200, 25 - 100 / 800)
    page.keyboard.press("Control+c")
    page.keyboard.press("Control+v")
    page.keyboard.press("Control+d")
    assert len(rows(page)) == 3
    assert len({one["id"] for one in rows(page)}) == 3
    page.keyboard.press("Delete")
    assert len(rows(page)) == 2
    page.keyboard.press("Control+z")
    assert len(rows(page)) == 3


@check
def zooms_and_pans(browser: Browser) -> None:
    page = open_page(browser)
    before = picture(page)
    x, y = (round(part) for part in at(page, 25, 75))
    page.mouse.move(x, y)
    page.keyboard.down("Control")
    for step in range(8):
        page.mouse.wheel(0, -100)
        page.wait_for_timeout(30)
        if step == 2:
            # From here on the image is larger than the view in both directions.
            box = picture(page)
            under = ((x - box["x"]) / box["width"] * 100, (y - box["y"]) / box["height"] * 100)
    page.keyboard.up("Control")
    zoomed = picture(page)
    assert zoomed["width"] > before["width"] * 3
    assert math.dist(at(page, *under), (x, y)) < 0.5, "the point under the pointer moved"
    page.mouse.wheel(0, 60)
    page.wait_for_timeout(50)
    assert abs(picture(page)["y"] - (zoomed["y"] - 60)) < 0.5
    page.keyboard.down("Space")
    page.mouse.down()
    page.mouse.move(x + 40, y + 30, steps=3)
    page.mouse.up()
    page.keyboard.up("Space")
    page.wait_for_timeout(50)
    assert abs(picture(page)["x"] - (zoomed["x"] + 40)) < 0.5
    page.keyboard.press("1")
    left, top = (round(part) for part in under)
    drag(page, (left, top), (left + 3, top + 3))
    close(rows(page)[0], left, top, 3, 3)
    page.keyboard.press("Shift+Digit1")
    page.wait_for_timeout(50)
    assert abs(picture(page)["width"] - before["width"]) < 0.01
    page.keyboard.press("Shift+Digit2")
    page.wait_for_timeout(50)
    assert abs(picture(page)["width"] - 1200) < 0.01


@check
def draws_on_a_turned_image(browser: Browser) -> None:
    page = open_page(browser, rows=[row("old", 10, 20, 30, 10)])
    page.click('[data-action="image:turn-right"]')
    page.wait_for_timeout(100)
    box = picture(page)
    assert box["height"] > box["width"]
    page.keyboard.press("1")
    # On screen from (20 %, 10 %) to (50 %, 40 %) of the turned picture; its left is the image's bottom.
    drag(page, (20, 10), (50, 40))
    made = rows(page)[1]
    close(made, 10, 50, 30, 30)
    assert made["image_rotation"] == 90
    assert rows(page)[0]["value"] == row("old", 10, 20, 30, 10)["value"]


@check
def two_rows_of_one_region_move_together(browser: Browser) -> None:
    config = '<View><Labels name="kind" toName="image"><Label value="A"/></Labels><Rectangle name="box" toName="image"/><Image name="image" value="$image"/></View>'
    page = open_page(browser, config=config)
    page.keyboard.press("1")
    drag(page, (10, 10), (30, 30))
    shape, label = rows(page)
    assert (shape["type"], label["type"]) == ("rectangle", "labels")
    assert shape["id"] == label["id"]
    assert "labels" not in shape["value"]
    assert label["value"]["labels"] == ["A"]
    page.keyboard.press("v")
    page.mouse.click(*at(page, 20, 20))
    drag(page, (20, 20), (40, 40))
    for one in rows(page):
        close(one, 30, 30, 20, 20)
    page.keyboard.press("Control+d")
    assert len(rows(page)) == 4
    assert len({one["id"] for one in rows(page)}) == 2


@check
def pages_keep_their_regions_apart(browser: Browser) -> None:
    config = '<View><RectangleLabels name="label" toName="image"><Label value="Car"/></RectangleLabels><Image name="image" valueList="$images"/></View>'
    image = '<svg xmlns="http://www.w3.org/2000/svg" width="{0}" height="300"><rect width="{0}" height="300" fill="%23{1}"/></svg>'
    sources = [f"data:image/svg+xml,{image.format(width, color)}" for width, color in ((400, "bcd"), (300, "dcb"))]
    page = open_page(
        browser,
        config=config,
        data={"images": sources},
        rows=[row("a", 10, 10, 20, 20, item_index=0), row("b", 40, 40, 20, 20, item_index=1)],
    )
    page.keyboard.press("Control+ArrowRight")
    page.wait_for_selector("text=2 of 2")
    page.wait_for_function("document.querySelector('.image-picture').naturalWidth === 300 && document.querySelector('[data-state=ready]')")
    page.wait_for_timeout(100)
    page.keyboard.press("1")
    drag(page, (70, 70), (90, 90))
    made = rows(page)[2]
    close(made, 70, 70, 20, 20)
    assert made["item_index"] == 1
    assert made["original_width"] == 300
    page.keyboard.press("v")
    page.mouse.click(*at(page, 20, 20))
    assert selection(page) == []
    page.mouse.click(*at(page, 50, 50))
    assert selection(page) == ["b"]


@check
def locked_hidden_and_readonly_stay(browser: Browser) -> None:
    page = open_page(browser, rows=[row("one", 10, 10, 20, 20, readonly=True), TWO[1]])
    page.keyboard.press("v")
    drag(page, (20, 20), (40, 40))
    assert rows(page)[0]["value"]["x"] == 10
    assert selection(page) == ["one"]
    page.evaluate("editor.setHidden(['two'], true)")
    page.mouse.click(*at(page, 60, 60))
    assert selection(page) == []
    page = open_page(browser, rows=TWO, readonly="1")
    page.keyboard.press("1")
    drag(page, (75, 75), (95, 95))
    drag(page, (20, 20), (40, 40))
    assert rows(page) == TWO


@check
def touch_draws_and_pinches(browser: Browser) -> None:
    page = open_page(
        browser, context={"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True, "device_scale_factor": 3}
    )
    session = page.context.new_cdp_session(page)

    def touch(kind: str, *points: tuple[float, float]) -> None:
        session.send(
            "Input.dispatchTouchEvent",
            {"type": kind, "touchPoints": [{"x": x, "y": y, "id": number} for number, (x, y) in enumerate(points)]},
        )

    page.tap('.label-chip:has-text("Car")')
    touch("touchStart", at(page, 10, 10))
    touch("touchMove", at(page, 20, 20))
    touch("touchMove", at(page, 60, 70))
    touch("touchEnd")
    close(rows(page)[0], 10, 10, 50, 60, by=0.2)
    before = picture(page)
    (ax, ay), (bx, by) = at(page, 40, 50), at(page, 60, 50)
    touch("touchStart", (ax, ay))
    touch("touchStart", (ax, ay), (bx, by))
    for step in range(1, 9):
        touch("touchMove", (ax - 8 * step, ay), (bx + 8 * step, by))
    touch("touchEnd")
    page.wait_for_timeout(100)
    assert picture(page)["width"] > before["width"] * 1.8, (before, picture(page))
    assert len(rows(page)) == 1, "a pinch drew something"


def with_orientation(jpeg: bytes, orientation: int) -> bytes:
    """The JPEG with an EXIF block that says how the camera was held."""
    entry = (0x0112).to_bytes(2, "big") + (3).to_bytes(2, "big") + (1).to_bytes(4, "big") + orientation.to_bytes(2, "big") + bytes(2)
    tiff = b"MM\x00*" + (8).to_bytes(4, "big") + (1).to_bytes(2, "big") + entry + bytes(4)
    segment = b"Exif\x00\x00" + tiff
    return jpeg[:2] + b"\xff\xe1" + (len(segment) + 2).to_bytes(2, "big") + segment + jpeg[2:]


@check
def photographs_stand_upright(browser: Browser) -> None:
    page = open_page(browser, files={"camera.jpg": with_orientation(STREET.read_bytes(), 6)}, data={"image": "/camera.jpg"})
    box = picture(page)
    assert box["height"] > box["width"]
    page.keyboard.press("1")
    drag(page, (10, 20), (40, 70))
    made = rows(page)[0]
    close(made, 10, 20, 30, 50)
    assert (made["original_width"], made["original_height"]) == (800, 1200)


@check
def says_when_an_image_does_not_load(browser: Browser) -> None:
    page = open_page(browser, ready=False, data={"image": "/nowhere/x.jpg"})
    page.wait_for_selector('[role="alert"] >> text=could not be loaded')
    page.route("**/nowhere/x.jpg", lambda route: route.fulfill(path=STREET))
    page.click('button:has-text("Try again")')
    page.wait_for_selector('.image-tag[data-state="ready"]')
    page = open_page(browser, ready=False, data={})
    page.wait_for_selector("text=This task has no image.")


@check
def nothing_jumps_while_loading(browser: Browser) -> None:
    page = open_page(browser, ready=False)
    page.wait_for_selector(".image-frame")
    before = page.locator(".image-frame").bounding_box()
    page.wait_for_selector('.image-tag[data-state="ready"]')
    page.wait_for_timeout(200)
    assert page.locator(".image-frame").bounding_box() == before
    assert before
    assert before["height"] > 600
    area = page.evaluate("(() => { const a = document.querySelector('.task-area'); return a.scrollHeight - a.clientHeight })()")
    assert area <= 0, f"the task scrolls by {area}"


def main() -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        for function in CHECKS:
            function(browser)
            print("ok", function.__name__.replace("_", " "))
            for context in browser.contexts:
                context.close()
        browser.close()


if __name__ == "__main__":
    main()
