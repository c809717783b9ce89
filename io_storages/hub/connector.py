from __future__ import annotations

import base64
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from datetime import datetime
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from django.utils.translation import gettext as _

from core.errors import Refused
from core.outbound import Answer, allowing, fetch, is_allowed_internal
from core.rawjson import JSONRefused, dump_json, read_json
from io_storages.connector import Body, Connector, ObjectMissing, StorageError, Stored

HUB = "https://huggingface.co"
LARGEST_ANSWER = 64 << 20
LARGEST_FILE = 1 << 40
NEXT = re.compile(r'<([^>]+)>;\s*rel="next"')


class HubFiles(Connector):
    """Addresses are those of the Hub's own libraries: `hf://datasets/<repo>/<path>` and `hf://buckets/<bucket>/<path>`."""

    scheme = "hf"
    sorted_listing = False
    writes_at_once = 100  # one commit each

    @property
    def bucket(self) -> bool:
        return self.values.get("repo_kind") == "bucket"

    @property
    def root(self) -> str:
        return f"{'buckets' if self.bucket else 'datasets'}/{self.values['repo']}"

    @property
    def endpoint(self) -> str:
        return str(self.values.get("hub_endpoint") or HUB).rstrip("/")

    @property
    def revision(self) -> str:
        return quote(str(self.values.get("revision") or "main"), safe="")

    @contextmanager
    def _asked(
        self, path: str, *, method: str = "GET", body: bytes | None = None, headers: dict[str, str] | None = None, key: str = ""
    ) -> Iterator[Answer]:
        """The Hub's answer to a request below its address. Raises `StorageError` for any but a good one."""
        token = self.values.get("token")
        sent = {**({"Authorization": f"Bearer {token}"} if token else {}), **(headers or {})}
        address = path if path.startswith(("http://", "https://")) else f"{self.endpoint}{path}"
        named = allowing(str(urlsplit(self.endpoint).netloc)) if self.trusted else nullcontext()
        try:
            with (
                named,
                fetch(address, method=method, body=body, headers=sent, timeout=30, max_bytes=LARGEST_FILE, within=86_400) as answer,
            ):
                if answer.status >= 400:
                    raise self._refused(answer, key)
                yield answer
        except Refused as refused:
            raise StorageError(str(refused)) from None

    def _refused(self, answer: Answer, key: str) -> StorageError:
        code, said = answer.headers.get("x-error-code", ""), answer.headers.get("x-error-message", "")
        if answer.status == 404 and (key or code == "EntryNotFound"):
            return ObjectMissing(_("There is no file %(key)s.") % {"key": key})
        if code == "RevisionNotFound":
            return StorageError(_("%(repo)s has no branch or tag of this name.") % {"repo": self.values["repo"]})
        if answer.status in (401, 403, 404):
            return StorageError(
                _("%(repo)s was not found on the Hub, or the token may not see it. Check both; for writing the token needs write access.")
                % {"repo": self.values["repo"]}
            )
        if answer.status == 429:
            return StorageError(_("The Hub asks for patience (too many requests). It is tried again later."))
        return StorageError(_("The Hub answered %(status)s: %(reason)s") % {"status": answer.status, "reason": said[:300] or "?"})

    def fix(self, action: str) -> str:
        role = "write" if action == "write" else "read"
        return _("Give a token whose rights include “%(role)s” on %(repo)s.") % {"role": role, "repo": self.values["repo"]}

    def _json(self, answer: Answer) -> Any:
        data = bytearray()
        for piece in answer.stream():
            data += piece
            if len(data) > LARGEST_ANSWER:
                raise StorageError(_("The Hub's answer is too large."))
        try:
            return read_json(bytes(data))
        except JSONRefused:
            raise StorageError(_("The Hub answered with something that is not JSON. Is this the right address?")) from None

    def check(self, *, write: bool = False) -> None:
        if write and not self.values.get("token"):
            raise StorageError(_("Give a token with write access: the Hub takes files from nobody else."))
        if write and self.bucket:
            self._check_writable()
        path = f"/api/{self.root}" if self.bucket else f"/api/{self.root}/revision/{self.revision}"
        with self._asked(path) as answer:
            self._json(answer)

    def _check_writable(self) -> None:
        """A bucket is written by the Hub's own library, which goes wherever the server sends it: only servers that the operator trusts."""
        parts = urlsplit(self.endpoint)
        if self.endpoint != HUB and not self.trusted and not is_allowed_internal(parts.hostname or "", parts.port or 443):
            raise StorageError(_("Buckets of this server cannot be written: only those of huggingface.co."))

    def listing(self, *, recursive: bool, after: str = "") -> Iterator[Stored]:
        start = f"/{quote(self.prefix)}" if self.prefix else ""
        revision = "" if self.bucket else f"/{self.revision}"
        page: str | None = f"/api/{self.root}/tree{revision}{start}?{urlencode({'recursive': str(recursive).lower()})}"
        while page:
            with self._asked(page) as answer:
                entries = self._json(answer)
                link = NEXT.search(answer.headers.get("link", ""))
            page = link[1] if link else None
            if page and not page.startswith(self.endpoint + "/"):
                raise StorageError(_("The Hub's listing leads to another server."))
            for entry in entries:
                if entry.get("type") == "file":
                    yield _stored(entry)

    def head(self, key: str) -> Stored:
        if self.bucket:
            body, kind = dump_json({"paths": [key]}), "application/json"
        else:
            body, kind = urlencode({"paths": key}).encode(), "application/x-www-form-urlencoded"
        path = f"/api/{self.root}/paths-info" + ("" if self.bucket else f"/{self.revision}")
        with self._asked(path, method="POST", body=body, headers={"Content-Type": kind}) as answer:
            found = [entry for entry in self._json(answer) if entry.get("path") == key and entry.get("type") == "file"]
        if not found:
            raise ObjectMissing(_("There is no file %(key)s.") % {"key": key})
        return _stored(found[0])

    @contextmanager
    def open(self, key: str, first: int = 0, last: int | None = None) -> Iterator[Body]:
        stored = self.head(key)
        end = stored.size - 1 if last is None else min(last, stored.size - 1)
        path = f"/{self.root}/resolve/" + ("" if self.bucket else f"{self.revision}/") + quote(key)
        span = {"Range": f"bytes={first}-{end}"} if (first or end < stored.size - 1) and stored.size else {}
        with self._asked(path, headers={"Accept-Encoding": "identity", **span}, key=key) as answer:
            if span and answer.status != 206:
                raise StorageError(_("The Hub did not answer with the part that was asked for."))
            yield Body(stored, first, end, self._pieces(answer))

    def _pieces(self, answer: Answer) -> Iterator[bytes]:
        try:
            yield from answer.stream()
        except Refused as refused:
            raise StorageError(str(refused)) from None

    def put(self, key: str, data: bytes, content_type: str = "application/json") -> None:
        self.change([(key, data)], [])

    def delete(self, key: str) -> None:
        self.change([], [key])

    def change(self, puts: Sequence[tuple[str, bytes]], deletes: Sequence[str]) -> None:
        if self.bucket:
            self._change_bucket(puts, deletes)
            return
        known = {key for key in deletes if self._is_there(key)}
        lines: list[dict[str, Any]] = [{"key": "header", "value": {"summary": "Annotations", "description": ""}}]
        lines += [
            {"key": "file", "value": {"path": key, "content": base64.b64encode(data).decode(), "encoding": "base64"}} for key, data in puts
        ]
        lines += [{"key": "deletedFile", "value": {"path": key}} for key in deletes if key in known]
        if len(lines) == 1:
            return
        body = b"\n".join(dump_json(line) for line in lines)
        headers = {"Content-Type": "application/x-ndjson"}
        with self._asked(f"/api/{self.root}/commit/{self.revision}", method="POST", body=body, headers=headers) as answer:
            self._json(answer)

    def _change_bucket(self, puts: Sequence[tuple[str, bytes]], deletes: Sequence[str]) -> None:
        from huggingface_hub import HfApi
        from huggingface_hub.errors import HfHubHTTPError
        from huggingface_hub.utils.tqdm import disable_progress_bars

        self._check_writable()
        disable_progress_bars()
        api = HfApi(endpoint=self.endpoint, token=str(self.values.get("token") or "") or False)
        try:
            api.batch_bucket_files(str(self.values["repo"]), add=[(data, key) for key, data in puts] or None, delete=list(deletes) or None)
        except (HfHubHTTPError, OSError, RuntimeError, ValueError) as error:
            raise StorageError(_("The Hub did not take the files: %(reason)s") % {"reason": str(error)[:300]}) from None

    def _is_there(self, key: str) -> bool:
        try:
            self.head(key)
        except ObjectMissing:
            return False
        return True


def _stored(entry: dict[str, Any]) -> Stored:
    etag = entry.get("xetHash") or (entry.get("lfs") or {}).get("oid") or entry.get("oid") or ""
    when = entry.get("mtime") or entry.get("uploadedAt")
    return Stored(str(entry["path"]), int(entry.get("size") or 0), str(etag), datetime.fromisoformat(when) if when else None)
