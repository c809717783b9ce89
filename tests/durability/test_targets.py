"""Every kind of target keeps the same promises: one contract, run against the real servers and the stand-in of the Hub."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from core.environment import read_environment
from durability import lease
from durability.targets import Target, TargetError, target_at
from tests.services import servers
from tests.services.hub import served_hub

pytestmark = pytest.mark.skipif(os.environ.get("TEST_DB") == "postgres", reason="touches no database")
KINDS = ["folder", "s3", "gcs", "azure", "bucket", "dataset"]


@pytest.fixture(scope="module")
def services() -> Iterator[ExitStack]:
    with ExitStack() as stack:
        yield stack


@pytest.fixture(scope="module", params=KINDS)
def make(request: pytest.FixtureRequest, services: ExitStack, tmp_path_factory: pytest.TempPathFactory) -> Callable[[], Target]:
    """`make()` connects to the same place again, as another server would."""
    folder = tmp_path_factory.mktemp("target")
    address, settings = ADDRESSES[request.param](services, folder)
    return lambda: target_at(address, read_environment({"HOME": str(folder), **settings}))


def _folder(services: ExitStack, folder: Path) -> tuple[str, dict[str, str]]:
    return str(folder / "copies"), {}


def _s3(services: ExitStack, folder: Path) -> tuple[str, dict[str, str]]:
    import boto3

    endpoint = f"http://127.0.0.1:{services.enter_context(servers.served('s3', servers.s3))}"
    keys = {"aws_access_key_id": "key", "aws_secret_access_key": "secret"}
    boto3.client("s3", endpoint_url=endpoint, region_name="us-east-1", **keys).create_bucket(Bucket="copies")
    return "s3://copies/here", {
        "STORAGE_AWS_ACCESS_KEY_ID": "key",
        "STORAGE_AWS_SECRET_ACCESS_KEY": "secret",
        "STORAGE_AWS_ENDPOINT_URL": endpoint,
    }


def _gcs(services: ExitStack, folder: Path) -> tuple[str, dict[str, str]]:
    from google.auth.credentials import AnonymousCredentials
    from google.cloud import storage

    endpoint = f"http://127.0.0.1:{services.enter_context(servers.served('gcs', servers.gcs))}"
    client = storage.Client(project="labelspace", credentials=AnonymousCredentials(), client_options={"api_endpoint": endpoint})
    client.create_bucket("copies")
    return "gs://copies/here", {"STORAGE_GCS_ENDPOINT": endpoint}


def _azure(services: ExitStack, folder: Path) -> tuple[str, dict[str, str]]:
    from azure.storage.blob import BlobServiceClient

    name, key = "devstoreaccount1", "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw=="
    endpoint = f"http://127.0.0.1:{services.enter_context(servers.served('azure', servers.azure))}/{name}"
    BlobServiceClient(endpoint, credential={"account_name": name, "account_key": key}).create_container("copies")
    return "az://copies/here", {
        "STORAGE_AZURE_ACCOUNT_NAME": name,
        "STORAGE_AZURE_ACCOUNT_KEY": key,
        "STORAGE_AZURE_ENDPOINT": endpoint,
    }


def _hub(kind: str) -> Callable[[ExitStack, Path], tuple[str, dict[str, str]]]:
    def address(services: ExitStack, folder: Path) -> tuple[str, dict[str, str]]:
        hub = services.enter_context(served_hub(folder / "xet"))
        return f"hf://{kind}/ann/copies", {"HF_TOKEN": "hf_test", "HF_ENDPOINT": hub.endpoint}

    return address


ADDRESSES = {"folder": _folder, "s3": _s3, "gcs": _gcs, "azure": _azure, "bucket": _hub("buckets"), "dataset": _hub("datasets")}


def test_objects_come_back_as_they_were_put(make: Callable[[], Target], tmp_path: Path) -> None:
    target, large = make(), tmp_path / "large"
    large.write_bytes(os.urandom(3 << 20))
    target.write({"state/1/ltx/0/a.ltx": b"one", "state/1/b": large, "state/2/c": b""})
    other = make()
    assert other.names("state/1/") == {"state/1/ltx/0/a.ltx": 3, "state/1/b": 3 << 20}
    assert other.names("state/") == {"state/1/ltx/0/a.ltx": 3, "state/1/b": 3 << 20, "state/2/c": 0}
    assert other.names("nothing/") == {}
    assert other.read("state/1/ltx/0/a.ltx") == b"one"
    with pytest.raises(KeyError):
        other.read("state/1/nothing")
    other.fetch(["state/1/b", "state/1/ltx/0/a.ltx"], tmp_path / "here")
    assert (tmp_path / "here" / "state/1/b").read_bytes() == large.read_bytes()
    target.write({"state/1/ltx/0/a.ltx": b"two"}, ["state/1/b", "state/2/c"])
    assert other.names("state/") == {"state/1/ltx/0/a.ltx": 3}
    assert make().read("state/1/ltx/0/a.ltx") == b"two"


def test_a_generation_is_taken_once(make: Callable[[], Target]) -> None:
    taken: list[int] = []

    def take() -> None:
        taken.append(lease.take(make())[0].generation)

    crowd = [threading.Thread(target=take) for _ in range(3)]
    for one in crowd:
        one.start()
        if make().name.startswith("gs:"):
            one.join()  # the emulator looks and puts in two steps
    for one in crowd:
        one.join()
    target = make()
    assert len(taken) == len(set(taken)) == 3
    assert lease.newer(target, min(taken)) == max(lease.generations(target))
    lease.release(target, max(taken))
    assert lease.generations(target)[max(taken)]
    assert lease.newer(target, max(lease.generations(target))) is None


def test_what_is_not_there_is_said_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(TargetError, match=r"cannot be used"):
        target_at(str(tmp_path / "file" / "below"), read_environment({"HOME": str(tmp_path)})).write({"a": b""})
