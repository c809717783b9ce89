"""A fresh place of every kind of target: the real servers of the clouds' protocols and the stand-in of the Hub, each started when a test first asks."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from contextlib import ExitStack
from functools import cached_property
from pathlib import Path

from tests.services import servers
from tests.services.hub import Hub, served_hub

AZURE = "devstoreaccount1", "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw=="


class Targets:
    """`fresh(kind)` is an empty place's address and the settings that reach it."""

    def __init__(self, services: ExitStack, folder: Path) -> None:
        self.services, self.folder = services, folder

    def fresh(self, kind: str) -> tuple[str, dict[str, str]]:
        make: Callable[[str], tuple[str, dict[str, str]]] = getattr(self, f"_{kind}")
        return make(f"copies-{secrets.token_hex(6)}")

    def _folder(self, name: str) -> tuple[str, dict[str, str]]:
        return str(self.folder / name), {}

    def _s3(self, name: str) -> tuple[str, dict[str, str]]:
        import boto3

        keys = {"aws_access_key_id": "key", "aws_secret_access_key": "secret"}
        boto3.client("s3", endpoint_url=self._moto, region_name="us-east-1", **keys).create_bucket(Bucket=name)
        return f"s3://{name}/here", {
            "STORAGE_AWS_ACCESS_KEY_ID": "key",
            "STORAGE_AWS_SECRET_ACCESS_KEY": "secret",
            "STORAGE_AWS_ENDPOINT_URL": self._moto,
        }

    def _gcs(self, name: str) -> tuple[str, dict[str, str]]:
        from google.auth.credentials import AnonymousCredentials
        from google.cloud import storage

        options = {"api_endpoint": self._google}
        storage.Client(project="labelspace", credentials=AnonymousCredentials(), client_options=options).create_bucket(name)
        return f"gs://{name}/here", {"STORAGE_GCS_ENDPOINT": self._google}

    def _azure(self, name: str) -> tuple[str, dict[str, str]]:
        from azure.storage.blob import BlobServiceClient

        account, key = AZURE
        BlobServiceClient(self._azurite, credential={"account_name": account, "account_key": key}).create_container(name)
        return f"az://{name}/here", {
            "STORAGE_AZURE_ACCOUNT_NAME": account,
            "STORAGE_AZURE_ACCOUNT_KEY": key,
            "STORAGE_AZURE_ENDPOINT": self._azurite,
        }

    def _bucket(self, name: str) -> tuple[str, dict[str, str]]:
        return f"hf://buckets/ann/{name}", self._at_hub

    def _dataset(self, name: str) -> tuple[str, dict[str, str]]:
        return f"hf://datasets/ann/{name}", self._at_hub

    @property
    def _at_hub(self) -> dict[str, str]:
        return {"HF_TOKEN": "hf_test", "HF_ENDPOINT": self.hub.endpoint, "HF_HOME": str(self.folder / "hf")}

    @cached_property
    def hub(self) -> Hub:
        return self.services.enter_context(served_hub(self.folder / "xet"))

    @cached_property
    def _moto(self) -> str:
        return f"http://127.0.0.1:{self.services.enter_context(servers.served('s3', servers.s3))}"

    @cached_property
    def _google(self) -> str:
        return f"http://127.0.0.1:{self.services.enter_context(servers.served('gcs', servers.gcs))}"

    @cached_property
    def _azurite(self) -> str:
        return f"http://127.0.0.1:{self.services.enter_context(servers.served('azure', servers.azure))}/{AZURE[0]}"


KINDS = ["folder", "s3", "gcs", "azure", "bucket", "dataset"]
