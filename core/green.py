"""Greenlets instead of threads (`--use-gevent`). Must come before everything that opens a socket or makes a lock is loaded."""

from __future__ import annotations

from importlib.util import find_spec
from typing import Any

from core.startup import StartError

CONNECTIONS_PER_THREAD = 16  # as many times the connections of WEB_THREADS: a greenlet that waits costs next to nothing


def check() -> None:
    """Raises StartError when gevent is not installed."""
    if find_spec("gevent") is None:
        raise StartError("--use-gevent needs gevent, which is not installed: pip install 'labelspace[gevent]'.")


def patch() -> None:
    """Let sockets, locks and sleeps of the standard library, and PostgreSQL's connections, yield to other greenlets while they wait."""
    check()
    from gevent import monkey

    monkey.patch_all()
    from psycopg2 import extensions

    extensions.set_wait_callback(_wait)


def _wait(connection: Any, timeout: float | None = None) -> None:
    from gevent.socket import wait_read, wait_write
    from psycopg2 import OperationalError, extensions

    while True:
        state = connection.poll()
        if state == extensions.POLL_OK:
            return
        if state == extensions.POLL_READ:
            wait_read(connection.fileno(), timeout=timeout)
        elif state == extensions.POLL_WRITE:
            wait_write(connection.fileno(), timeout=timeout)
        else:
            raise OperationalError(f"unexpected state of the connection: {state}")
