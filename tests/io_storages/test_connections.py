"""Storages whose place and keys are ready-made: the bucket that the environment names, and what an administrator has connected once for all projects."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import pytest

from core.environment import read_environment
from core.permissions import Role
from io_storages import server_bucket
from organizations.models import Organization
from tests.browser import text_of
from tests.io_storages.conftest import Bucket, hub_bucket
from tests.io_storages.test_contract import data_of, synchronized
from tests.labelled import IMAGE_CONFIG, make_project, whole
from tests.people import Person, somebody
from tests.services.hub import Hub

PICTURE = b"\x89PNG\r\n\x1a\n" + bytes(range(256))
FORM = "application/x-www-form-urlencoded"


@pytest.fixture
def first(owner: Person) -> Person:
    """The owner of the server's first organization."""
    Organization.objects.exclude(pk=owner.organization.pk).update(for_guest=True)
    return owner


def of_environment(settings: Any, bucket: Bucket) -> None:
    fields = bucket.fields
    settings.ENVIRONMENT = read_environment(
        {
            "STORAGE_TYPE": "s3",
            "STORAGE_AWS_BUCKET_NAME": fields["bucket"],
            "STORAGE_AWS_ENDPOINT_URL": fields["s3_endpoint"],
            "STORAGE_AWS_ACCESS_KEY_ID": fields["aws_access_key_id"],
            "STORAGE_AWS_SECRET_ACCESS_KEY": fields["aws_secret_access_key"],
        }
    )
    settings.ALLOWED_INTERNAL_HOSTS = []  # the operator has named the server by the environment


def said(**fields: Any) -> str:
    return "&".join(f"{name}={value}" for name, value in fields.items())


def test_the_servers_bucket_is_ready_made(first: Person, s3: Bucket, settings: Any) -> None:
    of_environment(settings, s3)
    s3.put("pictures/a.png", PICTURE)
    s3.put("content/ab/secret.png", b"secret")
    project = make_project(first, IMAGE_CONFIG)
    page = f"/projects/{project}/settings/storage"
    listed = first.get("/api/storage-connections").json()
    assert [(one["id"], one["bucket"]) for one in listed] == [("server", s3.fields["bucket"])]
    assert f"{s3.fields['bucket']} (bucket of this server)" in text_of(first.get(page))
    form = first.get(f"{page}/edit", kind="s3.server", direction="source")
    assert "Access key" not in text_of(form)
    fields = {"kind": "s3", "connection": "server", "direction": "source", "title": "Pictures", "use_blob_urls": "on"}
    for folder, why in (("", "Give a folder"), ("content", "keeps its own files"), ("content/ab", "keeps its own files")):
        answer = first.client.generic("POST", f"{page}/edit", said(**fields, prefix=folder), content_type=FORM)
        assert (answer.status_code, why in text_of(answer)) == (400, True)
    assert first.client.generic("POST", f"{page}/edit", said(**fields, prefix="pictures"), content_type=FORM).status_code == 302
    (storage,) = first.get("/api/storages", project=project).json()
    assert (storage["connection"], storage["bucket"], storage["secrets_set"]) == ("server", s3.fields["bucket"], [])
    synchronized(first, {"url": f"/api/storages/s3/{storage['id']}"})
    (data,) = data_of(first, project)
    assert whole(first.client.get(data["image"])) == PICTURE
    shown = b"".join(
        first.get(path).content for path in ("/api/storages", "/api/storage-connections", page, f"{page}/edit?storage={storage['id']}")
    )
    assert b"test-secret" not in shown
    assert b"test-key" not in shown

    manager = somebody(Role.MANAGER, first.organization)
    assert manager.get("/api/storage-connections").json() == []
    made = {"project": project, "connection": "server", "prefix": "other"}
    assert manager.post("/api/storages/s3", made).status_code == 400
    assert manager.patch(f"/api/storages/s3/{storage['id']}", {"prefix": "other"}).status_code == 403
    assert manager.patch(f"/api/storages/s3/{storage['id']}", {"title": "Ours"}).status_code == 200
    settings.STORAGE_AMBIENT_CREDENTIALS = True
    s3.put("other/b.png", PICTURE)
    assert manager.post("/api/storages/s3", made).status_code == 201


def test_the_servers_hub_bucket_is_ready_made(first: Person, hub: Hub, settings: Any) -> None:
    bucket = hub_bucket(hub, "bucket")
    settings.ENVIRONMENT = read_environment(
        {"STORAGE_TYPE": "hub", "STORAGE_HUB_BUCKET": bucket.fields["repo"], "HF_TOKEN": "hf_test", "HF_ENDPOINT": hub.endpoint}
    )
    bucket.put("pictures/a.png", PICTURE)
    project = make_project(first, IMAGE_CONFIG)
    made = {"project": project, "connection": "server", "prefix": "pictures", "use_blob_urls": True, "recursive_scan": True}
    storage = first.post("/api/storages/hub", made)
    assert storage.status_code == 201, storage.content
    synchronized(first, {"url": f"/api/storages/hub/{storage.json()['id']}"})
    assert whole(first.client.get(data_of(first, project)[0]["image"])) == PICTURE


@pytest.mark.parametrize(("variables", "folder", "taken"), [
    ({}, "exported", False),
    ({}, "export", True),
    ({"STORAGE_AWS_FOLDER": "app"}, "content", False),
    ({"STORAGE_AWS_FOLDER": "app/one"}, "app", True),
    ({"STORAGE_AWS_FOLDER": "app", "DURABLE_TARGET": "s3://bucket/copies"}, "copies/1", True),
])  # fmt: skip
def test_what_the_server_keeps_is_nobodys_folder(settings: Any, variables: dict[str, str], folder: str, taken: bool) -> None:
    settings.ENVIRONMENT = read_environment({"STORAGE_TYPE": "s3", "STORAGE_AWS_BUCKET_NAME": "bucket", **variables})
    assert bool(server_bucket.refusal(folder)) is taken


def test_an_administrator_connects_once_for_all_projects(owner: Person, s3: Bucket) -> None:
    s3.put("open/cats/a.png", PICTURE)
    s3.put("closed/b.png", b"secret")
    manager = somebody(Role.MANAGER, owner.organization)
    fields = {"type": "s3", "title": "Lake", **s3.fields, "prefix": "open"}
    assert manager.post("/api/storage-connections", fields).status_code == 403
    assert owner.post("/api/storage-connections", {**fields, "bucket": "there-is-none"}).status_code == 400
    form = said(kind="s3", **{**fields, "s3_endpoint": quote(fields["s3_endpoint"], safe="")})
    answer = owner.client.generic("POST", "/organization/storages/edit", form, content_type=FORM)
    assert (answer.status_code, answer["Location"]) == (302, "/organization/storages")
    assert "Lake" in text_of(owner.get("/organization/storages"))
    (made,) = owner.get("/api/storage-connections").json()
    connection = f"/api/storage-connections/{made['id']}"
    project = make_project(manager, IMAGE_CONFIG)
    assert "Lake" in text_of(manager.get(f"/projects/{project}/settings/storage"))
    asked = {"project": project, "connection": made["id"], "prefix": "cats", "use_blob_urls": True, "presign": False}
    assert manager.post("/api/storages/s3/validate", asked).status_code == 200
    storage = manager.post("/api/storages/s3", asked)
    assert storage.status_code == 201, storage.content
    url = f"/api/storages/s3/{storage.json()['id']}"
    synchronized(manager, {"url": url})
    assert [data["image"] for data in data_of(manager, project, resolve_uri="false")] == [s3.address("open/cats/a.png")]
    shown = b"".join(manager.get(path).content for path in (url, connection, "/api/storage-connections"))
    assert b"test-secret" not in shown
    answer = owner.delete(connection)
    assert (answer.status_code, "Disconnect it first" in answer.json()["detail"]) == (409, True)
    assert owner.patch(connection, {"title": "Sea", "aws_secret_access_key": ""}).status_code == 200
    assert whole(manager.client.get(data_of(manager, project)[0]["image"])) == PICTURE
    stranger = somebody()
    assert stranger.get(connection).status_code == 404
    assert stranger.post("/api/storages/s3", {**asked, "project": make_project(stranger, IMAGE_CONFIG)}).status_code == 400
    assert manager.delete(url).status_code == 204
    assert owner.delete(connection).status_code == 204
