"""Bytes on their way in: streamed to disk, hashed, never whole in memory. `contents.py` says where they stay."""

from __future__ import annotations

import hashlib
import os
import re
import secrets
import shutil
import time
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from django.conf import settings
from django.utils.translation import gettext as _

from core.errors import Refused

PIECE = 1 << 20
KEEP_FREE = 200 << 20  # bytes that an upload must leave on the disk
FORGOTTEN_AFTER = 7 * 24 * 3600  # seconds; a job may wait long for the file it is to import
NAME_LENGTH = 120


@dataclass(frozen=True)
class Received:
    """A whole file below `incoming/`: its path, size in bytes and SHA-256 in hexadecimal."""

    path: Path
    size: int
    sha256: str

    def forget(self) -> None:
        self.path.unlink(missing_ok=True)


def receive(pieces: Iterable[bytes], *, announced: int = 0) -> Received:
    """Write a stream to disk. `announced` is the size its sender gave, 0 when unknown.

    Raises `Refused` (413) when the disk has no room for it. Nothing stays behind when the stream breaks off.
    """
    folder = incoming()
    _sweep(folder)
    room = check_room(announced)
    path = folder / secrets.token_hex(16)
    digest, size = hashlib.sha256(), 0
    try:
        with path.open("wb") as file:
            for piece in pieces:
                size += len(piece)
                if size > room:
                    raise no_room()
                digest.update(piece)
                file.write(piece)
            file.flush()
            os.fsync(file.fileno())
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return Received(path, size, digest.hexdigest())


def check_room(size: int) -> int:
    """How many bytes may be written. Raises `Refused` (413) when the disk has no room for `size`."""
    room = shutil.disk_usage(incoming()).free - KEEP_FREE
    if size > room:
        raise no_room()
    return room


def pieces_of(file: BinaryIO) -> Iterator[bytes]:
    while piece := file.read(PIECE):
        yield piece


def new_address(project_id: int, name: str) -> str:
    """`upload/<project>/<8 hex>-<name>`: what the address of a new upload says."""
    return f"upload/{project_id}/{secrets.token_hex(4)}-{plain_name(name)}"


def plain_path(said: str) -> str:
    """A file's name with the folders it was in, without steps out of them; "" when nothing is left."""
    return "" if "\0" in said else "/".join(part for part in re.split(r"[/\\]", said) if part not in ("", ".", ".."))


def plain_name(name: str) -> str:
    """A file's name as part of an address and of a path: letters, digits, `.`, `-` and `_`, with its extension, at most 120 characters."""
    name = unicodedata.normalize("NFKD", name.replace("\\", "/").rsplit("/", 1)[-1]).encode("ascii", "ignore").decode()
    stem, dot, extension = name.rpartition(".")
    stem = re.sub(r"[^A-Za-z0-9_-]+", "_", stem if dot else extension).strip("_") or "file"
    extension = re.sub(r"[^A-Za-z0-9]+", "", extension)[:16] if dot else ""
    return f"{stem[: NAME_LENGTH - 17]}.{extension.lower()}" if extension else stem[:NAME_LENGTH]


def incoming() -> Path:
    """The folder of files under way."""
    folder: Path = settings.DATA_DIR / "incoming"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _sweep(folder: Path) -> None:
    """Remove what killed servers left there."""
    oldest = time.time() - FORGOTTEN_AFTER
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.stat().st_mtime < oldest:
                Path(entry.path).unlink(missing_ok=True)


def no_room() -> Refused:
    return Refused(_("There is not enough room on the server's disk for this file. Ask the administrator to make room."), 413)
