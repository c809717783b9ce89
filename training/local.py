"""Trainings on this machine: which scripts there are, and the folder that one runs in."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from django.conf import settings

from core.rawjson import dump_json
from core.startup.lock import try_lock
from training.models import TrainingRun

PREDICTIONS = "predictions.jsonl"
LOG_SHOWN = 8_000  # characters of the end of a log
# What a script sees of this server's environment: never its secrets.
PASSED = ("PATH", "HOME", "LANG", "TMPDIR", "TZ", "VIRTUAL_ENV", "HF_TOKEN", "HF_ENDPOINT", "HF_HOME", "LD_LIBRARY_PATH")
PASSED_FAMILIES = ("LC_", "CUDA_", "NVIDIA_", "SSL_", "OMP_")


def scripts() -> dict[str, Path]:
    """Name → file of the folder that TRAINING_SCRIPTS names: Python files, and whatever is executable."""
    folder = settings.ENVIRONMENT.training_scripts
    if not folder or sys.platform == "win32":
        return {}
    try:
        found = sorted(Path(folder).iterdir())
    except OSError:
        return {}
    return {one.name: one for one in found if one.is_file() and (one.suffix == ".py" or os.access(one, os.X_OK))}


def folder_of(run: TrainingRun) -> Path:
    """What a run has on this machine's disk."""
    return Path(settings.DATA_DIR) / "training" / run.key


def attempt_of(run: TrainingRun) -> Path:
    return folder_of(run) / str(run.attempts)


def start(run: TrainingRun) -> None:
    """Begin the run's attempt, if it has not begun. It goes on when this process ends."""
    script = scripts().get(run.script)
    command = [str(script)] if script is None or script.suffix != ".py" else [sys.executable, str(script)]
    folder = attempt_of(run)
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("ab") as lock:
        if (folder / "exit").exists() or not try_lock(lock):
            return
        said = {"command": command, "environment": _environment(run, folder), "seconds": run.minutes * 60}
        (folder / "run.json").write_bytes(dump_json(said))
        subprocess.Popen(
            [sys.executable, str(Path(__file__).with_name("runner.py")), str(folder), str(lock.fileno())],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            pass_fds=(lock.fileno(),),
        )


def exit_code(run: TrainingRun) -> int | None:
    """The code that the attempt ended with; None while it runs; -1 when it is gone without one."""
    folder = attempt_of(run)
    if not folder.exists():
        return -1
    with (folder / "lock").open("ab") as lock:
        gone = try_lock(lock)
    try:
        # (After the lock: who lets it go has written this before.)
        return int((folder / "exit").read_text())
    except FileNotFoundError:
        return -1 if gone else None


def stop(run: TrainingRun) -> None:
    folder = attempt_of(run)
    if folder.exists():
        (folder / "stop").touch()


def log_of(run: TrainingRun) -> str:
    try:
        with (attempt_of(run) / "log").open("rb") as file:
            file.seek(max(0, file.seek(0, os.SEEK_END) - LOG_SHOWN))
            return file.read().decode("utf-8", "replace").replace("\0", "")
    except OSError:
        return ""


def forget(run: TrainingRun) -> None:
    shutil.rmtree(folder_of(run), ignore_errors=True)


def _environment(run: TrainingRun, folder: Path) -> dict[str, str]:
    found = {name: value for name, value in os.environ.items() if name in PASSED or name.startswith(PASSED_FAMILIES)}
    return {**found, **told_to_script(run), "LABELSPACE_OUTPUT": str(folder)}


def told_to_script(run: TrainingRun) -> dict[str, str]:
    """What every script is told, wherever it runs."""
    return {
        "LABELSPACE_RUN": run.key,
        "LABELSPACE_DATASET": run.dataset,
        "LABELSPACE_REVISION": run.revision,
        "LABELSPACE_MODEL": run.base_model,
        "LABELSPACE_QUEUE": run.queue,
    }
