"""The file that a task shows under a key of its data: an upload, a file of the server's disk, or an object of a storage; always one to read and seek."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import BinaryIO, cast
from urllib.parse import unquote, urlsplit

from core.errors import not_found
from core.media.cache import CachedFile
from data_import.contents import open_upload
from data_import.models import FileUpload
from io_storages.addresses import source_with
from io_storages.connector import Connector, Stored
from io_storages.models import Storage


@dataclass(frozen=True)
class Medium:
    """`identity` names the content and its version: what is made of the file may be kept under it."""

    name: str
    identity: str
    size: int
    open: Callable[[], BinaryIO]


def medium_of(project_id: int, address: str) -> Medium:
    """What is at an address of a task's data. Raises 404 for what is neither an upload of the project nor in one of its storages; `StorageError`."""
    path = unquote(urlsplit(address).path) if not urlsplit(address).netloc else ""
    at = path.find("/data/upload/")
    if at >= 0:
        upload = FileUpload.objects.select_related("content").filter(project_id=project_id, file=path[at + len("/data/") :]).first()
        if upload is None:
            raise not_found()
        return Medium(upload.name, f"sha256 {upload.sha256}", upload.size, lambda: open_upload(upload))
    found = source_with(project_id, address)
    if found is None:
        raise not_found()
    storage, connector, key = found
    stored = connector.head(key)
    return Medium(key.rpartition("/")[2], identity_of(storage, stored), stored.size, lambda: opened(storage, connector, stored))


def opened(storage: Storage, connector: Connector, stored: Stored) -> BinaryIO:
    """An object, read through the cache on the disk."""

    def pieces(first: int, last: int) -> Iterator[bytes]:
        with connector.open(stored.key, first, last) as body:
            yield from body.pieces

    return cast(BinaryIO, CachedFile(identity_of(storage, stored), stored.size, pieces))


def identity_of(storage: Storage, stored: Stored) -> str:
    """Of this storage alone: another with the same address may lead to another server. An object without a version is kept for this minute only."""
    version = stored.etag or (stored.modified.isoformat() if stored.modified else _minute())
    return f"storage {storage.pk} {storage.created_at.timestamp()}|{stored.key}|{version}|{stored.size}"


def _minute() -> str:
    import time

    return f"minute {int(time.time() // 60)}"
