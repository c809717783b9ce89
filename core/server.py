"""The web server: gunicorn on a socket that the supervisor opened, or that it opens itself when it runs alone."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import Any

import gunicorn
import gunicorn.http.wsgi
from gunicorn.app.base import BaseApplication
from gunicorn.arbiter import Arbiter

from core.below import below
from core.environment import Environment
from core.environment.space import Space
from core.green import CONNECTIONS_PER_THREAD

GRACEFUL = 8  # seconds that requests under way have after the stop signal
MOST_PROCESSES = 4
MEMORY_PER_PROCESS = 1 << 30  # a web process needs a tenth of it; the rest is the worker's, the caches' and the database's
LARGEST_TEMPORARY_FOLDER = "/dev/shm"


class ParentWatch(Arbiter):
    """Stops when the supervisor has died, even by SIGKILL. `parent` is its process id, said by itself: it may be gone before we ask."""

    def __init__(self, app: BaseApplication, parent: int) -> None:
        super().__init__(app)
        self._parent = parent

    def murder_workers(self) -> None:  # called once a second
        if os.getppid() != self._parent:
            raise StopIteration
        super().murder_workers()


class Server(BaseApplication):
    """`listener` is what gunicorn calls a bind: `fd://3` or `0.0.0.0:8080`."""

    def __init__(self, environment: Environment, listener: str, ready_fd: int | None = None, parent: int | None = None) -> None:
        self.environment = environment
        self.listener = listener
        self.ready_fd = ready_fd
        self.parent = os.getppid() if parent is None else parent
        super().__init__()

    def load_config(self) -> None:
        environment = self.environment
        settings: dict[str, Any] = {
            "bind": [self.listener],
            "worker_class": "gevent" if environment.use_gevent else "gthread",
            "worker_connections": environment.web_threads * CONNECTIONS_PER_THREAD if environment.use_gevent else 1000,
            "certfile": str(environment.tls_cert) if environment.tls_cert else None,
            "keyfile": str(environment.tls_key) if environment.tls_key else None,
            "workers": environment.web_concurrency or default_processes(environment.space),
            "threads": environment.web_threads,
            "preload_app": True,
            "timeout": 60,
            "graceful_timeout": GRACEFUL,
            "keepalive": 15,
            "control_socket_disable": True,
            "worker_tmp_dir": LARGEST_TEMPORARY_FOLDER if os.access(LARGEST_TEMPORARY_FOLDER, os.W_OK) else None,
            "forwarded_allow_ips": "*" if environment.proxies else "127.0.0.1,::1",
            "loglevel": environment.log_level.lower(),
            "when_ready": self.announce,
            "post_fork": close_inherited_connections,
        }
        for name, value in settings.items():
            self.cfg.set(name, value)

    def load(self) -> Callable[..., Iterable[bytes]]:
        from django.urls import get_resolver

        from core.wsgi import application

        _ = get_resolver().url_patterns  # every view is loaded once, before the processes part
        return below(self.environment.public_path, application)

    def announce(self, arbiter: Arbiter) -> None:
        # What is loaded now lives as long as the server: collecting it would only copy shared pages in every worker.
        gc.collect()
        gc.freeze()
        if self.ready_fd is not None:
            with suppress(BrokenPipeError):  # after a restart nobody listens any more
                os.write(self.ready_fd, b"1")
            os.close(self.ready_fd)
            self.ready_fd = None

    def run(self) -> None:
        ParentWatch(self, self.parent).run()


def close_inherited_connections(arbiter: Arbiter, worker: Any) -> None:
    """A database connection must not be shared by two processes."""
    from django.db import connections

    connections.close_all()


def default_processes(space: Space) -> int:
    """As many as this process may use cores (affinity and container limit; on a Space what it says of its hardware), at most 4."""
    if space.cores is not None:
        room = space.memory // MEMORY_PER_PROCESS if space.memory is not None else MOST_PROCESSES
        return max(1, min(space.cores, room, MOST_PROCESSES))
    try:
        cores = len(os.sched_getaffinity(0))
    except AttributeError:  # not Linux
        cores = os.cpu_count() or 1
    try:
        with open("/sys/fs/cgroup/cpu.max", encoding="ascii") as file:
            quota, period = file.read().split()
            if quota != "max":
                cores = min(cores, max(1, round(int(quota) / int(period))))
    except (OSError, ValueError):
        return min(cores, MOST_PROCESSES)  # no container limit to read
    return min(cores, MOST_PROCESSES)


class _Unnamed(gunicorn.http.wsgi.Response):
    """An answer that does not tell which server made it."""

    def default_headers(self) -> list[str]:
        return [line for line in super().default_headers() if not line.startswith("Server:")]


gunicorn.http.wsgi.Response = _Unnamed


def serve(environment: Environment, listener: str, ready_fd: int | None = None, parent: int | None = None) -> None:
    """Serve until a stop signal."""
    try:
        Server(environment, listener, ready_fd, parent).run()
    except RuntimeError as error:
        print(f"labelspace: the web server cannot start: {error}", file=sys.stderr)
        sys.exit(1)
