"""A trial: the copy is restored into a scratch file and compared with the database. A copy that nobody has restored is none."""

from __future__ import annotations

import json
import sqlite3
import tempfile
import time
from contextlib import closing
from pathlib import Path
from typing import Any

from durability import archive, copies
from durability.litestream import LitestreamError
from durability.targets import Target, TargetError

NAME = "drill.json"
EVERY = 7 * 24 * 3600.0


def last(target: Target) -> dict[str, Any]:
    """What the last trial found; {} when there was none."""
    try:
        found: dict[str, Any] = json.loads(target.read(NAME))
    except (KeyError, ValueError):
        return {}
    return found


def drill(target: Target, generation: int, database: Path) -> dict[str, Any]:
    """Restore the copy and compare row counts; returns `{at, seconds, rows, error}`, also kept in the target. Raises TargetError when it cannot be kept."""
    began = time.time()
    before = _rows(database)
    found: dict[str, Any] = {"at": began, "rows": 0, "error": ""}
    try:
        with tempfile.TemporaryDirectory(dir=database.parent, prefix=".drill-") as scratch:
            restored = Path(scratch) / "database.sqlite3"
            copies.bring(target, generation, list(target.names(copies.folder_of(generation))), restored)
            there = _rows(restored)
        found["rows"] = sum(there.values())
        found["error"] = _difference(before, there, _rows(database))
    except (LitestreamError, TargetError, sqlite3.Error, OSError) as error:
        found["error"] = str(error)
    found["seconds"] = round(time.time() - began, 1)
    target.write({NAME: json.dumps(found).encode()})
    return found


def _rows(database: Path) -> dict[str, int]:
    with closing(sqlite3.connect(f"{database.as_uri()}?mode=ro", uri=True)) as connection:
        return archive.rows(connection)


def _difference(before: dict[str, int], there: dict[str, int], after: dict[str, int]) -> str:
    """The copy was made at some moment between the two counts of a database that people work in."""
    for table in sorted(before.keys() | there.keys()):
        least, most = sorted((before.get(table, 0), after.get(table, 0)))
        if not least - abs(most - least) <= there.get(table, 0) <= most:
            return f"{table} has {there.get(table, 0)} rows in the copy and {before.get(table, 0)} here."
    return ""
