"""kill -9 in the middle of an upload: after the restart it goes on from what was confirmed, and the file is the same byte by byte."""

from __future__ import annotations

import base64
import hashlib
import os
import random
import socket
import urllib.request
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.faults.test_import_kill import TOKEN, call, environment, kill, start

__all__ = ["environment"]
pytestmark = pytest.mark.skipif(os.environ.get("TEST_DB") == "postgres", reason="starts servers of its own on SQLite; once is enough")

PIECE = 4 << 20
CONFIG = '<View><Video name="video" value="$video"/><Choices name="c" toName="video"><Choice value="a"/></Choices></View>'


def tus(url: str, method: str, path: str, body: bytes | None = None, **headers: str) -> Any:
    request = urllib.request.Request(url.rstrip("/") + path, data=body, method=method)
    request.add_header("Authorization", f"Token {TOKEN}")
    request.add_header("Tus-Resumable", "1.0.0")
    for name, value in headers.items():
        request.add_header(name.replace("_", "-"), value)
    with urllib.request.urlopen(request, timeout=120) as answer:
        return answer.headers


def patch(url: str, path: str, content: bytes, offset: int) -> Any:
    piece = content[offset : offset + PIECE]
    return tus(url, "PATCH", path, piece, Upload_Offset=str(offset), Content_Type="application/offset+octet-stream")


def half_a_patch(url: str, path: str, content: bytes, offset: int) -> socket.socket:
    """A piece of which only the half has been sent so far."""
    parts = urlsplit(url)
    connection = socket.create_connection((parts.hostname or "", parts.port or 80))
    head = (
        f"PATCH {path} HTTP/1.1\r\nHost: {parts.netloc}\r\nAuthorization: Token {TOKEN}\r\nTus-Resumable: 1.0.0\r\nUpload-Offset: {offset}\r\n"
        f"Content-Type: application/offset+octet-stream\r\nContent-Length: {PIECE}\r\n\r\n"
    )
    connection.sendall(head.encode() + content[offset : offset + PIECE // 2])
    return connection


def test_an_upload_survives_the_death_of_its_server(tmp_path: Path, environment: dict[str, str]) -> None:
    content = b"\x00\x00\x00\x18ftypmp42" + random.Random(7).randbytes(5 * PIECE + 1_234)
    name = base64.b64encode(b"clip.mp4").decode()
    with start(tmp_path, environment) as server:
        project = call(server, "POST", "/api/projects/", b'{"title": "Clips", "label_config": %s}' % _json(CONFIG))["id"]
        made = tus(
            server.url, "POST", f"/api/projects/{project}/tus", b"", Upload_Length=str(len(content)), Upload_Metadata=f"filename {name}"
        )
        path = made["Location"]
        assert patch(server.url, path, content, 0)["Upload-Offset"] == str(PIECE)
        assert patch(server.url, path, content, PIECE)["Upload-Offset"] == str(2 * PIECE)
        hanging = half_a_patch(server.url, path, content, 2 * PIECE)
        kill(server)
        hanging.close()
    with start(tmp_path, environment) as server:
        offset = int(tus(server.url, "HEAD", path)["Upload-Offset"])
        assert offset >= 2 * PIECE  # what was confirmed is there
        while offset < len(content):
            answer = patch(server.url, path, content, offset)
            offset = int(answer["Upload-Offset"])
        upload = call(server, "GET", f"/api/import/file-upload/{answer['Labelspace-Upload']}")
        request = urllib.request.Request(f"{server.url.rstrip('/')}/data/{upload['file']}", headers={"Authorization": f"Token {TOKEN}"})
        with urllib.request.urlopen(request, timeout=60) as whole:
            assert hashlib.sha256(whole.read()).digest() == hashlib.sha256(content).digest()


def _json(text: str) -> bytes:
    import json

    return json.dumps(text).encode()
