"""Before the server starts: take the lease, and make sure that the database on this disk is the newest there is. Never starts empty over existing data."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import sys
import time
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from core.environment import Environment
from core.startup import StartError
from core.startup.keys import FILE as KEY_FILE
from core.startup.keys import prepare_data_directory, secret_key
from durability import copies, lease, media, state
from durability.litestream import LitestreamError, forget, program
from durability.targets import Target, TargetError, target_of

HOLDER = "holder.json"
KEY = "secret_key"


def recover(environment: Environment, *, supervised: bool = False) -> None:
    """What `labelspace recover` does; as a part of a start it keeps the lease. Raises StartError."""
    found = boot(environment)
    target = target_of(environment)
    if not supervised and target is not None:
        lease.release(target, found.generation)


def boot(environment: Environment) -> state.State:
    """Returns what was found, also written where the shipper and the pages read it. Raises StartError."""
    prepare_data_directory(environment.data_directory)
    target = target_of(environment)
    if target is None:
        raise StartError("DURABLE_TARGET is not set: there is nothing to restore from.")
    try:
        program()
        return _boot(environment, target)
    except (TargetError, LitestreamError) as error:
        raise StartError(f"The copy of the data cannot be used, and nothing is started without it: {error}") from None


def _boot(environment: Environment, target: Target) -> state.State:
    directory, database = environment.data_directory, environment.sqlite_file
    folder = state.folder_in(directory)
    mine, before = lease.take(target)
    if before is not None:
        print(f"labelspace: waiting for the server before (generation {before.generation}) to hand over.", file=sys.stderr, flush=True)
        lease.wait_for_release(target, before)
    found = state.State(target=target.name, generation=mine.generation, interval=target.interval)
    there = copies.generations_with_state(target)
    here = _held_here(folder, target.name)
    newest = max(there, default=0)
    if has_tables(database):
        if here is None and there:
            raise StartError(
                f"{target.name} holds data, and so does {database}: move that file away to go on from the copy, or name another DURABLE_TARGET."
            )
        if here is not None and newest > here:
            set_aside(database, directory)
            print("labelspace: another server has gone on since; this disk's database was moved to backups/.", file=sys.stderr, flush=True)
            _restore(target, there, database, found)
    elif there:
        _restore(target, there, database, found)
    elif environment.volume is not None:
        _take_over(environment.volume, directory, database)
    if brought := media.bring(target, directory / "media"):
        print(f"labelspace: brought {brought} uploaded files from {target.name}.", flush=True)
    _keep_key(target, environment)
    _settle(database)
    forget(database, folder / "ltx-files")
    folder.mkdir(parents=True, exist_ok=True)
    _hold(folder, target, mine.generation)
    found.saved_at = found.looked_at = time.time()
    state.write(directory, found)
    return found


def _restore(target: Target, there: dict[int, list[str]], database: Path, found: state.State) -> None:
    """The newest generation that is whole. Raises StartError when none is."""
    database.parent.mkdir(parents=True, exist_ok=True)
    rejected: dict[str, str] = {}
    for generation in sorted(there, reverse=True):
        try:
            copies.bring(target, generation, there[generation], database)
        except LitestreamError as error:
            rejected[str(generation)] = str(error)
            print(f"labelspace: the copy of generation {generation} cannot be used: {error}", file=sys.stderr, flush=True)
            continue
        found.restored = {"generation": generation, "at": time.time(), "rejected": rejected}
        print(f"labelspace: restored the database from {target.name} (generation {generation}).", flush=True)
        return
    raise StartError(
        f"None of the {len(there)} copies in {target.name} can be restored ({rejected[str(max(there))]}): nothing is started, so that nothing is overwritten."
    )


def _take_over(volume: Path, directory: Path, database: Path) -> None:
    """A server before this one had its live data on the volume: it goes on from there. What lies on the volume stays as it was."""
    left = volume / database.name
    if not has_tables(left):
        return
    database.parent.mkdir(parents=True, exist_ok=True)
    if (volume / KEY_FILE).exists():
        shutil.copy2(volume / KEY_FILE, directory / KEY_FILE)
    if (volume / "media").is_dir():
        shutil.copytree(volume / "media", directory / "media", dirs_exist_ok=True)
    draft = database.with_name(f".{database.name}.{os.getpid()}")
    with closing(sqlite3.connect(left)) as source, closing(sqlite3.connect(draft)) as copy:
        source.backup(copy)
    if trouble := copies.check(draft):
        draft.unlink()
        raise StartError(f"{left} cannot be used ({trouble}): nothing is started, so that nothing is overwritten.")
    os.replace(draft, database)
    print(f"labelspace: went on from the database that lay in {volume}.", flush=True)


def _held_here(folder: Path, target: str) -> int | None:
    """The generation that the database on this disk was last written in, for this target."""
    try:
        known = json.loads((folder / HOLDER).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return int(known["generation"]) if known.get("target") == target else None


def _hold(folder: Path, target: Target, generation: int) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / HOLDER).write_text(json.dumps({"target": target.name, "generation": generation}), encoding="utf-8")


def adopt(target: Target, environment: Environment) -> None:
    """Let the database on this disk, put there by hand, be what counts from now on. Raises StartError."""
    try:
        mine, _before = lease.take(target)
        target.write({KEY: secret_key(environment).encode()})
    except TargetError as error:
        raise StartError(str(error)) from None
    _hold(state.folder_in(environment.data_directory), target, mine.generation)


def has_tables(database: Path) -> bool:
    if not database.exists():
        return False
    try:
        with closing(sqlite3.connect(database)) as connection:
            return connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0] > 0
    except sqlite3.DatabaseError:
        return True  # damaged, but somebody's


def set_aside(database: Path, directory: Path) -> None:
    """Another state takes this one's place: what only this disk has is kept, never deleted."""
    folder = directory / "backups"
    folder.mkdir(exist_ok=True)
    stamp = f"{datetime.now(UTC):%Y%m%d-%H%M%S}"
    for end in ("", "-wal", "-shm"):
        file = database.with_name(database.name + end)
        if file.exists():
            shutil.move(file, folder / f"{database.stem}-{stamp}-superseded.sqlite3{end}")


def _keep_key(target: Target, environment: Environment) -> None:
    """The secret key is part of the state: with another one nobody would stay signed in, and no stored credential could be read."""
    if environment.secret_key:
        return
    path = environment.data_directory / KEY_FILE
    try:
        key = target.read(KEY)
    except KeyError:
        target.write({KEY: secret_key(environment).encode()})
        return
    if not path.exists() or path.read_bytes().strip() != key.strip():
        draft = path.with_name(f".{path.name}.{os.getpid()}")
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(key)
            file.flush()
            os.fsync(file.fileno())
        os.replace(draft, path)


def _settle(database: Path) -> None:
    """Write what a killed server left in the write-ahead log into the database, so that litestream begins with a clean one."""
    if database.exists():
        with closing(sqlite3.connect(database, timeout=30)) as connection:
            connection.execute("PRAGMA journal_mode=WAL")
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
