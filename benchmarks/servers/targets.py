"""The servers that are measured: the floor, Labelspace, and the peer where it is installed."""

from __future__ import annotations

import os
import shutil
import socket
import sys
from pathlib import Path

from benchmarks.servers.process import Server

ROOT = Path(__file__).resolve().parent.parent.parent
TOKEN = "0123456789abcdef0123456789abcdef01234567"
EMAIL, PASSWORD = "admin@example.com", "Admin-pass-1!"
THREADS = [
    "-w",
    "1",
    "-k",
    "gthread",
    "--threads",
    "8",
    "--keep-alive",
    "75",
    "--timeout",
    "600",
    "--log-level",
    "warning",
    "--no-control-socket",
]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def floor(folder: Path) -> Server:
    url = f"http://127.0.0.1:{free_port()}"
    command = [sys.executable, "-m", "gunicorn", "--chdir", str(ROOT), "-b", "127.0.0.1:{port}", *THREADS, "benchmarks.servers.floor:app"]
    return Server("floor", url, "x", command, {"FLOOR_DB": "{data}/floor.sqlite3"}, any_token=True, folder=folder)


def labelspace(folder: Path, *, processes: int | None = None) -> Server:
    """As people start it: supervisor, web processes and worker. On PostgreSQL when the caller's environment says so."""
    environment = {
        "LABEL_STUDIO_BASE_DATA_DIR": "{data}",
        "LABEL_STUDIO_USERNAME": EMAIL,
        "LABEL_STUDIO_PASSWORD": PASSWORD,
        "LABEL_STUDIO_USER_TOKEN": TOKEN,
        "LABEL_STUDIO_DISABLE_SIGNUP_WITHOUT_LINK": "false",
        **({"WEB_CONCURRENCY": str(processes)} if processes else {}),
    }
    command = [sys.executable, "-P", "-m", "labelspace", "start", "--port", "{port}", "--no-browser"]
    return Server("labelspace", f"http://127.0.0.1:{free_port()}", TOKEN, command, environment, folder=folder)


def peer(folder: Path) -> Server | None:
    """Label Studio by its own command, when `PEER` names its executable or the path has one that is not ours."""
    executable = os.environ.get("PEER") or shutil.which("label-studio")
    if not executable or Path(executable).resolve().parent == Path(sys.executable).resolve().parent:
        return None
    command = [executable, "start", "--no-browser", "--internal-host", "127.0.0.1", "--port", "{port}", "--data-dir", "{data}", "--username", EMAIL,
               "--password", PASSWORD, "--user-token", TOKEN, "--enable-legacy-api-token"]  # fmt: skip
    quiet = {
        "COLLECT_ANALYTICS": "false",
        "LATEST_VERSION_CHECK": "false",
        "SENTRY_DSN": "",
        "FRONTEND_SENTRY_DSN": "",
        "LABEL_STUDIO_BASE_DATA_DIR": "{data}",
        "HOME": "{data}",
    }
    return Server("peer", f"http://127.0.0.1:{free_port()}", TOKEN, command, quiet, folder=folder)
