"""Real storage servers on loopback, started when a test first asks for one and ended with the run: moto (S3), an emulator of Google Cloud
Storage, Azurite (Azure Blob) and Redis. Each has a free port of its own, so that parallel runs do not meet."""

from __future__ import annotations

import fcntl
import hashlib
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BIN = Path(sys.executable).parent
CACHE = ROOT / ".cache" / "services"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def served(name: str, command: Callable[[int], Sequence[str]], seconds: float = 60) -> Iterator[int]:
    """Run a server on a free port until the block ends; yields the port once it answers."""
    port = free_port()
    CACHE.mkdir(parents=True, exist_ok=True)
    log = CACHE / f"{name}-{port}.log"
    with log.open("wb") as output:
        process = subprocess.Popen(command(port), stdout=output, stderr=subprocess.STDOUT, cwd=CACHE)
        try:
            end = time.monotonic() + seconds
            while True:
                if process.poll() is not None or time.monotonic() > end:
                    raise RuntimeError(f"{name} did not start: {log.read_text(errors='replace')[-2000:]}")
                try:
                    socket.create_connection(("127.0.0.1", port), timeout=1).close()
                    break
                except OSError:
                    time.sleep(0.1)
            yield port
        finally:
            process.kill()
            process.wait()
            log.unlink(missing_ok=True)


def s3(port: int) -> list[str]:
    return [str(BIN / "moto_server"), "-H", "127.0.0.1", "-p", str(port)]


def gcs(port: int) -> list[str]:
    return [str(BIN / "gcp-storage-emulator"), "start", "--host", "127.0.0.1", "--port", str(port), "--in-memory"]


def redis(port: int) -> list[str]:
    found = shutil.which("redis-server")
    if not found:
        raise RuntimeError("There is no redis-server: install your system's.")
    return [found, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]


def azure(port: int) -> list[str]:
    return [
        *_azurite(),
        "--silent",
        "--inMemoryPersistence",
        "--disableTelemetry",
        "--skipApiVersionCheck",
        "--blobHost",
        "127.0.0.1",
        "--blobPort",
        str(port),
    ]


def _azurite() -> list[str]:
    """Azurite's command, installed from its lock file once for all runs."""
    import hatch_build

    here = Path(__file__).parent / "azurite"
    lock = (here / "package-lock.json").read_bytes()
    folder = CACHE / f"azurite-{hashlib.sha256(lock).hexdigest()[:12]}"
    environment = hatch_build.node_environment()
    node = shutil.which("node", path=environment["PATH"]) or "node"
    script = folder / "node_modules" / "azurite" / "dist" / "src" / "blob" / "main.js"
    CACHE.mkdir(parents=True, exist_ok=True)
    with (CACHE / "azurite.lock").open("w") as gate:
        fcntl.flock(gate, fcntl.LOCK_EX)
        if not (folder / "complete").exists():
            shutil.rmtree(folder, ignore_errors=True)
            shutil.copytree(here, folder)
            install = [node, environment["LABELSPACE_NPM"], "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
            subprocess.run(install, cwd=folder, env=environment, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            (folder / "complete").touch()
    return [node, str(script)]
