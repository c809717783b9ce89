"""A whole Labelspace of its own in a folder (SQLite): furnished with people and tasks, started as people start it, killed, looked into."""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from tests.packaging.serving import Running, running

ROOT = Path(__file__).resolve().parents[2]
SECONDS = 60


@dataclass
class Installation:
    """`tokens` are those of the people, the first of the owner."""

    folder: Path
    port: int
    project: int
    tasks: list[int]
    tokens: list[str]

    @contextmanager
    def serving(self) -> Iterator[Running]:
        command = [Path(sys.executable).with_name("labelspace"), "start", "--no-browser"]
        with running(command, self.folder, environment_of(self.folder, self.port)) as server:
            yield server

    def looked_into(self) -> dict[str, Any]:
        """What the database holds (`furnish.look`), read by another process."""
        return _run("look", self.folder, self.port, str(self.project))


def environment_of(folder: Path, port: int) -> dict[str, str]:
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return {**kept, "LABEL_STUDIO_BASE_DATA_DIR": str(folder / "data"), "LABEL_STUDIO_PORT": str(port), "PYTHONPATH": str(ROOT)}


def install(folder: Path, *, people: int, tasks: int, overlap: int = 1) -> Installation:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    made = _run("furnish", folder, port, str(people), str(tasks), str(overlap))
    return Installation(folder, port, made["project"], made["tasks"], made["tokens"])


def _run(act: str, folder: Path, port: int, *arguments: str) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-m", "tests.faults.furnish", act, *arguments],
        cwd=ROOT,
        env=environment_of(folder, port),
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])  # type: ignore[no-any-return]


class Caller:
    """One person's connection. `call` raises OSError or HTTPException when there is no answer."""

    def __init__(self, server: str, token: str) -> None:
        self.address = urlsplit(server).netloc
        self.token = token
        self.connection = http.client.HTTPConnection(self.address, timeout=SECONDS)

    def call(self, method: str, path: str, body: Any = None, **headers: str) -> tuple[int, Any]:
        try:
            self.connection.request(
                method,
                path,
                None if body is None else json.dumps(body),
                {"Authorization": f"Token {self.token}", "Content-Type": "application/json", **headers},
            )
            answer = self.connection.getresponse()
            text = answer.read()
        except (OSError, http.client.HTTPException):
            self.connection.close()
            raise
        return answer.status, json.loads(text) if text else None


def kill_everything(server: Running) -> None:
    """`kill -9` of the supervisor and all it has started, as a power cut does it."""
    frozen: list[int] = []
    while new := [pid for pid in [server.process.pid, *descendants(server.process.pid)] if pid not in frozen]:
        for pid in new:  # frozen first, so that nobody starts anybody meanwhile
            _signal(pid, signal.SIGSTOP)
        frozen += new
    for pid in frozen:
        _signal(pid, signal.SIGKILL)
    server.process.wait(timeout=SECONDS)
    end = time.monotonic() + SECONDS
    while any(Path(f"/proc/{pid}").exists() and _state(pid) != "Z" for pid in frozen) and time.monotonic() < end:
        time.sleep(0.01)


def _signal(pid: int, number: int) -> None:
    with suppress(ProcessLookupError):  # it had ended, and its parent has just noticed
        os.kill(pid, number)


def descendants(pid: int) -> list[int]:
    """The processes that a process started, and those that they started."""
    found = list(children(pid))
    for child in found:
        found += children(child)
    return found


def children(pid: int) -> list[int]:
    """The processes that a process started itself (Linux)."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with suppress(OSError):  # ended while we looked
                if int((entry / "stat").read_text().rpartition(")")[2].split()[1]) == pid:
                    found.append(int(entry.name))
    return found


def _state(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return "Z"
