"""A small keep-alive HTTP/1.1 client on asyncio streams: about 0.1 ms of processor time a request, so that it is not what gets measured.

One `Connection` is one TCP connection, used by one coroutine at a time, as a browser tab or an SDK session would.
"""

from __future__ import annotations

import asyncio
import json
import time
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urlsplit

PIECE = 4 << 20
IDLE = 5.0  # seconds after which a server may have closed a connection that nobody used


class StatusError(Exception):
    def __init__(self, status: int, body: bytes) -> None:
        self.status = status
        super().__init__(f"HTTP {status}: {body[:200]!r}")


@dataclass
class Answer:
    """`body` is empty when it was not kept; `size` is its length on the wire either way."""

    status: int
    headers: dict[str, str]
    body: bytes
    size: int

    def ok(self) -> Answer:
        if not 200 <= self.status < 300:
            raise StatusError(self.status, self.body)
        return self

    def json(self) -> Any:
        return json.loads(self.body)


class Connection:
    def __init__(self, url: str, headers: dict[str, str] | None = None, seconds: float = 3_600) -> None:
        parts = urlsplit(url)
        self.host, self.port = parts.hostname or "127.0.0.1", parts.port or 80
        self.headers = dict(headers or {})
        self.cookies: dict[str, str] = {}
        self.seconds = seconds
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None
        self._used = 0.0

    def close(self) -> None:
        if self._streams is not None:
            self._streams[1].close()
        self._streams = None

    async def get(self, path: str, *, keep: bool = True) -> Answer:
        return await self.request("GET", path, keep=keep)

    async def send_json(self, path: str, value: Any) -> Answer:
        body = value if isinstance(value, bytes) else json.dumps(value, separators=(",", ":")).encode()
        return await self.request("POST", path, body, {"Content-Type": "application/json"})

    async def send_form(self, path: str, fields: dict[str, str], headers: dict[str, str]) -> Answer:
        return await self.request(
            "POST", path, urlencode(fields).encode(), {"Content-Type": "application/x-www-form-urlencoded", **headers}
        )

    async def send_file(self, path: str, name: str, content: bytes) -> Answer:
        mark = b"----labelspace-7d1c5e"
        head = (
            b'\r\nContent-Disposition: form-data; name="file"; filename="' + name.encode() + b'"\r\nContent-Type: application/json\r\n\r\n'
        )
        body = b"".join([b"--", mark, head, content, b"\r\n--", mark, b"--\r\n"])
        return await self.request("POST", path, body, {"Content-Type": "multipart/form-data; boundary=" + mark.decode()})

    async def request(
        self, method: str, path: str, body: bytes = b"", headers: dict[str, str] | None = None, *, keep: bool = True
    ) -> Answer:
        return await asyncio.wait_for(self._request(method, path, body, headers or {}, keep), self.seconds)

    async def _request(self, method: str, path: str, body: bytes, headers: dict[str, str], keep: bool) -> Answer:
        if self._streams is None or self._streams[0].at_eof() or self._streams[1].is_closing() or time.monotonic() - self._used > IDLE:
            self.close()
            self._streams = await asyncio.open_connection(self.host, self.port, limit=PIECE)
        reader, writer = self._streams
        head = {"Host": f"{self.host}:{self.port}", "Connection": "keep-alive", "Accept": "*/*", **self.headers, **headers}
        if self.cookies:
            head["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        if body or method in ("POST", "PUT", "PATCH"):
            head["Content-Length"] = str(len(body))
        lines = [f"{method} {path} HTTP/1.1", *(f"{name}: {value}" for name, value in head.items())]
        try:
            writer.write("\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + body)
            await writer.drain()
            answer = await self._answer(reader, method, keep)
            self._used = time.monotonic()
            return answer
        except BaseException:
            self.close()
            raise

    async def _answer(self, reader: asyncio.StreamReader, method: str, keep: bool) -> Answer:
        first, *lines = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        status, headers = int(first.split(" ", 2)[1]), {}
        for line in lines:
            name, separator, value = line.partition(":")
            if separator:
                headers[name.strip().lower()] = value.strip()
                if name.strip().lower() == "set-cookie":
                    key, _, content = value.split(";", 1)[0].partition("=")
                    self.cookies[key.strip()] = content
        pieces, size = [], 0
        async for piece in _pieces(reader, method, status, headers):
            size += len(piece)
            if keep:
                pieces.append(piece)
        if headers.get("connection", "").lower() == "close":
            self.close()
        return Answer(status, headers, b"".join(pieces), size)


async def _pieces(reader: asyncio.StreamReader, method: str, status: int, headers: dict[str, str]) -> Any:
    if method == "HEAD" or status in (204, 304):
        return
    if headers.get("transfer-encoding", "").lower() == "chunked":
        while length := int((await reader.readline()).split(b";")[0], 16):
            yield await reader.readexactly(length)
            await reader.readline()
        await reader.readline()
        return
    left = int(headers.get("content-length", 0))
    while left:
        piece = await reader.read(min(left, PIECE))
        if not piece:
            raise ConnectionError("the answer was cut off")
        left -= len(piece)
        yield piece
