"""The HTTP side of the stand-in: reads a request, finds who answers it, notes both, answers."""

from __future__ import annotations

import re
import secrets
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

from tests.services.hub.buckets import Buckets
from tests.services.hub.jobs import Jobs
from tests.services.hub.people import People
from tests.services.hub.repositories import Repositories
from tests.services.hub.request import Answer, Request
from tests.services.hub.spaces import Spaces
from tests.services.hub.state import KINDS, Hub, HubError

SHOWN = 1_500  # characters of a body that a recorded call keeps
KEPT = ("authorization", "content-type", "accept", "range", "user-agent", "accept-encoding", "x-hf-bill-to")


@contextmanager
def served_hub(xet_folder: Path, port: int = 0) -> Iterator[Hub]:
    """Serve until the block ends; `hub.endpoint` is its address. Port 0 takes a free one."""
    server = _Server(("127.0.0.1", port), _Handler)
    hub = Hub(f"http://127.0.0.1:{server.server_port}", xet_folder)
    server.hub = hub
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield hub
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 128
    hub: Hub


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def log_message(self, format: str, *args: Any) -> None:
        """Calls are recorded instead."""

    def answer(self) -> None:
        hub, started, url = self.server.hub, time.time(), urlsplit(self.path)
        body = self._body()
        # Revisions are quoted as a whole: segments are split before they are unquoted.
        segments = [unquote(part) for part in url.path.strip("/").split("/")]
        request = Request(hub, self.command, segments, parse_qs(url.query), self.headers, body, self.path)
        try:
            hub.failure_of(f"{self.command} {url.path}")
            found = _route(request)
        except HubError as error:
            headers = {"X-Error-Message": error.error, **({"X-Error-Code": error.code} if error.code else {}), **error.headers}
            found = Answer.of_json(error.body if error.body is not None else {"error": error.error}, error.status, headers)
        except Exception as error:  # noqa: BLE001 - a mistake of the stand-in must be seen and must not hang a client
            found = Answer.of_json({"error": f"stand-in: {type(error).__name__}: {error}"}, 500)
        # Noted before it is sent, so that a test sees the call as soon as the client has its answer.
        self._note(url, body, found, started)
        with suppress(BrokenPipeError, ConnectionResetError):
            self._send(found)

    do_GET = do_POST = do_PUT = do_DELETE = do_HEAD = do_PATCH = answer

    def _body(self) -> bytes:
        if length := int(self.headers.get("Content-Length") or 0):
            return self.rfile.read(length)
        pieces = []
        if self.headers.get("Transfer-Encoding", "").lower() == "chunked":
            while size := int(self.rfile.readline().strip() or b"0", 16):
                pieces.append(self.rfile.read(size))
                self.rfile.readline()
            self.rfile.readline()
        return b"".join(pieces)

    def _send(self, found: Answer) -> None:
        self.send_response(found.status)
        for name, value in {"Content-Length": str(len(found.body)), "X-Request-Id": secrets.token_hex(4), **found.headers}.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(found.body)

    def _note(self, url: SplitResult, body: bytes, found: Answer, started: float) -> None:
        call = {
            "method": self.command,
            "path": url.path,
            "query": url.query,
            "headers": _kept(self.headers),
            "body": _shown(body),
            "status": found.status,
            "answer_headers": found.headers,
            "answer": _shown(found.body),
            "ms": round((time.time() - started) * 1000, 1),
        }
        with self.server.hub.lock:
            self.server.hub.calls.append(call)


def _route(request: Request) -> Answer:
    first, *rest = request.segments
    if first in (".well-known", "oauth"):
        return People(request).sign_in(request.segments)
    if first == "_lfs":
        return Repositories(request).large_object(rest[0])
    if first == "api":
        return _api(request, rest)
    if first == "buckets" and len(rest) >= 4 and rest[2] == "resolve":
        return Buckets(request).file(f"{rest[0]}/{rest[1]}", "/".join(rest[3:]))
    kinds, path = (first, rest) if first in ("datasets", "spaces") else ("models", request.segments)
    if len(path) >= 4 and path[2] == "resolve":
        return Repositories(request).file(kinds, f"{path[0]}/{path[1]}", path[3], "/".join(path[4:]))
    if len(path) >= 5 and path[1].endswith(".git") and path[2:] == ["info", "lfs", "objects", "batch"]:
        return Repositories(request).large_objects(kinds, f"{path[0]}/{path[1].removesuffix('.git')}")
    raise HubError(404, f"stand-in: no route for {request.method} {request.path}")


def _api(request: Request, path: list[str]) -> Answer:
    first = path[0]
    if first in ("whoami-v2", "users", "organizations"):
        return People(request).known(path)
    if first == "__xet__":
        return request.xet_token()
    if first == "validate-yaml":
        return Repositories(request).card()
    if first == "repos":
        return Repositories(request).manage(path[1])
    if path == ["spaces", "templates"]:
        return Spaces(request).templates()
    if path in (["spaces", "hardware"], ["jobs", "hardware"]):
        return Spaces(request).machines()
    if first in KINDS and len(path) >= 3:
        return Repositories(request).one(first, f"{path[1]}/{path[2]}", path[3:])
    if first == "jobs":
        return Jobs(request).jobs(path[1:])
    if first == "scheduled-jobs":
        return Jobs(request).scheduled(path[1:])
    if path[:2] == ["settings", "webhooks"]:
        return Jobs(request).webhooks(path[2:])
    if first == "buckets":
        return Buckets(request).api(path[1:])
    raise HubError(404, f"stand-in: no route for {request.method} {request.path}")


def _kept(headers: Mapping[str, str]) -> dict[str, str]:
    return {name: re.sub(r"^Bearer .+", "Bearer <token>", value) for name, value in headers.items() if name.lower() in KEPT}


def _shown(body: bytes) -> str:
    try:
        text = body.decode()
    except UnicodeDecodeError:
        return f"<{len(body)} bytes>"
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}... <{len(text)} characters>"
