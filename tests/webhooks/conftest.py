"""A receiver of webhooks: a real HTTP server on loopback that remembers its requests and answers as it is told."""

from __future__ import annotations

import hashlib
import hmac
import json
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from django.db.models import F

from core.events.loops import run_loops_until_idle
from core.permissions import Role
from tests.people import Person, somebody
from webhooks.models import Delivery, Webhook

SECRET = "a secret of enough length"


@dataclass
class Request:
    path: str
    headers: dict[str, str]
    raw: bytes
    at: float

    @property
    def body(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.raw)
        return found

    @property
    def action(self) -> str:
        return str(self.body["action"])

    def is_signed_with(self, secret: str) -> bool:
        """Checked as docs/webhooks.md says."""
        parts = dict(part.split("=", 1) for part in self.headers["X-Labelspace-Signature"].split(","))
        wanted = hmac.new(secret.encode(), f"{parts['t']}.".encode() + self.raw, hashlib.sha256).hexdigest()
        return hmac.compare_digest(parts["v1"], wanted) and abs(time.time() - int(parts["t"])) < 60


@dataclass
class Receiver:
    url: str
    requests: list[Request] = field(default_factory=list)
    answer: Callable[[Request], int] = lambda request: 200

    @property
    def actions(self) -> list[str]:
        return [request.action for request in self.requests]


@pytest.fixture
def receiver(settings: Any) -> Iterator[Receiver]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            raw = self.rfile.read(int(self.headers["Content-Length"]))
            request = Request(self.path, dict(self.headers.items()), raw, time.time())
            status = found.answer(request)
            found.requests.append(request)
            self.send_response(status)
            if 300 <= status < 400:
                self.send_header("Location", "/elsewhere")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *args: Any) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    port = server.server_address[1]
    found = Receiver(f"http://127.0.0.1:{port}/hook")
    settings.ALLOWED_INTERNAL_HOSTS = [f"127.0.0.1:{port}"]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    yield found
    server.shutdown()
    server.server_close()


@pytest.fixture
def ann() -> Person:
    return somebody(Role.MANAGER)


def hook(person: Person, url: str, **fields: Any) -> dict[str, Any]:
    """Make a webhook through the API."""
    answer = person.post("/api/webhooks/", {"url": url, "secret": SECRET, **fields})
    assert answer.status_code == 201, answer.content
    made: dict[str, Any] = answer.json()
    return made


def work() -> None:
    """What the worker does, until nothing is due."""
    run_loops_until_idle()


def pass_time(**by: float) -> None:
    """Let the deliveries and webhooks believe that so much time has passed."""
    step = timedelta(**by)
    Delivery.objects.filter(next_attempt_at__isnull=False).update(next_attempt_at=F("next_attempt_at") - step)
    Delivery.objects.update(created_at=F("created_at") - step)
    Webhook.objects.update(paused_until=F("paused_until") - step, leased_until=F("leased_until") - step)


def log(person: Person, webhook: dict[str, Any]) -> list[dict[str, Any]]:
    """The webhook's log, oldest first."""
    answer = person.get(f"/api/webhooks/{webhook['id']}/deliveries/", page_size=100)
    assert answer.status_code == 200, answer.content
    return list(reversed(answer.json()["results"]))
