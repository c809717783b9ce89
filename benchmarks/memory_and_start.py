"""How long a start and a stop take, the processor time of a warm start, and the memory of an idle server (proportional set size: shared pages count once)."""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.figure import Figure
from tests.packaging.serving import Running, running

START = [sys.executable, "-P", "-m", "labelspace", "start", "--port", "0"]
WARM_STARTS = 3
IDLE_SECONDS = 3
PAGES = ("/health", "/user/login/", "/api/version")


def measure() -> Iterator[Figure]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with _started(folder) as (server, seconds):
            yield Figure("first start, empty data directory", seconds, "s", 10)
            server.stop()
        walls, processor, stops = [], [], []
        for _ in range(WARM_STARTS):
            with _started(folder) as (server, seconds):
                walls.append(seconds)
                web = [pid for pid in _tree(server.process.pid) if b"serve" in _command(pid)]
                processor.append(_cpu_seconds([server.process.pid, *web]))
                for page in PAGES:
                    server.get(page)
                time.sleep(IDLE_SECONDS)
                memory = _megabytes(_tree(server.process.pid))
                stops.append(server.stop()[1])
        yield Figure("start of an existing installation", statistics.median(walls), "s", 5)
        yield Figure("processor time of that: web server", statistics.median(processor), "s", 1.5)
        yield Figure("stop of an idle server", statistics.median(stops), "s", 10)
        yield Figure("memory of the idle server, all processes", memory, "MB", 150)


@contextmanager
def _started(folder: Path) -> Iterator[tuple[Running, float]]:
    environment = {"PATH": os.environ["PATH"], "HOME": str(folder), "LABEL_STUDIO_BASE_DATA_DIR": str(folder / "data")}
    began = time.monotonic()
    with running(START, folder, environment) as server:
        server.get("/health")
        yield server, time.monotonic() - began


def _tree(pid: int) -> list[int]:
    found = [pid]
    for task in Path(f"/proc/{pid}/task").iterdir():
        for child in (task / "children").read_text().split():
            found += _tree(int(child))
    return found


def _command(pid: int) -> bytes:
    return Path(f"/proc/{pid}/cmdline").read_bytes()


def _cpu_seconds(pids: list[int]) -> float:
    ticks = 0
    for pid in pids:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def _megabytes(pids: list[int]) -> float:
    kilobytes = 0
    for pid in pids:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
        kilobytes += sum(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
    return kilobytes / 1024
