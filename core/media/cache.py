"""What was read from buckets, kept on the disk: blocks of a megabyte and small results, the least used going first, shared by all processes.

Everything is found by its name, which says the version as well: what is in the cache is never out of date, and losing it costs time only.
"""

from __future__ import annotations

import hashlib
import io
import os
import secrets
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from django.conf import settings

from core.startup.lock import try_lock

BLOCK = 1 << 20
SWEEP_EVERY = 32  # parts of the cache's size that a process writes between two sweeps
KEPT_AFTER_SWEEP = 0.9
USED = 60.0  # seconds within which a second use of the same entry is not noted again
KEEP_FREE = 500 << 20  # bytes of the disk that the cache leaves to others

_unswept = 0
_lock = threading.Lock()


def folder() -> Path:
    found: Path = settings.DATA_DIR / "cache" / "media"
    return found


def get(name: str) -> bytes | None:
    """What was kept under a name."""
    path = _path(name)
    try:
        data = path.read_bytes()
        if time.time() - path.stat().st_mtime > USED:
            os.utime(path)
    except OSError:
        return None
    return data


def put(name: str, data: bytes) -> None:
    """Keep something. On a full disk nothing is kept: the cache is a convenience."""
    if not settings.MEDIA_CACHE_BYTES:
        return
    path = _path(name)
    draft = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        draft.write_bytes(data)
        draft.replace(path)
    except OSError:
        with suppress(OSError):
            draft.unlink()
        return
    _note_written(len(data))


def _path(name: str) -> Path:
    digest = hashlib.sha256(name.encode()).hexdigest()
    return folder() / digest[:2] / digest[2:42]


def _note_written(size: int) -> None:
    global _unswept
    with _lock:
        _unswept += size
        due = _unswept >= settings.MEDIA_CACHE_BYTES // SWEEP_EVERY
        if due:
            _unswept = 0
    if due:
        sweep()


def sweep() -> None:
    """Remove the least used until the cache is within its size again; one process at a time."""
    try:
        gate = (folder() / ".sweep").open("w")
    except OSError:
        return
    with gate:
        if not try_lock(gate):
            return
        entries = sorted(_entries())
        size = sum(entry[1] for entry in entries)
        most = min(settings.MEDIA_CACHE_BYTES, size + shutil.disk_usage(folder()).free - KEEP_FREE)
        if size <= most:
            return
        for _used, length, path in entries:
            if size <= most * KEPT_AFTER_SWEEP:
                return
            with suppress(OSError):
                os.unlink(path)
                size -= length


def _entries() -> Iterator[tuple[float, int, str]]:
    for part in os.scandir(folder()):
        if part.is_dir():
            for entry in os.scandir(part.path):
                with suppress(OSError):
                    found = entry.stat()
                    yield found.st_mtime, found.st_size, entry.path


class CachedFile(io.RawIOBase):
    """A file of `size` bytes somewhere else, to read and seek. `name` names its content (with the version); `pieces(first, last)` fetches a range.

    Reading on goes on with the same fetch, and each megabyte that went by is in the cache. Holds a megabyte of memory.
    """

    def __init__(self, name: str, size: int, pieces: Callable[[int, int], Iterator[bytes]]) -> None:
        self.identity, self.size, self._pieces = name, size, pieces
        self._position, self._last = 0, size - 1
        self._number, self._data = -1, b""
        self._run: Any = None
        self._next = self._end = -1
        self._rest = b""

    def expect(self, last: int) -> None:
        """Nothing behind the byte `last` will be read for now: it need not be fetched."""
        self._last = min(last, self.size - 1)

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._position

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._position, io.SEEK_END: self.size}[whence]
        self._position = max(0, base + offset)
        return self._position

    def readinto(self, buffer: Any) -> int:
        data = self._some(len(buffer))
        buffer[: len(data)] = data
        return len(data)

    def read(self, size: int | None = -1) -> bytes:
        wanted = max(0, self.size - self._position) if size is None or size < 0 else size
        found = []
        while wanted > 0 and (data := self._some(wanted)):
            found.append(data)
            wanted -= len(data)
        return b"".join(found)

    def close(self) -> None:
        self._end_run()
        super().close()

    def _some(self, most: int) -> bytes:
        """Bytes of the block at the position."""
        if self._position >= self.size:
            return b""
        number, start = divmod(self._position, BLOCK)
        if number != self._number:
            self._data = self._block(number)
            self._number = number
        data = self._data[start : start + most]
        if not data:
            raise OSError(f"{self.identity} is shorter than {self.size} bytes")
        self._position += len(data)
        return data

    def _block(self, number: int) -> bytes:
        name = f"{self.identity}#{number}"
        data = get(name)
        if data is None:
            data = self._fetch(number)
            if len(data) == min(BLOCK, self.size - number * BLOCK):
                put(name, data)
        return data

    def _fetch(self, number: int) -> bytes:
        first = number * BLOCK
        if number != self._next or first > self._end:
            self._end_run()
            self._end = min(self.size, (max(self._last, first) // BLOCK + 1) * BLOCK) - 1
            self._run = self._pieces(first, self._end)
        found, length = [self._rest], len(self._rest)
        while length < BLOCK and (piece := next(self._run, None)) is not None:
            found.append(piece)
            length += len(piece)
        data = b"".join(found)
        self._next, self._rest = number + 1, data[BLOCK:]
        if first + len(data) > self._end:
            self._end_run()
        return data[:BLOCK]

    def _end_run(self) -> None:
        if self._run is not None and hasattr(self._run, "close"):
            self._run.close()
        self._run, self._next, self._end, self._rest = None, -1, -1, b""
