"""The image stage in the browser: 10,000 rectangles, 500 polygons of 50 points and 30 masks of 12 million pixels, opened, panned and painted on."""

from __future__ import annotations

import io
import math
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from benchmarks.figure import Figure
from benchmarks.in_browser import project_with_draft, signed_in
from tests.packaging.serving import Running

SIZE = (4000, 3000)
MOVES = 60
WATCH = """() => {
  window.frames60 = [];
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) window.frames60.push({ from: entry.startTime, took: entry.duration, scripts: entry.scripts.map((s) => [s.invoker, s.sourceFunctionName, s.sourceURL, s.sourceCharPosition, s.duration]) });
  }).observe({ type: 'long-animation-frame', buffered: true });
}"""


def measure() -> Iterator[Figure]:
    with signed_in() as (server, page):
        page.add_init_script(f"({WATCH})()")
        yield from opened(page, prepared(server, "1,000 rectangles", "RectangleLabels", rectangles(1_000)), "1,000 rectangles", 1_000, 1)
        for title, control, rows in (
            ("10,000 rectangles", "RectangleLabels", rectangles(10_000)),
            ("500 polygons of 50 points", "PolygonLabels", polygons(500, 50)),
            ("30 masks of 12 MP", "BrushLabels", masks(30)),
        ):
            yield from opened(page, prepared(server, title, control, rows), title, len(rows), 3)
            yield from panned(page, title)
            if control == "BrushLabels":
                yield from painted(page, title)


def opened(page: Any, project: int, title: str, count: int, budget: float) -> Iterator[Figure]:
    page.goto(f"/projects/{project}/label/")
    page.wait_for_selector(".image-tag[data-state=ready]")
    page.wait_for_function("count => document.querySelector('.image-stage').ariaLabel.includes(`${count} regions`)", arg=count)
    page.wait_for_function("() => document.querySelector('.image-stage').dataset.drawn === 'whole'")
    yield Figure(f"{title}: ready", page.evaluate("performance.now()") / 1000, "s", budget)


def panned(page: Any, title: str) -> Iterator[Figure]:
    box = page.locator(".image-stage").bounding_box()
    middle = (box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.move(*middle)
    page.keyboard.down("Control")
    for _ in range(4):
        page.mouse.wheel(0, -120)
    page.keyboard.up("Control")
    page.wait_for_timeout(600)
    page.evaluate("window.frames60.length = 0")
    session = page.context.new_cdp_session(page)
    session.send("Performance.enable")
    page.keyboard.press("h")
    before, frames = (
        script_seconds(session),
        page.evaluate("new Promise((done) => requestAnimationFrame(() => done((window.count60 = 0))))"),
    )
    page.evaluate("(function count() { window.count60 += 1; requestAnimationFrame(count); })()")
    page.mouse.down()
    for step in range(MOVES):
        page.mouse.move(middle[0] - 200 * math.sin(step / 10), middle[1] - 100 * math.sin(step / 7))
    page.mouse.up()
    frames = page.evaluate("window.count60")
    yield Figure(f"{title}: script in a frame of panning", (script_seconds(session) - before) / max(1, min(frames, MOVES)) * 1000, "ms", 16)
    page.wait_for_timeout(800)
    yield Figure(f"{title}: most script in a frame of panning", longest(page), "ms", 50)


def painted(page: Any, title: str) -> Iterator[Figure]:
    box = page.locator(".image-stage").bounding_box()
    page.keyboard.press("b")
    page.keyboard.press("1")
    page.wait_for_timeout(300)
    page.evaluate("window.frames60.length = 0")
    for line in range(3):
        page.mouse.move(box["x"] + 100, box["y"] + 150 + 80 * line)
        page.mouse.down()
        page.mouse.move(box["x"] + 700, box["y"] + 200 + 80 * line, steps=40)
        page.mouse.up()
        page.wait_for_timeout(500)
    yield Figure(f"{title}: most script in a frame of three strokes", longest(page), "ms", 50)


def longest(page: Any) -> float:
    """Milliseconds of script in the longest frame; frames that took less than 50 in all are not reported by the browser."""
    frames = page.evaluate("window.frames60")
    return max((sum(float(script[-1]) for script in frame["scripts"]) for frame in frames), default=0.0)


def script_seconds(session: Any) -> float:
    return next(float(row["value"]) for row in session.send("Performance.getMetrics")["metrics"] if row["name"] == "ScriptDuration")


def prepared(server: Running, title: str, control: str, rows: list[dict[str, Any]]) -> int:
    """A project with one task, with these regions as the person's draft."""
    labels = "".join(f'<Label value="{name}"/>' for name in "ABC")
    config = f'<View><Image name="image" value="$image"/><{control} name="label" toName="image">{labels}</{control}></View>'
    whole = [
        {"from_name": "label", "to_name": "image", "type": control.lower(), "original_width": SIZE[0], "original_height": SIZE[1],
         "image_rotation": 0, "origin": "manual", "id": f"r{number}", "value": {**row, control.lower(): ["ABC"[number % 3]]}}
        for number, row in enumerate(rows)
    ]  # fmt: skip
    return project_with_draft(server, title, config, {"image": picture()}, whole)


def picture() -> str:
    """A grey picture of 12 million pixels, as small as it can be said."""
    import base64

    from PIL import Image

    file = io.BytesIO()
    Image.new("1", SIZE, 1).save(file, "PNG")
    return f"data:image/png;base64,{base64.b64encode(file.getvalue()).decode()}"


def rectangles(count: int) -> list[dict[str, Any]]:
    side = math.ceil(math.sqrt(count))
    step = 100 / side
    return [{"x": n % side * step, "y": n // side * step, "width": step * 0.8, "height": step * 0.8, "rotation": 0} for n in range(count)]


def polygons(count: int, points: int) -> list[dict[str, Any]]:
    side = math.ceil(math.sqrt(count))
    step = 100 / side

    def corner(n: int, at: int) -> list[float]:
        angle, reach = 2 * math.pi * at / points, step * (0.4 + 0.15 * (at % 2))
        return [(n % side + 0.5) * step + reach * math.cos(angle), (n // side + 0.5) * step + reach * math.sin(angle)]

    return [{"points": [corner(n, at) for at in range(points)], "closed": True} for n in range(count)]


def masks(count: int) -> list[dict[str, Any]]:
    """Discs all over the picture, each a third of its height across."""
    import numpy as np

    width, height = SIZE
    rows = []
    y, x = np.ogrid[:height, :width]
    for number in range(count):
        disc = (x - (number % 6 + 0.5) * width / 6) ** 2 + (y - (number // 6 + 0.5) * height / 5) ** 2 < (height / 6) ** 2
        rows.append({"format": "rle", "rle": encoded(disc.ravel())})
    return rows


def encoded(mask: Any) -> list[int]:
    """Label Studio's encoding of a mask; the SDK's own encoder takes minutes for 48 million words."""
    import numpy as np

    bits: list[str] = [f"{mask.size * 4:032b}", f"{7:05b}", *(f"{size - 1:04b}" for size in (3, 4, 8, 16))]
    edges = np.flatnonzero(np.diff(mask.astype(np.int8))) + 1
    bounds = [0, *edges.tolist(), mask.size]
    for start, end in pairwise(bounds):
        words, value = (end - start) * 4, 255 if mask[start] else 0
        while words:
            length = min(words, 65_536)
            bits.append(f"111{length - 1:016b}{value:08b}")
            words -= length
    text = "".join(bits)
    text += "0" * (-len(text) % 8)
    return [int(text[at : at + 8], 2) for at in range(0, len(text), 8)]
