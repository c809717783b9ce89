"""The table of tasks."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tasks.models import Task
from tests.e2e.conftest import Visits
from tests.labelled import TEXT_CONFIG, choice, import_tasks, make_project
from tests.people import Person

COUNT = 2_500


@pytest.fixture
def project(owner: Person) -> int:
    made = make_project(owner, TEXT_CONFIG)
    tasks = [{"data": {"text": f"Text number {number:04}", "length": number % 7}} for number in range(COUNT)]
    tasks[3] = {**tasks[3], "annotations": [{"result": choice()}]}  # type: ignore[dict-item]
    import_tasks(owner, made, tasks)
    return made


def opened(visit: Visits, owner: Person, project: int, query: str = "") -> Page:
    page = visit(owner, f"/projects/{project}/data{query}")
    expect(page.get_by_role("row").nth(1)).to_contain_text("Text number")
    return page


def name_view(page: Page, name: str) -> None:
    page.get_by_role("button", name="New view").click()
    dialog = page.get_by_role("dialog", name="New view")
    dialog.get_by_label("Name").fill(name)
    dialog.get_by_label("Name").press("Enter")
    expect(dialog).to_have_count(0)


def texts(page: Page) -> list[str]:
    page.wait_for_load_state("networkidle")
    return re.findall(r"Text number \d{4}", page.get_by_role("grid").inner_text())


def test_only_rows_on_screen_are_there_and_scrolling_brings_others(visit: Visits, owner: Person, project: int) -> None:
    page = opened(visit, owner, project)
    assert page.get_by_role("row").count() < 60
    assert page.get_by_role("grid").get_attribute("aria-rowcount") == str(COUNT + 1)
    page.get_by_role("grid").focus()
    page.keyboard.press("End")
    expect(page.get_by_text("Text number 2499")).to_be_visible()


def test_sorting(visit: Visits, owner: Person, project: int) -> None:
    page = opened(visit, owner, project)
    head = page.get_by_role("columnheader", name="text")
    head.get_by_role("button").click()
    head.get_by_role("button").click()
    expect(head).to_have_attribute("aria-sort", "descending")
    expect(page.get_by_role("row").nth(1)).to_contain_text("Text number 2499")
    assert texts(page)[:3] == ["Text number 2499", "Text number 2498", "Text number 2497"]
    assert "order=-data.text" in page.url
    page.get_by_text("Order: 1").click()
    page.get_by_label("Then by", exact=True).select_option("length")
    page.get_by_label("length: order by it earlier").click()
    expect(page.get_by_role("row").nth(1)).to_contain_text("Text number 2499")
    expect(page.get_by_role("columnheader", name="length")).to_have_attribute("aria-sort", "ascending")
    page.get_by_label("length: turn the direction").click()
    expect(page.get_by_role("row").nth(1)).to_contain_text("Text number 2498")
    page.keyboard.press("Escape")
    page.get_by_role("columnheader", name="Annotations").get_by_role("button").click(modifiers=["Shift"])
    expect(page.get_by_text("Order: 3")).to_be_visible()
    page.get_by_role("columnheader", name="Annotations").get_by_role("button").click()
    expect(page.get_by_text("Order: 1")).to_be_visible()


def test_filtering_by_text_and_number(visit: Visits, owner: Person, project: int) -> None:
    page = opened(visit, owner, project)
    page.get_by_role("button", name="Filter").click()
    page.get_by_label("Value").fill("number 123")
    expect(page.get_by_text("10 tasks")).to_be_visible()
    page.get_by_role("button", name="and", exact=True).click()
    second = page.get_by_role("group", name="Filter 2")
    second.get_by_label("Column").select_option(label="Annotations")
    second.get_by_label("Value").fill("1")
    expect(page.get_by_text("No task matches.")).to_be_visible()
    page.get_by_role("button", name="Show all tasks").click()
    expect(page.get_by_text("2,500 tasks")).to_be_visible()


def test_a_view_can_be_sent_as_a_link(visit: Visits, owner: Person, project: int) -> None:
    page = opened(visit, owner, project, "?filter=data.text:contains:number%2520000&order=-data.text")
    expect(page.get_by_text("10 tasks")).to_be_visible()
    assert texts(page)[0] == "Text number 0009"


def test_deleting_a_selection_says_what_goes(visit: Visits, owner: Person, project: int) -> None:
    page = opened(visit, owner, project)
    page.get_by_role("checkbox", name="Select task 2", exact=True).click()
    page.get_by_role("checkbox", name="Select task 4", exact=True).click(modifiers=["Shift"])
    expect(page.get_by_text("3 tasks selected")).to_be_visible()
    page.get_by_role("button", name="Delete").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("3 tasks, 1 annotation")
    dialog.get_by_role("button", name="Delete tasks").click()
    expect(page.get_by_text("Deleted 3 tasks")).to_be_visible()
    expect(page.get_by_text("2,497 tasks")).to_be_visible()
    expect(page.locator(".project-head")).to_contain_text("0 of 2,497 done")
    assert Task.objects.filter(project=project).count() == COUNT - 3
    assert texts(page)[:2] == ["Text number 0000", "Text number 0004"]


def test_an_action_is_filled_in_done_and_undone(visit: Visits, owner: Person, project: int) -> None:
    page = opened(visit, owner, project)
    page.get_by_role("checkbox", name="Select task 1", exact=True).click()
    page.get_by_text("Actions").click()
    page.get_by_role("button", name="Add or change a data field").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Name of the field").fill("text")
    dialog.get_by_label("Type").select_option("Expression")
    dialog.get_by_label("Value").fill("random(3, 1)")
    dialog.get_by_role("button", name="Add or change a data field").click()
    expect(dialog.get_by_role("alert")).to_contain_text("takes two numbers")
    visit.troubles.clear()  # the browser notes the refusal
    dialog.get_by_label("Value").fill('replace("Text", "Word")')
    dialog.get_by_role("button", name="Add or change a data field").click()
    expect(page.get_by_text("Updated 1 tasks")).to_be_visible()
    expect(page.get_by_role("row").nth(1)).to_contain_text("Word number 0000")
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("Undone.")).to_be_visible()
    expect(page.get_by_role("row").nth(1)).to_contain_text("Text number 0000")


def test_what_was_deleted_is_taken_back_in_the_recycle_bin(visit: Visits, owner: Person, project: int) -> None:
    task = Task.objects.filter(project=project).order_by("pk")[3].pk
    assert owner.delete(f"/api/tasks/{task}/").status_code == 204
    page = visit(owner, f"/projects/{project}/settings/recycle-bin")
    expect(page.get_by_role("listitem").filter(has_text="Deleted a task")).to_contain_text("1 annotation")
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("Undone.")).to_be_visible()
    assert Task.objects.filter(pk=task, total_annotations=1).exists()


def test_opening_a_task_by_keyboard_and_by_click(visit: Visits, owner: Person, project: int) -> None:
    page = opened(visit, owner, project)
    page.get_by_role("grid").focus()
    for _ in range(3):
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/tasks/\d+/"))
    expect(page.locator("#task-area")).to_contain_text("Text number 0002")
    page.go_back()
    page.get_by_text("Text number 0005").click()
    page.wait_for_url(re.compile(r"/tasks/\d+/"))
    expect(page.locator("#task-area")).to_contain_text("Text number 0005")


def test_the_layout_is_remembered(visit: Visits, owner: Person, project: int) -> None:
    page = opened(visit, owner, project)
    text = page.get_by_role("columnheader", name="text")
    page.get_by_text("Columns").click()
    page.get_by_role("checkbox", name="length").uncheck()
    expect(page.get_by_role("columnheader", name="length")).to_have_count(0)
    page.get_by_role("checkbox", name="Completed").check()
    page.get_by_role("button", name="Compact").click()
    page.get_by_role("button", name="Move text to the left").click()
    page.keyboard.press("Escape")
    text.get_by_role("button").focus()
    page.keyboard.press("Shift+ArrowRight")
    width = text.evaluate("(head) => head.offsetWidth")
    page.reload()
    expect(page.get_by_role("columnheader").nth(1)).to_contain_text("text")
    expect(page.get_by_role("columnheader", name="length")).to_have_count(0)
    expect(page.get_by_role("columnheader", name="Completed")).to_be_visible()
    assert text.evaluate("(head) => head.offsetWidth") == width
    assert page.get_by_role("row").nth(1).evaluate("(row) => row.offsetHeight") == 32


def test_tasks_as_a_grid_of_cards(visit: Visits, owner: Person, project: int) -> None:
    page = opened(visit, owner, project)
    page.get_by_text("Columns").click()
    page.get_by_role("button", name="Grid").click()
    page.keyboard.press("Escape")
    cards = page.get_by_role("gridcell")
    expect(cards.first).to_contain_text("Text number 0000")
    assert cards.count() < 60
    page.get_by_role("grid").focus()
    page.keyboard.press("End")
    expect(page.get_by_text("Text number 2499")).to_be_visible()
    page.keyboard.press(" ")
    expect(page.get_by_text("1 task selected")).to_be_visible()
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/tasks/\d+/"))
    expect(page.locator("#task-area")).to_contain_text("Text number 2499")


def test_a_group_in_brackets_is_built_and_kept_in_a_view(visit: Visits, owner: Person, project: int) -> None:
    page = opened(visit, owner, project, "?filter=data.text:contains:number%252000")
    expect(page.get_by_text("100 tasks")).to_be_visible()
    page.get_by_role("button", name="and a group in brackets").click()
    group = page.get_by_role("group", name="Group 2")
    group.get_by_label("Value").fill("number 000")
    expect(page.get_by_text("10 tasks")).to_be_visible()
    group.get_by_role("button", name="or", exact=True).click()
    group.get_by_label("Value").nth(1).fill("number 003")
    expect(page.get_by_text("20 tasks")).to_be_visible()
    page.reload()
    expect(page.get_by_text("20 tasks")).to_be_visible()
    name_view(page, "Tens")
    expect(page.get_by_role("tab", name="Tens")).to_have_attribute("aria-selected", "true")
    page.reload()
    expect(group.get_by_label("Value").nth(1)).to_have_value("number 003")
    expect(page.get_by_text("20 tasks")).to_be_visible()
    group.get_by_role("button", name="Take the group away").click()
    expect(page.get_by_text("100 tasks")).to_be_visible()


def test_what_the_filters_find_is_labelled_in_its_order(visit: Visits, owner: Person, project: int) -> None:
    page = opened(visit, owner, project, "?filter=data.text:contains:number%2520012&order=-data.text")
    expect(page.get_by_text("10 tasks")).to_be_visible()
    page.get_by_role("button", name="Label these").click()
    area = page.locator("#task-area")
    expect(area).to_contain_text("Text number 0129")
    page.keyboard.press("1")
    page.keyboard.press("Control+Enter")
    expect(area).to_contain_text("Text number 0128")


def test_views_are_tabs_that_stay(visit: Visits, owner: Person, project: int) -> None:
    page = opened(visit, owner, project)
    page.on("dialog", lambda dialog: dialog.accept())
    page.get_by_role("searchbox", name="Search the data").fill("number 01")
    expect(page.get_by_text("100 tasks")).to_be_visible()
    name_view(page, "Hundreds")
    tab = page.get_by_role("tab", name="Hundreds")
    expect(tab).to_have_attribute("aria-selected", "true")
    page.get_by_role("columnheader", name="text").get_by_role("button").click()
    page.get_by_role("button", name="Save the view").click()
    expect(page.get_by_role("button", name="Save the view")).to_have_count(0)
    page.get_by_role("tab", name="All tasks").click()
    expect(page.get_by_text("2,500 tasks")).to_be_visible()
    page.get_by_role("tab", name="All tasks").focus()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_text("100 tasks")).to_be_visible()
    page.reload()
    expect(tab).to_have_attribute("aria-selected", "true")
    expect(page.get_by_role("searchbox")).to_have_value("number 01")
    expect(page.get_by_role("columnheader", name="text")).to_have_attribute("aria-sort", "ascending")
    menu = page.get_by_label("What to do with Hundreds")
    menu.click()
    page.get_by_role("button", name="Rename").click()
    dialog = page.get_by_role("dialog", name="Rename the view")
    dialog.get_by_label("Name").fill("By text")
    dialog.get_by_role("button", name="Rename").click()
    expect(page.get_by_role("tab", name="By text")).to_be_visible()
    page.get_by_label("What to do with By text").click()
    page.get_by_role("button", name="Share with everybody").click()
    page.get_by_label("What to do with By text").click()
    expect(page.get_by_role("button", name="Only for me")).to_be_visible()
    page.get_by_role("button", name="Duplicate").click()
    expect(page.get_by_role("tab", name="By text (copy)")).to_have_attribute("aria-selected", "true")
    page.get_by_label("What to do with By text (copy)").click()
    page.get_by_role("button", name="Delete").first.click()
    expect(page.get_by_role("tab", name="All tasks")).to_have_attribute("aria-selected", "true")
    expect(page.get_by_role("tab")).to_have_count(2)


def test_either_of_two_filters(visit: Visits, owner: Person, project: int) -> None:
    page = visit(owner, f"/projects/{project}/data?filter=data.text:contains:number%2520000&filter=data.text:contains:number%2520001")
    expect(page.get_by_text("No task matches.")).to_be_visible()
    page.get_by_title("Change between and and or").click()
    expect(page.get_by_text("20 tasks")).to_be_visible()
