"""A model's server: a real HTTP server on loopback that speaks label-studio-ml's protocol, remembers its requests and answers as it is told."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from django.core.management import call_command

from core.events.loops import run_loops_until_idle
from core.permissions import Role
from tests.people import Person, somebody
from tests.tasks.work import mood


@dataclass
class Request:
    method: str
    path: str
    headers: dict[str, str]
    body: Any
    raw: bytes = b""

    def is_signed_with(self, secret: str) -> bool:
        """As docs/webhooks.md says."""
        parts = dict(part.split("=", 1) for part in self.headers.get("X-Labelspace-Signature", "t=,v1=").split(","))
        return parts["v1"] == hmac.new(secret.encode(), parts["t"].encode() + b"." + self.raw, hashlib.sha256).hexdigest()


@dataclass
class Answer:
    """What the server says: a status with JSON or raw bytes, after so many seconds."""

    body: Any = None
    status: int = 200
    after: float = 0.0
    headers: dict[str, str] = field(default_factory=dict)


def guess(request: Request) -> Any:
    """Good, with the task's number as the score's hundredth."""
    return {"results": [{"result": mood(), "score": 0.5, "model_version": "m1"} for _task in request.body["tasks"]]}


@dataclass
class Model:
    """`answers` by path: a function of the request, or an `Answer`; `password` asks for Basic authentication."""

    url: str
    port: int
    version: str = "m1"
    password: tuple[str, str] | None = None
    requests: list[Request] = field(default_factory=list)
    answers: dict[str, Callable[[Request], Any]] = field(default_factory=dict)
    dead: bool = False

    def asked(self, path: str) -> list[Any]:
        """The bodies of what was asked there."""
        return [request.body for request in self.requests if request.path == path]

    def answer(self, request: Request) -> Answer:
        if self.password and request.headers.get("Authorization") != "Basic " + base64.b64encode(":".join(self.password).encode()).decode():
            return Answer({"detail": "who are you"}, 401)
        usual: dict[str, Callable[[Request], Any]] = {
            "/health": lambda request: {"status": "UP"},
            "/setup": lambda request: {"model_version": self.version},
            "/predict": guess,
            "/webhook": lambda request: Answer({"job_id": "1"}, 201),
            "/versions": lambda request: {"versions": ["m0", "m1"]},
        }
        made = {**usual, **self.answers}.get(request.path, lambda request: Answer({}, 404))(request)
        return made if isinstance(made, Answer) else Answer(made)


@pytest.fixture
def model(settings: Any) -> Iterator[Model]:
    class Handler(BaseHTTPRequestHandler):
        def handle_one(self) -> None:
            if found.dead:
                self.close_connection = True
                self.connection.close()
                return
            raw = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            request = Request(self.command, self.path, dict(self.headers.items()), json.loads(raw) if raw else None, raw)
            found.requests.append(request)
            answer = found.answer(request)
            time.sleep(answer.after)
            content = answer.body if isinstance(answer.body, bytes) else json.dumps(answer.body).encode()
            try:
                self.send_response(answer.status)
                for name, value in answer.headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)
            except OSError:
                return  # nobody waits for it any more

        do_GET = do_POST = handle_one

        def log_message(self, *args: Any) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    port = server.server_address[1]
    found = Model(f"http://127.0.0.1:{port}", port)
    settings.ALLOWED_INTERNAL_HOSTS = [f"127.0.0.1:{port}"]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    yield found
    server.shutdown()
    server.server_close()


@pytest.fixture
def ann() -> Person:
    return somebody(Role.MANAGER)


def work() -> None:
    """What the worker's loops do, until nothing is due: twice, because one loop's event is another's work."""
    run_loops_until_idle()
    run_loops_until_idle()


def work_jobs() -> None:
    """The real worker: jobs, then its loops. (Needs `django_db(transaction=True)`.)"""
    call_command("worker", batch=True, interval=0.01)


def connect(person: Person, project: Any, model: Model, **fields: Any) -> dict[str, Any]:
    """Connect the model through the API."""
    answer = person.post("/api/ml/", {"url": model.url, "project": project.pk, "title": "Guesser", **fields})
    assert answer.status_code == 201, answer.content
    made: dict[str, Any] = answer.json()
    return made
