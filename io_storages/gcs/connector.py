from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from django.utils.translation import gettext as _

from core.errors import Refused
from core.media.google import NoCredentials
from core.media.google import credentials as lent_credentials
from core.outbound import checked_address
from core.outbound_pools import guarded_session
from core.rawjson import JSONRefused, json_text, read_json
from io_storages.connector import Body, Connector, ObjectMissing, StorageError, Stored

PIECE = 256 << 10
SCOPES = ("https://www.googleapis.com/auth/devstorage.read_write",)
TOKEN_ADDRESS = "https://oauth2.googleapis.com/token"  # noqa: S105 (an address)


class GCS(Connector):
    scheme = "gs"

    @property
    def root(self) -> str:
        return str(self.values["bucket"])

    @property
    def bucket(self) -> Any:
        if not hasattr(self, "_bucket"):
            with self._told():
                self._bucket = self._client().bucket(self.root)
        return self._bucket

    def _client(self) -> Any:
        from google.auth.credentials import AnonymousCredentials
        from google.auth.transport.requests import AuthorizedSession, Request
        from google.cloud import storage
        from google.oauth2 import service_account

        endpoint = str(self.values.get("gcs_endpoint") or "").rstrip("/")
        if endpoint and not self.trusted:
            try:
                checked_address(endpoint)
            except Refused as refused:
                raise StorageError(str(refused)) from None
        key = self.values.get("google_application_credentials")
        self.signer: Any = None
        if key:
            self.signer = service_account.Credentials.from_service_account_info(_service_account(key), scopes=SCOPES)
            credentials: Any = AnonymousCredentials() if endpoint else self.signer
        elif self.lends:
            try:
                credentials = lent_credentials()[0]
            except NoCredentials as error:
                if not endpoint:
                    raise StorageError(str(error)) from None
                credentials = AnonymousCredentials()
        elif endpoint:
            credentials = AnonymousCredentials()
        else:
            raise StorageError(_("Give a service account's key (this server does not lend its own)."))
        session = AuthorizedSession(credentials, auth_request=None if self.trusted else Request(guarded_session()))
        if not self.trusted:
            session.trust_env = False
            for scheme, adapter in guarded_session().adapters.items():
                session.mount(scheme, adapter)
        return storage.Client(
            project=self.values.get("google_project_id") or "labelspace",
            credentials=credentials,
            _http=session,
            client_options={"api_endpoint": endpoint} if endpoint else None,
        )

    def check(self, *, write: bool = False) -> None:
        with self._told():
            if not self.bucket.exists(timeout=10):
                raise StorageError(_("Cannot find bucket %(bucket)s in GCS") % {"bucket": self.root})
            if not write and self.prefix and next(iter(self.bucket.list_blobs(prefix=self.prefix + "/", max_results=1)), None) is None:
                raise StorageError(
                    _("%(address)s not found: no object in the bucket begins with this folder.") % {"address": self.address(self.prefix)}
                )

    def listing(self, *, recursive: bool, after: str = "") -> Iterator[Stored]:
        options: dict[str, Any] = {"prefix": self.prefix + "/" if self.prefix else None, "start_offset": after or None}
        if not recursive:
            options["delimiter"] = "/"
        with self._told():
            for blob in self.bucket.list_blobs(**options):
                if not blob.name.endswith("/") and blob.name != after:
                    yield _stored(blob)

    def head(self, key: str) -> Stored:
        with self._told(key):
            blob = self.bucket.get_blob(key)
        if blob is None:
            raise ObjectMissing(_("There is no object %(key)s in the bucket.") % {"key": key})
        return _stored(blob)

    @contextmanager
    def open(self, key: str, first: int = 0, last: int | None = None) -> Iterator[Body]:
        stored = self.head(key)
        end = stored.size - 1 if last is None else min(last, stored.size - 1)
        yield Body(stored, first, end, self._pieces(key, first, end))

    def _pieces(self, key: str, first: int, last: int) -> Iterator[bytes]:
        with self._told(key):
            while first <= last:
                piece = self.bucket.blob(key).download_as_bytes(start=first, end=min(last, first + 4 * PIECE - 1), checksum=None)
                if not piece:
                    return
                first += len(piece)
                yield piece

    def put(self, key: str, data: bytes, content_type: str = "application/json") -> None:
        with self._told():
            self.bucket.blob(key).upload_from_string(data, content_type=content_type)

    def delete(self, key: str) -> None:
        from google.api_core.exceptions import NotFound

        with self._told():
            try:
                self.bucket.blob(key).delete()
            except NotFound:
                return

    def presign(self, key: str, seconds: int) -> str | None:
        bucket = self.bucket
        if self.signer is None:
            return None
        endpoint = str(self.values.get("gcs_endpoint") or "").rstrip("/") or None
        address: str = bucket.blob(key).generate_signed_url(
            version="v4", expiration=timedelta(seconds=seconds), credentials=self.signer, api_access_endpoint=endpoint
        )
        return address

    def fix(self, action: str) -> str:
        role = "roles/storage.objectAdmin" if action == "write" else "roles/storage.objectViewer"
        signer = getattr(self, "signer", None)
        account = f"serviceAccount:{signer.service_account_email}" if signer else "serviceAccount:…"
        command = f"gcloud storage buckets add-iam-policy-binding gs://{self.root} --member={account} --role={role}"
        return _("Give the service account the role that is missing:") + f"\n{command}"

    def cors(self, origin: str) -> str:
        rule = {"origin": [origin], "method": ["GET", "HEAD"], "responseHeader": ["Content-Range"]}
        return _("Or give the bucket this CORS rule (gcloud storage buckets update --cors-file):") + f"\n{json_text([rule])}"

    @contextmanager
    def _told(self, key: str = "") -> Iterator[None]:
        from google.api_core.exceptions import Forbidden, GoogleAPIError, NotFound, Unauthorized
        from google.auth.exceptions import GoogleAuthError
        from requests.exceptions import RequestException

        try:
            yield
        except NotFound:
            if key:
                raise ObjectMissing(_("There is no object %(key)s in the bucket.") % {"key": key}) from None
            raise StorageError(_("Cannot find bucket %(bucket)s in GCS") % {"bucket": self.root}) from None
        except (Forbidden, Unauthorized):
            raise StorageError(
                _("Access to bucket %(bucket)s was denied. The service account needs the role Storage Object Viewer on it.")
                % {"bucket": self.root}
            ) from None
        except GoogleAuthError as error:
            raise StorageError(_("These credentials do not work: %(reason)s") % {"reason": error}) from None
        except (GoogleAPIError, RequestException, OSError) as error:
            raise StorageError(_("The storage cannot be reached: %(reason)s") % {"reason": type(error).__name__}) from None


def _service_account(text: Any) -> dict[str, Any]:
    """A key as Google gives it out. Anything but a service account, or another address for tokens, could make this server ask elsewhere."""
    try:
        key = text if isinstance(text, dict) else read_json(str(text))
    except JSONRefused:
        raise StorageError(_("The service account's key is not JSON. Paste the whole file.")) from None
    if not isinstance(key, dict) or key.get("type") != "service_account" or not {"private_key", "client_email"} <= key.keys():
        raise StorageError(_("This is not the key of a service account."))
    return {**key, "token_uri": TOKEN_ADDRESS}


def _stored(blob: Any) -> Stored:
    return Stored(blob.name, blob.size or 0, str(blob.etag or blob.generation or ""), blob.updated)
