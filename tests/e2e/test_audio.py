"""A sound on its timeline: ranges by pointer and by keys, with the numbers of what was marked."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Visits
from tests.e2e.labeling import only_result, open_stream, submit
from tests.e2e.media import Timeline, sound
from tests.labelled import make_project, send_files
from tests.people import Person

CONFIG = (
    '<View><Labels name="who" toName="audio"><Label value="Ann"/><Label value="Bo"/></Labels>'
    '<Audio name="audio" value="$audio" {attributes}/>'
    '<TextArea name="said" toName="audio" perRegion="true" editable="true" displayMode="region-list"/></View>'
)
NEAR = 0.01  # seconds


def opened(visit: Visits, owner: Person, attributes: str = "") -> tuple[int, Page]:
    project = make_project(owner, CONFIG.format(attributes=attributes))
    assert send_files(owner, f"/api/projects/{project}/import", ("four.wav", sound())).status_code == 201
    page = visit(owner)
    open_stream(page, project)
    expect(page.locator(".audio-tag[data-state=ready]")).to_be_visible()
    return project, page


def test_ranges_by_pointer(visit: Visits, owner: Person) -> None:
    project, page = opened(visit, owner, 'splitChannels="true" spectrogram="true"')
    expect(page.locator(".audio-spectrogram")).to_be_visible()
    page.keyboard.press("1")
    timeline = Timeline(page.locator(".timeline-lanes"))
    timeline.drag(0.1, 0.3, down=0.25)
    timeline.drag(0.5, 0.6, down=0.75)
    page.keyboard.press("Escape")
    timeline.click(0.55, down=0.75)  # selects it, so that its end can be dragged
    timeline.drag(0.6, 0.8, down=0.75)
    page.keyboard.press("2")
    words = page.get_by_label("said", exact=True)  # in the panel only
    expect(page.get_by_role("region", name="Selected region").get_by_label("said", exact=True)).to_be_visible()
    words.fill("hello")
    words.press("Enter")
    submit(page)
    first, second, text = only_result(owner, project)
    assert first["type"] == second["type"] == "labels"
    assert first["original_length"] == second["original_length"] == pytest.approx(4, abs=NEAR)
    assert first["value"] == {
        "start": pytest.approx(4 * timeline.share(0.1), abs=NEAR),
        "end": pytest.approx(4 * timeline.share(0.3), abs=NEAR),
        "channel": 0,
        "labels": ["Ann"],
    }
    assert second["value"] == {
        "start": pytest.approx(4 * timeline.share(0.5), abs=NEAR),
        "end": pytest.approx(4 * timeline.share(0.8), abs=NEAR),
        "channel": 1,
        "labels": ["Bo"],
    }
    assert text["id"] == second["id"]
    assert text["value"] == {key: second["value"][key] for key in ("start", "end", "channel")} | {"text": ["hello"]}


def test_a_range_by_keyboard(visit: Visits, owner: Person) -> None:
    project, page = opened(visit, owner)
    page.keyboard.press("1")
    page.keyboard.press("Shift+ArrowRight")  # a second
    page.keyboard.press("[")
    page.keyboard.press("Shift+ArrowRight")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("]")
    page.keyboard.press("Enter")  # selects it
    page.keyboard.press("Alt+ArrowRight")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("]")
    submit(page)
    (row,) = only_result(owner, project)
    assert row["value"] == {"start": pytest.approx(1.1, abs=NEAR), "end": pytest.approx(2.3, abs=NEAR), "channel": 0, "labels": ["Ann"]}
