"""Uploaded files beside the copies of the database, for servers that keep them on their own disk."""

from __future__ import annotations

import os
import time
from pathlib import Path

from durability.targets import Target

MEDIA = "media/"
EVERY = 3.0  # seconds
PATIENCE = 30.0  # times as long as looking took, until the next look


class Media:
    """A name in the media folder always means a whole file that never changes: so what the target has needs no second look."""

    def __init__(self, target: Target, folder: Path) -> None:
        self.target, self.folder = target, folder
        self._there: set[str] | None = None
        self._seen: set[str] = set()
        self._next = 0.0

    def ship(self, *, now: bool = False) -> None:
        """Put what is new, and remove what people have deleted since this process began. Raises TargetError."""
        began = time.monotonic()
        if not now and began < self._next:
            return
        here = files_in(self.folder)
        if self._there is None:
            self._there = {name.removeprefix(MEDIA) for name in self.target.names(MEDIA)} if here else set()
        new, gone = sorted(here - self._there), sorted((self._seen - here) & self._there)
        if new or gone:
            self.target.write({MEDIA + name: self.folder / name for name in new}, [MEDIA + name for name in gone])
            self._there = (self._there | here) - set(gone)
        self._seen = here
        self._next = time.monotonic() + max(EVERY, PATIENCE * (time.monotonic() - began))

    def forget(self) -> None:
        """After trouble: ask the target again what it has."""
        self._there = None


def bring(target: Target, folder: Path) -> int:
    """Bring the files that are not here; returns how many. Raises TargetError."""
    here = files_in(folder)
    missing = [name for name in target.names(MEDIA) if name.removeprefix(MEDIA) not in here]
    target.fetch(missing, folder.parent)
    return len(missing)


def files_in(folder: Path) -> set[str]:
    found = set()
    for place, _folders, names in os.walk(folder):
        for name in names:
            if not name.startswith("."):
                found.add(Path(place, name).relative_to(folder).as_posix())
    return found
