"""Cards sorted into buckets by pointer and by keyboard; tables, panels, pages, filters and formatted text around them."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.e2e.conftest import Visits
from tests.e2e.labeling import only_result, open_stream, place_of, project_with, submit, values
from tests.people import Person

ITEMS = [{"id": "x", "title": "X", "body": "x body"}, {"id": "y", "title": "Y", "html": "<i>y</i>"}, {"id": "z", "title": "Z"}]
RANKER = (
    '<View><Table name="t" value="$t"/><List name="ls" value="$items" title="Answers"/><Ranker name="rk" toName="ls">'
    '<Bucket name="good" title="Good"/><Bucket name="bad" title="Bad" default="true"/></Ranker></View>'
)
AROUND = """<View><Markdown>
      # Read this
      Some **bold** words
    </Markdown>
    <Collapse><Panel value="First" open="true"><Header value="Inside one"/></Panel><Panel value="Second"><Header value="Inside two"/></Panel></Collapse>
    <Filter name="f" toName="l" hotkey="shift+f" minlength="2"/>
    <Labels name="l" toName="t"><Label value="Person"/><Label value="Place"/></Labels><Text name="t" value="$t"/>
    <Repeater on="$list" mode="pagination"><Choices name="c_{{idx}}" toName="t"><Choice value="yes {{idx}}"/><Choice value="no"/></Choices></Repeater>
    <Dialog name="d" value="$said"/></View>"""


def test_cards_are_sorted(visit: Visits, owner: Person) -> None:
    project = project_with(owner, RANKER, {"t": {"Product": "Desk lamp", "Price": 34.9}, "items": ITEMS})
    page = visit(owner)
    open_stream(page, project)
    expect(page.get_by_role("row", name="Product Desk lamp")).to_be_visible()
    good = page.get_by_role("region", name="Good")
    page.locator(".card[data-id=y]").focus()
    page.keyboard.press("Shift+ArrowLeft")
    expect(good.locator(".card")).to_have_count(1)
    expect(page.locator(".card[data-id=y]")).to_be_focused()
    moved, target = place_of(page.locator(".card[data-id=z]")), place_of(page.locator(".card[data-id=y]"))
    page.mouse.move(moved["x"] + 20, moved["y"] + 12)
    page.mouse.down()
    page.mouse.move(moved["x"] + 8, moved["y"] + 4, steps=4)
    page.mouse.move(target["x"] + 20, target["y"] + 5, steps=12)
    expect(good.locator(".card")).to_have_count(2)
    page.mouse.up()
    expect(good.locator(".card").first).to_contain_text("Z")
    submit(page)
    assert values(only_result(owner, project)) == [{"ranker": {"good": ["z", "y"], "bad": ["x"]}}]


def test_what_stands_around_the_task(visit: Visits, owner: Person) -> None:
    data = {"t": "Ida met Tom in Rome.", "list": [1, 2], "said": [{"name": "Guest", "text": "Is the pool open?"}]}
    project = project_with(owner, AROUND, data)
    page = visit(owner)
    open_stream(page, project)
    expect(page.get_by_role("heading", name="Read this")).to_be_visible()
    expect(page.get_by_text("Is the pool open?")).to_be_visible()
    expect(page.get_by_text("Inside one")).to_be_visible()
    page.get_by_text("Second").click()
    expect(page.get_by_text("Inside two")).to_be_visible()
    expect(page.get_by_text("Inside one")).to_be_hidden()
    page.keyboard.press("Shift+F")
    page.keyboard.type("pla")
    expect(page.get_by_role("button", name="Person")).to_be_hidden()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Place")).to_have_attribute("aria-pressed", "true")
    expect(page.get_by_role("button", name="Person")).to_be_visible()
    page.keyboard.press("Escape")
    page.get_by_text("yes 0").click()
    page.keyboard.press("Alt+ArrowRight")
    page.get_by_text("yes 1").click()
    submit(page)
    assert [(row["from_name"], row["value"]["choices"]) for row in only_result(owner, project)] == [("c_0", ["yes 0"]), ("c_1", ["yes 1"])]
