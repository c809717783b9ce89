"""A child of the supervisor that outlives it would hold the database and serve nobody: it stops when its parent is gone."""

from __future__ import annotations

import _thread
import os
import signal
import sys
import threading
import time

from core.supervision import GRACE

SECONDS = 0.5


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


def stop_with_input() -> None:
    """The same where processes are not told of their parent's death: standard input is a pipe from it, and its end is the parent's wish or end."""

    def watch() -> None:
        while sys.stdin.buffer.read(1):
            pass
        _thread.interrupt_main()
        time.sleep(GRACE)
        os._exit(1)

    threading.Thread(target=watch, name="parent-watch", daemon=True).start()
