"""What every kind of storage does, against a real server of its kind."""

from __future__ import annotations

import json
from typing import Any

import pytest

from core.events.loops import run_loops_until_idle
from io_storages.models import Storage
from tests.io_storages.conftest import Bucket
from tests.labelled import IMAGE_CONFIG, TEXT_CONFIG, choice, import_tasks, make_project, whole
from tests.people import Person

KEY = "a b/ü 1.png"
PICTURE = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40


def connect(owner: Person, project: int, bucket: Bucket, *, target: bool = False, **fields: Any) -> dict[str, Any]:
    base = f"/api/storages{'/export' if target else ''}/{bucket.kind}"
    answer = owner.post(base, {"project": project, "title": "Bucket", **bucket.fields, **fields})
    assert answer.status_code == 201, answer.content
    return {**answer.json(), "url": f"{base}/{answer.json()['id']}"}


def synchronized(owner: Person, storage: dict[str, Any]) -> dict[str, Any]:
    answer = owner.post(f"{storage['url']}/sync", {})
    assert answer.status_code == 200, answer.content
    found: dict[str, Any] = answer.json()
    return found


def data_of(owner: Person, project: int, **query: Any) -> list[Any]:
    return [task["data"] for task in owner.get("/api/tasks/", project=project, **query).json()["tasks"]]


def test_every_object_becomes_a_task_once(owner: Person, bucket: Bucket) -> None:
    """Label Studio's fault 13: one transaction and one unindexed look-up for each key."""
    project = make_project(owner, IMAGE_CONFIG)
    for key in (KEY, "two.png", "notes.txt"):
        bucket.put(key, PICTURE)
    storage = connect(owner, project, bucket, use_blob_urls=True, recursive_scan=True, regex_filter=r".*\.png")
    answer = synchronized(owner, storage)
    assert (answer["status"], answer["last_sync_count"], answer["traceback"]) == ("completed", 2, None)
    assert sorted(task["image"] for task in data_of(owner, project, resolve_uri="false")) == sorted(map(bucket.address, (KEY, "two.png")))
    bucket.put("three.png", PICTURE)
    assert synchronized(owner, storage)["last_sync_count"] == 1
    assert synchronized(owner, storage)["last_sync_count"] == 0
    assert len(data_of(owner, project)) == 3


def test_objects_hold_tasks(owner: Person, bucket: Bucket) -> None:
    project = make_project(owner, TEXT_CONFIG)
    bucket.put("one.json", json.dumps({"text": "One"}).encode())
    annotated = {
        "data": {"text": "Two"},
        "annotations": [{"result": choice()}],
        "predictions": [{"result": choice("Neutral"), "score": 0.5}],
    }
    bucket.put("list.json", json.dumps([annotated, {"text": "Three"}]).encode())
    bucket.put("broken.json", b'{"text": ')
    answer = synchronized(owner, connect(owner, project, bucket, recursive_scan=True))
    assert (answer["status"], answer["last_sync_count"]) == ("completed_with_errors", 3)
    assert "broken.json" in answer["traceback"]
    found = owner.get("/api/tasks/", project=project, fields="all").json()["tasks"]
    assert sorted(task["data"]["text"] for task in found) == ["One", "Three", "Two"]
    assert sorted((task["total_annotations"], task["total_predictions"]) for task in found) == [(0, 0), (0, 0), (1, 1)]
    assert sorted(task["storage_filename"].rpartition("/")[2] for task in found) == ["list.json", "list.json", "one.json"]
    of_one = {"filter": "filter:tasks:storage_filename", "type": "String", "operator": "contains", "value": "one.json"}
    query = json.dumps({"filters": {"conjunction": "and", "items": [of_one]}})
    assert data_of(owner, project, query=query) == [{"text": "One"}]


def test_media_come_through_with_ranges(owner: Person, bucket: Bucket) -> None:
    project = make_project(owner, IMAGE_CONFIG)
    bucket.put(KEY, PICTURE)
    synchronized(owner, connect(owner, project, bucket, use_blob_urls=True, recursive_scan=True, presign=False))
    (data,) = data_of(owner, project)
    answer = owner.client.get(data["image"])
    assert (answer.status_code, whole(answer)) == (200, PICTURE)
    assert answer["Content-Type"] == "image/png"
    assert "sandbox" in answer["Content-Security-Policy"]
    part = owner.client.get(data["image"], headers={"Range": "bytes=8-17"})
    assert (part.status_code, whole(part), part["Content-Range"]) == (206, PICTURE[8:18], f"bytes 8-17/{len(PICTURE)}")
    assert owner.client.get(data["image"], headers={"Range": f"bytes={len(PICTURE)}-"}).status_code == 416
    assert owner.client.get(data["image"], headers={"If-None-Match": answer["ETag"]}).status_code == 304
    bucket.delete(KEY)
    assert owner.client.get(data["image"]).status_code == 404


def test_browsers_are_sent_to_the_storage_when_asked_for(owner: Person, bucket: Bucket) -> None:
    import urllib.request

    if not bucket.presigns:
        return  # nothing that expires there: the file comes through this server, as above
    project = make_project(owner, IMAGE_CONFIG)
    bucket.put(KEY, PICTURE)
    synchronized(owner, connect(owner, project, bucket, use_blob_urls=True, recursive_scan=True, presign=True, presign_ttl=2))
    answer = owner.client.get(data_of(owner, project)[0]["image"])
    assert answer.status_code == 303
    assert "max-age=120" in answer["Cache-Control"]
    with urllib.request.urlopen(answer["Location"]) as found:
        assert found.read() == PICTURE


def test_annotations_follow_to_a_target(owner: Person, bucket: Bucket) -> None:
    if not bucket.writable:
        answer = owner.post(f"/api/storages/export/{bucket.kind}", {"project": 1, **bucket.fields})
        assert answer.status_code == 404
        return
    project = make_project(owner, TEXT_CONFIG)
    import_tasks(owner, project, [{"data": {"text": "One"}, "annotations": [{"result": choice()}]}, {"text": "Two"}])
    connect(owner, project, bucket, target=True, can_delete_objects=True)
    tasks = owner.get("/api/tasks/", project=project).json()["tasks"]
    new = owner.post(f"/api/tasks/{tasks[1]['id']}/annotations/", {"result": choice("Negative")}).json()
    run_loops_until_idle()
    written = json.loads(bucket.read(f"{new['id']}") or b"null")
    assert (written["id"], written["result"], written["task"]["data"]) == (new["id"], choice("Negative"), {"text": "Two"})
    assert written["completed_by"]["email"] == owner.user.email
    owner.patch(f"/api/annotations/{new['id']}/", {"result": choice("Neutral")})
    run_loops_until_idle()
    assert json.loads(bucket.read(f"{new['id']}") or b"null")["result"] == choice("Neutral")
    owner.delete(f"/api/annotations/{new['id']}/")
    run_loops_until_idle()
    assert bucket.read(f"{new['id']}") is None
    assert bucket.read(f"{new['id'] - 1}") is not None


def test_what_cannot_be_reached_says_so(owner: Person, bucket: Bucket) -> None:
    project = make_project(owner, TEXT_CONFIG)
    wrong = {
        "s3": {"bucket": "there-is-none"},
        "gcs": {"bucket": "there-is-none"},
        "azure": {"container": "there-is-none"},
        "hub": {"repo": "ann/there-is-none"},
        "http": {"url": "http://127.0.0.1:1/"},
        "redis": {"port": "1"},
        "localfiles": {"path": "/etc"},
    }[bucket.kind]
    for path in (f"/api/storages/{bucket.kind}", f"/api/storages/{bucket.kind}/validate"):
        answer = owner.post(path, {"project": project, **bucket.fields, **wrong})
        assert answer.status_code == 400, answer.content
        (sentence,) = answer.json()["validation_errors"]["non_field_errors"]
        assert len(sentence) > 20
    assert not Storage.objects.exists()


def test_secrets_are_kept_and_never_sent(owner: Person, bucket: Bucket) -> None:
    project = make_project(owner, TEXT_CONFIG)
    bucket.put("one.json", b'{"text": "One"}')
    storage = connect(owner, project, bucket, recursive_scan=True)
    hidden = {name: value for name, value in bucket.fields.items() if name not in storage}
    assert set(storage["secrets_set"]) == set(hidden)
    answer = owner.patch(storage["url"], {"title": "Renamed", **dict.fromkeys(hidden, "")})
    assert answer.status_code == 200, answer.content
    row = Storage.objects.get()
    for value in [value for value in hidden.values() if not any(value in str(shown) for shown in storage.values())]:
        assert value not in answer.content.decode() + row.fields + row.secrets
    assert synchronized(owner, storage)["last_sync_count"] == 1


def test_a_dry_run_tells_and_changes_nothing(owner: Person, bucket: Bucket) -> None:
    project = make_project(owner, TEXT_CONFIG)
    for name in ("a", "b", "c"):
        bucket.put(f"{name}.json", json.dumps({"text": name}).encode())
    storage = connect(owner, project, bucket, recursive_scan=True, on_gone="delete")
    synchronized(owner, storage)
    bucket.delete("a.json")
    bucket.put("d.json", b'{"text": "d"}')
    answer = owner.post(f"{storage['url']}/sync", {"dry_run": True}).json()
    assert (answer["status"], answer["new"], answer["gone"]) == ("done", 1, 1)
    assert sorted(data["text"] for data in data_of(owner, project)) == ["a", "b", "c"]
    synchronized(owner, storage)
    assert sorted(data["text"] for data in data_of(owner, project)) == ["b", "c", "d"]


@pytest.mark.parametrize("name", ["files", "form"])
def test_what_a_page_needs(owner: Person, bucket: Bucket, name: str) -> None:
    bucket.put("one.json", b'{"text": "One"}')
    if name == "form":
        names = [field["name"] for group in owner.get(f"/api/storages/{bucket.kind}/form").json() for field in group["fields"]]
        assert set(bucket.fields) <= set(names)
        return
    project = make_project(owner, TEXT_CONFIG)
    files = owner.post(f"/api/storages/{bucket.kind}/files", {"project": project, **bucket.fields, "recursive_scan": True}).json()["files"]
    assert [file["key"].rpartition("/")[2] for file in files] == ["one.json"]


def test_one_object_is_loaded_as_a_browser_would(owner: Person, bucket: Bucket) -> None:
    project = make_project(owner, IMAGE_CONFIG)
    bucket.put("a/one.png", PICTURE)
    storage = connect(owner, project, bucket, use_blob_urls=True, recursive_scan=True, presign=False)
    answer = owner.post(f"{storage['url']}/test", {}).json()
    assert (answer["ok"], [step["ok"] for step in answer["steps"]]) == (True, [True, True, True]), answer
    assert answer["steps"][1]["said"].endswith("one.png")
    if bucket.presigns:
        owner.patch(storage["url"], {"presign": True})
        answer = owner.post(f"{storage['url']}/test", {}).json()
        assert answer["ok"] or "CORS rule" in answer["steps"][-1]["fix"], answer
    bucket.delete("a/one.png")
    answer = owner.post(f"{storage['url']}/test", {}).json()
    assert (answer["ok"], bool(answer["steps"][-1]["said"])) == (False, True)
    if bucket.writable:
        target = connect(owner, project, bucket, target=True, can_delete_objects=True)
        assert owner.post(f"{target['url']}/test", {}).json()["ok"] is True
