"""Runs every suite, one line each, and says at the end `N passed, M failed`. A suite that cannot run, or runs no test, has failed.

python tests/run.py             what `make test` runs
python tests/run.py --full      `make test-all`: full sizes, every screenshot, the real peers
python tests/run.py types e2e   only these (and the front end's build, which others need)
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
import xml.etree.ElementTree as ET
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOGS = ROOT / ".cache" / "tests"
PYTHON = sys.executable
BIN = Path(sys.executable).parent
TAIL = 80  # lines of a failed suite's output that are shown
sys.path.insert(0, str(ROOT))

import hatch_build  # noqa: E402 - the root is not on the path before


@dataclass(frozen=True)
class Counts:
    passed: int = 0
    failed: int = 0
    skipped: int = 0


@dataclass(frozen=True)
class Suite:
    """`count` reads how many tests passed from `report`; without a report the suite is one test, passed when the command succeeds.

    `alone`: it uses both cores of a small machine. Others that follow each other run two at a time.
    """

    name: str
    command: list[str]
    report: str = ""
    count: Callable[[Path], Counts] | None = None
    environment: dict[str, str] = field(default_factory=dict)
    seconds: int = 1200
    folder: Path = ROOT
    only_full: bool = False
    alone: bool = True


def junit(path: Path) -> Counts:
    suites = ET.parse(path).getroot().iter("testsuite")
    total = failed = skipped = 0
    for suite in suites:
        total += int(suite.get("tests", 0))
        failed += int(suite.get("failures", 0)) + int(suite.get("errors", 0))
        skipped += int(suite.get("skipped", 0))
    return Counts(max(0, total - failed - skipped), failed, skipped)


def vitest(path: Path) -> Counts:
    found = json.loads(path.read_text(encoding="utf-8"))
    return Counts(
        found["numPassedTests"],
        found["numFailedTests"] + found.get("numFailedTestSuites", 0) * (not found["numFailedTests"]),
        found["numPendingTests"],
    )


def pytest_suite(name: str, *arguments: str, processes: int = 2, **more: object) -> Suite:
    report = f"{name}.xml"
    command = [PYTHON, "-m", "pytest", "-q", "--no-header", "-n", str(processes), f"--junit-xml={LOGS / report}", *arguments]
    return Suite(name, command, report, junit, **more)  # type: ignore[arg-type]


def npm_suite(name: str, *arguments: str, report: str = "") -> Suite:
    npm = hatch_build.node_environment()
    return Suite(
        name,
        ["node", npm["LABELSPACE_NPM"], "run", "--silent", *arguments],
        report,
        vitest if report else None,
        {"PATH": npm["PATH"]},
        folder=ROOT / "frontend",
        alone=False,
    )


NEEDED = "frontend build"
APART = ["e2e", "client", "packaging", "io_storages", "schema", "peers"]  # folders of tests/ that are suites of their own


def suites() -> list[Suite]:
    rooms = ["tests", *(f"--ignore=tests/{folder}" for folder in APART)]
    return [
        Suite(NEEDED, [PYTHON, "hatch_build.py"]),
        Suite("types", [str(BIN / "mypy")], environment={"LABEL_STUDIO_BASE_DATA_DIR": str(LOGS / "data")}, alone=False),
        Suite("lint", [str(BIN / "ruff"), "check", "."], alone=False),
        Suite("format", [str(BIN / "ruff"), "format", "--check", "."], alone=False),
        Suite("contracts", [str(BIN / "lint-imports"), "--no-cache"], alone=False),
        npm_suite("frontend types", "check"),
        npm_suite("frontend lint", "lint"),
        npm_suite("frontend", "test", "--", "--reporter=json", f"--outputFile={LOGS / 'frontend.json'}", report="frontend.json"),
        npm_suite("budgets of bytes", "budget"),
        pytest_suite("python-sqlite", *rooms),
        pytest_suite("python-postgres", *rooms, environment={"TEST_DB": "postgres"}),
        # One process each: every process starts servers of four kinds.
        pytest_suite("storages-sqlite", "tests/io_storages", processes=1, alone=False),
        pytest_suite("storages-postgres", "tests/io_storages", processes=1, environment={"TEST_DB": "postgres"}, alone=False),
        pytest_suite("client", "tests/client"),
        pytest_suite("client-postgres", "tests/client", environment={"TEST_DB": "postgres"}),
        pytest_suite("schema", "tests/schema", processes=0, seconds=3600, alone=False),
        pytest_suite("packaging", "tests/packaging", processes=0, alone=False),
        pytest_suite("e2e", "tests/e2e", processes=1, seconds=1800),
        Suite("screenshots", [PYTHON, "tests/screenshots.py"], seconds=600, only_full=True),
        pytest_suite("peers", "tests/peers", processes=0, only_full=True),
        Suite("peer", [PYTHON, "benchmarks/beside_peer.py"], seconds=900, only_full=True),
    ]


RUNNING: set[subprocess.Popen[bytes]] = set()


def run(suite: Suite, full: bool) -> tuple[Counts, str]:
    """(counts, why it failed as a whole or ""). Output goes to .cache/tests/<name>.log."""
    log = LOGS / f"{suite.name.replace(' ', '-')}.log"
    report = LOGS / suite.report if suite.report else None
    if report:
        report.unlink(missing_ok=True)
    environment = {**os.environ, **suite.environment, **({"TEST_FULL": "1"} if full else {})}
    with log.open("wb") as output:
        try:
            process = subprocess.Popen(
                suite.command, cwd=suite.folder, env=environment, stdout=output, stderr=subprocess.STDOUT, process_group=0
            )
        except OSError as error:
            return Counts(failed=1), f"could not be started: {error}"
        RUNNING.add(process)
        try:
            code = process.wait(timeout=suite.seconds * (4 if full else 1))
        except BaseException as error:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            if isinstance(error, subprocess.TimeoutExpired):
                return Counts(failed=1), f"was stopped after {int(error.timeout)} s"
            raise
        finally:
            RUNNING.discard(process)
    if suite.count is None or report is None:
        return (Counts(passed=1), "") if code == 0 else (Counts(failed=1), f"exit code {code}")
    if not report.exists():
        return Counts(failed=1), f"could not run (exit code {code}, no report)"
    counts = suite.count(report)
    if counts.passed + counts.failed == 0:
        return Counts(failed=1), "ran no tests"
    if code and not counts.failed:
        return Counts(counts.passed, 1, counts.skipped), f"exit code {code}"
    return counts, ""


@dataclass(frozen=True)
class Program:
    """A program of the system that suites need: any of `names`; Debian's `package`; what to do `otherwise`."""

    names: tuple[str, ...]
    package: str
    otherwise: str
    elsewhere: str = ""  # a pattern below the home folder


CHROMIUM = Program(
    ("chromium", "chromium-browser", "google-chrome"),
    "chromium",
    "There is no Chromium: install your system's, or run `.venv/bin/playwright install chromium`.",
    ".cache/ms-playwright/chromium*",
)
REDIS = Program(("redis-server",), "redis-server", "There is no redis-server: install your system's.")
NEEDS = {"e2e": CHROMIUM, "screenshots": CHROMIUM, "storages-sqlite": REDIS, "storages-postgres": REDIS}


def ensure(program: Program | None) -> str:
    """ "" when the program is there or could be installed, else the sentence that says what to do."""
    if program is None:
        return ""
    if any(map(shutil.which, program.names)) or (program.elsewhere and any(Path.home().glob(program.elsewhere))):
        return ""
    if os.geteuid() == 0 and shutil.which("apt-get"):
        print(f"installing {program.package} with apt …", flush=True)
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "env": {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}}
        for command in (["apt-get", "update", "-q"], ["apt-get", "install", "-q", "-y", "--no-install-recommends", program.package]):
            subprocess.run(command, check=False, **quiet)  # type: ignore[call-overload]
        if any(map(shutil.which, program.names)):
            return ""
    return program.otherwise


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("suites", nargs="*")
    parser.add_argument("--full", action="store_true")
    options = parser.parse_args()
    LOGS.mkdir(parents=True, exist_ok=True)
    found = [
        suite
        for suite in suites()
        if (options.full or not suite.only_full) and (not options.suites or suite.name in [*options.suites, NEEDED])
    ]
    unknown = set(options.suites) - {suite.name for suite in suites()}
    if unknown:
        parser.error(f"no suite is called {', '.join(sorted(unknown))}; there are: {', '.join(suite.name for suite in suites())}")
    began = time.monotonic()
    counted: list[Counts] = []
    with ThreadPoolExecutor(2) as pool:
        try:
            for alone, group in groupby(found, key=lambda suite: suite.alone):
                together = list(group)
                for some in [[suite] for suite in together] if alone else [together]:
                    counted += pool.map(lambda suite: tell(suite, options.full), some)
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            for process in RUNNING:
                os.killpg(process.pid, signal.SIGKILL)
            raise
    failed = sum(counts.failed for counts in counted)
    print(f"in {time.monotonic() - began:.0f} s")
    print(f"{sum(counts.passed for counts in counted)} passed, {failed} failed", flush=True)
    return 1 if failed else 0


SAYING = threading.Lock()


def tell(suite: Suite, full: bool) -> Counts:
    """Run a suite and print its line; of one that failed the end of its output too."""
    started = time.monotonic()
    with SAYING:
        trouble = ensure(NEEDS.get(suite.name))
    counts, why = (Counts(failed=1), trouble) if trouble else run(suite, full)
    details = (
        f"{counts.passed} passed"
        + (f", {counts.failed} failed" if counts.failed else "")
        + (f", {counts.skipped} skipped" if counts.skipped else "")
    )
    verdict = "ok" if not counts.failed else "FAILED"
    with SAYING:
        print(f"{suite.name + ' ':.<24} {verdict} ({details}, {time.monotonic() - started:.0f} s){': ' + why if why else ''}", flush=True)
        if counts.failed and not trouble:
            log = LOGS / f"{suite.name.replace(' ', '-')}.log"
            print(f"--- the end of {log.relative_to(ROOT)}")
            print("\n".join(log.read_text(encoding="utf-8", errors="replace").splitlines()[-TAIL:]))
            print("---", flush=True)
    return counts


if __name__ == "__main__":
    sys.exit(main())
