"""A child of the supervisor that outlives it would hold the database and serve nobody: it stops when its parent is gone."""

from __future__ import annotations

import os
import signal
import threading
import time

SECONDS = 1.0


def stop_with_parent() -> None:
    """Watch the parent process from a thread; when it has died, even by SIGKILL, this process gets a SIGTERM."""
    parent = os.getppid()

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(SECONDS)
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=watch, name="parent-watch", daemon=True).start()
