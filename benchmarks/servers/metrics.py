"""What is measured: each metric is one coroutine that does a piece of work on one server and yields its figures."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from benchmarks.servers.dialect import Api
from benchmarks.servers.http import StatusError
from benchmarks.servers.payload import NEEDLE, tasks, with_needle
from benchmarks.servers.process import Peak, Server


@dataclass(frozen=True)
class Sizes:
    """How much of everything. `clients` maps concurrent annotators to the annotations they make together."""

    tasks: tuple[int, ...] = (1_000,)
    list_requests: int = 10
    annotate_tasks: int = 1_000
    clients: dict[int, int] = field(default_factory=lambda: {1: 40, 8: 80})
    projects: int = 20


QUICK = Sizes()
FULL = Sizes((1_000, 10_000, 100_000), 15, 10_000, {1: 200, 8: 400, 32: 600}, 100)


@dataclass(frozen=True)
class Line:
    """One figure: `n` says of how many tasks or people; `more` holds processor seconds, peak memory and the like."""

    metric: str
    n: int
    value: float
    unit: str
    more: dict[str, Any] = field(default_factory=dict)


Metric = Callable[[Server, Api, Sizes], AsyncIterator[Line]]


def percentile(values: list[float], percent: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, max(0, round(percent / 100 * len(ordered) + 0.5) - 1))]


async def timed(server: Server, work: Awaitable[Any]) -> tuple[float, dict[str, float], Any]:
    """(seconds, what the server spent meanwhile, what the work gave)."""
    spent, mine = server.processor(), time.process_time()
    with Peak(server.pid) as peak:
        began = time.perf_counter()
        found = await work
        took = time.perf_counter() - began
    more = {
        "cpu_s": server.processor() - spent,
        "client_cpu_s": time.process_time() - mine,
        "peak_pss_mb": peak.proportional,
        "peak_rss_mb": peak.resident,
    }
    return took, more, found


async def overhead(server: Server, api: Api, sizes: Sizes) -> AsyncIterator[Line]:
    """The cheapest page, one client: what a request costs before any work."""
    times = []
    for _ in range(200):
        began = time.perf_counter()
        await api.health()
        times.append(time.perf_counter() - began)
    yield Line("health", 1, percentile(times, 50) * 1_000, "ms", {"p95_ms": percentile(times, 95) * 1_000})


async def imports(server: Server, api: Api, sizes: Sizes) -> AsyncIterator[Line]:
    for count in sizes.tasks:
        for name, call, kind in (
            ("import, JSON body", api.import_json, {}),
            ("import, file", api.import_file, {}),
            ("import, 1 prediction each", api.import_json, {"predictions": True}),
            ("import, 1 annotation each", api.import_json, {"annotations": True}),
        ):
            body = tasks(count, **kind)
            project = await api.create_project(f"{name} {count}")
            took, more, written = await timed(server, call(project, body))
            if written != count:
                raise RuntimeError(f"{written} of {count} tasks were imported")
            yield Line(name, count, count / took, "tasks/s", {"s": took, **more})
            await api.delete_project(project)


async def lists(server: Server, api: Api, sizes: Sizes) -> AsyncIterator[Line]:
    for count in sizes.tasks[-2:]:
        project = await api.create_project(f"list {count}")
        await api.import_json(project, tasks(count))
        for name, page, query, rows in (
            ("list, first page", 1, {}, min(count, 100)),
            ("list, page in the middle", count // 200, {}, 100),
            ("list, last page", count // 100, {}, 100),
            ("list, text contains, newest first", 1, {"contains": NEEDLE, "order": "-tasks:id"}, min(100, with_needle(count))),
        ):
            times, spent, size = [], server.processor(), 0
            for _ in range(sizes.list_requests):
                began = time.perf_counter()
                found, size = await api.page(project, page, contains=query.get("contains", ""), order=query.get("order", ""))
                times.append(time.perf_counter() - began)
                if found != rows:
                    raise RuntimeError(f"{name}: {found} rows instead of {rows}")
            yield Line(
                name,
                count,
                percentile(times, 50) * 1_000,
                "ms",
                {"p95_ms": percentile(times, 95) * 1_000, "cpu_ms": (server.processor() - spent) / len(times) * 1_000, "kb": size / 1_000},
            )
        took, spent_by, _ = await timed(server, api.delete_project(project))
        yield Line("delete the project", count, took, "s", spent_by)


async def exports(server: Server, api: Api, sizes: Sizes) -> AsyncIterator[Line]:
    for count in sizes.tasks[-2:]:
        for name, kind, everything in (
            ("export JSON, bare tasks", {}, True),
            ("export JSON, 1 annotation each", {"annotations": True}, False),
        ):
            project = await api.create_project(f"export {count}")
            await api.import_json(project, tasks(count, **kind))
            keep = count <= 10_000
            took, more, answer = await timed(server, api.export(project, everything=everything, keep=keep))
            if keep and len(json.loads(answer.body)) != count:
                raise RuntimeError("the export is not whole")
            yield Line(name, count, count / took, "tasks/s", {"s": took, "mb": answer.size / 1e6, **more})
            await api.delete_project(project)


async def project_list(server: Server, api: Api, sizes: Sizes) -> AsyncIterator[Line]:
    made = [await api.create_project(f"listed {number}") for number in range(sizes.projects)]
    times = []
    for _ in range(10):
        began = time.perf_counter()
        if await api.projects() < min(len(made), 100):
            raise RuntimeError("projects are missing from the list")
        times.append(time.perf_counter() - began)
    yield Line("list of projects", len(made), percentile(times, 50) * 1_000, "ms", {"p95_ms": percentile(times, 95) * 1_000})
    for project in made:
        await api.delete_project(project)


@dataclass
class Labelling:
    """What annotators saw. With an overlap of 1, a task given or answered twice is lost work."""

    left: int
    errors: dict[str, int] = field(default_factory=dict)
    given_twice: int = 0
    done: dict[int, int] = field(default_factory=dict)
    held: dict[int, int] = field(default_factory=dict)
    next_s: list[float] = field(default_factory=list)
    submit_s: list[float] = field(default_factory=list)


async def annotate(server: Server, api: Api, sizes: Sizes) -> AsyncIterator[Line]:
    people = await api.annotators(max(sizes.clients))
    for clients, total in sizes.clients.items():
        project = await api.create_project(f"annotate {clients}")
        await api.import_json(project, tasks(sizes.annotate_tasks))
        seen = Labelling(total)
        took, more, _ = await timed(server, asyncio.gather(*(_label(who, people[who], project, seen) for who in range(clients))))
        made = sum(seen.done.values())
        times = {
            f"{name}_p{percent}_ms": percentile(values, percent) * 1_000
            for name, values in (("next", seen.next_s), ("submit", seen.submit_s))
            if values
            for percent in (50, 95, 99)
        }
        yield Line(
            "annotate",
            clients,
            made / took,
            "annotations/s",
            {"made": made, "errors": sum(seen.errors.values()), "error_kinds": seen.errors, "given_twice": seen.given_twice,
             "annotated_twice": sum(count > 1 for count in seen.done.values()), "cpu_ms_each": more["cpu_s"] / max(1, made) * 1_000, **times, **more},
        )  # fmt: skip
        await api.delete_project(project)
    for person in people:
        person.close()


async def _label(who: int, api: Api, project: int, seen: Labelling) -> None:
    failures = 0
    while seen.left > 0 and failures < 5:
        seen.left -= 1
        try:
            began = time.perf_counter()
            task = await api.next_task(project)
            seen.next_s.append(time.perf_counter() - began)
            if task is None:
                return
            seen.given_twice += seen.held.get(task, who) != who or task in seen.done
            seen.held[task] = who
            began = time.perf_counter()
            await api.annotate(project, task, "Positive")
            seen.submit_s.append(time.perf_counter() - began)
            seen.done[task] = seen.done.get(task, 0) + 1
            seen.held.pop(task, None)
        except (StatusError, ConnectionError, asyncio.IncompleteReadError, TimeoutError) as error:
            failures += 1
            seen.errors[str(error)[:160]] = seen.errors.get(str(error)[:160], 0) + 1


METRICS: dict[str, Metric] = {
    "overhead": overhead,
    "import": imports,
    "list": lists,
    "export": exports,
    "annotate": annotate,
    "projects": project_list,
}
