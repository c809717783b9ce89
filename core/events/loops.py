"""What the worker does again and again beside its jobs, each in threads of its own: hand out events, send what is due.

A room adds a loop in `AppConfig.ready()`: `register_loop(name, step)`. The consumers of events are loops by themselves.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from django.db import DatabaseError, connection

from core.events.consumers import consumers
from core.events.delivery import deliver_next

logger = logging.getLogger("labelspace.events")

END_SECONDS = 6.0
BATCH_STEPS = 10_000


@dataclass(frozen=True)
class Loop:
    """`step` does a little and returns whether there may be more to do at once; else the loop rests for `seconds`.

    With `threads` above 1, and with several workers, the same step runs in several places at once: it takes its work by a claim in the database.
    """

    name: str
    step: Callable[[], bool]
    seconds: float = 1.0
    threads: int = 1


_loops: dict[str, Loop] = {}


def register_loop(name: str, step: Callable[[], bool], *, seconds: float = 1.0, threads: int = 1) -> None:
    _loops[name] = Loop(name, step, seconds, threads)


def loops() -> list[Loop]:
    """The consumers of events first, then what rooms have registered."""
    return [*(Loop(f"events-{consumer.name}", partial(deliver_next, consumer)) for consumer in consumers()), *_loops.values()]


class RunningLoops:
    """The threads of a worker: `start` them, and `end` them (between two steps) before the process ends."""

    def __init__(self) -> None:
        self._ended = threading.Event()
        self._threads = [
            threading.Thread(target=_run, args=[loop, self._ended], name=f"{loop.name}-{number}", daemon=True)
            for loop in loops()
            for number in range(1, loop.threads + 1)
        ]

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def end(self) -> None:
        self._ended.set()
        deadline = time.monotonic() + END_SECONDS
        for thread in self._threads:
            if thread.is_alive():
                thread.join(max(0.0, deadline - time.monotonic()))


def _run(loop: Loop, ended: threading.Event) -> None:
    try:
        while not ended.is_set():
            if not _step(loop):
                ended.wait(loop.seconds)
    finally:
        connection.close()


def _step(loop: Loop) -> bool:
    try:
        return loop.step()
    except DatabaseError as error:
        logger.warning("%s was put off: %s", loop.name, error)
        connection.close_if_unusable_or_obsolete()
    except Exception:
        logger.exception("%s failed; it goes on with its next step", loop.name)
    return False


def run_loops_until_idle() -> None:
    """Do what is waiting in this thread, as `worker --batch` does with jobs."""
    for loop in loops():
        for _step_number in range(BATCH_STEPS):
            if not _step(loop):
                break
