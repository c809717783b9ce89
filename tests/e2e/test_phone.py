"""On a phone: one choice by a swipe, targets for fingers, the regions in a sheet; and one key per answer with a keyboard."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import CDPSession, Page, expect

from tests.e2e.conftest import Visits
from tests.e2e.images import picture
from tests.e2e.labeling import open_stream, project_with, results, values
from tests.e2e.test_pages import problems
from tests.labelled import IMAGE_CONFIG, make_project, send_files
from tests.people import Person

PHONE: dict[str, Any] = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True, "device_scale_factor": 2}
CONFIG = (
    '<View><Text name="text" value="$text"/><Choices name="mood" toName="text"><Choice value="Bad"/><Choice value="Good"/></Choices></View>'
)


def swipe(session: CDPSession, page: Page, by: int) -> None:
    box = page.locator(".text-body").bounding_box()
    assert box is not None
    x, y = 195, box["y"] + box["height"] / 2

    def touch(kind: str, *points: float) -> None:
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": point, "y": y} for point in points]})

    touch("touchStart", x)
    for step in range(1, 6):
        touch("touchMove", x + by * step / 5)
    touch("touchEnd")


def small_targets(page: Page) -> list[str]:
    """What is there to be pressed and is lower or narrower than a finger."""
    return page.evaluate(
        """() => [...document.querySelectorAll('.labeling-view :is(button, a, select, .choice)')]
            .filter((one) => one.checkVisibility({ visibilityProperty: true }))
            .map((one) => [one.getBoundingClientRect(), one])
            .filter(([box]) => box.height < 43.5 || box.width < 43.5)
            .map(([box, one]) => `${one.className} ${one.getAttribute('aria-label') ?? one.textContent} ${box.width}x${box.height}`)"""
    )


def test_one_of_two_by_a_swipe(visit: Visits, owner: Person) -> None:
    project = project_with(owner, CONFIG, {"text": "First text."}, {"text": "Second text."})
    page = visit(owner, **PHONE)
    session = page.context.new_cdp_session(page)
    open_stream(page, project)
    for text, by in (("First text.", -150), ("Second text.", 150)):
        expect(page.get_by_text(text)).to_be_visible()
        expect(page.locator("#task-area[data-swipe=ready]")).to_be_visible()
        assert small_targets(page) == []
        swipe(session, page, by)
        expect(page.get_by_text(text)).to_have_count(0)
    expect(page.get_by_role("heading", name="All done")).to_be_visible()
    assert [values(rows) for rows in results(owner, project)] == [[{"choices": ["Bad"]}], [{"choices": ["Good"]}]]


def test_regions_of_an_image_are_in_a_sheet(visit: Visits, owner: Person) -> None:
    project = make_project(owner, IMAGE_CONFIG)
    assert send_files(owner, f"/api/projects/{project}/import", ("one.png", picture())).status_code == 201
    page = visit(owner, **PHONE)
    open_stream(page, project)
    expect(page.locator(".image-tag[data-state=ready]")).to_be_visible()
    page.get_by_role("button", name="0 regions").tap()
    sheet = page.get_by_role("complementary", name="Regions and details")
    expect(sheet).to_be_visible()
    expect(sheet).to_be_in_viewport(ratio=0.99)
    assert problems(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    sheet.get_by_role("button", name="Close").tap()
    expect(sheet).to_be_hidden()
    assert small_targets(page) == []


def test_one_key_answers_and_goes_on(visit: Visits, owner: Person) -> None:
    project = project_with(owner, CONFIG, *({"text": f"Text {number}."} for number in range(3)))
    owner.patch("/api/current-user/preferences/", {"editor": {"autoAdvance": True}})
    page = visit(owner)
    open_stream(page, project)
    for number, key in enumerate("121"):
        expect(page.get_by_text(f"Text {number}.")).to_be_visible()
        expect(page.locator("#task-area[data-one-answer=ready]")).to_be_visible()
        page.keyboard.press(key)
    expect(page.get_by_role("heading", name="All done")).to_be_visible()
    assert [values(rows) for rows in results(owner, project)] == [[{"choices": ["Bad"]}], [{"choices": ["Good"]}], [{"choices": ["Bad"]}]]
