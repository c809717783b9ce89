"""A running Label Studio as a source of projects: its REST API, asked through the guard for outbound requests."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlencode, urlsplit

from core.errors import Refused
from core.outbound import Answer, allowing, fetch
from core.rawjson import JSONRefused, read_json
from data_import.storage import Received, receive

PAGE = 200
TIMEOUT = 120.0  # seconds between two reads: an export is made before its first byte comes
MAX_JSON = 1 << 30
MAX_FILE = 64 << 30


class Server:
    """`url` is where its front page is, `token` a legacy token or a personal access token of one of its users."""

    def __init__(self, url: str, token: str) -> None:
        parts = urlsplit(url if "://" in url else f"http://{url}")
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise Refused(f"{url} is not the http(s) address of a server.", 400)
        self.url = f"{parts.scheme}://{parts.netloc}{parts.path.rstrip('/')}"
        self.host = parts.netloc.rpartition("@")[2]
        self.token = token
        self._access = ""

    def project(self, project_id: int) -> dict[str, Any]:
        found: dict[str, Any] = self._get(f"api/projects/{project_id}/")
        return found

    def projects(self) -> Iterator[dict[str, Any]]:
        """All of them, the oldest first, in memory: a server has hundreds, not millions."""
        found = [row for rows in self._pages("api/projects/", {"page_size": 100}) for row in rows]
        yield from sorted(found, key=lambda row: int(row["id"]))

    def people(self) -> list[dict[str, Any]]:
        return list(self._get("api/users/"))

    def views(self, project_id: int) -> list[dict[str, Any]]:
        return list(self._get("api/dm/views/", {"project": project_id}))

    def members(self, project_id: int) -> list[Any]:
        """The people of a project; none where the server knows no such thing, as Label Studio's open-source one."""
        found = self._get(f"api/projects/{project_id}/members/", absent=[])
        return found if isinstance(found, list) else list(found.get("results", []))

    def pages(self, project_id: int) -> Iterator[dict[int, list[dict[str, Any]]]]:
        """The tasks page by page, ascending: {id: predictions}. Label Studio's export names predictions by their numbers only; here they are whole."""
        for rows in self._pages("api/tasks/", {"project": project_id, "page_size": PAGE, "fields": "all"}):
            yield {int(row["id"]): row.get("predictions") or [] for row in rows}

    def tasks(self, project_id: int, ids: list[int]) -> list[dict[str, Any]]:
        """Tasks as an export has them: with annotations, predictions and everybody's drafts."""
        query = [("exportType", "JSON"), ("download_all_tasks", "true"), ("download_resources", "false"), *(("ids[]", pk) for pk in ids)]
        wanted = set(ids)
        return [task for task in self._get(f"api/projects/{project_id}/export", query) if task.get("id") in wanted]

    def file(self, path: str) -> Received | None:
        """A file of the server on its way to the media folder; None when it is not there (any more)."""
        with self._ask(path.lstrip("/"), max_bytes=MAX_FILE) as answer:
            return receive(answer.stream()) if answer.status == 200 else None

    def _pages(self, path: str, query: dict[str, Any]) -> Iterator[list[dict[str, Any]]]:
        page = 1
        while True:
            said = self._get(path, {**query, "page": page}, absent=[])
            rows = said if isinstance(said, list) else said.get("results", said.get("tasks", []))
            if rows:
                yield rows
            if len(rows) < query["page_size"]:
                return
            page += 1

    def _get(self, path: str, query: Any = (), *, absent: Any = None) -> Any:
        address = f"{path}?{urlencode(query)}" if query else path
        with self._ask(address, max_bytes=MAX_JSON) as answer:
            body = answer.read()
            if answer.status == 404 and absent is not None:
                return absent
            if answer.status != 200:
                raise Refused(f"{self.url}/{path} answered {answer.status}: {_detail(body)}", 400)
        try:
            return read_json(body)
        except JSONRefused as error:
            raise Refused(f"{self.url}/{path} did not answer with JSON ({error}).", 400) from None

    @contextmanager
    def _ask(self, address: str, *, max_bytes: int) -> Iterator[Answer]:
        """A request with the token; a personal one is exchanged for access, and again when that has expired."""
        for last in (False, True):
            with (
                allowing(self.host),
                fetch(
                    f"{self.url}/{address}",
                    headers={"Authorization": self._authorization()},
                    timeout=TIMEOUT,
                    max_bytes=max_bytes,
                    within=24 * 3600.0,
                ) as answer,
            ):
                if answer.status == 401 and self._access and not last:
                    self._access = ""
                    continue
                yield answer
                return

    def _authorization(self) -> str:
        if not _is_personal(self.token):
            return f"Token {self.token}"
        if not self._access:
            body = json.dumps({"refresh": self.token}).encode()
            with (
                allowing(self.host),
                fetch(
                    f"{self.url}/api/token/refresh/",
                    method="POST",
                    headers={"Content-Type": "application/json"},
                    body=body,
                    timeout=TIMEOUT,
                ) as answer,
            ):
                said = answer.read()
                if answer.status != 200:
                    raise Refused(f"{self.url} does not accept the token: {_detail(said)}", 400)
                self._access = str(read_json(said)["access"])
        return f"Bearer {self._access}"


def _is_personal(token: str) -> bool:
    """Whether a token is a JWT, as Label Studio's personal access tokens are."""
    parts = token.split(".")
    if len(parts) != 3:
        return False
    try:
        base64.urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4))
    except (ValueError, binascii.Error):
        return False
    return True


def _detail(body: bytes) -> str:
    try:
        said = read_json(body)
    except JSONRefused:
        return "no reason given"
    return str(said.get("detail", "no reason given"))[:300] if isinstance(said, dict) else "no reason given"
