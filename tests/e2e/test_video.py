"""A video: boxes with key frames, labels of frames; by pointer and by keys, with the numbers of what was marked."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Visits
from tests.e2e.labeling import only_result, open_stream, place_of, submit
from tests.e2e.media import Timeline, video
from tests.labelled import make_project, send_files
from tests.people import Person

CONFIG = (
    '<View><Labels name="what" toName="video"><Label value="Car"/><Label value="Bus" alias="coach"/></Labels>'
    '<Video name="video" value="$video" frameRate="10"/>'
    '<VideoRectangle name="box" toName="video"/>'
    '<TimelineLabels name="when" toName="video"><Label value="Walk"/><Label value="Stop"/></TimelineLabels></View>'
)
FRAMES = 40
NEAR = 0.8  # percent of the picture: a pixel of the screen is less


def opened(visit: Visits, owner: Person, config: str = CONFIG) -> tuple[int, Page]:
    project = make_project(owner, config)
    assert send_files(owner, f"/api/projects/{project}/import", ("walk.webm", video())).status_code == 201
    page = visit(owner)
    open_stream(page, project)
    expect(page.locator(".video-tag[data-state=ready]")).to_be_visible()
    return project, page


class Picture:
    """The video's picture on the screen, by percent."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.box = place_of(page.locator("video.image-picture"))

    def at(self, x: float, y: float) -> tuple[float, float]:
        return self.box["x"] + x / 100 * self.box["width"], self.box["y"] + y / 100 * self.box["height"]

    def drag(self, start: tuple[float, float], end: tuple[float, float]) -> None:
        self.page.mouse.move(*self.at(*start))
        self.page.mouse.down()
        self.page.mouse.move(*self.at((start[0] + end[0]) / 2, (start[1] + end[1]) / 2), steps=3)
        self.page.mouse.move(*self.at(*end), steps=3)
        self.page.mouse.up()


def go_to(page: Page, frame: int) -> None:
    page.get_by_label("Frame", exact=True).fill(str(frame))
    page.get_by_label("Frame", exact=True).press("Enter")
    expect(page.locator(f".video-tag[data-frame='{frame}']")).to_be_visible()
    page.get_by_label("Frame", exact=True).blur()


def near(**numbers: float) -> dict[str, Any]:
    return {key: pytest.approx(value, abs=NEAR) for key, value in numbers.items()}


def test_a_box_and_frames_by_pointer(visit: Visits, owner: Person) -> None:
    project, page = opened(visit, owner)
    picture = Picture(page)
    page.keyboard.press("2")
    picture.drag((10, 20), (40, 50))
    page.keyboard.press("Escape")
    page.keyboard.press("v")
    page.mouse.click(*picture.at(25, 35))
    go_to(page, 21)
    picture.drag((25, 35), (55, 45))  # a key frame comes into being
    go_to(page, 31)
    page.get_by_role("button", name="Gone from here on").click()
    expect(page.get_by_role("button", name="Back from here on")).to_be_visible()
    page.keyboard.press("Escape")
    timeline = Timeline(page.locator(".video-rows .timeline-lanes"))
    timeline.drag(0.1, 0.4, down=0.5)  # the middle one of three lanes: "Stop"
    submit(page)
    box, stop = only_result(owner, project)
    assert {key: box[key] for key in ("type", "from_name", "to_name")} == {"type": "videorectangle", "from_name": "box", "to_name": "video"}
    assert "original_width" not in box
    assert (box["value"]["framesCount"], box["value"]["labels"]) == (FRAMES, ["coach"])
    assert box["value"]["duration"] == pytest.approx(4, abs=0.01)
    assert box["value"]["sequence"] == [
        {"frame": 1, "enabled": True, "rotation": 0, "time": 0.1, **near(x=10, y=20, width=30, height=30)},
        {"frame": 21, "enabled": True, "rotation": 0, "time": 2.1, **near(x=40, y=30, width=30, height=30)},
        {"frame": 31, "enabled": False, "rotation": 0, "time": 3.1, **near(x=40, y=30, width=30, height=30)},
    ]
    first, last = (round(1 + timeline.share(share) * (FRAMES - 1)) for share in (0.1, 0.4))
    assert stop["value"] == {"ranges": [{"start": first, "end": last}], "timelinelabels": ["Stop"]}


def test_a_box_and_frames_by_keyboard(visit: Visits, owner: Person) -> None:
    project, page = opened(visit, owner)
    page.keyboard.press("1")
    page.keyboard.press("Enter")  # a box in the middle
    for _ in range(10):
        page.keyboard.press(".")
    expect(page.locator(".video-tag[data-frame='11']")).to_be_visible()
    page.keyboard.press("Shift+ArrowRight")  # 10 of 320 pixels
    page.keyboard.press("Escape")
    page.keyboard.press("3")  # "Walk"
    page.keyboard.press("[")
    page.keyboard.press("Shift+ArrowRight")
    expect(page.locator(".video-tag[data-frame='21']")).to_be_visible()
    page.keyboard.press("]")
    submit(page)
    box, walk = only_result(owner, project)
    assert box["value"]["labels"] == ["Car"]
    first, second = box["value"]["sequence"]
    assert (first["frame"], second["frame"]) == (1, 11)
    assert second["x"] - first["x"] == pytest.approx(10 / 320 * 100)
    assert walk["value"] == {"ranges": [{"start": 11, "end": 21}], "timelinelabels": ["Walk"]}


def test_a_path_by_pointer(visit: Visits, owner: Person) -> None:
    config = (
        '<View><Video name="video" value="$video" frameRate="10"/><VideoVectorLabels name="path" toName="video">'
        '<Label value="Lane"/></VideoVectorLabels></View>'
    )
    project, page = opened(visit, owner, config)
    picture = Picture(page)
    page.keyboard.press("1")
    for corner in ((20, 20), (60, 30), (70, 70)):
        page.mouse.click(*picture.at(*corner))
    page.keyboard.press("Enter")
    submit(page)
    (row,) = only_result(owner, project)
    assert row["type"] == "videovectorlabels"
    assert row["value"]["videovectorlabels"] == ["Lane"]
    (key,) = row["value"]["sequence"]
    assert [(vertex["x"], vertex["y"]) for vertex in key["vertices"]] == [
        pytest.approx(corner, abs=NEAR) for corner in ((20, 20), (60, 30), (70, 70))
    ]
