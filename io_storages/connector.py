"""What every kind of storage can do: the one interface that syncing, targets and the media proxy use."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from django.conf import settings

from io_storages.server_bucket import TRUSTED


class StorageError(Exception):
    """The storage cannot do what was asked; the message is one sentence for the user, with what to do about it."""


class ObjectMissing(StorageError):
    """There is no such object."""


@dataclass(frozen=True)
class Stored:
    """An object as a listing tells of it: `size` in bytes, `etag` "" where there is none."""

    key: str
    size: int = 0
    etag: str = ""
    modified: datetime | None = None


@dataclass
class Body:
    """A part of an object under way: `first` and `last` byte of `size`; `pieces` are bytes in order."""

    stored: Stored
    first: int
    last: int
    pieces: Iterator[bytes]


class Connector(ABC):
    """One storage, connected with its settings (`values`: fields and secrets by name). Every method raises `StorageError`.

    `scheme` is that of its objects' addresses, `<scheme>://<root>/<key>`; `sorted_listing` says that keys come in code-point order, so that a
    listing can go on after a key. `writes_at_once` is how many objects a target puts together before it writes them.
    """

    scheme: ClassVar[str]
    sorted_listing: ClassVar[bool] = True
    writes_at_once: ClassVar[int] = 1

    def __init__(self, values: Mapping[str, Any]) -> None:
        self.values = values

    @property
    def trusted(self) -> bool:
        """Whether the operator of this machine has named the place: it may be an inner one, and be asked with the machine's own credentials."""
        return bool(self.values.get(TRUSTED))

    @property
    def lends(self) -> bool:
        """Whether the machine's own credentials may be used where none are given."""
        return self.trusted or bool(settings.STORAGE_AMBIENT_CREDENTIALS)

    @property
    @abstractmethod
    def root(self) -> str:
        """The bucket, container or host in addresses."""

    @property
    def prefix(self) -> str:
        return str(self.values.get("prefix") or "").strip("/")

    @abstractmethod
    def check(self, *, write: bool = False) -> None:
        """Find out that the storage is there and may be read (or written)."""

    @abstractmethod
    def listing(self, *, recursive: bool, after: str = "") -> Iterator[Stored]:
        """Objects below the prefix, without folders; after the key `after` where listings are sorted."""

    @abstractmethod
    def head(self, key: str) -> Stored:
        """Raises `ObjectMissing`."""

    @abstractmethod
    def open(self, key: str, first: int = 0, last: int | None = None) -> AbstractContextManager[Body]:
        """Bytes `first`…`last` (inclusive; to the end when None). Raises `ObjectMissing`."""

    @abstractmethod
    def put(self, key: str, data: bytes, content_type: str = "application/json") -> None: ...

    @abstractmethod
    def delete(self, key: str) -> None:
        """Deleting what is not there is no error."""

    def change(self, puts: Sequence[tuple[str, bytes]], deletes: Sequence[str]) -> None:
        """Several objects at once, where the storage can."""
        for key, data in puts:
            self.put(key, data)
        for key in deletes:
            self.delete(key)

    def presign(self, key: str, seconds: int) -> str | None:
        """An address that anybody may read the object from for a while; None where there is no such thing."""
        return None

    def fix(self, action: str) -> str:
        """What to change where the storage lives when it does not let us `list`, `read` or `write`, as it is to be pasted; "" when nobody can say."""
        return ""

    def cors(self, origin: str) -> str:
        """The rule that lets pages of `origin` look into what they load from the storage itself."""
        return ""

    def address(self, key: str) -> str:
        """What task data says for an object."""
        return f"{self.scheme}://{self.root}/{key}"

    def key_of(self, address: str) -> str | None:
        """The key that an address names in this storage; None for an address of somewhere else or outside of the prefix."""
        start = f"{self.scheme}://{self.root}/"
        if not address.startswith(start):
            return None
        key = address[len(start) :]
        return key if key and below(self.prefix, key) else None


def below(prefix: str, key: str) -> bool:
    """Whether a key lies in the folder `prefix` (any key when it is empty)."""
    return not prefix or key == prefix or key.startswith(prefix + "/")
