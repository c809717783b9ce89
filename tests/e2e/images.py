"""A picture to label, where it is on the screen, and the drags and clicks that people do on it."""

from __future__ import annotations

import io

from PIL import Image, ImageChops, ImageDraw
from playwright.sync_api import Page, expect

from tests.e2e.labeling import open_stream

SIZE = (1000, 700)
EDGE = (255, 0, 255)
Place = tuple[float, float]


def picture() -> bytes:
    """Grey, with a magenta frame of 6 pixels: so a screenshot tells where on the screen the image is."""
    image = Image.new("RGB", SIZE, (200, 200, 200))
    ImageDraw.Draw(image).rectangle([0, 0, SIZE[0] - 1, SIZE[1] - 1], outline=EDGE, width=6)
    file = io.BytesIO()
    image.save(file, "PNG")
    return file.getvalue()


def shown(page: Page) -> tuple[float, float, float, float]:
    """(left, top, width, height) of the image on the screen, read off the pixels."""
    screen = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    mask = Image.eval(screen.getchannel("G"), lambda green: 255 if green < 60 else 0)
    strong = Image.eval(screen.getchannel("R"), lambda red: 255 if red > 200 else 0)
    box = ImageChops.multiply(mask, strong).getbbox()
    assert box is not None
    return box[0], box[1], box[2] - box[0], box[3] - box[1]


def ready(page: Page, project: int) -> tuple[float, float, float, float]:
    open_stream(page, project)
    expect(page.locator(".image-tag[data-state=ready]")).to_be_visible()
    page.wait_for_timeout(300)  # the first paint of the scene
    return shown(page)


def draw(page: Page, corner: tuple[float, float], other: tuple[float, float]) -> None:
    page.mouse.move(*corner)
    page.mouse.down()
    page.mouse.move((corner[0] + other[0]) / 2, (corner[1] + other[1]) / 2, steps=4)
    page.mouse.move(*other, steps=4)
    page.mouse.up()


class Canvas:
    """The image on the screen, by shares of its width and height."""

    def __init__(self, page: Page, project: int) -> None:
        self.page = page
        self.left, self.top, self.width, self.height = ready(page, project)

    def at(self, x: float, y: float) -> Place:
        return round(self.left + x * self.width), round(self.top + y * self.height)

    def percent(self, x: float, y: float) -> list[float]:
        """What a result says of the whole pixel that `at` gives."""
        across, down = self.at(x, y)
        return [(across - self.left) / self.width * 100, (down - self.top) / self.height * 100]

    def click(self, x: float, y: float) -> None:
        self.page.mouse.click(*self.at(x, y))

    def drag(self, *path: Place) -> None:
        first, *others = [self.at(*place) for place in path]
        self.page.mouse.move(*first)
        self.page.mouse.down()
        for other in others:
            self.page.mouse.move(*other, steps=5)
        self.page.mouse.up()
