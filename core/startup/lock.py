"""An exclusive lock on a file, on every system: held until the file is closed."""

from __future__ import annotations

import time
from importlib import import_module
from typing import IO, Any


def lock(file: IO[str]) -> None:
    """Wait until nobody else holds the file, then hold it."""
    try:
        fcntl: Any = import_module("fcntl")
    except ModuleNotFoundError:
        _lock_on_windows(file, import_module("msvcrt"))
        return
    fcntl.flock(file, fcntl.LOCK_EX)


def _lock_on_windows(file: IO[str], msvcrt: Any) -> None:
    while True:
        try:
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
            return
        except OSError:  # somebody else holds it
            time.sleep(0.1)
