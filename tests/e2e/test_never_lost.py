"""What somebody has done stays: after a closed tab, a reload, a connection that is gone."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import Visits
from tests.e2e.labeling import only_result, open_stream, project_with, submit, values
from tests.people import Person

CONFIG = '<View><Text name="text" value="$text"/><TextArea name="note" toName="text" maxSubmissions="1"/></View>'


@pytest.fixture
def project(owner: Person) -> int:
    return project_with(owner, CONFIG, {"text": "A text."}, {"text": "Another."})


def test_a_draft_survives_closing_the_tab(visit: Visits, owner: Person, project: int) -> None:
    page = visit(owner)
    open_stream(page, project)
    page.get_by_role("textbox", name="note").fill("half of a thought")
    context = page.context
    page.close(run_before_unload=False)
    again = context.new_page()
    open_stream(again, project)
    expect(again.get_by_role("textbox", name="note")).to_have_value("half of a thought")
    submit(again)
    assert values(only_result(owner, project)) == [{"text": ["half of a thought"]}]


def test_a_draft_is_on_the_server_for_another_device(visit: Visits, owner: Person, project: int) -> None:
    page = visit(owner)
    open_stream(page, project)
    with page.expect_response(lambda answer: "/drafts" in answer.url and answer.request.method in ("POST", "PATCH")):
        page.get_by_role("textbox", name="note").fill("from the first device")
    page.context.close()
    visit.contexts.remove(page.context)
    other = visit(owner)
    open_stream(other, project)
    expect(other.get_by_role("textbox", name="note")).to_have_value("from the first device")


def test_a_submit_without_connection_is_sent_later(visit: Visits, owner: Person, project: int) -> None:
    page = visit(owner)
    open_stream(page, project)
    page.get_by_role("textbox", name="note").fill("on the train")
    page.context.set_offline(True)
    page.keyboard.press("Control+Enter")
    page.wait_for_timeout(500)
    with page.expect_response(lambda answer: "/annotations" in answer.url and answer.request.method == "POST", timeout=20_000) as sent:
        page.context.set_offline(False)
    assert sent.value.status == 201
    assert values(only_result(owner, project)) == [{"text": ["on the train"]}]
    visit.troubles.clear()  # the browser itself notes each request that found no connection
