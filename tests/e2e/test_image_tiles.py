"""Pictures too large for one element: tiles are fetched for what is on screen, and boxes are where they were drawn."""

from __future__ import annotations

import io
import re

import pytest
from PIL import Image
from playwright.sync_api import Page, Route

from tests.e2e.conftest import Visits
from tests.e2e.images import EDGE, Canvas
from tests.e2e.labeling import only_result, submit
from tests.labelled import import_tasks, make_project
from tests.people import Person

WIDTH, HEIGHT, TILE = 20_000, 14_000, 512
FRAME = 120  # pixels of the magenta frame
CONFIG = (
    '<View><Image name="image" value="$image"/><RectangleLabels name="box" toName="image"><Label value="Cell"/></RectangleLabels></View>'
)


def tile(level: int, column: int, row: int) -> bytes:
    """One tile of a grey picture with a magenta frame, as a slide scanner's server would send it."""
    scale = 2 ** (15 - level)
    left, top = column * TILE, row * TILE
    across, down = min(TILE, -(-WIDTH // scale) - left), min(TILE, -(-HEIGHT // scale) - top)
    image = Image.new("RGB", (max(1, across), max(1, down)), (200, 200, 200))
    frame = max(1, FRAME // scale)
    for box in (
        (0, 0, WIDTH // scale + 1, frame),
        (0, HEIGHT // scale - frame, WIDTH // scale + 1, HEIGHT // scale + 1),
        (0, 0, frame, HEIGHT // scale + 1),
        (WIDTH // scale - frame, 0, WIDTH // scale + 1, HEIGHT // scale + 1),
    ):
        image.paste(EDGE, (box[0] - left, box[1] - top, box[2] - left, box[3] - top))
    file = io.BytesIO()
    image.save(file, "PNG")
    return file.getvalue()


def serve_tiles(page: Page) -> list[str]:
    """Tiles at /slides/one_files/…; the list grows with the addresses that were asked for."""
    asked: list[str] = []

    def answer(route: Route) -> None:
        found = re.search(r"_files/(\d+)/(\d+)_(\d+)\.png", route.request.url)
        asked.append(route.request.url)
        if found:
            route.fulfill(body=tile(*map(int, found.groups())), content_type="image/png")
            return
        size = f'<Size Width="{WIDTH}" Height="{HEIGHT}"/>'
        head = 'xmlns="http://schemas.microsoft.com/deepzoom/2008" Format="png" Overlap="0"'
        route.fulfill(body=f'<?xml version="1.0"?><Image {head} TileSize="{TILE}">{size}</Image>', content_type="application/xml")

    page.route("**/slides/**", answer)
    return asked


def test_a_box_on_a_slide_of_280_million_pixels(visit: Visits, owner: Person) -> None:
    project = make_project(owner, CONFIG)
    import_tasks(owner, project, [{"image": "/slides/one.dzi"}])
    page = visit(owner)
    asked = serve_tiles(page)
    canvas = Canvas(page, project)
    assert 1 < len(asked) < 60  # of 1,600 that the whole has
    page.keyboard.press("1")
    canvas.drag((0.25, 0.25), (0.5, 0.5))
    submit(page)
    (row,) = only_result(owner, project)
    assert (row["original_width"], row["original_height"]) == (WIDTH, HEIGHT)
    (x1, y1), (x2, y2) = canvas.percent(0.25, 0.25), canvas.percent(0.5, 0.5)
    found = [row["value"][key] for key in ("x", "y", "width", "height")]
    assert found == pytest.approx([x1, y1, x2 - x1, y2 - y1], abs=0.2)
