"""kill -9 in the middle of an import: afterwards it is either whole, or not there, or goes on by itself to the end."""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from contextlib import suppress
from http.client import HTTPException
from pathlib import Path
from typing import Any

import pytest

from data_import.operations import AT_ONCE
from tests.packaging.serving import Running, running

LABELSPACE = [sys.executable, "-P", "-m", "labelspace"]
TOKEN = "0123456789abcdef0123456789abcdef01234567"
pytestmark = pytest.mark.skipif(os.environ.get("TEST_DB") == "postgres", reason="starts servers of its own on SQLite; once is enough")


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    return {
        "PATH": os.environ["PATH"],
        "HOME": str(tmp_path),
        "LABEL_STUDIO_BASE_DATA_DIR": str(tmp_path / "data"),
        "LABEL_STUDIO_USERNAME": "ann@example.com",
        "LABEL_STUDIO_PASSWORD": "long-enough-secret",
        "LABEL_STUDIO_USER_TOKEN": TOKEN,
        "WEB_CONCURRENCY": "1",
    }


def call(server: Running, method: str, path: str, body: bytes | None = None) -> Any:
    request = urllib.request.Request(server.url.rstrip("/") + path, data=body, method=method)
    request.add_header("Authorization", f"Token {TOKEN}")
    request.add_header("Content-Type", "application/json")
    with urllib.request.urlopen(request, timeout=120) as answer:
        return json.loads(answer.read() or b"null")


def kill(server: Running) -> None:
    """Everything at once, as when the machine loses power: no process may tidy up."""
    os.killpg(server.process.pid, signal.SIGSTOP)
    for pid in _below(server.process.pid):
        os.kill(pid, signal.SIGKILL)
    os.kill(server.process.pid, signal.SIGKILL)
    server.process.wait()


def _below(pid: int) -> list[int]:
    found = []
    for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split():
        found += [*_below(int(child)), int(child)]
    return found


def start(tmp_path: Path, environment: dict[str, str]) -> Any:
    return running([*LABELSPACE, "start", "--port", "0"], tmp_path, environment, start_new_session=True)


def tasks(count: int) -> bytes:
    return b"[" + b",".join(b'{"text": "number %d"}' % number for number in range(count)) + b"]"


def import_until_killed(server: Running, project: int, body: bytes, when: Callable[[], bool]) -> Any:
    """The answer when there was one before the kill, else None."""
    answers: list[Any] = []

    def send() -> None:
        with suppress(OSError, HTTPException, urllib.error.URLError):  # the kill cuts the connection: nothing was acknowledged
            answers.append(call(server, "POST", f"/api/projects/{project}/import", body))

    sender = threading.Thread(target=send)
    sender.start()
    end = time.monotonic() + 60
    while sender.is_alive() and not when() and time.monotonic() < end:
        time.sleep(0.002)
    kill(server)
    sender.join()
    return answers[0] if answers else None


@pytest.mark.timeout(300)
def test_an_import_in_one_transaction_is_whole_or_not_there(tmp_path: Path, environment: dict[str, str]) -> None:
    count = 40_000
    body = tasks(count)
    with start(tmp_path, environment) as server:
        project = call(server, "POST", "/api/projects/", b'{"title": "Killed"}')["id"]
        began = time.monotonic()
        assert call(server, "POST", f"/api/projects/{project}/import", body)["task_count"] == count
        took = time.monotonic() - began
    expected = count
    for share in (0.3, 0.6, 0.9):
        with start(tmp_path, environment) as server:
            moment = time.monotonic() + took * share
            answer = import_until_killed(server, project, body, lambda moment=moment: time.monotonic() > moment)
        with start(tmp_path, environment) as server:
            found = call(server, "GET", f"/api/projects/{project}/")["task_number"]
            assert found in ({expected + count} if answer else {expected, expected + count})
            assert call(server, "GET", f"/api/tasks/?project={project}&page_size=1")["total"] == found
            expected = found


@pytest.mark.timeout(300)
def test_a_large_import_goes_on_after_the_restart_and_each_task_is_there_once(tmp_path: Path, environment: dict[str, str]) -> None:
    count = AT_ONCE + 20_000
    with start(tmp_path, environment) as server:
        project = call(server, "POST", "/api/projects/", b'{"title": "Killed"}')["id"]
        answer = import_until_killed(
            server, project, tasks(count), lambda: call(server, "GET", f"/api/projects/{project}/")["task_number"] > 0
        )
        assert answer is None, "the import was over before the kill"
    with start(tmp_path, environment) as server:
        end = time.monotonic() + 120
        while call(server, "GET", f"/api/projects/{project}/")["task_number"] < count and time.monotonic() < end:
            time.sleep(0.2)
        assert call(server, "GET", f"/api/projects/{project}/")["task_number"] == count
        assert call(server, "GET", f"/api/tasks/?project={project}&page_size=1")["total"] == count
        last = call(server, "GET", f"/api/tasks/?project={project}&page_size=1&page={count}")["tasks"][0]
        assert (last["data"], last["inner_id"]) == ({"text": f"number {count - 1}"}, count)
