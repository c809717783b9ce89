"""An interface of a set-up's own: it gets the task's data, answers with JSON, follows undo, and reaches nothing else."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.e2e.conftest import Visits
from tests.e2e.labeling import only_result, open_stream, project_with, submit
from tests.people import Person

CONFIG = """<View><Text name="t" value="$text"/><Custom name="own" toName="own" data="$text"><![CDATA[
  const count = document.createElement('button');
  const show = () => { count.textContent = labelspace.data + ': ' + (labelspace.value?.count ?? 0); };
  count.addEventListener('click', () => { labelspace.setValue({ count: (labelspace.value?.count ?? 0) + 1, origin: self.origin }); show(); });
  labelspace.onChange(show);
  labelspace.root.append(count);
  show();
]]></Custom></View>"""


def test_an_own_interface_answers_from_its_sandbox(visit: Visits, owner: Person) -> None:
    project = project_with(owner, CONFIG, {"text": "otters"})
    page = visit(owner)
    open_stream(page, project)
    assert page.locator(".tag-custom iframe").get_attribute("sandbox") == "allow-scripts"
    button = page.frame_locator(".tag-custom iframe").get_by_role("button")
    expect(button).to_have_text("otters: 0")
    button.click()
    expect(button).to_have_text("otters: 1")
    page.get_by_role("button", name="Undo").click()
    expect(button).to_have_text("otters: 0")
    button.focus()
    page.keyboard.press("Enter")
    expect(button).to_have_text("otters: 1")
    page.get_by_text("otters", exact=True).click()
    submit(page)
    (row,) = only_result(owner, project)
    assert (row["type"], row["from_name"], row["to_name"]) == ("reactcode", "own", "own")
    assert row["value"] == {"reactcode": {"count": 1, "origin": "null"}}
