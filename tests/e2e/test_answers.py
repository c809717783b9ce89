"""Tags that ask a question: each answered by keyboard and by pointer, with the values that come out."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.e2e.conftest import Visits
from tests.e2e.labeling import only_result, open_stream, project_with, results, submit, values
from tests.people import Person

TASK = {"text": "A short text."}


def view(body: str) -> str:
    return f'<View><Text name="text" value="$text"/>{body}</View>'


def start(visit: Visits, owner: Person, body: str) -> tuple[Page, int]:
    """The first of two tasks of a project with this question."""
    project = project_with(owner, view(body), TASK, {"text": "Another one."})
    page = visit(owner)
    open_stream(page, project)
    return page, project


def test_choices_by_key_and_by_click(visit: Visits, owner: Person) -> None:
    page, project = start(
        visit, owner, '<Choices name="mood" toName="text"><Choice value="Good"/><Choice value="Bad" alias="b"/></Choices>'
    )
    page.keyboard.press("2")
    expect(page.get_by_role("radio", name="Bad")).to_be_checked()
    submit(page)
    page.get_by_text("Good").click()
    submit(page)
    assert [values(rows) for rows in results(owner, project)] == [[{"choices": ["b"]}], [{"choices": ["Good"]}]]


def test_several_choices(visit: Visits, owner: Person) -> None:
    body = (
        '<Choices name="topic" toName="text" choice="multiple"><Choice value="Art"/><Choice value="Bread"/><Choice value="Cats"/></Choices>'
    )
    page, project = start(visit, owner, body)
    page.keyboard.press("1")
    page.keyboard.press("3")
    submit(page)
    page.get_by_text("Bread").click()
    page.get_by_text("Cats").click()
    page.get_by_text("Bread").click()
    submit(page)
    assert [values(rows) for rows in results(owner, project)] == [[{"choices": ["Art", "Cats"]}], [{"choices": ["Cats"]}]]


def test_nested_choices(visit: Visits, owner: Person) -> None:
    body = '<Choices name="place" toName="text" allowNested="true"><Choice value="Asia"><Choice value="Japan"/></Choice><Choice value="Europe"/></Choices>'
    page, project = start(visit, owner, body)
    page.get_by_text("Japan").click()
    submit(page)
    assert values(only_result(owner, project)) == [{"choices": [["Asia", "Japan"]]}]


def test_a_textarea(visit: Visits, owner: Person) -> None:
    page, project = start(visit, owner, '<TextArea name="summary" toName="text" maxSubmissions="2"/>')
    field = page.get_by_role("textbox", name="summary")
    field.focus()
    page.keyboard.type("One otter 🦦")
    page.keyboard.press("Enter")
    page.keyboard.type("and another")
    submit(page)  # what stands in the field counts, added or not
    field.fill("By pointer")
    page.get_by_role("button", name="Add").click()
    submit(page)
    assert [values(rows) for rows in results(owner, project)] == [[{"text": ["One otter 🦦", "and another"]}], [{"text": ["By pointer"]}]]


def test_a_rating(visit: Visits, owner: Person) -> None:
    page, project = start(visit, owner, '<Rating name="stars" toName="text" maxRating="5"/>')
    page.get_by_role("radio", name="1 star").focus()
    page.keyboard.press("Space")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    submit(page)
    page.locator("label", has=page.get_by_role("radio", name="5 stars")).click()
    submit(page)
    assert [values(rows) for rows in results(owner, project)] == [[{"rating": 3}], [{"rating": 5}]]


def test_a_number(visit: Visits, owner: Person) -> None:
    page, project = start(visit, owner, '<Number name="count" toName="text" min="0" max="100"/>')
    page.get_by_role("spinbutton", name="count").focus()
    page.keyboard.type("42.5")
    submit(page)
    page.get_by_role("spinbutton", name="count").click()
    page.keyboard.type("7")
    submit(page)
    assert [values(rows) for rows in results(owner, project)] == [[{"number": 42.5}], [{"number": 7}]]


def test_a_date(visit: Visits, owner: Person) -> None:
    page, project = start(visit, owner, '<DateTime name="day" toName="text" only="date"/>')
    page.get_by_label("day").last.focus()
    page.keyboard.type("11212026")  # the browser's own field: month, day, year
    submit(page)
    page.get_by_label("day").last.fill("2025-01-31")
    submit(page)
    assert [values(rows) for rows in results(owner, project)] == [[{"datetime": "2026-11-21"}], [{"datetime": "2025-01-31"}]]


def test_a_taxonomy(visit: Visits, owner: Person) -> None:
    body = (
        '<Taxonomy name="kind" toName="text"><Choice value="Animals"><Choice value="Mammals"><Choice value="Otter"/></Choice>'
        '<Choice value="Birds"/></Choice><Choice value="Plants"/></Taxonomy>'
    )
    page, project = start(visit, owner, body)
    page.get_by_role("combobox", name="kind").focus()
    page.keyboard.type("otter")
    for _ in range(2):
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.keyboard.press("Escape")
    submit(page)
    page.get_by_role("combobox", name="kind").click()
    page.get_by_role("treeitem", name="Plants").click()
    page.keyboard.press("Escape")
    submit(page)
    assert [values(rows) for rows in results(owner, project)] == [
        [{"taxonomy": [["Animals", "Mammals", "Otter"]]}],
        [{"taxonomy": [["Plants"]]}],
    ]


def test_a_pair(visit: Visits, owner: Person) -> None:
    config = '<View><Text name="a" value="$a"/><Text name="b" value="$b"/><Pairwise name="better" toName="a,b"/></View>'
    project = project_with(owner, config, {"a": "First", "b": "Second"}, {"a": "Third", "b": "Fourth"})
    page = visit(owner)
    open_stream(page, project)
    page.keyboard.press("ArrowRight")
    submit(page)
    page.get_by_text("Third", exact=True).click()
    submit(page)
    assert [values(rows) for rows in results(owner, project)] == [[{"selected": "right"}], [{"selected": "left"}]]


def test_a_required_answer_is_asked_for(visit: Visits, owner: Person) -> None:
    page, project = start(visit, owner, '<Choices name="mood" toName="text" required="true"><Choice value="Good"/></Choices>')
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("alert").filter(has_text=re.compile(r"\w"))).to_be_visible()
    page.keyboard.press("1")
    submit(page)
    assert values(only_result(owner, project)) == [{"choices": ["Good"]}]


def test_skip_and_go_on(visit: Visits, owner: Person) -> None:
    page, _project = start(visit, owner, '<Choices name="mood" toName="text"><Choice value="Good"/></Choices>')
    with page.expect_response(lambda answer: "/annotations" in answer.url and answer.request.method == "POST"):
        page.keyboard.press("Control+Space")
    expect(page.locator("#task-area")).to_contain_text("Another one.")
    page.keyboard.press("1")
    submit(page)
    expect(page.get_by_text(re.compile("No tasks left|Nothing left|All done", re.IGNORECASE))).to_be_visible()
