"""A bucket of Google Cloud Storage."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import Any

from durability.targets.target import Target, TargetError


class GCS(Target):
    """`credentials`: a service account's key, as its JSON or as the path of its file; "" for what the machine itself may do."""

    def __init__(self, bucket: str, prefix: str, *, credentials: str = "", project: str = "", endpoint: str = "") -> None:
        self.bucket_name = bucket
        self.prefix = f"{prefix.strip('/')}/" if prefix.strip("/") else ""
        self.credentials, self.project, self.endpoint = credentials, project, endpoint
        self.name = f"gs://{bucket}/{self.prefix}".rstrip("/")

    @cached_property
    def bucket(self) -> Any:
        from google.auth.credentials import AnonymousCredentials
        from google.cloud import storage
        from google.oauth2 import service_account

        options: dict[str, Any] = {"project": self.project or None}
        if self.endpoint:
            options = {"project": self.project or "labelspace", "credentials": AnonymousCredentials()}  # an emulator
            options["client_options"] = {"api_endpoint": self.endpoint}
        elif self.credentials:
            try:
                text = self.credentials if self.credentials.lstrip().startswith("{") else Path(self.credentials).read_text(encoding="utf-8")
                key = json.loads(text)
                options = {"project": self.project or key.get("project_id")}
                options["credentials"] = service_account.Credentials.from_service_account_info(
                    key, scopes=["https://www.googleapis.com/auth/devstorage.read_write"]
                )
            except (OSError, ValueError) as error:
                raise TargetError(f"GOOGLE_APPLICATION_CREDENTIALS is not the key of a service account ({error}).") from None
        return storage.Client(**options).bucket(self.bucket_name)

    def names(self, prefix: str = "") -> dict[str, int]:
        with self._told():
            return {blob.name.removeprefix(self.prefix): blob.size or 0 for blob in self.bucket.list_blobs(prefix=self.prefix + prefix)}

    def read(self, name: str) -> bytes:
        with self._told(name):
            content: bytes = self.bucket.blob(self.prefix + name).download_as_bytes(checksum=None)
            return content

    def write(self, add: Mapping[str, bytes | Path], remove: Collection[str] = ()) -> None:
        from google.api_core.exceptions import NotFound

        with self._told():
            for name, content in add.items():
                blob = self.bucket.blob(self.prefix + name)
                if isinstance(content, Path):
                    blob.upload_from_filename(str(content), content_type="application/octet-stream")
                else:
                    blob.upload_from_string(content, content_type="application/octet-stream")
            for name in remove:
                try:
                    self.bucket.blob(self.prefix + name).delete()
                except NotFound:
                    continue

    def claim(self, name: str, content: bytes) -> bool:
        from google.api_core.exceptions import PreconditionFailed

        with self._told():
            try:
                self.bucket.blob(self.prefix + name).upload_from_string(
                    content, content_type="application/octet-stream", if_generation_match=0
                )
            except PreconditionFailed:
                return False
            return True

    def bring(self, name: str, file: Path) -> None:
        with self._told():
            self.bucket.blob(self.prefix + name).download_to_filename(str(file), checksum=None)

    @contextmanager
    def _told(self, name: str = "") -> Iterator[None]:
        from google.api_core.exceptions import Forbidden, GoogleAPIError, NotFound, Unauthorized
        from google.auth.exceptions import GoogleAuthError

        try:
            yield
        except NotFound:
            if name:
                raise KeyError(name) from None
            raise TargetError(f"There is no bucket {self.bucket_name}: make it, or name another.") from None
        except (Forbidden, Unauthorized, GoogleAuthError):
            raise TargetError(
                f"The bucket {self.bucket_name} refuses: its service account needs the role Storage Object Admin on it."
            ) from None
        except (GoogleAPIError, OSError) as error:
            raise TargetError(f"The bucket {self.bucket_name} cannot be reached: {error}") from None
