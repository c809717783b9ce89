"""A child of the supervisor that outlives it would hold the database and serve nobody: it stops when its parent is gone."""

from __future__ import annotations

import os
import signal
import threading
import time

SECONDS = 0.5
GRACE = 9.0  # seconds from the signal to the end, whatever holds the process up: as the supervisor gives its children


def stop_with_parent(parent: int) -> None:
    """Watch the process `parent` from a thread; when it has died, even by SIGKILL, this process gets a SIGTERM, and a SIGKILL after GRACE.

    The parent says its own id: asked for later, it could already be the id of whoever adopts orphans. Call this first of all, before anything
    slow is loaded.
    """

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(SECONDS)
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(GRACE)
        os.kill(os.getpid(), signal.SIGKILL)

    threading.Thread(target=watch, name="parent-watch", daemon=True).start()
