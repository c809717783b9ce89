"""A ZIP archive made as a stream: entries go out while they are made, and what an archive must remember of them waits on disk.

Python's `zipfile` keeps an object per entry until the end; an archive of a million label files must not. The layout is that of PKWARE's
APPNOTE.TXT 6.3: local headers, data descriptors after entries of unknown checksum, a central directory, ZIP64 records where sizes, counts or
offsets outgrow 32 or 16 bits. Names are UTF-8.
"""

from __future__ import annotations

import struct
import tempfile
import zlib
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime

BIG, MANY = 0xFFFFFFFF, 0xFFFF
SPOOL = 4 << 20  # bytes of the directory kept in memory before it goes to disk
PIECE = 256 << 10
UTF8, DESCRIPTOR = 0x0800, 0x0008
STORED, DEFLATED = 0, 8
MADE_BY = 3 << 8 | 45  # Unix, version 4.5
FILE, FOLDER = 0o100644 << 16, 0o40755 << 16 | 0x10


class Archive:
    """Yields the bytes of an archive. Close it when done or given up."""

    def __init__(self) -> None:
        self._offset = self._count = self._directory_size = 0
        self._directory = tempfile.SpooledTemporaryFile(max_size=SPOOL)  # noqa: SIM115 - lives as long as the archive; `close` closes it
        now = datetime.now(UTC)
        self._date = (now.year - 1980) << 9 | now.month << 5 | now.day
        self._time = now.hour << 11 | now.minute << 5 | now.second // 2

    def folder(self, name: str) -> bytes:
        """An entry for a folder, so that it is there even when it stays empty. `name` ends with "/"."""
        return self._whole(name, b"", STORED, b"", FOLDER)

    def file(self, name: str, content: bytes) -> bytes:
        """An entry of known content."""
        packed = zlib.compressobj(6, zlib.DEFLATED, -15)
        body = packed.compress(content) + packed.flush()
        return (
            self._whole(name, content, DEFLATED, body, FILE)
            if len(body) < len(content)
            else self._whole(name, content, STORED, content, FILE)
        )

    def stream(self, name: str, pieces: Iterable[bytes], size: int, *, packed: bool = True) -> Iterator[bytes]:
        """An entry of content that comes in pieces. `size` is an upper bound in bytes; `packed=False` for what does not get smaller (media)."""
        # Stored entries of unknown checksum cannot be read as a stream; deflate without compression can, and costs five bytes per 64 KiB.
        large = size + (size >> 12) + 1024 >= BIG
        encoded, flags, start = name.encode(), UTF8 | DESCRIPTOR, self._offset
        extra = struct.pack("<2H2Q", 1, 16, 0, 0) if large else b""
        unknown = BIG if large else 0
        yield self._sent(
            struct.pack(
                "<4s5H3L2H",
                b"PK\3\4",
                45 if large else 20,
                flags,
                DEFLATED,
                self._time,
                self._date,
                0,
                unknown,
                unknown,
                len(encoded),
                len(extra),
            )
            + encoded
            + extra
        )
        packer = zlib.compressobj(6 if packed else 0, zlib.DEFLATED, -15)
        checksum = whole = small = 0
        for piece in pieces:
            checksum, whole = zlib.crc32(piece, checksum), whole + len(piece)
            if body := packer.compress(piece):
                small += len(body)
                yield self._sent(body)
        body = packer.flush()
        small += len(body)
        yield self._sent(body + struct.pack("<4sL2Q" if large else "<4s3L", b"PK\7\x08", checksum, small, whole))
        self._note(encoded, flags, DEFLATED, checksum, small, whole, FILE, start)

    def end(self) -> Iterator[bytes]:
        """The central directory; after this the archive is whole."""
        start, size, count = self._offset, self._directory_size, self._count
        self._directory.seek(0)
        while piece := self._directory.read(PIECE):
            yield piece
        if start >= BIG or size >= BIG or count >= MANY:
            yield struct.pack("<4sQ2H2L4Q", b"PK\6\6", 44, MADE_BY, 45, 0, 0, count, count, size, start)
            yield struct.pack("<4sLQL", b"PK\6\7", 0, start + size, 1)
        entries = min(count, MANY)
        yield struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, entries, entries, min(size, BIG), min(start, BIG), 0)
        self.close()

    def close(self) -> None:
        self._directory.close()

    def _whole(self, name: str, content: bytes, method: int, body: bytes, attributes: int) -> bytes:
        encoded, checksum, start = name.encode(), zlib.crc32(content), self._offset
        header = struct.pack(
            "<4s5H3L2H", b"PK\3\4", 20, UTF8, method, self._time, self._date, checksum, len(body), len(content), len(encoded), 0
        )
        self._note(encoded, UTF8, method, checksum, len(body), len(content), attributes, start)
        return self._sent(header + encoded + body)

    def _sent(self, piece: bytes) -> bytes:
        self._offset += len(piece)
        return piece

    def _note(self, name: bytes, flags: int, method: int, checksum: int, small: int, whole: int, attributes: int, start: int) -> None:
        large = [number for number in (whole, small, start) if number >= BIG]
        extra = struct.pack(f"<2H{len(large)}Q", 1, 8 * len(large), *large) if large else b""
        record = struct.pack(
            "<4s6H3L5H2L", b"PK\1\2", MADE_BY, 45 if large else 20, flags, method, self._time, self._date, checksum,
            min(small, BIG), min(whole, BIG), len(name), len(extra), 0, 0, 0, attributes, min(start, BIG),
        )  # fmt: skip
        self._directory_size += self._directory.write(record + name + extra)
        self._count += 1


def joined(pieces: Iterable[bytes], least: int = 64 << 10) -> Iterator[bytes]:
    """The same bytes in pieces of at least `least`: a server sends each piece by itself."""
    waiting: list[bytes] = []
    size = 0
    for piece in pieces:
        waiting.append(piece)
        size += len(piece)
        if size >= least:
            yield b"".join(waiting)
            waiting, size = [], 0
    if waiting:
        yield b"".join(waiting)
