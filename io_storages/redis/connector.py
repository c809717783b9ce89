from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.utils.translation import gettext as _

from core.errors import Refused
from core.outbound import checked_addresses
from io_storages.connector import Body, Connector, ObjectMissing, StorageError, Stored

SCAN = 1_000


class RedisKeys(Connector):
    scheme = "redis"
    sorted_listing = False

    @property
    def root(self) -> str:
        return str(self.values.get("db") if self.values.get("db") is not None else 1)

    @property
    def prefix(self) -> str:
        return str(self.values.get("path") or "").strip("/")

    @property
    def client(self) -> Any:
        if not hasattr(self, "_client"):
            import redis

            host, port = str(self.values.get("host") or "localhost"), int(self.values.get("port") or 6379)
            try:
                address = checked_addresses(host, port)[0]
            except Refused as refused:
                raise StorageError(str(refused)) from None
            self._client = redis.Redis(
                host=address,
                port=port,
                db=int(self.root),
                password=self.values.get("password") or None,
                socket_timeout=10,
                socket_connect_timeout=5,
            )
        return self._client

    def check(self, *, write: bool = False) -> None:
        with self._told():
            self.client.ping()

    def listing(self, *, recursive: bool, after: str = "") -> Iterator[Stored]:
        pattern = "".join(f"\\{char}" if char in "*?[]\\" else char for char in self.prefix) + "/*" if self.prefix else "*"
        with self._told():
            for key in self.client.scan_iter(match=pattern, count=SCAN):
                yield Stored(key.decode("utf-8", "replace"))

    def _value(self, key: str) -> bytes:
        with self._told():
            found = self.client.get(key)
        if found is None:
            raise ObjectMissing(_("There is no key %(key)s.") % {"key": key})
        return bytes(found)

    def head(self, key: str) -> Stored:
        value = self._value(key)
        return Stored(key, len(value), hashlib.sha256(value).hexdigest()[:32])

    @contextmanager
    def open(self, key: str, first: int = 0, last: int | None = None) -> Iterator[Body]:
        value = self._value(key)
        end = len(value) - 1 if last is None else min(last, len(value) - 1)
        yield Body(Stored(key, len(value), hashlib.sha256(value).hexdigest()[:32]), first, end, iter([value[first : end + 1]]))

    def put(self, key: str, data: bytes, content_type: str = "application/json") -> None:
        with self._told():
            self.client.set(key, data)

    def delete(self, key: str) -> None:
        with self._told():
            self.client.delete(key)

    @contextmanager
    def _told(self) -> Iterator[None]:
        import redis

        try:
            yield
        except redis.AuthenticationError:
            raise StorageError(_("Redis refused the password.")) from None
        except redis.ResponseError as error:
            raise StorageError(_("Redis answered: %(reason)s") % {"reason": error}) from None
        except redis.RedisError:
            raise StorageError(_("Redis cannot be reached. Check host and port.")) from None
