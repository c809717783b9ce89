"""Credentials that the machine gives (instance roles, managed identities): lent when the owner says so, and else to nobody."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from core.media import microsoft
from io_storages.azure.connector import Azure
from tests.io_storages.conftest import Bucket
from tests.io_storages.test_contract import synchronized
from tests.labelled import IMAGE_CONFIG, make_project
from tests.people import Person


class Machine(BaseHTTPRequestHandler):
    """What clouds answer on an address that only the machine itself can ask."""

    def do_GET(self) -> None:
        role = {"AccessKeyId": "role", "SecretAccessKey": "secret", "Token": "session", "Expiration": "2099-01-01T00:00:00Z"}
        identity = {"access_token": "of-the-machine", "expires_on": "4070908800", "resource": "r", "token_type": "Bearer"}
        body = json.dumps(role if self.path.startswith("/role") else identity).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        return


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    server = ThreadingHTTPServer(("127.0.0.1", 0), Machine)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


def test_a_role_is_lent_when_the_owner_allows_it(
    owner: Person, s3: Bucket, settings: Any, machine: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_CONTAINER_CREDENTIALS_FULL_URI", f"{machine}/role")
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    s3.put("a.png", b"x")
    project = make_project(owner, IMAGE_CONFIG)
    fields = {name: value for name, value in s3.fields.items() if not name.startswith("aws_")}
    said = {"project": project, "use_blob_urls": True, **fields}
    answer = owner.post("/api/storages/s3", said)
    assert (answer.status_code, "does not lend its own" in answer.content.decode()) == (400, True)
    settings.STORAGE_AMBIENT_CREDENTIALS = True
    answer = owner.post("/api/storages/s3", said)
    assert answer.status_code == 201, answer.content
    assert synchronized(owner, {"url": f"/api/storages/s3/{answer.json()['id']}"})["last_sync_count"] == 1


def test_an_identity_is_lent_when_the_owner_allows_it(owner: Person, settings: Any, machine: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IDENTITY_ENDPOINT", f"{machine}/identity")
    monkeypatch.setenv("IDENTITY_HEADER", "header")
    microsoft.credential.cache_clear()
    fields = {"container": "box", "account_name": "account"}
    answer = owner.post("/api/storages/azure/validate", {"project": make_project(owner, IMAGE_CONFIG), **fields})
    assert (answer.status_code, "does not lend its own" in answer.content.decode()) == (400, True)
    settings.STORAGE_AMBIENT_CREDENTIALS = True
    service = Azure(fields).service
    assert (service.url, service.credential.get_token("https://storage.azure.com/.default").token) == (
        "https://account.blob.core.windows.net/",
        "of-the-machine",
    )
    microsoft.credential.cache_clear()
