"""Bring the database to this version: one starter at a time, a backup first, never backwards."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from core.startup import StartError
from core.startup.lock import lock

ADVISORY_LOCK = 0x1ABE15BACE  # any number of our own
KEPT_BACKUPS = 5


def bring_up_to_date(verbosity: int = 0) -> int:
    """Run the migrations that are missing and return how many ran. Raises StartError when the database is from a newer version."""
    if not _pending():
        return 0
    with _only_one():
        pending = _pending()  # another starter may have done it while we waited
        if pending:
            if connection.vendor == "sqlite" and connection.introspection.table_names():
                back_up(Path(settings.DATABASES["default"]["NAME"]), settings.DATA_DIR / "backups")
            call_command("migrate", interactive=False, verbosity=verbosity, skip_checks=True)
        return pending


def _pending() -> int:
    executor = MigrationExecutor(connection)
    known = set(executor.loader.disk_migrations)
    ours = {app for app, _ in known}
    newer = sorted(f"{app}.{name}" for app, name in executor.loader.applied_migrations if app in ours and (app, name) not in known)
    if newer:
        raise StartError(
            f"The database was written by a newer version of Labelspace (it knows {newer[-1]}): install that version, or restore the backup made before the upgrade."
        )
    return len(executor.migration_plan(executor.loader.graph.leaf_nodes()))


@contextmanager
def _only_one() -> Iterator[None]:
    """Hold the starters' lock: in the database on PostgreSQL (many machines), a file in the data directory for SQLite."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [ADVISORY_LOCK])
        try:
            yield
        finally:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [ADVISORY_LOCK])
        return
    database = Path(settings.DATABASES["default"]["NAME"])
    with open(database.with_name(f"{database.name}.starting"), "w", encoding="ascii") as file:
        lock(file)
        yield


def back_up(database: Path, folder: Path) -> Path:
    """Copy an SQLite database, while it may be in use, into `folder`; the oldest copies beyond the last five go. Returns the copy."""
    folder.mkdir(parents=True, exist_ok=True)
    copy = folder / f"{database.stem}-{datetime.now(UTC):%Y%m%d-%H%M%S}-before-{settings.VERSION}.sqlite3"
    draft = copy.with_suffix(".partial")
    with closing(sqlite3.connect(database)) as source, closing(sqlite3.connect(draft)) as target:
        source.backup(target)
        target.execute("PRAGMA journal_mode=DELETE")
    os.chmod(draft, 0o600)
    os.replace(draft, copy)
    for old in sorted(folder.glob(f"{database.stem}-*-before-*.sqlite3"))[:-KEPT_BACKUPS]:
        old.unlink()
    return copy
