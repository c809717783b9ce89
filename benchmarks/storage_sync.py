"""A folder of 100,000 pictures synchronized by the worker: listed, each made a task and linked; then again, when nothing is new."""

from __future__ import annotations

import asyncio
import os
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx

from benchmarks.figure import Figure
from benchmarks.servers import targets
from benchmarks.servers.dialect import Api
from benchmarks.servers.process import Server, processor_seconds

COUNT = int(os.environ.get("BENCHMARK_TASKS", "100000"))
FOLDERS = 100
PER_SECOND = 2_000  # keys, on two cores
OPEN = ("queued", "in_progress")


def measure() -> Iterator[Figure]:
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder, "bucket")
        for number in range(COUNT):
            if number < FOLDERS:
                (root / f"{number:03}").mkdir(parents=True)
            (root / f"{number % FOLDERS:03}" / f"{number:07}.jpg").touch()
        server = targets.labelspace(Path(folder, "server"))
        server.environment |= {"LOCAL_FILES_SERVING_ENABLED": "true", "LOCAL_FILES_DOCUMENT_ROOT": folder}
        server.start(fresh=True)
        try:
            yield from _measure(server, root)
        finally:
            server.stop()


def _measure(server: Server, root: Path) -> Iterator[Figure]:
    project = asyncio.run(_project(server))
    with httpx.Client(base_url=server.url, headers={"Authorization": f"Token {server.token}"}, timeout=120) as client:
        fields = {"project": project, "path": str(root), "use_blob_urls": True, "recursive_scan": True}
        address = f"/api/storages/localfiles/{_made(client, fields)['id']}"
        for what, expected in (("keys listed and linked", COUNT), ("keys listed, nothing new", 0)):
            began, processor = time.perf_counter(), processor_seconds(server.pid)
            found = client.post(f"{address}/sync", json={}).raise_for_status().json()
            while found["status"] in OPEN:
                time.sleep(0.2)
                found = client.get(address).raise_for_status().json()
            if (found["status"], found["last_sync_count"]) != ("completed", expected):
                raise RuntimeError(f"the synchronization ended otherwise: {found}")
            yield Figure(f"{COUNT:,} {what}: time", time.perf_counter() - began, "s", COUNT / PER_SECOND)
            yield Figure("   processor time", processor_seconds(server.pid) - processor, "s")


async def _project(server: Server) -> int:
    api = Api(server)
    try:
        return await api.create_project("Benchmark")
    finally:
        api.close()


def _made(client: httpx.Client, fields: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = client.post("/api/storages/localfiles", json=fields).raise_for_status().json()
    return found
