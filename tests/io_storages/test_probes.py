"""What a storage must not be talked into: asking inner networks, reading beyond its folder, giving away what it was told in confidence."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from core.events.loops import run_loops_until_idle
from core.jobs.models import Job
from io_storages.addresses import pack
from io_storages.key_filter import key_filter
from io_storages.models import Storage
from tests.io_storages.conftest import Bucket
from tests.io_storages.test_contract import connect, data_of, synchronized
from tests.labelled import IMAGE_CONFIG, TEXT_CONFIG, make_project
from tests.people import Person, somebody

INNER = (
    "http://169.254.169.254",
    "http://127.0.0.1:9090",
    "http://[::1]:8080",
    "http://0x7f.1:8080",
    "file:///etc",
    "http://u:p@example.org",
)


@pytest.mark.parametrize("address", INNER)
def test_inner_addresses_are_refused_with_one_sentence(owner: Person, address: str) -> None:
    project = make_project(owner, TEXT_CONFIG)
    keys = {"aws_access_key_id": "a", "aws_secret_access_key": "b"}
    said: dict[str, dict[str, Any]] = {
        "s3": {"bucket": "bucket", "s3_endpoint": address, **keys},
        "gcs": {"bucket": "bucket", "gcs_endpoint": address},
        "azure": {"container": "box", "azure_endpoint": address, "account_name": "account", "account_key": "a2V5"},
        "hub": {"repo": "ann/data", "hub_endpoint": address},
        "http": {"url": address},
    }
    for kind, fields in said.items():
        answer = owner.post(f"/api/storages/{kind}/validate", {"project": project, **fields})
        assert answer.status_code == 400, (kind, answer.content)
    answer = owner.post("/api/storages/redis/validate", {"project": project, "host": "169.254.169.254", "port": "80"})
    assert answer.status_code == 400
    assert not Storage.objects.exists()


def test_nothing_beyond_the_folder_is_read(owner: Person, settings: Any, tmp_path: Path) -> None:
    settings.LOCAL_FILES_SERVING_ENABLED, settings.LOCAL_FILES_DOCUMENT_ROOT = True, tmp_path
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    (tmp_path / "secret.png").write_bytes(b"secret")
    (tmp_path / "in" / "link.png").symlink_to(tmp_path / "secret.png")
    project = make_project(owner, IMAGE_CONFIG)
    connected = {"project": project, "path": str(tmp_path / "in"), "use_blob_urls": True}
    storage = owner.post("/api/storages/localfiles", connected).json()
    owner.post(f"/api/storages/localfiles/{storage['id']}/sync", {})
    (task,) = owner.get("/api/tasks/", project=project).json()["tasks"]
    for path in ("secret.png", "in/../secret.png", "in/link.png", "/etc/passwd", "in%2f..%2fsecret.png"):
        assert owner.get(f"/data/local-files/?d={path}").status_code == 404, path
        address = pack(f"/data/local-files/?d={path}")
        assert owner.get(f"/tasks/{task['id']}/resolve/?fileuri={address}").status_code == 404, path
    assert somebody().get("/data/local-files/?d=in/a.png").status_code == 404


def test_a_storage_shows_its_own_folder_to_its_own_people(owner: Person, s3: Bucket) -> None:
    s3.put("mine/a.png", b"\x89PNG\r\n\x1a\n")
    s3.put("theirs/b.png", b"secret")
    project = make_project(owner, IMAGE_CONFIG)
    storage = connect(owner, project, s3, use_blob_urls=True, prefix="mine", presign=False)
    synchronized(owner, storage)
    (task,) = owner.get("/api/tasks/", project=project).json()["tasks"]
    outside = pack(s3.address("theirs/b.png"))
    assert owner.get(f"/tasks/{task['id']}/resolve/?fileuri={outside}").status_code == 404
    inside = pack(s3.address("mine/a.png"))
    stranger = somebody()
    assert stranger.get(f"/tasks/{task['id']}/resolve/?fileuri={inside}").status_code == 404
    assert stranger.get(storage["url"]).status_code == 404
    everything = b"".join(
        owner.get(path).content
        for path in (storage["url"], "/api/storages", f"/projects/{project}/settings/storage/edit?storage={storage['id']}")
    )
    assert b"test-secret" not in everything
    assert all("test-secret" not in str(job) for job in Job.objects.values())


def test_a_source_synchronizes_by_itself_and_takes_what_its_filters_name(owner: Person, s3: Bucket) -> None:
    project = make_project(owner, IMAGE_CONFIG)
    for key in ("a/one.png", "a/b/two.jpg", "three.txt"):
        s3.put(key, b"x")
    storage = connect(owner, project, s3, use_blob_urls=True, recursive_scan=True, glob_filter="*.png a/**/*.jpg", sync_every=5)
    run_loops_until_idle()
    assert not Job.objects.filter(kind="storage.sync").exists()
    Storage.objects.update(created_at="2020-01-01T00:00:00Z")
    run_loops_until_idle()
    (job,) = Job.objects.filter(kind="storage.sync")
    run_loops_until_idle()
    assert Job.objects.filter(kind="storage.sync").count() == 1, "one at a time"
    job.delete()
    assert synchronized(owner, storage)["last_sync_count"] == 2
    found = sorted(task["image"].rpartition("/")[2] for task in data_of(owner, project, resolve_uri="false"))
    assert found == ["one.png", "two.jpg"]


def test_names_are_looked_for_in_folders() -> None:
    takes = key_filter({"glob_filter": "x/*.png ?.jpg"})
    assert [takes(key) for key in ("x/a.png", "x/y/a.png", "q/a.jpg", "a.jpg", "ab.jpg", "x/a.png.txt")] == [
        True,
        False,
        True,
        True,
        False,
        False,
    ]
