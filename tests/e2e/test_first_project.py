"""The main job, from signing up to a file with the answers."""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path

from playwright.sync_api import expect

from tests.e2e.conftest import Visits
from tests.e2e.labeling import open_stream, submit

REVIEWS = ["The kettle boils fast.", "It broke after a week.", "It is a kettle.", "I would buy it again.", 'The lid leaks, "really".']


def reviews() -> bytes:
    out = io.StringIO()
    table = csv.writer(out)
    table.writerow(["number", "review"])
    table.writerows([number, f"{REVIEWS[number % 5]} ({number})"] for number in range(1000))
    return out.getvalue().encode()


def test_from_signing_up_to_the_exported_answers(visit: Visits, tmp_path: Path) -> None:
    page = visit()
    page.goto("/user/signup/")
    page.get_by_label("E-mail").fill("ann@example.org")
    page.get_by_label(re.compile("Password")).first.fill("three otters in a boat")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="What do you want to label?")).to_be_visible()

    # Two clicks and a file to the first project.
    page.get_by_role("link", name=re.compile("Something else")).click()
    page.get_by_label("Search templates").fill("text classification")
    page.get_by_role("button", name=re.compile("^Text classification")).click()
    page.locator("input[type=file]").set_input_files({"name": "reviews.csv", "mimeType": "text/csv", "buffer": reviews()})
    expect(page.get_by_role("cell", name="The kettle boils fast. (0)")).to_be_visible()
    expect(page.get_by_label("Preview", exact=True)).to_contain_text("The kettle boils fast. (0)")
    page.get_by_role("button", name="Create", exact=True).click()
    page.wait_for_url(re.compile(r"/projects/\d+/data"))
    expect(page.get_by_text("1,000 tasks")).to_be_visible()
    match = re.search(r"/projects/(\d+)/", page.url)
    assert match
    project = int(match[1])

    # Five by keyboard only: the key of the choice, then submit.
    open_stream(page, project)
    for number in range(5):
        expect(page.locator("#task-area")).to_contain_text(f"({number})")
        page.keyboard.press(str(number % 3 + 1))
        submit(page)
    expect(page.locator("#task-area")).to_contain_text("(5)")

    page.goto(f"/projects/{project}/data/export")
    with page.expect_download() as download:
        page.get_by_role("button", name="Download").click()
    path = tmp_path / "export.json"
    download.value.save_as(path)
    tasks = sorted(json.loads(path.read_bytes()), key=lambda task: task["id"])
    assert [task["data"]["review"] for task in tasks] == [f"{REVIEWS[number]} ({number})" for number in range(5)]
    classes = ["Positive", "Negative", "Neutral"]
    assert [task["annotations"][0]["result"][0]["value"] for task in tasks] == [{"choices": [classes[number % 3]]} for number in range(5)]
