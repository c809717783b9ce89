"""100,000 tasks of 1 KB: import, pages of the list, export; and the memory of the whole server meanwhile (shared pages count once)."""

from __future__ import annotations

import asyncio
import os
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

from benchmarks.figure import Figure
from benchmarks.servers import targets
from benchmarks.servers.dialect import Api
from benchmarks.servers.metrics import timed
from benchmarks.servers.payload import tasks
from benchmarks.servers.process import Server

COUNT = int(os.environ.get("BENCHMARK_TASKS", "100000"))
MEMORY = 300  # MB


def measure() -> Iterator[Figure]:
    with tempfile.TemporaryDirectory() as folder:
        server = targets.labelspace(Path(folder))
        server.start(fresh=True)
        try:
            yield from asyncio.run(_all(server))
        finally:
            server.stop()


async def _all(server: Server) -> list[Figure]:
    return [figure async for figure in _measure(server)]


async def _measure(server: Server) -> AsyncIterator[Figure]:
    api = Api(server)
    project = await api.create_project("Benchmark")
    body = tasks(COUNT)
    took, more, _ = await timed(server, api.import_json(project, body))
    yield Figure(f"import of {COUNT:,} tasks, {len(body) / 1e6:.0f} MB: time", took, "s")
    yield Figure("   processor time", more["cpu_s"], "s")
    yield Figure("   peak memory", more["peak_pss_mb"], "MB", MEMORY)
    last = COUNT // 100
    for name, page in (("first page", 1), (f"page {last * 9 // 10}", last * 9 // 10), ("last page", last)):
        await api.page(project, page)
        took, more, _ = await timed(server, api.page(project, page))
        yield Figure(f"list of 100 tasks, {name}", took * 1_000, "ms")
    yield Figure("   peak memory", more["peak_pss_mb"], "MB", MEMORY)
    took, more, answer = await timed(server, api.export(project, everything=True))
    yield Figure(f"export of all, {answer.size / 1e6:.0f} MB: time", took, "s")
    yield Figure("   processor time", more["cpu_s"], "s")
    yield Figure("   peak memory", more["peak_pss_mb"], "MB", MEMORY)
    annotated = await api.create_project("Annotated")
    took, more, _ = await timed(server, api.import_json(annotated, tasks(COUNT, annotations=True)))
    yield Figure("import with 1 annotation each: processor time", more["cpu_s"], "s")
    yield Figure("   peak memory", more["peak_pss_mb"], "MB", MEMORY)
    took, more, _ = await timed(server, api.export(annotated))
    yield Figure("export of annotated tasks: processor time", more["cpu_s"], "s")
    yield Figure("   peak memory", more["peak_pss_mb"], "MB", MEMORY)
    api.close()
