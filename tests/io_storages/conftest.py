"""A bucket of each kind on a real server: what the contract tests run against."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from tests.people import Person, somebody
from tests.services import servers
from tests.services.files import served_files, web_folder
from tests.services.hub import Hub, served_hub

_numbers = itertools.count(1)
AZURE_ACCOUNT = "devstoreaccount1"
# Azurite's public, well-known development key.
AZURE_KEY = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw=="


@dataclass
class Bucket:
    """`fields` connect it by the API; `put`, `delete` and `read` go past the product; `address` is what task data says for a key."""

    kind: str
    fields: dict[str, Any]
    put: Callable[[str, bytes], None]
    delete: Callable[[str], None]
    read: Callable[[str], bytes | None]
    address: Callable[[str], str]
    presigns: bool = True
    writable: bool = True


@pytest.fixture(scope="session")
def s3_port() -> Iterator[int]:
    with servers.served("moto", servers.s3) as port:
        yield port


@pytest.fixture(scope="session")
def gcs_port() -> Iterator[int]:
    with servers.served("gcs", servers.gcs) as port:
        yield port


@pytest.fixture(scope="session")
def azure_port() -> Iterator[int]:
    with servers.served("azurite", servers.azure) as port:
        yield port


@pytest.fixture(scope="session")
def redis_port() -> Iterator[int]:
    with servers.served("redis", servers.redis) as port:
        yield port


@pytest.fixture(scope="session")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hub]:
    with served_hub(tmp_path_factory.mktemp("xet")) as hub:
        yield hub


@pytest.fixture(scope="session")
def web_port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    with served_files(tmp_path_factory.mktemp("web")) as port:
        yield port


def s3_client(port: int) -> Any:
    import boto3

    return boto3.client(
        "s3",
        endpoint_url=f"http://127.0.0.1:{port}",
        aws_access_key_id="test-key",
        aws_secret_access_key="test-secret",
        region_name="us-east-1",
    )


def s3_bucket(port: int) -> Bucket:
    client, name = s3_client(port), f"bucket-{next(_numbers)}"
    client.create_bucket(Bucket=name)

    def read(key: str) -> bytes | None:
        found = client.list_objects_v2(Bucket=name, Prefix=key)
        return client.get_object(Bucket=name, Key=key)["Body"].read() if found["KeyCount"] else None

    return Bucket(
        "s3",
        {
            "bucket": name,
            "s3_endpoint": f"http://127.0.0.1:{port}",
            "aws_access_key_id": "test-key",
            "aws_secret_access_key": "test-secret",
            "region_name": "us-east-1",
        },
        lambda key, data: client.put_object(Bucket=name, Key=key, Body=data),
        lambda key: client.delete_object(Bucket=name, Key=key),
        read,
        lambda key: f"s3://{name}/{key}",
    )


def gcs_bucket(port: int) -> Bucket:
    from google.auth.credentials import AnonymousCredentials
    from google.cloud import storage

    endpoint, name = f"http://127.0.0.1:{port}", f"bucket-{next(_numbers)}"
    client = storage.Client(project="p", credentials=AnonymousCredentials(), client_options={"api_endpoint": endpoint})
    bucket = client.create_bucket(name)

    def read(key: str) -> bytes | None:
        blob = bucket.get_blob(key)
        return blob.download_as_bytes() if blob else None

    return Bucket(
        "gcs",
        {"bucket": name, "gcs_endpoint": endpoint},
        lambda key, data: bucket.blob(key).upload_from_string(data),
        lambda key: bucket.blob(key).delete(),
        read,
        lambda key: f"gs://{name}/{key}",
        presigns=False,
    )


def azure_bucket(port: int) -> Bucket:
    from azure.storage.blob import BlobServiceClient

    endpoint, name = f"http://127.0.0.1:{port}/{AZURE_ACCOUNT}", f"container-{next(_numbers)}"
    service = BlobServiceClient(endpoint, credential={"account_name": AZURE_ACCOUNT, "account_key": AZURE_KEY})
    container = service.create_container(name)

    def read(key: str) -> bytes | None:
        blob = container.get_blob_client(key)
        return blob.download_blob().readall() if blob.exists() else None

    return Bucket(
        "azure",
        {"container": name, "azure_endpoint": endpoint, "account_name": AZURE_ACCOUNT, "account_key": AZURE_KEY},
        lambda key, data: container.upload_blob(key, data, overwrite=True),
        lambda key: container.delete_blob(key),
        read,
        lambda key: f"azure-blob://{name}/{key}",
    )


def redis_bucket(port: int) -> Bucket:
    import redis

    number = next(_numbers) % 16
    client = redis.Redis(port=port, db=number)
    client.flushdb()
    return Bucket(
        "redis",
        {"host": "127.0.0.1", "port": str(port), "db": number},
        lambda key, data: client.set(key, data),
        lambda key: client.delete(key),
        lambda key: client.get(key),
        lambda key: f"redis://{number}/{key}",
        presigns=False,
    )


def local_bucket(folder: Path) -> Bucket:
    root = folder / "bucket"
    root.mkdir(parents=True)

    def put(key: str, data: bytes) -> None:
        (root / key).parent.mkdir(parents=True, exist_ok=True)
        (root / key).write_bytes(data)

    return Bucket(
        "localfiles",
        {"path": str(root)},
        put,
        lambda key: (root / key).unlink(),
        lambda key: (root / key).read_bytes() if (root / key).exists() else None,
        lambda key: f"/data/local-files/?d={quote(f'bucket/{key}')}",
        presigns=False,
    )


def hub_bucket(hub: Hub, repo_kind: str) -> Bucket:
    name = f"ann/store-{next(_numbers)}"
    fields = {"repo": name, "repo_kind": repo_kind, "token": "hf_test", "hub_endpoint": hub.endpoint}
    if repo_kind == "bucket":
        files = hub.new_bucket(name, private=True)["files"]

        def put(key: str, data: bytes) -> None:
            hub.put(name, key, data)

        return Bucket(
            "hub", fields, put, files.pop, lambda key: hub.read(name, key), lambda key: f"hf://buckets/{name}/{key}", presigns=False
        )
    repo = hub.new_repo("datasets", name, visibility="private")
    repo.delete(".gitattributes")
    return Bucket("hub", fields, repo.put, repo.delete, repo.read, lambda key: f"hf://datasets/{name}/{key}", presigns=False)


def web_bucket(folder: Path, port: int) -> Bucket:
    name = f"files-{next(_numbers)}"
    local = local_bucket(folder / name)
    (web_folder(port) / name).symlink_to(folder / name / "bucket")
    base = f"http://127.0.0.1:{port}/{name}"
    return Bucket(
        "http", {"url": base}, local.put, local.delete, local.read, lambda key: f"{base}/{quote(key)}", presigns=False, writable=False
    )


@pytest.fixture(params=["s3", "gcs", "azure", "hub dataset", "hub bucket", "http", "redis", "localfiles"])
def bucket(request: pytest.FixtureRequest, settings: Any, tmp_path: Path) -> Bucket:
    """An empty bucket of each kind, which the server may reach."""
    settings.ALLOWED_INTERNAL_HOSTS = ["127.0.0.1"]
    settings.LOCAL_FILES_SERVING_ENABLED = True
    settings.LOCAL_FILES_DOCUMENT_ROOT = tmp_path
    if request.param == "localfiles":
        return local_bucket(tmp_path)
    if request.param == "http":
        return web_bucket(tmp_path, request.getfixturevalue("web_port"))
    if request.param.startswith("hub"):
        return hub_bucket(request.getfixturevalue("hub"), request.param.removeprefix("hub "))
    make = {"s3": s3_bucket, "gcs": gcs_bucket, "azure": azure_bucket, "redis": redis_bucket}[request.param]
    return make(request.getfixturevalue(f"{request.param}_port"))


@pytest.fixture
def s3(s3_port: int, settings: Any) -> Bucket:
    settings.ALLOWED_INTERNAL_HOSTS = ["127.0.0.1"]
    return s3_bucket(s3_port)


@pytest.fixture
def owner(db: None) -> Person:
    return somebody()
