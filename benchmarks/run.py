"""The server benchmark: the same work on Labelspace, on the floor (raw SQL over HTTP), and on the peer where it is installed.

python benchmarks/run.py --quick                              sizes of 1,000; under a minute a server
python benchmarks/run.py --full --out full.jsonl              1,000, 10,000 and 100,000 tasks
python benchmarks/run.py --metrics import,export --sizes 100000 --servers floor,labelspace
python benchmarks/run.py --report full.jsonl                  medians as a table, with percent of the floor

One JSON line per figure. Servers are worked in turn, so that a noisy minute hits all of them; wall times still vary by a factor of two on a
shared machine, processor seconds hold better.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import signal
import statistics
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path
from typing import Any, TextIO

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.servers import targets
from benchmarks.servers.dialect import Api
from benchmarks.servers.metrics import FULL, METRICS, QUICK, Line, Sizes
from benchmarks.servers.process import Server, proportional_mb, resident_mb

BASE = "floor"


def main() -> int:
    options = _options()
    if options.report:
        print(report([json.loads(line) for path in options.report for line in Path(path).read_text().splitlines()]))
        return 0
    sizes = FULL if options.full else QUICK
    if options.sizes:
        sizes = replace(sizes, tasks=tuple(map(int, options.sizes.split(","))))
    if options.clients:
        sizes = replace(
            sizes, clients={int(people): int(count) for people, count in (part.split(":") for part in options.clients.split(","))}
        )
    for number in (signal.SIGTERM, signal.SIGINT):  # so that the servers we started end with us
        signal.signal(number, lambda *_: sys.exit("interrupted"))
    with tempfile.TemporaryDirectory(prefix="benchmark-") as name:
        made = {"floor": targets.floor, "labelspace": targets.labelspace, "peer": targets.peer}
        servers = [server for which in options.servers.split(",") if (server := made[which](Path(name))) is not None]
        out = open(options.out, "a") if options.out else None  # noqa: SIM115 - open until the process ends
        rows = run(servers, options.metrics.split(","), sizes, options.repeat, out)
    print("\n" + report(rows))
    return int(any(row["unit"] == "failure" for row in rows))


def run(servers: list[Server], metrics: list[str], sizes: Sizes, repeat: int, out: TextIO | None) -> list[dict[str, Any]]:
    """Start all servers, do all work on each, stop them; returns the figures as dictionaries."""
    rows: list[dict[str, Any]] = []

    def keep(server: Server, line: Line) -> None:
        rounded = {name: round(value, 3) if isinstance(value, float) else value for name, value in line.more.items()}
        rows.append(
            {"server": server.name, "metric": line.metric, "n": line.n, "value": round(line.value, 3), "unit": line.unit, **rounded}
        )
        text = json.dumps(rows[-1])
        print(text, flush=True)
        if out is not None:
            print(text, file=out, flush=True)

    try:
        for server in servers:
            keep(server, Line("start, empty", 1, server.start(fresh=True), "s", {"cpu_s": server.processor()}))
            server.stop()
            keep(server, Line("start, warm", 1, server.start(fresh=False), "s", {"cpu_s": server.processor()}))
            time.sleep(1)
            assert server.pid is not None
            keep(server, Line("memory, idle", 1, proportional_mb(server.pid), "MB", {"rss_mb": resident_mb(server.pid)}))
        for _ in range(repeat):
            for metric in metrics:
                for server in servers:
                    asyncio.run(_work(server, metric, sizes, keep))
    finally:
        for server in servers:
            server.stop()
    return rows


async def _work(server: Server, metric: str, sizes: Sizes, keep: Any) -> None:
    api = Api(server)
    try:
        async for line in METRICS[metric](server, api, sizes):
            keep(server, line)
    except Exception as error:  # noqa: BLE001 - a piece of work that breaks is a figure too, and the others go on
        keep(server, Line(metric, 0, 1, "failure", {"why": f"{type(error).__name__}: {error}"[:300]}))
    finally:
        api.close()


def report(rows: list[dict[str, Any]]) -> str:
    """Medians as a table. In brackets: percent of the floor's speed, processor seconds, peak memory."""
    names = list(dict.fromkeys(row["server"] for row in rows))
    keys = list(dict.fromkeys((row["metric"], row["n"], row["unit"]) for row in rows))
    lines = ["| what | n | " + " | ".join(names) + " |", "|---|---|" + "---|" * len(names)]
    for key in keys:
        found = {name: [row for row in rows if row["server"] == name and (row["metric"], row["n"], row["unit"]) == key] for name in names}
        middle = {name: statistics.median(row["value"] for row in some) for name, some in found.items() if some}
        cells = [
            _cell(key[2], middle[name], middle.get(BASE) if name != BASE else None, found[name][-1]) if name in middle else ""
            for name in names
        ]
        lines.append(f"| {key[0]} | {key[1]:,} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def _cell(unit: str, value: float, base: float | None, row: dict[str, Any]) -> str:
    more = []
    if base and value and unit != "MB":
        more.append(f"{(value / base if unit.endswith('/s') else base / value) * 100:.0f}% of the floor")
    if "cpu_ms" in row:
        more.append(f"{row['cpu_ms']:.1f} CPU ms")
    elif "cpu_ms_each" in row:
        more.append(f"{row['cpu_ms_each']:.2f} CPU ms each, {row['annotated_twice']} twice, {row['errors']} errors")
    elif "cpu_s" in row:
        more.append(f"{row['cpu_s']:.2f} CPU s")
    if "peak_pss_mb" in row:
        more.append(f"peak {row['peak_pss_mb']:.0f} MB")
    shown = f"{value:,.0f}" if value >= 100 else f"{value:.3g}"
    return f"{shown} {unit}" + (f" ({', '.join(more)})" if more else "") + (f" {row['why']}" if "why" in row else "")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    size = parser.add_mutually_exclusive_group()
    size.add_argument("--quick", action="store_true", help="1,000 tasks (as without any option)")
    size.add_argument("--full", action="store_true", help="up to 100,000 tasks")
    parser.add_argument("--servers", default="floor,labelspace,peer")
    parser.add_argument("--metrics", default=",".join(METRICS))
    parser.add_argument("--sizes", help="numbers of tasks, by commas")
    parser.add_argument("--clients", help="annotators:annotations, by commas, like 1:200,8:400")
    parser.add_argument("--repeat", type=int, default=1)
    parser.add_argument("--out", help="append the lines to this file too")
    parser.add_argument("--report", nargs="+", metavar="FILE", help="only print the table of files written before")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
