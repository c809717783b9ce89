from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from storages.backends.azure_storage import AzureStorage


class AzureMedia(AzureStorage):
    """`endpoint` is the address of a server that is not Microsoft's."""

    def __init__(self, *, endpoint: str = "", **options: Any) -> None:
        self.endpoint = endpoint.rstrip("/")
        super().__init__(overwrite_files=True, **options)

    def _get_service_client(self) -> Any:
        from azure.storage.blob import BlobServiceClient

        address = self.endpoint or f"https://{self.account_name}.blob.{self.endpoint_suffix}"
        from core.media.microsoft import credential as machine_credential

        key = {"account_name": self.account_name, "account_key": self.account_key}
        credential = key if self.account_key else machine_credential()
        return BlobServiceClient(address, credential=credential, connection_timeout=5, read_timeout=30, retry_total=3)

    def listdir(self, path: str = "") -> tuple[list[str], list[str]]:
        start = f"{self._get_valid_path(path)}/" if path else ""
        names = [blob.name for blob in self.client.walk_blobs(name_starts_with=start, delimiter="/")]
        inside = [name[len(start) :] for name in names]
        return [name.rstrip("/") for name in inside if name.endswith("/")], [name for name in inside if not name.endswith("/")]

    def pieces(self, name: str, first: int, last: int) -> Iterator[bytes]:
        """Bytes `first`…`last` of a file. Raises FileNotFoundError."""
        from azure.core.exceptions import ResourceNotFoundError

        blob = self.client.get_blob_client(self._get_valid_path(name))
        try:
            yield from blob.download_blob(offset=first, length=last - first + 1).chunks()
        except ResourceNotFoundError:
            raise FileNotFoundError(name) from None
