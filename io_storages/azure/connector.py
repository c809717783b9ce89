from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.utils.translation import gettext as _

from core.errors import Refused
from core.media.microsoft import credential as machine_credential
from core.outbound import checked_address
from core.outbound_pools import guarded_session
from io_storages.connector import Body, Connector, ObjectMissing, StorageError, Stored


class Azure(Connector):
    scheme = "azure-blob"

    @property
    def root(self) -> str:
        return str(self.values["container"])

    @property
    def account(self) -> tuple[str, str]:
        """Name and key; "" for the key of an account that is asked with the machine's identity."""
        name, key = self.values.get("account_name"), self.values.get("account_key")
        if self.lends and not key and name in (None, "", settings.ENVIRONMENT.azure_blob_account_name):
            name = name or settings.ENVIRONMENT.azure_blob_account_name
            key = settings.ENVIRONMENT.azure_blob_account_key
        if not name or not (key or self.lends):
            raise StorageError(_("Give the account's name and key (this server does not lend its own)."))
        return str(name), str(key or "")

    @property
    def endpoint(self) -> str:
        said = str(self.values.get("azure_endpoint") or "").rstrip("/")
        if not said:
            return f"https://{self.account[0]}.blob.core.windows.net"
        if self.trusted:
            return said
        try:
            checked_address(said)
        except Refused as refused:
            raise StorageError(str(refused)) from None
        return said

    @property
    def container(self) -> Any:
        if not hasattr(self, "_container"):
            self._container = self.service.get_container_client(self.root)
        return self._container

    @property
    def service(self) -> Any:
        if not hasattr(self, "_service"):
            from azure.core.pipeline.transport import RequestsTransport
            from azure.storage.blob import BlobServiceClient

            name, key = self.account
            guarded = RequestsTransport(session=guarded_session(), session_owner=False, use_env_settings=False)
            self._service = BlobServiceClient(
                self.endpoint,
                credential={"account_name": name, "account_key": key} if key else machine_credential(),
                transport=RequestsTransport() if self.trusted else guarded,
                connection_timeout=5,
                read_timeout=30,
                retry_total=2,
            )
        return self._service

    def check(self, *, write: bool = False) -> None:
        with self._told():
            if not self.container.exists():
                raise StorageError(_("Container not found: %(container)s") % {"container": self.root})
            if not write and self.prefix and next(iter(self.container.list_blobs(name_starts_with=self.prefix + "/")), None) is None:
                raise StorageError(
                    _("%(address)s not found: no object in the container begins with this folder.") % {"address": self.address(self.prefix)}
                )

    def listing(self, *, recursive: bool, after: str = "") -> Iterator[Stored]:
        start = self.prefix + "/" if self.prefix else None
        with self._told():
            found = (
                self.container.list_blobs(name_starts_with=start)
                if recursive
                else self.container.walk_blobs(name_starts_with=start, delimiter="/")
            )
            for blob in found:
                # A folder of a walk has no size; the service cannot begin after a name, so what lies before it is passed over.
                if blob.name > after and not blob.name.endswith("/") and blob.get("size") is not None:
                    yield Stored(blob.name, blob.size, str(blob.etag or "").strip('"'), blob.last_modified)

    def head(self, key: str) -> Stored:
        with self._told(key):
            found = self.container.get_blob_client(key).get_blob_properties()
        return Stored(key, found.size, str(found.etag or "").strip('"'), found.last_modified)

    @contextmanager
    def open(self, key: str, first: int = 0, last: int | None = None) -> Iterator[Body]:
        stored = self.head(key)
        end = stored.size - 1 if last is None else min(last, stored.size - 1)
        yield Body(stored, first, end, self._pieces(key, first, end))

    def _pieces(self, key: str, first: int, last: int) -> Iterator[bytes]:
        if last < first:
            return
        with self._told(key):
            yield from self.container.get_blob_client(key).download_blob(offset=first, length=last - first + 1).chunks()

    def put(self, key: str, data: bytes, content_type: str = "application/json") -> None:
        from azure.storage.blob import ContentSettings

        with self._told():
            self.container.upload_blob(key, data, overwrite=True, content_settings=ContentSettings(content_type=content_type))

    def delete(self, key: str) -> None:
        from azure.core.exceptions import ResourceNotFoundError

        with self._told():
            try:
                self.container.delete_blob(key)
            except ResourceNotFoundError:
                return

    def presign(self, key: str, seconds: int) -> str | None:
        from azure.storage.blob import BlobSasPermissions, generate_blob_sas

        name, account_key = self.account
        now = datetime.now(UTC)
        until = now + timedelta(seconds=seconds)
        signs: dict[str, Any] = {"account_key": account_key}
        if not account_key:  # the machine's identity is given a key for a while
            with self._told():
                signs = {"user_delegation_key": self.service.get_user_delegation_key(now - timedelta(minutes=5), until)}
        signature = generate_blob_sas(name, self.root, key, permission=BlobSasPermissions(read=True), expiry=until, **signs)
        return f"{self.endpoint}/{self.root}/{quote(key)}?{signature}"

    def fix(self, action: str) -> str:
        role = "Storage Blob Data Contributor" if action == "write" else "Storage Blob Data Reader"
        return _("Check that the key is that of the account; a managed identity needs the role “%(role)s” on container %(container)s.") % {
            "role": role,
            "container": self.root,
        }

    def cors(self, origin: str) -> str:
        command = (
            f"az storage cors add --services b --methods GET HEAD --origins {origin} --allowed-headers '*' --exposed-headers Content-Range"
        )
        return _("Or give the account this CORS rule:") + f"\n{command}"

    @contextmanager
    def _told(self, key: str = "") -> Iterator[None]:
        from azure.core.exceptions import AzureError, ClientAuthenticationError, HttpResponseError, ResourceNotFoundError

        try:
            yield
        except ResourceNotFoundError:
            if key:
                raise ObjectMissing(_("There is no object %(key)s in the container.") % {"key": key}) from None
            raise StorageError(_("Container not found: %(container)s") % {"container": self.root}) from None
        except ClientAuthenticationError:
            raise StorageError(
                _("Access to container %(container)s was denied. Check the account's name and key.") % {"container": self.root}
            ) from None
        except HttpResponseError as error:
            raise StorageError(_("Azure answered: %(reason)s") % {"reason": error.reason or error.status_code}) from None
        except (AzureError, ValueError) as error:
            raise StorageError(_("The storage cannot be reached: %(reason)s") % {"reason": type(error).__name__}) from None
