"""Scenario 39: storages, with the unmodified SDK (blocking and async) and the legacy client, on a folder and on S3's protocol."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from label_studio_sdk._legacy import Client as LegacyClient

from core.events.loops import run_loops_until_idle
from tests.client.scenario import TOKEN, Server, refused
from tests.io_storages.conftest import Bucket, local_bucket, s3_bucket, s3_port
from tests.labelled import IMAGE_CONFIG

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.filterwarnings("ignore")]
__all__ = ["s3_port"]
PICTURE = b"\x89PNG\r\n\x1a\n" + bytes(range(256))
BOX = [
    {
        "id": "b",
        "from_name": "box",
        "to_name": "image",
        "type": "rectanglelabels",
        "original_width": 10,
        "original_height": 10,
        "value": {"x": 1, "y": 1, "width": 5, "height": 5, "rotation": 0, "rectanglelabels": ["Car"]},
    }
]


@pytest.fixture(params=["local", "s3"])
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def buckets(kind: str, request: pytest.FixtureRequest, settings: Any, tmp_path: Path) -> list[Bucket]:
    """Two for each client: to read from, and to write to."""
    settings.ALLOWED_INTERNAL_HOSTS = ["127.0.0.1"]
    settings.LOCAL_FILES_SERVING_ENABLED, settings.LOCAL_FILES_DOCUMENT_ROOT = True, tmp_path
    if kind == "local":
        return [local_bucket(tmp_path / str(number)) for number in range(4)]
    port = request.getfixturevalue("s3_port")
    return [s3_bucket(port) for _number in range(4)]


def as_the_sdk_says(bucket: Bucket) -> dict[str, Any]:
    return {name.replace("s3_endpoint", "s3endpoint"): value for name, value in bucket.fields.items()}


def test_39_storages(server: Server, clients: list[Any], kind: str, buckets: list[Bucket]) -> None:
    for client, source, target in zip(clients, buckets[:2], buckets[2:], strict=True):
        imports, exports = getattr(client.import_storage, kind), getattr(client.export_storage, kind)
        project = client.projects.create(title="Storages", label_config=IMAGE_CONFIG).id
        for name in ("one.png", "two.png", "notes.txt"):
            source.put(name, PICTURE)
        said = {"project": project, **as_the_sdk_says(source)}
        imports.validate(**said)
        wrong = {"path": "/nowhere"} if kind == "local" else {"bucket": "no-such-bucket"}
        refused(400, imports.validate, **{**said, **wrong})
        refused(400, imports.create, **{**said, **wrong})
        made = imports.create(**said, regex_filter=r".*\.png", use_blob_urls=True, title="Pictures")
        assert (made.type, made.status, made.project) == (source.kind, "initialized", project)
        assert not {"test-secret", "test-key"} & set(json.dumps(made.dict(), default=str).split('"')), "secrets are never sent back"
        assert imports.update(id=made.id, title="Photographs").title == "Photographs"
        synced = imports.sync(id=made.id)
        assert (synced.status, synced.last_sync_count) == ("completed", 2)
        assert imports.sync(id=made.id).last_sync_count in (0, None), "only what is new counts"
        assert [row.id for row in imports.list(project=project)] == [made.id]
        assert imports.get(id=made.id).title == "Photographs"
        first, _second = list(client.tasks.list(project=project))
        shown = server.http.get(first.data["image"], headers={"Range": "bytes=0-7"})
        if kind == "s3":
            assert (shown.status_code, "Signature" in shown.headers["location"]) == (303, True), "to an address that is good for a minute"
            imports.update(id=made.id, presign=False)
            shown = server.http.get(first.data["image"], headers={"Range": "bytes=0-7"})
        assert (shown.status_code, shown.content) == (206, PICTURE[:8])

        written = exports.create(project=project, **as_the_sdk_says(target), title="Answers")
        assert [row.id for row in exports.list(project=project)] == [written.id]
        annotation = client.annotations.create(id=first.id, result=BOX)
        run_loops_until_idle()
        stored = json.loads(target.read(str(annotation.id)) or b"null")
        assert (stored["id"], stored["task"]["id"], stored["result"]) == (annotation.id, first.id, BOX), "answers follow by themselves"
        assert exports.sync(id=written.id).status == "completed"
        exports.delete(id=written.id)
        imports.delete(id=made.id)
        refused(404, imports.get, id=made.id)
        assert imports.list(project=project) == exports.list(project=project) == []
        assert len(list(client.tasks.list(project=project))) == 2, "tasks stay when their storage is disconnected"
        for other in ("gcs", "azure", "redis"):
            assert (
                getattr(client.import_storage, other).list(project=project)
                == getattr(client.export_storage, other).list(project=project)
                == []
            )
            refused(400, getattr(client.import_storage, other).validate, project=project)
        assert {row.name for row in client.import_storage.list_types()} >= {"s3", "gcs", "azure", "redis", "localfiles"}


def test_39_storages_by_the_legacy_client(
    server: Server, kind: str, buckets: list[Bucket], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    source, target = buckets[:2]
    source.put("one.png", PICTURE)
    project = LegacyClient(server.url, api_key=TOKEN).create_project(title="Legacy", label_config=IMAGE_CONFIG)
    if kind == "local":
        monkeypatch.setenv("LABEL_STUDIO_LOCAL_FILES_DOCUMENT_ROOT", str(tmp_path))
        made = project.connect_local_import_storage(source.fields["path"], regex_filter=".*png", title="Folder")
    else:
        made = project.connect_s3_import_storage(regex_filter=".*png", use_blob_urls=True, **source.fields)
        written = project.connect_s3_export_storage(**{**target.fields, "title": "Answers"})
        assert project.sync_export_storage("s3", written["id"])["status"] == "completed"
        assert [row["id"] for row in project.get_export_storages()] == [written["id"]]
    assert project.sync_import_storage(made["type"], made["id"])["last_sync_count"] == 1
    assert [row["id"] for row in project.get_import_storages()] == [made["id"]]
    assert len(project.get_tasks()) == 1
