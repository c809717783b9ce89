"""What the worker does again and again beside its jobs, each in threads of its own: hand out events, send what is due.

A room adds a loop in `AppConfig.ready()`: `register_loop(name, step)`. The consumers of events share one: they only write rows.
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
# Who rests that long gives its database connection back: dozens of idle ones would cost more than opening one now and then.
LONG_REST = 10.0
FOREMAN_SECONDS = 0.5


@dataclass(frozen=True)
class Loop:
    """`step` does a little and returns whether there may be more to do at once; else the loop rests for `seconds`.

    With `threads` above 1, and with several workers, the same step runs in several places at once: it takes its work by a claim in the database.
    The first thread looks for work; the others are called in while it is busy for longer than a rest.
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
    return [Loop("events", _hand_out), *_loops.values()]


def _hand_out() -> bool:
    # Each has its turn before anybody is asked again: one with more to do does not keep the others waiting.
    more = [_step(Loop(f"events-{consumer.name}", partial(deliver_next, consumer))) for consumer in consumers()]
    return any(more)


class RunningLoops:
    """The threads of a worker: `start` them, and `end` them (between two steps) before the process ends."""

    def __init__(self) -> None:
        self._ended = threading.Event()
        self._crews = [_Crew(loop, self._ended) for loop in loops()]
        self._foreman = threading.Thread(target=self._call_in, name="foreman", daemon=True)

    def start(self) -> None:
        for crew in self._crews:
            crew.start(crew.lead)
        self._foreman.start()

    def _call_in(self) -> None:
        pools = [crew for crew in self._crews if crew.loop.threads > 1]
        while not self._ended.wait(FOREMAN_SECONDS):
            for crew in pools:
                crew.call_in()

    def end(self) -> None:
        self._ended.set()
        deadline = time.monotonic() + END_SECONDS
        if self._foreman.is_alive():
            self._foreman.join(END_SECONDS)
        for crew in self._crews:
            for thread in crew.threads:
                thread.join(max(0.0, deadline - time.monotonic()))


class _Crew:
    """The threads of one loop."""

    def __init__(self, loop: Loop, ended: threading.Event) -> None:
        self.loop = loop
        self.threads: list[threading.Thread] = []
        self._ended = ended
        self._busy_since: float | None = None

    def start(self, run: Callable[[], None]) -> None:
        thread = threading.Thread(target=run, name=f"{self.loop.name}-{len(self.threads) + 1}", daemon=True)
        self.threads.append(thread)
        thread.start()

    def lead(self) -> None:
        try:
            while not self._ended.is_set():
                self._busy_since = self._busy_since or time.monotonic()
                if _step(self.loop):
                    continue
                self._busy_since = None
                if self.loop.seconds >= LONG_REST:
                    connection.close()
                self._ended.wait(self.loop.seconds)
        finally:
            connection.close()

    def call_in(self) -> None:
        """Start the threads that are missing when the first has been at work for longer than a rest."""
        since = self._busy_since
        if since is None or time.monotonic() - since < self.loop.seconds:
            return
        self.threads = [thread for thread in self.threads if thread.is_alive()]
        for _missing in range(self.loop.threads - len(self.threads)):
            self.start(self._join_in)

    def _join_in(self) -> None:
        try:
            while not self._ended.is_set() and _step(self.loop):
                pass
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
