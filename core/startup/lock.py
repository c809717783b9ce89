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


def try_lock(file: IO[Any]) -> bool:
    """Hold the file if nobody else does; returns whether it is held now."""
    try:
        fcntl: Any = import_module("fcntl")
    except ModuleNotFoundError:
        return _try_on_windows(file, import_module("msvcrt"))
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _try_on_windows(file: IO[Any], msvcrt: Any) -> bool:
    try:
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
    except OSError:  # somebody else holds it
        return False
    return True


def _lock_on_windows(file: IO[str], msvcrt: Any) -> None:
    while not _try_on_windows(file, msvcrt):
        time.sleep(0.1)
