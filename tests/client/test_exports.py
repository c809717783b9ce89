"""Scenarios 35-38: exports and snapshots through the unmodified SDK: its sync and async clients and the legacy one."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest
from label_studio_sdk import AsyncLabelStudio, LabelStudio
from label_studio_sdk import Client as LegacyClient
from label_studio_sdk.core.api_error import ApiError
from label_studio_sdk.data_manager import Column, Filters, Operator, Type

from organizations.operations import ensure_first_user
from tests.browser import PASSWORD
from tests.labelled import IMAGE_CONFIG, TEXT_CONFIG, choice

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.filterwarnings("ignore")]

EMAIL, TOKEN = "owner@example.com", "0123456789abcdef0123456789abcdef01234567"
TASKS: list[dict[str, Any]] = [
    {"data": {"text": f"task {n}"}, "annotations": [{"result": choice(), "ground_truth": False}] if n % 2 else []} for n in range(4)
]


@pytest.fixture
def url(live_server: Any, settings: Any, tmp_path: Path) -> str:
    settings.MEDIA_ROOT = tmp_path / "media"
    ensure_first_user(EMAIL, PASSWORD, TOKEN)
    return str(live_server.url)


@pytest.fixture
def project(url: str) -> int:
    client = LabelStudio(base_url=url, api_key=TOKEN)
    made = client.projects.create(title="Exports", label_config=TEXT_CONFIG)
    client.projects.import_tasks(id=made.id, request=TASKS)
    return int(made.id)


def test_snapshots_are_made_converted_downloaded_and_deleted(url: str, project: int) -> None:
    """Scenario 36."""
    exports = LabelStudio(base_url=url, api_key=TOKEN).projects.exports
    made = exports.create(project, title="Answered", task_filter_options={"annotated": "only"})
    assert (made.status, made.title) == ("completed", "Answered")
    exports._poll_export(project, made, None, 5)
    assert [task["data"]["text"] for task in json.loads(b"".join(exports.download(project, made.id)))] == ["task 1", "task 3"]
    part = b"".join(exports.download(project, made.id, request_options={"additional_headers": {"Range": "bytes=0-0"}}))
    assert part == b"["
    converted = exports.convert(project, made.id, export_type="CSV")
    (row,) = exports.get(project, made.id).converted_formats
    assert (row.id, row.status, row.export_type) == (converted.converted_format, "completed", "CSV")
    assert b"Positive" in b"".join(exports.download(project, made.id, export_type="CSV"))
    assert [row.id for row in exports.list(project)] == [made.id]
    exports.delete(project, made.id)
    with pytest.raises(ApiError) as gone:
        exports.get(project, made.id)
    assert gone.value.status_code == 404


def test_the_async_client_does_the_same(url: str, project: int) -> None:
    """Scenario 36."""

    async def work() -> tuple[Any, Any, Any]:
        exports = AsyncLabelStudio(base_url=url, api_key=TOKEN).projects.exports
        made = await exports.create(project)
        downloaded = b"".join([piece async for piece in exports.download(project, made.id)])
        return made, json.loads(downloaded), await exports.as_json(project)

    made, snapshot, whole = asyncio.run(work())
    assert made.counters == {"task_number": 4}
    assert [task["id"] for task in snapshot] == [task["id"] for task in whole]


def test_the_legacy_client_exports_by_ids_and_by_filters(url: str, project: int, tmp_path: Path) -> None:
    """Scenario 37."""
    old = LegacyClient(url=url, api_key=TOKEN).get_project(project)
    ids = [task["id"] for task in old.export_tasks(download_all_tasks=True)]
    assert [task["id"] for task in old.export_tasks(ids=[ids[1]])] == [ids[1]]
    filters = Filters.create(Filters.AND, [Filters.item(Column.data("text"), Operator.CONTAINS, Type.String, Filters.value("task 3"))])
    found = old.export(filters=filters, output_dir=str(tmp_path))
    assert found["status"] == 200
    assert [task["id"] for task in json.loads((tmp_path / found["filename"]).read_text())] == [ids[3]]
    assert old.export_snapshot_delete(found["export_id"]) == 204
    assert old.export_snapshot_list() == []


def test_an_export_imported_again_is_exported_equal(url: str, project: int) -> None:
    """Scenario 38."""
    client = LabelStudio(base_url=url, api_key=TOKEN)
    first = client.projects.exports.as_json(project)
    other = client.projects.create(title="Again", label_config=TEXT_CONFIG)
    client.projects.import_tasks(id=other.id, request=first)
    again = client.projects.exports.as_json(other.id)
    assert [(task["data"], [item["result"] for item in task["annotations"]]) for task in again] == [
        (task["data"], [item["result"] for item in task["annotations"]]) for task in first
    ]


def test_every_format_that_fits_is_exported(url: str, project: int, tmp_path: Path) -> None:
    """Scenario 35: as_json, as_pandas, as_file and every format. (What is in the files is compared in tests/data_export/formats.)"""
    client = LabelStudio(base_url=url, api_key=TOKEN)
    exports = client.projects.exports
    assert [len(task["annotations"]) for task in exports.as_json(project)] == [0, 1, 0, 1]
    assert list(exports.as_pandas(project)["sentiment"].dropna()) == ["Positive", "Positive"]
    assert exports.as_file(project, export_type="CSV").read().count(b"Positive") == 2
    image = client.projects.create(title="Images", label_config=IMAGE_CONFIG).id
    box = {"id": "b", "from_name": "box", "to_name": "image", "type": "rectanglelabels", "original_width": 40, "original_height": 20}
    box["value"] = {"x": 10, "y": 10, "width": 50, "height": 50, "rotation": 0, "rectanglelabels": ["Car"]}
    client.projects.import_tasks(id=image, request=[{"data": {"image": "/data/upload/9/a.png"}, "annotations": [{"result": [box]}]}])
    seen: dict[int, list[str]] = {project: [], image: []}
    for pk, done in seen.items():
        for offered in exports.list_formats(id=pk):
            name = offered["name"] if isinstance(offered, dict) else offered
            if isinstance(offered, dict) and offered.get("disabled"):
                with pytest.raises(ApiError) as unfit:
                    exports.as_binary(pk, export_type=name)
                assert unfit.value.status_code == 400
                continue
            assert exports.as_binary(pk, export_type=name), name
            done.append(name)
    assert {"JSON", "JSON_MIN", "CSV", "TSV"} <= set(seen[project]) & set(seen[image])
    assert {"COCO", "VOC", "YOLO", "YOLO_OBB"} <= set(seen[image])
