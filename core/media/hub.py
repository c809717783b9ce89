from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import nullcontext, suppress
from datetime import datetime
from functools import cached_property
from typing import Any
from urllib.parse import quote, urlsplit

from django.core.files.base import File
from django.core.files.storage import Storage

from core.errors import Refused
from core.outbound import allowing, fetch

HUB = "https://huggingface.co"
LARGEST = 1 << 40
IN_MEMORY = 1 << 20


class HubMedia(Storage):
    """A storage bucket of the Hugging Face Hub, private, made when the first file is stored. `endpoint` is the address of another server."""

    def __init__(self, *, bucket: str, token: str, endpoint: str = "", location: str = "") -> None:
        self.bucket, self.token, self.location = bucket, token, location
        self.endpoint = (endpoint or HUB).rstrip("/")

    @cached_property
    def api(self) -> Any:
        from huggingface_hub import HfApi
        from huggingface_hub.utils.tqdm import disable_progress_bars

        disable_progress_bars()
        return HfApi(endpoint=self.endpoint, token=self.token)

    @cached_property
    def _writable(self) -> Any:
        self.api.create_bucket(self.bucket, private=True, exist_ok=True)
        return self.api

    def _key(self, name: str) -> str:
        return f"{self.location}/{name}" if self.location else name

    def get_available_name(self, name: str, max_length: int | None = None) -> str:
        return name  # a file that is stored again replaces the one before

    def _save(self, name: str, content: File) -> str:
        with tempfile.NamedTemporaryFile() as file:
            for piece in content.chunks():
                file.write(piece)
            file.flush()
            self._writable.batch_bucket_files(self.bucket, add=[(file.name, self._key(name))])
        return name

    def _open(self, name: str, mode: str = "rb") -> File:
        size = self.size(name)
        file = tempfile.SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115 (whoever opens it closes it)
        for piece in self.pieces(name, 0, size - 1) if size else ():
            file.write(piece)
        file.seek(0)
        return File(file, name)

    def delete(self, name: str) -> None:
        if self._found(name) is not None:
            self.api.batch_bucket_files(self.bucket, delete=[self._key(name)])

    def exists(self, name: str) -> bool:
        return self._found(name) is not None

    def size(self, name: str) -> int:
        return int(self._there(name).size)

    def get_modified_time(self, name: str) -> datetime:
        found = self._there(name)
        when: datetime = found.mtime or found.uploaded_at
        return when

    def listdir(self, path: str) -> tuple[list[str], list[str]]:
        start = self._key(path).strip("/")
        folders: list[str] = []
        files: list[str] = []
        with suppress(*_absent()):  # before the first file the bucket may be missing
            for entry in self.api.list_bucket_tree(self.bucket, start or None, recursive=False):
                (files if hasattr(entry, "size") else folders).append(str(entry.path).rpartition("/")[2])
        return folders, files

    def pieces(self, name: str, first: int, last: int) -> Iterator[bytes]:
        """Bytes `first`…`last` of a file. Raises FileNotFoundError."""
        address = f"{self.endpoint}/buckets/{self.bucket}/resolve/{quote(self._key(name))}"
        headers = {"Authorization": f"Bearer {self.token}", "Range": f"bytes={first}-{last}", "Accept-Encoding": "identity"}
        ours = allowing(urlsplit(self.endpoint).netloc) if self.endpoint != HUB else nullcontext()
        try:
            with ours, fetch(address, headers=headers, timeout=30, max_bytes=LARGEST, within=86_400) as answer:
                if answer.status == 404:
                    raise FileNotFoundError(name)
                if answer.status != 206:
                    raise OSError(f"The Hub answered {answer.status} to a part of {name}.")
                yield from answer.stream()
        except Refused as refused:
            raise OSError(str(refused)) from None

    def _found(self, name: str) -> Any:
        try:
            return next(iter(self.api.get_bucket_paths_info(self.bucket, [self._key(name)])), None)
        except _absent():
            return None

    def _there(self, name: str) -> Any:
        found = self._found(name)
        if found is None:
            raise FileNotFoundError(name)
        return found


def _absent() -> tuple[type[Exception], ...]:
    """What the Hub's library raises for a bucket or folder that is not there."""
    from huggingface_hub.errors import BucketNotFoundError, EntryNotFoundError, RepositoryNotFoundError

    return BucketNotFoundError, EntryNotFoundError, RepositoryNotFoundError
