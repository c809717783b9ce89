"""`start` where there is no fork, no process group and no socket to hand on (Windows): two children, started again when they die.

They end when the pipe that is their standard input closes, which it does however this process ends. Never imports Django.
"""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from types import FrameType

from core.supervision import GRACE, LONGEST_WAIT, QUICK_DEATHS, SETTLED

SECONDS = 0.2


@dataclass
class Kept:
    """A process kept alive."""

    name: str
    command: Sequence[str]
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    deaths: int = 0
    start_at: float = 0.0

    def look(self) -> None:
        """Start it when it is due, note its death."""
        now = time.monotonic()
        if self.process is None:
            if now >= self.start_at:
                self.process = subprocess.Popen(self.command, stdin=subprocess.PIPE)
                self.started = now
        elif self.process.poll() is not None:
            print(f"labelspace: the {self.name} ended ({self.process.returncode}); starting it again.", file=sys.stderr, flush=True)
            self.deaths = 1 if now - self.started > SETTLED else self.deaths + 1
            self.start_at = now + min(0.25 * 2 ** (self.deaths - 1), LONGEST_WAIT)
            self.process = None

    def end(self, deadline: float) -> None:
        if self.process is None:
            return
        try:
            self.process.wait(max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def ask_to_end(self) -> None:
        if self.process is not None and self.process.stdin is not None:
            with suppress(OSError):
                self.process.stdin.close()


def keep(before: Sequence[Sequence[str]], children: Sequence[Kept], address: tuple[str, int], on_ready: Callable[[], None]) -> int:
    """Run the commands `before`, then keep the children alive until Ctrl-C or SIGTERM; returns the exit code.

    `on_ready` is called once, when something answers at `address`.
    """
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        for command in before:
            code = subprocess.call(command)
            if code:
                return code
        waiting = True
        while True:
            for child in children:
                child.look()
            if any(child.deaths >= QUICK_DEATHS for child in children):
                print("labelspace: it ended too often; giving up.", file=sys.stderr, flush=True)
                return 1
            if waiting and _answers(address):
                waiting = False
                on_ready()
            time.sleep(SECONDS)
    except KeyboardInterrupt:
        return 0
    finally:
        for child in children:
            child.ask_to_end()
        deadline = time.monotonic() + GRACE
        for child in children:
            child.end(deadline)


def _interrupt(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _answers(address: tuple[str, int]) -> bool:
    try:
        socket.create_connection(address, timeout=1).close()
    except OSError:
        return False
    return True
