"""A document: areas and marked text of its pages, with their places, pages and words."""

from __future__ import annotations

import io

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Visits
from tests.e2e.labeling import only_result, open_stream, place_of, submit
from tests.e2e.media import document
from tests.labelled import make_project, send_files
from tests.people import Person

CONFIG = (
    '<View><OcrLabels name="ocr" toName="pdf"><Label value="Title"/><Label value="Total"/></OcrLabels><Pdf name="pdf" value="$pdf"/></View>'
)
NEAR = 0.004  # of a page: a pixel or two of the screen


def opened(visit: Visits, owner: Person, content: bytes = b"") -> tuple[int, Page]:
    project = make_project(owner, CONFIG)
    assert send_files(owner, f"/api/projects/{project}/import", ("bill.pdf", content or document())).status_code == 201
    page = visit(owner)
    open_stream(page, project)
    expect(page.locator(".pdf-tag[data-state=ready]")).to_be_visible()
    expect(page.locator(".pdf-page")).to_have_count(3)
    expect(page.locator(".pdf-page[data-page='1'][data-state=ready]")).to_be_visible()
    return project, page


def test_areas_and_text_by_pointer(visit: Visits, owner: Person) -> None:
    project, page = opened(visit, owner)
    sheet = place_of(page.locator(".pdf-page[data-page='1']"))

    def at(x: float, y: float) -> tuple[float, float]:
        return sheet["x"] + x * sheet["width"], sheet["y"] + y * sheet["height"]

    page.keyboard.press("1")
    page.mouse.move(*at(0.1, 0.05))
    page.mouse.down()
    page.mouse.move(*at(0.4, 0.1), steps=4)
    page.mouse.move(*at(0.6, 0.14), steps=4)
    page.mouse.up()
    page.keyboard.press("2")
    page.get_by_role("button", name="Select text").click()
    page.locator(".pdf-page[data-page='1'] .pdf-text span", has_text="119.00").dblclick()
    expect(page.get_by_label("Regions and details").get_by_text("2 regions")).to_be_visible()
    submit(page)
    title, total = only_result(owner, project)
    assert title["type"] == total["type"] == "ocrlabels"
    assert title["value"] == {
        **{key: pytest.approx(value, abs=NEAR) for key, value in {"x": 0.1, "y": 0.05, "width": 0.5, "height": 0.09}.items()},
        "rotation": 0,
        "pageIndex": 1,
        "ocrtext": "Invoice page 1",
        "ocrlabels": ["Title"],
    }
    assert (total["value"]["pageIndex"], total["value"]["ocrlabels"]) == (1, ["Total"])
    assert total["value"]["ocrtext"].startswith("119")
    assert total["value"]["y"] == pytest.approx(192 / 792, abs=0.02)


def test_an_area_by_keyboard(visit: Visits, owner: Person) -> None:
    project, page = opened(visit, owner)
    page.keyboard.press("Control+ArrowRight")
    expect(page.get_by_label("Page", exact=True)).to_have_value("2")
    expect(page.locator(".pdf-page[data-page='2'][data-state=ready]")).to_be_visible()
    page.keyboard.press("1")
    page.keyboard.press("Enter")  # an area in the middle
    page.keyboard.press("Shift+ArrowRight")  # 10 of 612 units
    submit(page)
    (row,) = only_result(owner, project)
    assert (row["value"]["pageIndex"], row["value"]["ocrlabels"]) == (2, ["Title"])
    assert row["value"]["x"] == pytest.approx(0.375 + 10 / 612, abs=NEAR)
    assert row["value"]["width"] == pytest.approx(0.25, abs=NEAR)


def test_pictures_in_jpeg_2000_are_shown(visit: Visits, owner: Person) -> None:
    file = io.BytesIO()
    Image.new("RGB", (40, 30), (250, 0, 250)).save(file, "JPEG2000")
    _, page = opened(visit, owner, document(picture=file.getvalue()))
    sheet = place_of(page.locator(".pdf-page[data-page='1']"))
    screen = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    assert screen.getpixel((int(sheet["x"] + sheet["width"] / 2), int(sheet["y"] + sheet["height"] * 0.38))) == (250, 0, 250)
