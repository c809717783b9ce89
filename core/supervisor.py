"""The parent process: starts web server and background worker, starts them again when they die, and stops them cleanly. Never imports Django."""

from __future__ import annotations

import os
import selectors
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from dataclasses import dataclass
from types import FrameType

from core.supervision import GRACE, LONGEST_WAIT, QUICK_DEATHS, SETTLED
from core.waiting import WaitingPage

STOP_SIGNALS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)


@dataclass
class Child:
    """A process kept alive. `pass_fds` stay open in it under the same numbers. `last`: it is told to stop when all others have ended."""

    name: str
    command: Sequence[str]
    pass_fds: tuple[int, ...] = ()
    last: bool = False
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    deaths: int = 0
    start_at: float = 0.0

    def start(self) -> None:
        # A group of its own: a terminal's Ctrl-C must reach the parent only, which then signals each child once.
        self.process = subprocess.Popen(self.command, pass_fds=self.pass_fds, process_group=0)
        self.started = time.monotonic()

    def signal(self, number: int, *, group: bool = False) -> None:
        if self.process is not None:
            with suppress(ProcessLookupError):
                (os.killpg if group else os.kill)(self.process.pid, number)

    def died(self, now: float) -> None:
        """Note the death and when to start again."""
        self.deaths = 1 if now - self.started > SETTLED else self.deaths + 1
        self.start_at = now + min(0.25 * 2 ** (self.deaths - 1), LONGEST_WAIT)
        self.process = None


class Supervisor:
    """`run` blocks until a stop signal or until a child cannot be kept alive; returns the exit code.

    `ready_fd` is the reading end of a pipe on which the web server writes one byte when it answers; `on_ready` is then called once.
    `listener` is closed at the stop signal, so that nobody new is let in. `meanwhile` is entered while the commands before run.
    """

    def __init__(
        self,
        children: Sequence[Child],
        listener: socket.socket | None = None,
        ready_fd: int | None = None,
        on_ready: Callable[[], None] = lambda: None,
        meanwhile: AbstractContextManager[object] | None = None,
    ) -> None:
        self.children = list(children)
        self.listener = listener
        self.ready_fd = ready_fd
        self.on_ready = on_ready
        self.meanwhile = meanwhile or nullcontext()
        self.stopping: float | None = None
        self.last_told: float | None = None
        self.exit_code = 0

    def run(self, before: Sequence[Sequence[str]] = ()) -> int:
        """Run the commands `before` one after the other, then keep the children alive. A failing command's exit code is returned."""
        with _wakeup() as (received, waker), selectors.DefaultSelector() as selector:
            selector.register(waker, selectors.EVENT_READ)
            if self.ready_fd is not None:
                selector.register(self.ready_fd, selectors.EVENT_READ)
            with self.meanwhile:
                for command in before:
                    code = self._run_once(command, received, selector, waker)
                    if code is not None:
                        if self.stopping is None and isinstance(self.meanwhile, WaitingPage) and self.meanwhile.trouble:
                            self._show(received, selector, waker)
                        return code
            for child in self.children:
                child.start()
            while True:
                self._handle(received)
                self._reap()
                if self.stopping is not None and not any(child.process for child in self.children if not child.last):
                    self._tell_the_last()
                    if not any(child.process for child in self.children):
                        return self.exit_code
                self._restart_or_kill()
                self._wait(selector, waker)

    def _show(self, received: list[int], selector: selectors.BaseSelector, waker: socket.socket) -> None:
        """Leave the page that says why nothing starts until a stop signal: a platform that starts us again and again would hide it."""
        while not received:
            self._wait(selector, waker)
            for _gone in _ended():
                pass

    def _run_once(self, command: Sequence[str], received: list[int], selector: selectors.BaseSelector, waker: socket.socket) -> int | None:
        """None when the command succeeded and nobody asked to stop, else the exit code."""
        child = Child("preparation", command)
        child.start()
        status: int | None = None
        while status is None:
            self._wait(selector, waker)
            while received:
                self.stopping = time.monotonic()
                child.signal(received.pop(0))
            for pid, ended in _ended():
                if child.process and pid == child.process.pid:
                    child.process.returncode = status = ended
        if self.stopping is not None:
            return 0
        return None if status == 0 else (status if status > 0 else 1)

    def _handle(self, received: list[int]) -> None:
        while received:
            received.pop(0)
            if self.stopping is None:
                self._stop()

    def _stop(self) -> None:
        self.stopping = time.monotonic()
        if self.listener is not None:
            self.listener.close()
        for child in self.children:
            if not child.last:
                child.signal(signal.SIGTERM)

    def _tell_the_last(self) -> None:
        if self.last_told is None:
            self.last_told = time.monotonic()
            for child in self.children:
                if child.last:
                    child.signal(signal.SIGTERM)

    def _reap(self) -> None:
        now = time.monotonic()
        for pid, status in _ended():
            child = next((one for one in self.children if one.process and one.process.pid == pid), None)
            if child is None or child.process is None:
                continue  # as process 1 of a container we also inherit other people's orphans
            child.process.returncode = status
            child.died(now)
            if self.stopping is None:
                print(f"labelspace: the {child.name} ended ({_describe(status)}); starting it again.", file=sys.stderr, flush=True)
                if child.deaths >= QUICK_DEATHS:
                    print(f"labelspace: the {child.name} ended {QUICK_DEATHS} times in a row; giving up.", file=sys.stderr, flush=True)
                    self.exit_code = 1
                    self._stop()

    def _restart_or_kill(self) -> None:
        now = time.monotonic()
        if self.stopping is None:
            for child in self.children:
                if child.process is None and now >= child.start_at:
                    child.start()
        else:
            for child in self.children:
                told = self.last_told if child.last else self.stopping
                if told is not None and now - told > GRACE:
                    child.signal(signal.SIGKILL, group=True)

    def _wait(self, selector: selectors.BaseSelector, waker: socket.socket) -> None:
        waiting = self.stopping is not None or any(child.process is None for child in self.children)
        for key, _ in selector.select(0.1 if waiting else 60.0):
            if key.fileobj is waker:
                with suppress(BlockingIOError):
                    waker.recv(4096)
            elif self.ready_fd is not None:
                selector.unregister(self.ready_fd)
                os.read(self.ready_fd, 64)
                os.close(self.ready_fd)
                self.ready_fd = None
                if self.stopping is None:
                    self.on_ready()


def _ended() -> Iterator[tuple[int, int]]:
    """(process id, exit code or minus signal) of every child that has ended since the last call."""
    while True:
        try:
            pid, status = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return
        if pid == 0:
            return
        yield pid, os.waitstatus_to_exitcode(status)


def _describe(status: int) -> str:
    return f"exit code {status}" if status >= 0 else signal.Signals(-status).name


@contextmanager
def _wakeup() -> Iterator[tuple[list[int], socket.socket]]:
    """Signals as data: a list of stop signals received, and a socket that becomes readable with any signal, also SIGCHLD."""
    received: list[int] = []
    waker, writer = socket.socketpair()
    waker.setblocking(False)
    writer.setblocking(False)

    def note(number: int, frame: FrameType | None) -> None:
        received.append(number)

    previous = {number: signal.signal(number, note) for number in STOP_SIGNALS}
    previous[signal.SIGCHLD] = signal.signal(signal.SIGCHLD, lambda number, frame: None)
    wakeup_before = signal.set_wakeup_fd(writer.fileno(), warn_on_full_buffer=False)
    try:
        yield received, waker
    finally:
        signal.set_wakeup_fd(wakeup_before)
        for number, handler in previous.items():
            signal.signal(number, handler)
        waker.close()
        writer.close()
