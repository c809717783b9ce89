"""The storages page of a project's settings."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.browser import text_of
from tests.labelled import TEXT_CONFIG, make_project
from tests.people import Person

FORM = "application/x-www-form-urlencoded"


@pytest.fixture
def folder(settings: Any, tmp_path: Path) -> Path:
    settings.LOCAL_FILES_SERVING_ENABLED = True
    settings.LOCAL_FILES_DOCUMENT_ROOT = tmp_path
    (tmp_path / "texts").mkdir()
    return tmp_path / "texts"


def test_a_folder_is_connected_and_read(owner: Person, folder: Path) -> None:
    (folder / "one.json").write_text('{"text": "One"}')
    project = make_project(owner, TEXT_CONFIG)
    page = f"/projects/{project}/settings/storage"
    assert "Nothing is connected" in text_of(owner.get(page))
    assert "Folder on the server" in text_of(owner.get(f"{page}/edit", kind="localfiles", direction="source"))
    said = f"kind=localfiles&direction=source&title=Texts&recursive_scan=on&path={folder}"
    answer = owner.client.generic("POST", f"{page}/edit", said, content_type=FORM)
    assert (answer.status_code, answer["Location"]) == (302, page)
    assert "Texts" in text_of(owner.get(page))
    (storage,) = owner.get("/api/storages", project=project).json()
    assert owner.client.generic("POST", page, f"storage={storage['id']}&act=sync", content_type=FORM).status_code == 302
    assert owner.client.generic("POST", page, f"storage={storage['id']}&act=disconnect", content_type=FORM).status_code == 302
    assert owner.get("/api/storages", project=project).json() == []


def test_what_is_wrong_stands_in_the_form(owner: Person, folder: Path) -> None:
    project = make_project(owner, TEXT_CONFIG)
    said = "kind=localfiles&direction=source&path=/etc"
    answer = owner.client.generic("POST", f"/projects/{project}/settings/storage/edit", said, content_type=FORM)
    assert answer.status_code == 400
    assert "must lie below LOCAL_FILES_DOCUMENT_ROOT" in text_of(answer)


def test_what_is_not_taken_stands_by_reason_and_a_test_says_what_to_change(owner: Person, folder: Path) -> None:
    for number in range(7):
        (folder / f"broken {'abcdefg'[number]}.json").write_text('{"text": ')
    (folder / "picture.png").write_bytes(b"x")
    (folder / "zero.json").write_text('{"text": "Zero"}')
    project = make_project(owner, TEXT_CONFIG)
    page = f"/projects/{project}/settings/storage"
    storage = owner.post("/api/storages/localfiles", {"project": project, "path": str(folder), "title": "Texts"}).json()
    meta = owner.post(f"/api/storages/localfiles/{storage['id']}/sync", {}).json()["meta"]
    assert [(entry["count"], len(entry["examples"])) for entry in meta["refused"]] == [(7, 5), (1, 1)]
    assert meta["refused"][1]["examples"] == ["texts/picture.png"]
    shown = text_of(owner.get(page))
    assert "8 objects were not taken" in shown
    assert "7 × " in shown
    answer = owner.client.generic("POST", page, f"storage={storage['id']}&act=test", content_type=FORM)
    assert (answer.status_code, "browsers need no CORS" in text_of(answer)) == (200, True)
    for file in folder.iterdir():
        file.unlink()
    answer = owner.client.generic("POST", page, f"storage={storage['id']}&act=test", content_type=FORM)
    assert "There is no object that this storage would read" in text_of(answer)
