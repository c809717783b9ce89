"""Keys of one's own: given, refused when taken, kept in the account, exported, imported, taken back."""

from __future__ import annotations

import json
from pathlib import Path

from playwright.sync_api import expect

from tests.e2e.conftest import Visits
from tests.e2e.labeling import open_stream, project_with
from tests.labelled import TEXT_CONFIG
from tests.people import Person


def test_keys_are_changed_kept_and_taken_back(visit: Visits, owner: Person, tmp_path: Path) -> None:
    project = project_with(owner, TEXT_CONFIG, {"text": "One."}, {"text": "Two."})
    page = visit(owner)
    open_stream(page, project)
    page.keyboard.press("?")
    sheet = page.get_by_role("dialog", name="All keys")
    change = sheet.get_by_role("button", name='Change the keys of "Skip"')
    row = sheet.get_by_role("listitem").filter(has=page.get_by_role("button", name='Change the keys of "Skip"'))
    change.click()
    expect(sheet.get_by_text("Press the new keys…")).to_be_visible()
    page.keyboard.press("Control+z")
    expect(sheet.get_by_role("alert")).to_have_text('Ctrl Z already does "Undo".')
    change.click()
    expect(sheet.get_by_text("Press the new keys…")).to_be_visible()
    with page.expect_response("**/hotkeys/"):
        page.keyboard.press("Alt+s")
    expect(row.locator("kbd")).to_have_text("Alt S")
    with page.expect_download() as saved:
        sheet.get_by_role("link", name="Export").click()
    saved.value.save_as(tmp_path / "keys.json")
    assert json.loads((tmp_path / "keys.json").read_text()) == {"annotation:skip": {"key": "alt+s", "active": True}}
    page.reload()
    expect(page.get_by_role("radio").first).to_be_enabled()
    with page.expect_response(lambda answer: "/annotations" in answer.url and answer.request.method == "POST") as skipped:
        page.keyboard.press("Alt+s")
    assert skipped.value.json()["was_cancelled"] is True

    expect(page.get_by_text("Two.")).to_be_visible()
    page.keyboard.press("?")
    with page.expect_response("**/hotkeys/"):
        sheet.get_by_role("button", name="All keys as they were").click()
    expect(row.locator("kbd")).to_have_text("Ctrl Space")
    (tmp_path / "both.json").write_text(json.dumps({"annotation:skip": "ctrl+z"}))
    sheet.get_by_label("Import keys").set_input_files(tmp_path / "both.json")
    expect(sheet.get_by_role("alert")).to_contain_text('Ctrl Z would do both "Skip" and "Undo"')
    with page.expect_response("**/hotkeys/"):
        sheet.get_by_label("Import keys").set_input_files(tmp_path / "keys.json")
    expect(row.locator("kbd")).to_have_text("Alt S")
    assert owner.get("/api/current-user/hotkeys/").json()["custom_hotkeys"] == {"annotation:skip": {"key": "alt+s", "active": True}}
