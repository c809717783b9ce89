from __future__ import annotations

import json
import re
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode, urlsplit

from tests.services.hub.state import Hub, HubError


@dataclass
class Answer:
    status: int = 200
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of_json(cls, value: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> Answer:
        return cls(status, json.dumps(value).encode(), {"Content-Type": "application/json; charset=utf-8", **(headers or {})})

    @classmethod
    def of_events(cls, events: Iterable[Any]) -> Answer:
        """Server-sent events."""
        body = b"".join(b"data: " + json.dumps(event).encode() + b"\n\n" for event in events)
        return cls(200, body, {"Content-Type": "text/event-stream"})


@dataclass
class Request:
    hub: Hub
    method: str
    segments: list[str]
    query: dict[str, list[str]]
    headers: Mapping[str, str]
    body: bytes
    path: str

    def json(self) -> Any:
        return json.loads(self.body or b"{}")

    def lines(self) -> list[Any]:
        return [json.loads(line) for line in self.body.splitlines() if line.strip()]

    def first(self, name: str, default: str = "") -> str:
        return self.query.get(name, [default])[0]

    @property
    def token(self) -> str | None:
        said = self.headers.get("Authorization", "")
        return said.removeprefix("Bearer ") if said.startswith("Bearer ") else None

    def person_or_none(self) -> dict[str, Any] | None:
        token = self.token or ""
        found: dict[str, Any] | None = self.hub.tokens.get(token) or self.hub.oauth_tokens.get(token, {}).get("user")
        return found

    def person(self) -> dict[str, Any]:
        found = self.person_or_none()
        if found is None:
            missing = self.token is None
            raise HubError(401, "Invalid username or password." if missing else "Invalid credentials in Authorization header")
        return found

    def content(self, data: bytes, headers: Mapping[str, str]) -> Answer:
        """Bytes, or the range of them that is asked for."""
        headers = {"Accept-Ranges": "bytes", **headers}
        span = re.fullmatch(r"bytes=(\d+)-(\d*)", self.headers.get("Range") or "")
        if not span:
            return Answer(200, data, headers)
        first, last = int(span[1]), int(span[2]) if span[2] else len(data) - 1
        if first >= len(data):
            return Answer(416, b"", {"Content-Range": f"bytes */{len(data)}"})
        part = data[first : last + 1]
        return Answer(206, part, {**headers, "Content-Range": f"bytes {first}-{first + len(part) - 1}/{len(data)}"})

    def page(self, entries: Sequence[Any]) -> Answer:
        """A part of a listing, with a link to the next."""
        size = min(int(self.first("limit", "0")) or self.hub.page, self.hub.page)
        start = int(self.first("cursor", "0"))
        headers = {}
        if start + size < len(entries):
            query = {name: values[0] for name, values in self.query.items()} | {"cursor": str(start + size)}
            headers["Link"] = f'<{self.hub.endpoint}{urlsplit(self.path).path}?{urlencode(query)}>; rel="next"'
        return Answer.of_json(entries[start : start + size], headers=headers)

    def xet_token(self) -> Answer:
        self.person()
        expires, address = int(time.time()) + 3_600, self.hub.xet.address
        return Answer.of_json(
            {"casUrl": address, "exp": expires, "accessToken": "xet-token"},
            headers={"X-Xet-Cas-Url": address, "X-Xet-Token-Expiration": str(expires), "X-Xet-Access-Token": "xet-token"},
        )
