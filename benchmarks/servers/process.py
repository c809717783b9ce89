"""Start and stop a server; memory and processor time of its process tree, from /proc (Linux)."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import threading
import time
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType

TICKS = os.sysconf("SC_CLK_TCK")
PAGE = os.sysconf("SC_PAGE_SIZE")
STOP_SECONDS = 15


def tree(pid: int) -> list[int]:
    """A process and all below it."""
    found, open_ = [], [pid]
    while open_:
        process = open_.pop()
        found.append(process)
        try:
            for thread in Path(f"/proc/{process}/task").iterdir():
                open_ += map(int, (thread / "children").read_text().split())
        except OSError:
            continue  # it has just ended
    return found


def resident_mb(pid: int) -> float:
    """The sum of what each process has in memory: pages that processes share count once for each."""
    total = 0
    for process in tree(pid):
        try:
            total += int(Path(f"/proc/{process}/statm").read_text().split()[1]) * PAGE
        except OSError:
            continue
    return total / 1e6


def proportional_mb(pid: int) -> float:
    """The memory that the processes really take: shared pages count once (PSS)."""
    kilobytes = 0
    for process in tree(pid):
        try:
            lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
        except OSError:
            continue
        kilobytes += sum(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
    return kilobytes * 1024 / 1e6


def processor_seconds(pid: int) -> float:
    """User and system time of the tree, ended children included."""
    ticks = 0
    for process in tree(pid):
        try:
            fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        ticks += sum(int(fields[position]) for position in (11, 12, 13, 14))
    return ticks / TICKS


class Peak:
    """The highest memory of a tree while the block runs: `proportional` and `resident`, in MB."""

    def __init__(self, pid: int | None, every: float = 0.1) -> None:
        self.pid, self.every = pid, every
        self.proportional = self.resident = 0.0
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> Peak:
        if self.pid:
            self._thread.start()
        return self

    def _watch(self) -> None:
        while True:
            assert self.pid is not None
            self.resident = max(self.resident, resident_mb(self.pid))
            self.proportional = max(self.proportional, proportional_mb(self.pid))
            if self._ended.wait(self.every):
                return

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._ended.set()
        if self.pid:
            self._thread.join()


@dataclass
class Server:
    """A server under test. With no `command` it runs already, and only its answers are timed.

    `{port}` and `{data}` in `command` and `environment` are filled in; `health` is the page that says it is up.
    """

    name: str
    url: str
    token: str = ""
    command: list[str] | None = None
    environment: dict[str, str] = field(default_factory=dict)
    health: str = "/health"
    any_token: bool = False  # takes every token, each as another user
    folder: Path = Path()
    pid: int | None = None
    _process: subprocess.Popen[bytes] | None = None

    def start(self, *, fresh: bool, seconds: float = 300) -> float:
        """Start, wait for the health page, return the seconds that took."""
        assert self.command is not None
        data = self.folder / self.name
        if fresh:
            shutil.rmtree(data, ignore_errors=True)
        data.mkdir(parents=True, exist_ok=True)
        fill = {"port": self.url.rpartition(":")[2], "data": str(data)}
        environment = {**os.environ, **{name: value.format(**fill) for name, value in self.environment.items()}}
        began = time.perf_counter()
        with (self.folder / f"{self.name}.log").open("ab") as log:
            self._process = subprocess.Popen(
                [part.format(**fill) for part in self.command], env=environment, stdout=log, stderr=log, start_new_session=True
            )
        self.pid = self._process.pid
        while True:
            try:
                with urllib.request.urlopen(self.url + self.health, timeout=5) as answer:
                    if answer.status == 200:
                        return time.perf_counter() - began
            except OSError:
                if self._process.poll() is not None:
                    said = (self.folder / f"{self.name}.log").read_text()[-2_000:]
                    raise RuntimeError(f"{self.name} ended with {self._process.returncode}: {said}") from None
            if time.perf_counter() - began > seconds:
                self.stop()
                raise TimeoutError(self.name)
            time.sleep(0.02)

    def stop(self) -> None:
        """End what `start` started: politely, then whatever is left of it."""
        if self._process is None:
            return
        for number in (signal.SIGTERM, signal.SIGKILL):
            try:
                os.killpg(self._process.pid, number)
                self._process.wait(STOP_SECONDS)
                break
            except ProcessLookupError:
                break
            except subprocess.TimeoutExpired:
                continue
        self._process = self.pid = None

    def processor(self) -> float:
        return processor_seconds(self.pid) if self.pid else 0.0
