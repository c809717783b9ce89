"""The process beside the server that copies every change off this machine, and looks whether another server has taken over."""

from __future__ import annotations

import json
import os
import selectors
import signal
import socket
import sqlite3
import sys
import tempfile
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

from core.environment import Environment
from durability import copies, drill, lease, state
from durability.litestream import Litestream, LitestreamError
from durability.media import Media
from durability.targets import Target, TargetError, target_of

LOOK_FOR_NEWER = 2.0  # seconds
LONGEST_REST = 60.0
LOCK_SECONDS = 10.0
PRUNE_EVERY = 3600.0
TIDY_EVERY = 24 * 3600.0
FIRST_DRILL = 120.0
LOOK_FOR_DRILL = 3600.0


class Shipper:
    """`run` blocks until a stop signal. Whoever connects to its socket is answered when all that was committed before is shipped."""

    def __init__(self, environment: Environment, target: Target) -> None:
        self.directory = environment.data_directory
        self.database = environment.sqlite_file
        self.replica = state.folder_in(self.directory) / "ltx-files"
        self.target = target
        self.state = state.read(self.directory) or state.State(target=target.name)
        self.state.interval = target.interval
        self.litestream = Litestream(self.database, self.replica)
        self.copy: copies.Copy | None = None
        self.media = Media(target, self.directory / "media")
        self.waiting: list[socket.socket] = []
        self.stopping = False
        self._shipped = -1  # the last transaction that is off this machine
        self._failures = 0
        self._next_shipment = self._next_look = self._next_prune = 0.0
        self._next_tidy = time.monotonic() + TIDY_EVERY
        self._next_drill = time.monotonic() + FIRST_DRILL
        self._drill: threading.Thread | None = None
        self._lock: sqlite3.Connection | None = None

    def run(self) -> None:
        folder = Path(tempfile.mkdtemp(prefix="labelspace-"))
        listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        listener.bind(str(folder / "shipper.sock"))
        os.chmod(folder / "shipper.sock", 0o600)
        listener.listen(256)
        listener.setblocking(False)
        self.state.socket = str(folder / "shipper.sock")
        self.litestream.start()
        try:
            with selectors.DefaultSelector() as selector, _Signals() as waker:
                selector.register(listener, selectors.EVENT_READ)
                selector.register(waker, selectors.EVENT_READ)
                while not self.stopping:
                    for key, _events in selector.select(self._rest()):
                        if key.fileobj is waker:
                            waker.recv(64)
                            self.stopping = True
                    self._accept(listener)
                    self.step()
            self._end()
        finally:
            self.litestream.stop()
            listener.close()
            with suppress(OSError):
                (folder / "shipper.sock").unlink()
                folder.rmdir()

    def step(self) -> None:
        """Ship what is due, look for a newer server, answer who waits."""
        waiting, self.waiting = self.waiting, []
        began = time.time()
        try:
            if not self.state.fenced:
                self._ship(now=bool(waiting) or self.stopping)
                if waiting or time.monotonic() >= self._next_look:
                    self._look()
            self.state.error = ""
            self._failures = 0
        except (TargetError, LitestreamError, OSError) as error:
            self._fail(str(error))
        saved = not self.state.error and not self.state.fenced and self.state.saved_at >= began
        for connection in waiting:
            self._answer(connection, saved)
        self.state.looked_at = time.time()
        state.write(self.directory, self.state)

    def _ship(self, *, now: bool) -> None:
        """Everything committed before this call is shipped when `saved_at` has moved."""
        began = time.time()
        if not self.litestream.running and not self.stopping:
            self.litestream.start()
            time.sleep(0.2)
        self.media.ship(now=self.stopping)
        last = self.litestream.sync()
        if last != self._shipped:
            if not now and time.monotonic() < self._next_shipment:
                return
            if self.copy is None:
                self.copy = copies.Copy(self.target, self.state.generation)
            self.copy.ship(self.replica)
            self._shipped = last
            self._next_shipment = time.monotonic() + self.target.interval
        self.state.saved_at = began
        self._housekeeping()
        self._try_out()

    def _housekeeping(self) -> None:
        """Follow compaction, and drop what nobody needs any more; without haste, since nothing depends on it."""
        if self.stopping or self.copy is None or time.monotonic() < self._next_prune:
            return
        self._next_prune = time.monotonic() + PRUNE_EVERY
        self.copy.ship(self.replica)
        copies.prune(self.target, self.state.generation)
        if time.monotonic() >= self._next_tidy:
            self._next_tidy = time.monotonic() + TIDY_EVERY
            self.target.tidy()

    def _try_out(self) -> None:
        """Once a week, in a thread, restore the copy and compare."""
        if self._drill is not None and not self._drill.is_alive():
            self._drill = None
            self.state.drill = drill.last(self.target)
        if self.stopping or time.monotonic() < self._next_drill:
            return
        self._next_drill = time.monotonic() + LOOK_FOR_DRILL
        self.state.drill = drill.last(self.target)
        if self._drill is None and time.time() - self.state.drill.get("at", 0) > drill.EVERY:
            self._drill = threading.Thread(target=self._run_drill, name="drill", daemon=True)
            self._drill.start()

    def _run_drill(self) -> None:
        with suppress(TargetError):  # the target's trouble is told by the next shipment
            drill.drill(self.target, self.state.generation, self.database)

    def _look(self) -> None:
        self._next_look = time.monotonic() + LOOK_FOR_NEWER
        found = lease.newer(self.target, self.state.generation)
        if found is not None:
            self._give_way(found)

    def _give_way(self, newer: int) -> None:
        """Another server has taken over: refuse every write from now on, ship what was acknowledged until now, and hand over."""
        self.state.fenced = newer
        state.write(self.directory, self.state)
        print(f"labelspace: another server (generation {newer}) has taken over; this one is read-only now.", file=sys.stderr, flush=True)
        # Whoever is in the middle of a transaction ends it; then the lock is ours for as long as we live.
        self._lock = sqlite3.connect(self.database, timeout=LOCK_SECONDS, isolation_level=None, check_same_thread=False)
        with suppress(sqlite3.OperationalError):
            self._lock.execute("BEGIN IMMEDIATE")
        self._ship(now=True)
        lease.release(self.target, self.state.generation)

    def _end(self) -> None:
        """The server has stopped: ship the rest, and hand over."""
        self.step()
        if self.state.error or self.state.fenced:
            return
        try:
            lease.release(self.target, self.state.generation)
        except TargetError as error:
            print(f"labelspace: {error}", file=sys.stderr, flush=True)

    def _fail(self, reason: str) -> None:
        if reason != self.state.error:
            print(f"labelspace: the data is not copied off this machine: {reason}", file=sys.stderr, flush=True)
        self.state.error = reason
        self._failures += 1
        self.media.forget()
        self.copy = None  # what arrived of a broken shipment is asked for again

    def _rest(self) -> float:
        if self.waiting:
            return 0.0
        if self._failures:
            return float(min(LONGEST_REST, 2 ** min(self._failures - 1, 6)))
        return min(self.target.interval, 1.0)

    def _accept(self, listener: socket.socket) -> None:
        while True:
            try:
                connection, _address = listener.accept()
            except BlockingIOError:
                return
            self.waiting.append(connection)

    def _answer(self, connection: socket.socket, saved: bool) -> None:
        with suppress(OSError), connection:
            connection.settimeout(1)
            connection.sendall(json.dumps({"saved": saved, "error": self.state.error}).encode() + b"\n")


class _Signals:
    """A socket that becomes readable with a stop signal."""

    def __enter__(self) -> socket.socket:
        self.reader, self.writer = socket.socketpair()
        self.writer.setblocking(False)
        signal.set_wakeup_fd(self.writer.fileno(), warn_on_full_buffer=False)
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, lambda _number, _frame: None)
        return self.reader

    def __exit__(self, *_error: Any) -> None:
        signal.set_wakeup_fd(-1)
        self.reader.close()
        self.writer.close()


def ship(environment: Environment, *, supervised: bool = False) -> None:
    """Run beside the server until a stop signal."""
    target = target_of(environment)
    if target is not None:
        Shipper(environment, target).run()
