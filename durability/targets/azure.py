"""A container of Azure Blob Storage."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import Any

from durability.targets.target import Target, TargetError


class Azure(Target):
    def __init__(self, container: str, prefix: str, *, account: str, key: str, endpoint: str = "") -> None:
        self.container_name = container
        self.prefix = f"{prefix.strip('/')}/" if prefix.strip("/") else ""
        self.account, self.key, self.endpoint = account, key, endpoint
        self.name = f"az://{container}/{self.prefix}".rstrip("/")

    @cached_property
    def container(self) -> Any:
        from azure.storage.blob import ContainerClient

        return ContainerClient(
            self.endpoint or f"https://{self.account}.blob.core.windows.net",
            self.container_name,
            credential={"account_name": self.account, "account_key": self.key},
            connection_timeout=5,
            read_timeout=30,
        )

    def names(self, prefix: str = "") -> dict[str, int]:
        with self._told():
            return {
                blob.name.removeprefix(self.prefix): blob.size for blob in self.container.list_blobs(name_starts_with=self.prefix + prefix)
            }

    def read(self, name: str) -> bytes:
        with self._told(name):
            content: bytes = self.container.download_blob(self.prefix + name).readall()
            return content

    def write(self, add: Mapping[str, bytes | Path], remove: Collection[str] = ()) -> None:
        from azure.core.exceptions import ResourceNotFoundError

        with self._told():
            for name, content in add.items():
                if isinstance(content, Path):
                    with content.open("rb") as file:
                        self.container.upload_blob(self.prefix + name, file, overwrite=True)
                else:
                    self.container.upload_blob(self.prefix + name, content, overwrite=True)
            for name in remove:
                try:
                    self.container.delete_blob(self.prefix + name)
                except ResourceNotFoundError:
                    continue

    def claim(self, name: str, content: bytes) -> bool:
        from azure.core.exceptions import ResourceExistsError

        with self._told():
            try:
                self.container.upload_blob(self.prefix + name, content, overwrite=False)
            except ResourceExistsError:
                return False
            return True

    def bring(self, name: str, file: Path) -> None:
        with self._told(), file.open("wb") as opened:
            self.container.download_blob(self.prefix + name).readinto(opened)

    @contextmanager
    def _told(self, name: str = "") -> Iterator[None]:
        from azure.core.exceptions import AzureError, ClientAuthenticationError, ResourceNotFoundError

        try:
            yield
        except ResourceNotFoundError:
            if name:
                raise KeyError(name) from None
            raise TargetError(f"There is no container {self.container_name}: make it, or name another.") from None
        except ClientAuthenticationError:
            raise TargetError(f"The container {self.container_name} refuses: check the account's name and key.") from None
        except (AzureError, OSError) as error:
            raise TargetError(f"The container {self.container_name} cannot be reached: {error}") from None
