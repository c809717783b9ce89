"""No request leaves the server that its owner did not ask for: every connection and look-up of a working server is written down."""

from __future__ import annotations

import json
import os
import sys
import time
import urllib.request
from pathlib import Path
from typing import Any

import pytest

from tests.packaging.serving import Running, running

TOKEN = "0123456789abcdef0123456789abcdef01234567"
CONFIG = (
    '<View><Text name="text" value="$text"/><Choices name="mood" toName="text"><Choice value="Good"/><Choice value="Bad"/></Choices></View>'
)
RESULT = [{"id": "a", "from_name": "mood", "to_name": "text", "type": "choices", "value": {"choices": ["Good"]}}]
# Loaded by every Python process of the server before anything else.
WATCHER = """
import os, sys
def watch(event, arguments):
    if event in ("socket.connect", "socket.sendto", "socket.getaddrinfo", "socket.gethostbyname"):
        what = arguments[1] if event in ("socket.connect", "socket.sendto") else arguments[0]
        with open(os.environ["WATCHED"], "a") as file:
            file.write(f"{event} {what!r}\\n")
sys.addaudithook(watch)
with open(os.environ["WATCHED"], "a") as file:
    file.write("watching\\n")
"""
pytestmark = pytest.mark.skipif(os.environ.get("TEST_DB") == "postgres", reason="starts a server of its own on SQLite; once is enough")


def call(server: Running, method: str, path: str, body: Any = None) -> Any:
    request = urllib.request.Request(server.url.rstrip("/") + path, data=None if body is None else json.dumps(body).encode(), method=method)
    request.add_header("Authorization", f"Token {TOKEN}")
    request.add_header("Content-Type", "application/json")
    with urllib.request.urlopen(request, timeout=60) as answer:
        text = answer.read()
        return json.loads(text) if "json" in answer.headers.get("Content-Type", "") else text


def test_a_day_of_work_asks_nobody(tmp_path: Path) -> None:
    """Label Studio's fault 17: its telemetry, error reports and update checks are on."""
    watcher = tmp_path / "watcher"
    watcher.mkdir()
    (watcher / "sitecustomize.py").write_text(WATCHER)
    log = tmp_path / "watched.log"
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(tmp_path),
        "PYTHONPATH": str(watcher),
        "WATCHED": str(log),
        "LABEL_STUDIO_BASE_DATA_DIR": str(tmp_path / "data"),
        "LABEL_STUDIO_USERNAME": "ann@example.com",
        "LABEL_STUDIO_PASSWORD": "long-enough-secret",
        "LABEL_STUDIO_USER_TOKEN": TOKEN,
        "WEB_CONCURRENCY": "1",
    }
    with running([sys.executable, "-P", "-m", "labelspace", "start", "--port", "0", "-b"], tmp_path, environment) as server:
        server.get("/user/login/")
        call(server, "GET", "/api/version/")
        project = call(server, "POST", "/api/projects/", {"title": "Watched", "label_config": CONFIG})["id"]
        tasks = [{"data": {"text": "https://example.com/somewhere"}, "predictions": [{"result": "Good"}]}] * 3
        assert call(server, "POST", f"/api/projects/{project}/import", tasks)["task_count"] == 3
        task = call(server, "GET", f"/api/projects/{project}/next/")
        call(server, "POST", f"/api/tasks/{task['id']}/annotations/", {"result": RESULT})
        assert len(call(server, "GET", f"/api/tasks/?project={project}&fields=all")["tasks"]) == 3
        call(server, "GET", f"/api/projects/{project}/export?exportType=JSON")
        call(server, "DELETE", f"/api/projects/{project}/")
        time.sleep(1.5)  # the worker takes the project's rows away meanwhile
        server.stop()
    lines = log.read_text().splitlines()
    assert lines.count("watching") >= 3, "supervisor, web process and worker are watched"
    assert [
        line for line in lines if line != "watching" and "127.0.0.1" not in line and "localhost" not in line and "0.0.0.0" not in line
    ] == []
