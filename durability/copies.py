"""What lies in the target: below `<generation>/` litestream's files of that holder's database. Shipping them, and finding the newest that works."""

from __future__ import annotations

import re
import shutil
import sqlite3
import tempfile
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from durability.lease import LEASES, RELEASED
from durability.litestream import LitestreamError, restore
from durability.targets import Target

STATE = "state/"
LTX = re.compile(r"ltx/(?P<level>\d+)/(?P<first>[0-9a-f]{16})-(?P<last>[0-9a-f]{16})\.ltx")
SNAPSHOT_LEVEL = 9
KEPT = 5  # generations that are kept whole


@dataclass(frozen=True)
class Piece:
    level: int
    first: int
    last: int


class Copy:
    """One generation's files in the target, as this process knows them."""

    def __init__(self, target: Target, generation: int) -> None:
        self.target, self.generation = target, generation
        self.prefix = folder_of(generation)
        self.there = {name.removeprefix(self.prefix) for name in target.names(self.prefix)}

    def ship(self, replica: Path) -> bool:
        """Make the target hold what the folder holds and a restore needs: put what is new, then remove what compaction replaced. Whether it changed."""
        needed = _needed(replica)
        new = sorted(needed.keys() - self.there, key=lambda name: (needed[name].last, needed[name].level))
        gone = self.there - needed.keys()
        if not new and not gone:
            return False
        kept = [replica / name for name in new]
        self.target.write(
            {self.prefix + name: path for name, path in zip(new, kept, strict=True)}, [self.prefix + name for name in sorted(gone)]
        )
        self.there = set(needed)
        return True


def folder_of(generation: int) -> str:
    return f"{STATE}{generation:010d}/"


def _needed(replica: Path) -> dict[str, Piece]:
    """The newest snapshot and what came after it."""
    pieces: dict[str, Piece] = {}
    for path in replica.glob("ltx/*/*.ltx"):
        name = path.relative_to(replica).as_posix()
        if match := LTX.fullmatch(name):
            pieces[name] = Piece(int(match["level"]), int(match["first"], 16), int(match["last"], 16))
    snapshot = max((piece.last for piece in pieces.values() if piece.level == SNAPSHOT_LEVEL), default=0)
    return {
        name: piece
        for name, piece in pieces.items()
        if (piece.last == snapshot if piece.level == SNAPSHOT_LEVEL else piece.last > snapshot)
    }


def generations_with_state(target: Target) -> dict[int, list[str]]:
    """The generations that shipped anything, and the names of their files."""
    found: dict[int, list[str]] = {}
    for name in target.names(STATE):
        number = name.removeprefix(STATE).partition("/")[0]
        if number.isdecimal():
            found.setdefault(int(number), []).append(name)
    return found


def bring(target: Target, generation: int, names: list[str], database: Path) -> None:
    """Restore a generation's state into the file `database`, checked. Raises LitestreamError when it is not whole, TargetError when it cannot be had."""
    with tempfile.TemporaryDirectory(dir=database.parent, prefix=".restoring-") as scratch:
        target.fetch(names, Path(scratch))
        draft = Path(scratch) / "database.sqlite3"
        restore(Path(scratch) / folder_of(generation), draft)
        trouble = check(draft)
        if trouble:
            raise LitestreamError(trouble)
        shutil.move(draft, database)


def check(database: Path) -> str:
    """What is wrong with a database file, or ""."""
    try:
        with closing(sqlite3.connect(database)) as connection:
            found = connection.execute("PRAGMA integrity_check").fetchone()[0]
    except sqlite3.DatabaseError as error:
        return f"it is damaged: {error}"
    return "" if found == "ok" else f"it is damaged: {found}"


def prune(target: Target, generation: int) -> None:
    """Remove the generations before the last `KEPT`, once `generation` is there whole."""
    states = generations_with_state(target)
    old = sorted(number for number in states if number < generation)[:-KEPT]
    names = [name for number in old for name in states[number]]
    oldest = min((number for number in states if number not in old), default=generation)
    for name in target.names(LEASES):
        number = name.removeprefix(LEASES).removesuffix(RELEASED).partition(".")[0]
        if number.isdecimal() and int(number) < min(oldest, generation):
            names.append(name)
    if names:
        target.write({}, names)
