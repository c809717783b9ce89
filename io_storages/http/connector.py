from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from email.utils import parsedate_to_datetime
from html.parser import HTMLParser
from typing import Any
from urllib.parse import quote, unquote, urljoin, urlsplit

from django.utils.translation import gettext as _

from core.errors import Refused
from core.outbound import Answer, fetch
from core.rawjson import JSONRefused, read_json
from io_storages.connector import Body, Connector, ObjectMissing, StorageError, Stored

LARGEST_LISTING = 64 << 20
LARGEST_FILE = 1 << 40
DEEPEST = 50  # folders below each other: beyond this a server lists itself


class WebFiles(Connector):
    """Keys are paths below the folder's address, unquoted; addresses are those of the web."""

    scheme = "http"

    @property
    def base(self) -> str:
        return str(self.values["url"]).split("?")[0].split("#")[0].rstrip("/") + "/"

    @property
    def root(self) -> str:
        return urlsplit(self.base).netloc

    @property
    def prefix(self) -> str:
        return ""

    def address(self, key: str) -> str:
        return self.base + quote(key)

    def key_of(self, address: str) -> str | None:
        if not address.startswith(self.base):
            return None
        key = unquote(address[len(self.base) :].split("?")[0].split("#")[0])
        return key if key and not key.endswith("/") and ".." not in key.split("/") else None

    @contextmanager
    def _asked(self, url: str, method: str = "GET", headers: dict[str, str] | None = None) -> Iterator[Answer]:
        sent = {"Accept-Encoding": "identity", **(headers or {})}
        if self.values.get("username"):
            pair = f"{self.values['username']}:{self.values.get('password') or ''}"
            sent["Authorization"] = f"Basic {base64.b64encode(pair.encode()).decode()}"
        try:
            with fetch(url, method=method, headers=sent, timeout=30, max_bytes=LARGEST_FILE, within=86_400) as answer:
                if answer.status in (404, 410):
                    raise ObjectMissing(_("There is no file at %(url)s.") % {"url": url})
                if answer.status >= 400 and answer.status not in (405, 416, 501):
                    raise StorageError(_("%(url)s answered with status %(status)s.") % {"url": url, "status": answer.status})
                yield answer
        except Refused as refused:
            raise StorageError(str(refused)) from None

    def check(self, *, write: bool = False) -> None:
        if write:
            raise StorageError(_("A web server cannot be written to."))
        next(iter(self._names(self.base)), None)

    def listing(self, *, recursive: bool, after: str = "") -> Iterator[Stored]:
        yield from self._walk("", recursive, after, 0)

    def _walk(self, folder: str, recursive: bool, after: str, depth: int) -> Iterator[Stored]:
        if depth > DEEPEST:
            raise StorageError(_("The folders of %(url)s lie too deep in each other.") % {"url": self.base})
        # Folders sort as their contents do: by name with a slash.
        for name in sorted(set(self._names(self.base + quote(folder)))):
            key = folder + name
            if not name.endswith("/"):
                if key > after:
                    yield Stored(key)
            elif recursive and not (after and key < after and not after.startswith(key)):
                yield from self._walk(key, recursive, after, depth + 1)

    def _names(self, url: str) -> Iterator[str]:
        """What a page lists: names of files, and of folders with a slash at the end."""
        data = bytearray()
        with self._asked(url) as answer:
            for piece in answer.stream():
                data += piece
                if len(data) > LARGEST_LISTING:
                    raise StorageError(_("The listing at %(url)s is too large.") % {"url": url})
            kind, page = answer.headers.get("content-type", ""), answer.url
        if "json" in kind:
            yield from self._of_json(bytes(data), page)
            return
        links = _Links()
        links.feed(data.decode("utf-8", "replace"))
        yield from self._below(page, links.found)

    def _of_json(self, data: bytes, page: str) -> Iterator[str]:
        try:
            entries = read_json(data)
        except JSONRefused:
            entries = None
        if not isinstance(entries, list):
            raise StorageError(_("%(url)s is JSON, but no list of files.") % {"url": page})
        found = []
        for entry in entries:
            if isinstance(entry, str):
                found.append(entry)
            elif isinstance(entry, dict) and isinstance(entry.get("name"), str):
                found.append(quote(entry["name"]) + ("/" if entry.get("type") == "directory" else ""))
        yield from self._below(page, found)

    def _below(self, page: str, links: list[str]) -> Iterator[str]:
        """Those links that lead one step down from the page."""
        base = page.split("?")[0].split("#")[0]
        base = base if base.endswith("/") else base.rpartition("/")[0] + "/"
        for link in links:
            target = urljoin(base, link).split("#")[0]
            if "?" in target or not target.startswith(base):
                continue
            name = unquote(target[len(base) :])
            if name and name.strip("/") not in ("", ".", "..") and "/" not in name.rstrip("/"):
                yield name

    def head(self, key: str) -> Stored:
        with self._asked(self.address(key), "HEAD") as answer:
            if answer.status < 400 and "content-length" in answer.headers:
                return _stored(key, answer, int(answer.headers["content-length"]))
        with self._asked(self.address(key), headers={"Range": "bytes=0-0"}) as answer:
            total = answer.headers.get("content-range", "").rpartition("/")[2] or answer.headers.get("content-length", "")
            if not total.isdigit():
                raise StorageError(_("%(url)s does not say how large it is.") % {"url": self.address(key)})
            return _stored(key, answer, int(total))

    @contextmanager
    def open(self, key: str, first: int = 0, last: int | None = None) -> Iterator[Body]:
        span = {"Range": f"bytes={first}-{'' if last is None else last}"} if first or last is not None else {}
        with self._asked(self.address(key), headers=span) as answer:
            if answer.status == 206:
                total = int(answer.headers.get("content-range", "").rpartition("/")[2])
                end = total - 1 if last is None else min(last, total - 1)
                yield Body(_stored(key, answer, total), first, end, self._pieces(answer))
                return
            # The server knows no ranges, or the whole was asked for.
            total = int(answer.headers.get("content-length") or 0)
            end = total - 1 if last is None else min(last, total - 1)
            pieces = self._pieces(answer)
            yield Body(_stored(key, answer, total), first, end, _part(pieces, first, end) if span else pieces)

    def _pieces(self, answer: Answer) -> Iterator[bytes]:
        try:
            yield from answer.stream()
        except Refused as refused:
            raise StorageError(str(refused)) from None

    def put(self, key: str, data: bytes, content_type: str = "application/json") -> None:
        raise StorageError(_("A web server cannot be written to."))

    def delete(self, key: str) -> None:
        raise StorageError(_("A web server cannot be written to."))


class _Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [value for name, value in attrs if tag == "a" and name == "href" and value]


def _part(pieces: Iterator[bytes], first: int, last: int) -> Iterator[bytes]:
    at = 0
    for piece in pieces:
        if at + len(piece) > first:
            yield piece[max(0, first - at) : last + 1 - at]
        at += len(piece)
        if at > last:
            return


def _stored(key: str, answer: Answer, size: int) -> Stored:
    said: Any = answer.headers.get("last-modified")
    etag = answer.headers.get("etag", "").removeprefix("W/").strip('"')
    try:
        when = parsedate_to_datetime(said) if said else None
    except ValueError:
        when = None
    return Stored(key, size, etag or (hashlib.sha256(said.encode()).hexdigest()[:16] if said else ""), when)
