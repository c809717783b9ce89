"""What happens to a file between its arrival and its place: a virus scanner may refuse it, and the place where a picture was taken may be taken out."""

from __future__ import annotations

import hashlib
import mmap
import re
import socket
import struct
import zlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from core.errors import Refused, invalid
from data_import.file_types import extension_of
from data_import.storage import PIECE, Received

PATIENCE = 120.0  # seconds that the scanner may take
GPS_POINTER = 0x8825
SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8}  # bytes of a value, by TIFF's types
MOST_ENTRIES = 200
EXIF, XMP, MORE_XMP = b"Exif\0\0", b"http://ns.adobe.com/xap/1.0/\0", b"http://ns.adobe.com/xmp/extension/\0"
XMP_PLACE = re.compile(rb"""(?<=exif:)GPS\w+\s*=\s*(?:"[^"]*"|'[^']*')|<exif:GPS(\w+)[^>]*>[^<]*</exif:GPS\1>""")


def screened(received: Received, name: str) -> Received:
    """The same file, perhaps changed. Raises `Refused`: 400 for a virus, 503 when the scanner does not answer."""
    if settings.CLAMD_SOCKET:
        _scan(received.path, name)
    if settings.STRIP_GPS and received.size and _strip_gps(received.path, extension_of(name)):
        digest = hashlib.sha256()
        with received.path.open("rb") as file:
            while piece := file.read(PIECE):
                digest.update(piece)
        return replace(received, sha256=digest.hexdigest())
    return received


def _scan(path: Path, name: str) -> None:
    try:
        with _connected() as scanner, path.open("rb") as file:
            scanner.sendall(b"zINSTREAM\0")
            while piece := file.read(PIECE):
                scanner.sendall(struct.pack("!I", len(piece)) + piece)
            scanner.sendall(struct.pack("!I", 0))
            answer = b""
            while not answer.endswith(b"\0") and (part := scanner.recv(4_096)):
                answer += part
    except OSError:
        answer = b""
    said = answer.rstrip(b"\0").decode(errors="replace")
    if said.endswith("FOUND"):
        virus = said.removeprefix("stream:").removesuffix("FOUND").strip()
        raise invalid(
            non_field_errors=_("%(name)s was not taken: the virus scanner found %(virus)s in it.") % {"name": name[:200], "virus": virus}
        )
    if not said.endswith("OK"):
        raise Refused(
            _("The virus scanner does not answer, so no files are taken. Please try again later, or tell the administrator."),
            503,
            headers={"Retry-After": "30"},
        )


def _connected() -> socket.socket:
    host, colon, port = settings.CLAMD_SOCKET.rpartition(":")
    if colon and port.isdigit():
        return socket.create_connection((host, int(port)), PATIENCE)
    scanner = socket.socket(socket.AF_UNIX)
    scanner.settimeout(PATIENCE)
    scanner.connect(settings.CLAMD_SOCKET)
    return scanner


def _strip_gps(path: Path, extension: str) -> bool:
    """Blank the place in the file itself, so that pixels and size stay as they are; returns whether there was one."""
    finders = {"jpg": _of_jpeg, "jpeg": _of_jpeg, "png": _of_png, "webp": _of_webp, "avif": _of_avif}
    if extension not in finders:
        return False
    with path.open("r+b") as file, mmap.mmap(file.fileno(), 0) as data:
        return sum(_blank(data, *found) for found in list(finders[extension](data))) > 0


# (where the metadata begin, where they end, whether they are EXIF, where a checksum over them must be written anew: chunk's begin or None)
Found = tuple[int, int, bool, int | None]


def _of_jpeg(data: mmap.mmap) -> Iterator[Found]:
    at = 2
    while at + 4 <= len(data) and data[at] == 0xFF and data[at + 1] not in (0xDA, 0xD9):
        end = at + 2 + int(struct.unpack_from(">H", data, at + 2)[0])
        if data[at + 1] == 0xE1:
            head = data[at + 4 : at + 4 + len(MORE_XMP)]
            if head.startswith(EXIF):
                yield at + 10, end, True, None
            elif head.startswith((XMP, MORE_XMP)):
                yield at + 4, end, False, None
        at = end


def _of_png(data: mmap.mmap) -> Iterator[Found]:
    at = 8
    while at + 12 <= len(data):
        length, kind = struct.unpack_from(">I4s", data, at)
        if kind in (b"eXIf", b"iTXt"):
            yield at + 8, min(at + 8 + length, len(data)), kind == b"eXIf", at + 4
        at += 12 + length


def _of_webp(data: mmap.mmap) -> Iterator[Found]:
    at = 12
    while at + 8 <= len(data):
        kind, length = struct.unpack_from("<4sI", data, at)
        if kind in (b"EXIF", b"XMP "):
            start = at + 8 + (len(EXIF) if data[at + 8 : at + 14] == EXIF else 0)
            yield start, min(at + 8 + length, len(data)), kind == b"EXIF", None
        at += 8 + length + length % 2


def _of_avif(data: mmap.mmap) -> Iterator[Found]:
    for mark in (EXIF + b"II*\0", EXIF + b"MM\0*"):
        at = data.find(mark)
        if at >= 0:
            yield at + len(EXIF), len(data), True, None
    yield 0, len(data), False, None


def _blank(data: mmap.mmap, start: int, end: int, exif: bool, chunk: int | None) -> bool:
    found = _blank_exif(data, start, end) if exif else _blank_xmp(data, start, end)
    if found and chunk is not None and end + 4 <= len(data):
        struct.pack_into(">I", data, end, zlib.crc32(data[chunk:end]))
    return found


def _blank_xmp(data: mmap.mmap, start: int, end: int) -> bool:
    places = [match.span() for match in XMP_PLACE.finditer(data, start, end)]
    for first, last in places:
        # An attribute keeps its name, and says nothing; an element becomes white space.
        text = data[first:last]
        equals = text.find(b"=")
        if text.startswith(b"<") or equals < 0:
            data[first:last] = b" " * len(text)
        else:
            quote = text[-1:]
            opening = text.index(quote)
            data[first:last] = text[: opening + 1] + quote + b" " * (len(text) - opening - 2)
    return bool(places)


def _blank_exif(data: mmap.mmap, start: int, end: int) -> bool:
    order = {b"II": "<", b"MM": ">"}.get(data[start : start + 2])
    if order is None:
        return False
    try:
        (first,) = struct.unpack_from(f"{order}I", data, start + 4)
        for tag, _kind, _count, value, _at in _entries(data, order, start, first, end):
            if tag != GPS_POINTER:
                continue
            entries = list(_entries(data, order, start, value, end))
            for _tag, kind, count, where, _at in entries:
                length = SIZES.get(kind, 1) * count
                if length > 4 and start + where + length <= end:
                    data[start + where : start + where + length] = bytes(length)
            # No entries, and no further directory.
            data[start + value : start + value + 2 + 12 * len(entries)] = bytes(2 + 12 * len(entries))
            return bool(entries)
    except struct.error:  # the metadata are cut off: nothing that a reader would understand
        return False
    return False


def _entries(data: mmap.mmap, order: str, start: int, offset: int, end: int) -> Iterator[tuple[int, int, int, int, int]]:
    """(tag, type, count, value or where it is, place of the entry) of a TIFF directory."""
    if start + offset + 2 > end:
        return
    (count,) = struct.unpack_from(f"{order}H", data, start + offset)
    for number in range(min(count, MOST_ENTRIES)):
        at = start + offset + 2 + 12 * number
        if at + 12 > end:
            return
        yield *struct.unpack_from(f"{order}HHII", data, at), at
