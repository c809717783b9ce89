"""One file that holds everything this server knows: the database, the uploaded files, the secret key."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import time
import zipfile
from contextlib import closing
from pathlib import Path
from typing import Any

from core.environment import Environment
from core.startup import StartError
from core.startup.keys import FILE as KEY_FILE
from core.startup.keys import prepare_data_directory
from durability import boot, copies
from durability.targets import target_of

DATABASE, KEY, MEDIA, MANIFEST = "database.sqlite3", "secret_key", "media/", "manifest.json"
FORMAT = 1
STORED = (".png", ".jpg", ".jpeg", ".webp", ".mp3", ".mp4", ".ogg", ".webm", ".zip", ".gz", ".parquet")  # packing gains nothing


def back_up(environment: Environment, file: Path, version: str) -> dict[str, Any]:
    """Write the archive, whole or not at all, while the server may run. Returns its manifest. Raises StartError."""
    if not environment.on_sqlite:
        raise StartError("The database is PostgreSQL: copy it with pg_dump, and the data directory beside it.")
    if not environment.sqlite_file.exists():
        raise StartError(f"There is no database at {environment.sqlite_file}.")
    draft = file.with_name(f".{file.name}.{os.getpid()}")
    scratch = file.with_name(f".{file.name}.{os.getpid()}.sqlite3")
    try:
        with closing(sqlite3.connect(environment.sqlite_file)) as source, closing(sqlite3.connect(scratch)) as copy:
            source.backup(copy)
            copy.execute("PRAGMA journal_mode=DELETE")
            manifest = {
                "format": FORMAT,
                "version": version,
                "made": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
                "rows": rows(copy),
            }
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as opened:
            with zipfile.ZipFile(opened, "w", zipfile.ZIP_DEFLATED) as archive:
                archive.writestr(MANIFEST, json.dumps(manifest, indent=1))
                archive.write(scratch, DATABASE)
                key = environment.data_directory / KEY_FILE
                if not environment.secret_key and key.exists():
                    archive.write(key, KEY)
                for path in sorted((environment.data_directory / "media").rglob("*")):
                    if path.is_file():
                        packing = zipfile.ZIP_STORED if path.suffix.lower() in STORED else zipfile.ZIP_DEFLATED
                        archive.write(path, MEDIA + path.relative_to(environment.data_directory / "media").as_posix(), packing)
            opened.flush()
            os.fsync(opened.fileno())
        os.replace(draft, file)
    except OSError as error:
        raise StartError(f"{file} cannot be written ({error.strerror or error}).") from None
    finally:
        draft.unlink(missing_ok=True)
        scratch.unlink(missing_ok=True)
    return manifest


def restore(environment: Environment, file: Path, *, force: bool = False) -> dict[str, Any]:
    """Put the archive's state in place of this server's, which must not run. What was there is moved to `backups/`. Returns the manifest.

    Raises StartError for a file that is no such archive, a damaged one, and without `force` when there is data already.
    """
    if not environment.on_sqlite:
        raise StartError("The database is PostgreSQL: restore it with pg_restore, and the data directory beside it.")
    directory = prepare_data_directory(environment.data_directory)
    if boot.has_tables(environment.sqlite_file) and not force:
        raise StartError(f"There is data in {environment.sqlite_file} already: say --force to move it to {directory / 'backups'} first.")
    scratch = directory / f".restoring-{os.getpid()}"
    try:
        with zipfile.ZipFile(file) as archive:
            manifest: dict[str, Any] = json.loads(archive.read(MANIFEST))
            if manifest.get("format") != FORMAT:
                raise StartError(f"{file} was made by a newer version of Labelspace: install that version.")
            scratch.mkdir()
            archive.extract(DATABASE, scratch)
            if trouble := copies.check(scratch / DATABASE):
                raise StartError(f"{file} is damaged: {trouble}")
            for member in archive.infolist():
                if member.filename.startswith(MEDIA) or member.filename == KEY:
                    archive.extract(member, scratch)  # extract never leaves the folder
    except (OSError, zipfile.BadZipFile, KeyError, ValueError) as error:
        shutil.rmtree(scratch, ignore_errors=True)
        raise StartError(f"{file} is no backup of Labelspace that can be read ({getattr(error, 'strerror', None) or error}).") from None
    except StartError:
        shutil.rmtree(scratch, ignore_errors=True)
        raise
    boot.set_aside(environment.sqlite_file, directory)
    environment.sqlite_file.parent.mkdir(parents=True, exist_ok=True)
    if (scratch / "media").is_dir():
        if (directory / "media").exists():
            shutil.move(directory / "media", directory / "backups" / f"media-{time.time_ns()}")
        shutil.move(scratch / "media", directory / "media")
    if (scratch / KEY).exists():
        os.chmod(scratch / KEY, 0o600)
        os.replace(scratch / KEY, directory / KEY_FILE)
    shutil.move(scratch / DATABASE, environment.sqlite_file)
    shutil.rmtree(scratch, ignore_errors=True)
    target = target_of(environment)
    if target is not None:
        boot.adopt(target, environment)
    return manifest


def rows(connection: sqlite3.Connection) -> dict[str, int]:
    """How many rows each table has; the search index's virtual tables, which count nothing, are left out."""
    known = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND sql NOT LIKE 'CREATE VIRTUAL%'"
    tables = sorted(row[0] for row in connection.execute(known))
    return {name: connection.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for name in tables}
