"""Start a server process as people do, and talk to it."""

from __future__ import annotations

import signal
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

SECONDS = 120


class Running:
    """`url` is what the server printed."""

    def __init__(self, process: subprocess.Popen[str], log: Path) -> None:
        self.process = process
        self.log = log
        self.url = ""

    def wait_until_ready(self, meanwhile: Callable[[], object] = lambda: None) -> None:
        end = time.monotonic() + SECONDS
        while time.monotonic() < end:
            lines = [line for line in self.log.read_text().splitlines() if line.startswith("Labelspace is at ")]
            if lines:
                self.url = lines[0].removeprefix("Labelspace is at ")
                return
            if self.process.poll() is not None:
                raise AssertionError(f"ended with {self.process.returncode}: {self.log.read_text()}")
            meanwhile()
            time.sleep(0.05)
        raise AssertionError(f"not up after {SECONDS} s: {self.log.read_text()}")

    def get(self, path: str, **headers: str) -> tuple[int, dict[str, str], bytes]:
        request = urllib.request.Request(self.url.rstrip("/") + path, headers=headers)
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                return answer.status, {name.lower(): value for name, value in answer.headers.items()}, answer.read()
        except urllib.error.HTTPError as error:
            return error.code, {name.lower(): value for name, value in error.headers.items()}, error.read()

    def stop(self, number: int = signal.SIGTERM) -> tuple[int, float]:
        """(exit code, seconds it took)."""
        started = time.monotonic()
        self.process.send_signal(number)
        code = self.process.wait(timeout=20)
        return code, time.monotonic() - started


@contextmanager
def running(
    command: Sequence[str | Path], folder: Path, environment: dict[str, str], meanwhile: Callable[[], object] = lambda: None, **options: Any
) -> Iterator[Running]:
    """`meanwhile` is called again and again until the server is up."""
    log = folder / "server.log"
    with log.open("w") as output:
        process = subprocess.Popen(
            [str(part) for part in command], cwd=folder, env=environment, stdout=output, stderr=subprocess.STDOUT, text=True, **options
        )
    try:
        server = Running(process, log)
        server.wait_until_ready(meanwhile)
        yield server
    finally:
        if process.poll() is None:
            process.terminate()
            try:
                process.wait(timeout=15)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
