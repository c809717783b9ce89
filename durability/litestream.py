"""The litestream process: it turns the database's changes into small immutable files in a folder, and those into a database again."""

from __future__ import annotations

import ctypes
import http.client
import json
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

DIE_WITH_PARENT = 1  # PR_SET_PDEATHSIG
SYNC_SECONDS = 30.0


class LitestreamError(Exception):
    """`str(error)` is a sentence."""


def program() -> str:
    """The executable. Raises LitestreamError when it is not installed."""
    found = shutil.which("litestream", path=str(Path(sys.executable).parent)) or shutil.which("litestream")
    if not found:
        raise LitestreamError("To copy the database off this machine, litestream is needed: pip install 'labelspace[durable]'.")
    return found


class Litestream:
    """Replicates `database` into the folder `replica`. `sync` returns when everything committed before is there."""

    def __init__(self, database: Path, replica: Path) -> None:
        self.database, self.replica = database, replica
        self._folder = Path(tempfile.mkdtemp(prefix="labelspace-"))  # a socket's path may have about 100 characters only
        self._socket = self._folder / "litestream.sock"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        self.replica.mkdir(parents=True, exist_ok=True)
        settings = {
            "socket": {"enabled": True, "path": str(self._socket)},
            "snapshot": {"interval": "24h", "retention": "25h"},
            "dbs": [
                {
                    "path": str(self.database),
                    "replica": {"type": "file", "path": str(self.replica), "sync-interval": "1s"},
                }
            ],
            "logging": {"level": "warn", "stderr": True},
        }
        file = self._folder / "litestream.yml"
        file.write_text(json.dumps(settings), encoding="utf-8")  # JSON is YAML
        self._process = subprocess.Popen(
            [program(), "replicate", "-no-expand-env", "-config", str(file)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            preexec_fn=_die_with_parent if sys.platform == "linux" else None,  # two of them on one database would disturb each other
        )

    @property
    def running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def sync(self) -> int:
        """Returns the number of the last transaction that is in the folder. Raises LitestreamError."""
        connection = _Local(self._socket)
        try:
            connection.request(
                "POST",
                "/sync",
                json.dumps({"path": str(self.database), "wait": True, "timeout": int(SYNC_SECONDS)}),
                {"Content-Type": "application/json"},
            )
            answer = connection.getresponse()
            body: Any = json.loads(answer.read() or b"{}")
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise LitestreamError(f"litestream does not answer ({error}).") from None
        finally:
            connection.close()
        if answer.status != 200 or body.get("replicated_txid", 0) < body.get("txid", 0):
            raise LitestreamError(f"litestream could not copy the database: {body.get('error') or body}")
        return int(body.get("replicated_txid", 0))

    def stop(self) -> None:
        if self._process is not None and self._process.poll() is None:
            self._process.send_signal(signal.SIGTERM)
            try:
                self._process.wait(5)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
        shutil.rmtree(self._folder, ignore_errors=True)


def forget(database: Path, replica: Path) -> None:
    """Remove what litestream knows of a database, so that it begins with a new snapshot."""
    shutil.rmtree(database.with_name(f".{database.name}-litestream"), ignore_errors=True)
    shutil.rmtree(replica, ignore_errors=True)


def restore(replica: Path, database: Path) -> None:
    """Make `database` of a folder of litestream's files. Raises LitestreamError when they do not add up to one."""
    done = subprocess.run(
        [program(), "restore", "-no-expand-env", "-o", str(database), replica.absolute().as_uri()],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
    )
    if done.returncode or not database.exists():
        lines = (done.stderr or done.stdout).strip().splitlines()
        raise LitestreamError(lines[-1] if lines else "litestream restored nothing")


class _Local(http.client.HTTPConnection):
    def __init__(self, path: Path) -> None:
        super().__init__("localhost", timeout=SYNC_SECONDS + 5)
        self._path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(self.timeout)
        self.sock.connect(str(self._path))


def _die_with_parent() -> None:
    ctypes.CDLL(None).prctl(DIE_WITH_PARENT, signal.SIGTERM)
