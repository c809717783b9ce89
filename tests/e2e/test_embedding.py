"""The page of docs/embedding.html at work: the editor as an element of somebody's own page."""

from __future__ import annotations

import json
from pathlib import Path

from playwright.sync_api import expect

from tests.e2e.conftest import Visits

EXAMPLE = Path(__file__).parents[2] / "docs" / "embedding.html"


def test_the_example_labels_two_tasks(visit: Visits) -> None:
    page = visit()
    page.route("**/my-page.html", lambda route: route.fulfill(body=EXAMPLE.read_bytes(), content_type="text/html; charset=utf-8"))
    page.goto("/my-page.html")
    frame = page.frame_locator("annotation-editor iframe")
    expect(frame.get_by_text("Ida met Tom in Lisbon.")).to_be_visible()
    frame.get_by_role("button", name="Place").click()
    frame.locator(".text-body").dblclick(position={"x": 20, "y": 34})
    said = page.get_by_role("status").first
    expect(said).to_have_text("1 marked")
    expect(frame.get_by_role("treeitem")).to_have_count(1)
    frame.get_by_role("button", name="Submit").click()
    expect(frame.get_by_text("Tom went home.")).to_be_visible()
    (value,) = json.loads(said.inner_text())
    assert (value["text"], value["labels"]) == ("Ida", ["Place"])
    frame.locator(".text-body").focus()
    page.keyboard.press("Control+Space")
    expect(page.locator("annotation-editor")).to_have_count(0)
    expect(said).to_have_text("Skipped")
