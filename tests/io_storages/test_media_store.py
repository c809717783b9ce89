"""The server's own store of media in a bucket (`STORAGE_TYPE`): the disk may be lost, uploads, pictures of people and imports are not."""

from __future__ import annotations

import io
import shutil
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from core.environment import read_environment
from core.media import storages
from core.rawjson import read_json
from data_import.models import FileUpload
from tasks.models import Task
from tests.browser import Browser
from tests.io_storages.conftest import AZURE_ACCOUNT, AZURE_KEY, s3_client
from tests.labelled import IMAGE_CONFIG, TEXT_CONFIG, make_project, send_files, whole
from tests.people import Person

PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 8_200  # more than two blocks of the cache


def start_on(settings: Any, disk: Path) -> None:
    """An empty disk."""
    disk.mkdir()
    settings.DATA_DIR, settings.MEDIA_ROOT = disk, disk / "media"


def send(person: Person, project: int, name: str, content: bytes) -> Any:
    return send_files(person, f"/api/projects/{project}/import", (name, content))


def tasks_of(project: int) -> list[dict[str, Any]]:
    return [read_json(task.data) for task in Task.objects.filter(project=project).order_by("pk")]


def in_a_bucket(kind: str, port: int) -> dict[str, str]:
    """The variables of a server that keeps its media in a new bucket."""
    if kind == "s3":
        s3_client(port).create_bucket(Bucket="media-of-the-server")
        keys = {
            "STORAGE_AWS_ACCESS_KEY_ID": "test-key",
            "STORAGE_AWS_SECRET_ACCESS_KEY": "test-secret",
            "STORAGE_AWS_REGION_NAME": "us-east-1",
        }
        where = {"STORAGE_AWS_BUCKET_NAME": "media-of-the-server", "STORAGE_AWS_ENDPOINT_URL": f"http://127.0.0.1:{port}"}
        return {**keys, **where, "STORAGE_AWS_FOLDER": "labels"}
    if kind == "gcs":
        from google.auth.credentials import AnonymousCredentials
        from google.cloud import storage

        where = f"http://127.0.0.1:{port}"
        client = storage.Client(project="p", credentials=AnonymousCredentials(), client_options={"api_endpoint": where})
        client.create_bucket("media-of-the-server")
        return {"STORAGE_GCS_BUCKET_NAME": "media-of-the-server", "STORAGE_GCS_ENDPOINT": where, "STORAGE_GCS_FOLDER": ""}
    from azure.storage.blob import BlobServiceClient

    endpoint = f"http://127.0.0.1:{port}/{AZURE_ACCOUNT}"
    BlobServiceClient(endpoint, credential={"account_name": AZURE_ACCOUNT, "account_key": AZURE_KEY}).create_container(
        "media-of-the-server"
    )
    keys = {"STORAGE_AZURE_ACCOUNT_NAME": AZURE_ACCOUNT, "STORAGE_AZURE_ACCOUNT_KEY": AZURE_KEY}
    return {**keys, "STORAGE_AZURE_CONTAINER_NAME": "media-of-the-server", "STORAGE_AZURE_ENDPOINT": endpoint}


@pytest.mark.parametrize("kind", ["s3", "gcs", "azure", "hub"])
def test_media_in_a_bucket_outlive_the_disk(
    owner: Person, settings: Any, tmp_path: Path, kind: str, request: pytest.FixtureRequest
) -> None:
    from PIL import Image

    if kind == "hub":
        variables = {"STORAGE_HUB_BUCKET": "ann/media", "HF_TOKEN": "hf_test", "HF_ENDPOINT": request.getfixturevalue("hub").endpoint}
    else:
        variables = in_a_bucket(kind, request.getfixturevalue(f"{kind}_port"))
    environment = read_environment({"STORAGE_TYPE": kind, **variables})
    settings.STORAGES = storages(environment)
    start_on(settings, tmp_path / "first")
    project = make_project(owner, IMAGE_CONFIG)
    assert send(owner, project, "one.png", PNG).status_code == 201
    texts = make_project(owner, TEXT_CONFIG)
    assert send(owner, texts, "rows.csv", b"text\none\ntwo\n").json()["task_count"] == 2
    face = io.BytesIO()
    Image.new("RGB", (8, 8)).save(face, "PNG")
    picture = {"avatar": SimpleUploadedFile("face.png", face.getvalue())}
    assert Browser.post(owner.client, f"/api/users/{owner.user.pk}/avatar/", picture).status_code == 200
    assert not list(settings.MEDIA_ROOT.glob("**/*"))
    (task,) = tasks_of(project)
    shutil.rmtree(tmp_path / "first")
    start_on(settings, tmp_path / "second")
    answer = owner.client.get(task["image"])
    assert (answer.status_code, answer["Content-Type"], whole(answer)) == (200, "image/png", PNG)
    part = owner.client.get(task["image"], headers={"Range": "bytes=1048570-1048580"})
    assert (part.status_code, whole(part)) == (206, PNG[1_048_570:1_048_581])
    owner.user.refresh_from_db()
    assert owner.client.get(f"/data/avatars/{owner.user.avatar}").status_code == 200
    again = owner.post(f"/api/projects/{texts}/reimport", {"file_upload_ids": [FileUpload.objects.get(project=texts).pk]})
    assert again.json()["task_count"] == 2, again.content
