"""`labelspace backup` and `labelspace restore`: everything in one file, and back."""

from __future__ import annotations

import os
import sqlite3
import subprocess
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from tests.durability.place import COMMAND, Place

pytestmark = pytest.mark.skipif(os.environ.get("TEST_DB") == "postgres", reason="SQLite only; once is enough")


def labelspace(place: Place, *arguments: object) -> subprocess.CompletedProcess[str]:
    command = [COMMAND[0], *map(str, arguments)]
    return subprocess.run(command, cwd=place.folder, env=place.environment, capture_output=True, text=True, timeout=120)


def tasks_in(place: Place) -> int:
    with closing(sqlite3.connect(place.data / "labelspace.sqlite3")) as connection:
        return int(connection.execute("SELECT count(*) FROM tasks_task").fetchone()[0])


def test_everything_in_one_file_and_back(tmp_path: Path, place_with: Callable[..., Place]) -> None:
    place, file = place_with("off"), tmp_path / "backup.zip"
    (place.data / "media" / "upload").mkdir(parents=True, exist_ok=True)
    (place.data / "media" / "upload" / "a.txt").write_text("a file")
    key = (place.data / "secret_key").read_text()
    done = labelspace(place, "backup", file)
    assert done.returncode == 0, done.stderr
    assert file.stat().st_mode & 0o077 == 0  # it holds the key
    refused = labelspace(place, "restore", file)
    assert refused.returncode == 2
    assert "--force" in refused.stderr
    with closing(sqlite3.connect(place.data / "labelspace.sqlite3")) as connection:
        connection.execute("DELETE FROM tasks_task")
        connection.commit()
    assert labelspace(place, "restore", file, "--force").returncode == 0
    assert tasks_in(place) == 50
    assert list((place.data / "backups").glob("*superseded*"))
    place.lose_disk()
    assert labelspace(place, "restore", file).returncode == 0
    assert (tasks_in(place), (place.data / "media" / "upload" / "a.txt").read_text()) == (50, "a file")
    assert (place.data / "secret_key").read_text() == key
    file.write_bytes(file.read_bytes()[:-100])
    broken = labelspace(place, "restore", file, "--force")
    assert broken.returncode == 2
    assert "no backup" in broken.stderr
    assert tasks_in(place) == 50
