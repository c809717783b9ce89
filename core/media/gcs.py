from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from storages.backends.gcloud import GoogleCloudStorage

PIECE = 1 << 20


class GCSMedia(GoogleCloudStorage):
    """`endpoint` is the address of a server that is not Google's; such servers are asked without credentials when there are none."""

    def __init__(self, *, endpoint: str = "", **options: Any) -> None:
        self.endpoint = endpoint.rstrip("/")
        self._client: Any = None
        super().__init__(file_overwrite=True, **options)

    @property
    def client(self) -> Any:
        if self._client is None:
            from google.cloud.storage import Client

            from core.media.google import NoCredentials, credentials

            try:
                found, project = credentials()
            except NoCredentials:
                if not self.endpoint:
                    raise
                from google.auth.credentials import AnonymousCredentials

                found, project = AnonymousCredentials(), "labelspace"
            where = {"client_options": {"api_endpoint": self.endpoint}} if self.endpoint else {}
            self._client = Client(project=self.project_id or project, credentials=found, **where)
        return self._client

    def pieces(self, name: str, first: int, last: int) -> Iterator[bytes]:
        """Bytes `first`…`last` of a file. Raises FileNotFoundError."""
        from google.api_core.exceptions import NotFound

        blob = self.bucket.blob(self._normalize_name(name))
        try:
            while first <= last and (piece := blob.download_as_bytes(start=first, end=min(last, first + PIECE - 1), checksum=None)):
                first += len(piece)
                yield piece
        except NotFound:
            raise FileNotFoundError(name) from None
