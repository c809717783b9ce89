"""Runs one training in a folder: `python runner.py FOLDER`. A program of its own, so that it outlives the worker that began it.

Reads `run.json` ({command, environment, seconds}), writes `log`, and at the end `exit` with the exit code: nobody who comes later has to have
been there. It ends the training at its limit, or when a file `stop` appears
or the folder is taken away. The lock that it is given stays held until the training is gone.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

LOOK = 0.25
GRACE = 5.0
TIMED_OUT, STOPPED = 124, 143


def main(folder: Path, lock: int) -> None:
    said = json.loads((folder / "run.json").read_text())
    with (folder / "log").open("ab") as log:
        try:
            process = subprocess.Popen(
                said["command"],
                cwd=folder,
                env=said["environment"],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                pass_fds=(lock,),
            )
        except OSError as error:
            log.write(f"{error}\n".encode())
            code = 127
        else:
            code = wait(process, folder, float(said["seconds"]))
    written = folder / "exit.new"
    with contextlib.suppress(FileNotFoundError):  # nobody waits for it any more
        written.write_text(str(code))
        written.replace(folder / "exit")


def wait(process: subprocess.Popen[bytes], folder: Path, seconds: float) -> int:
    """The exit code; 124 when the time was up, 143 when it was to stop."""
    end = time.monotonic() + seconds
    while True:
        try:
            return process.wait(LOOK)
        except subprocess.TimeoutExpired:
            stop = (folder / "stop").exists() or not (folder / "run.json").exists()
            if stop or time.monotonic() > end:
                finish(process)
                return STOPPED if stop else TIMED_OUT


def finish(process: subprocess.Popen[bytes]) -> None:
    """Its whole process group: first asked, then killed."""
    os.killpg(process.pid, signal.SIGTERM)
    try:
        process.wait(GRACE)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
