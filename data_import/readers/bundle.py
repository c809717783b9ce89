"""Files that belong together: the members of a ZIP archive, or files that were uploaded at once with the folders they were in."""

from __future__ import annotations

import io
import lzma
import re
import stat
import zipfile
import zlib
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import IO, Any

from core.errors import Refused
from data_import.file_types import EXTENSIONS, MEDIA, extension_of

MAX_MEMBERS = 1_000_000
MAX_RATIO = 200  # times that what an archive holds may be larger than itself
SMALL = 100 << 20  # bytes below which the ratio does not matter: a few empty pages compress well
SUPPORTED = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA)


class Bundle(ABC):
    """`names` are the files' paths with `/`, in natural order (`img2` before `img10`); hidden files are not among them.

    `title` is what people call the whole: the archive's name, or that of the only file.
    """

    title: str
    names: Sequence[str]

    @abstractmethod
    def open(self, name: str) -> IO[bytes]:
        """The file's bytes from the start. Raises KeyError for a name that is not in `names`."""

    @abstractmethod
    def size(self, name: str) -> int:
        """In bytes, unpacked."""

    @abstractmethod
    def address(self, name: str) -> str:
        """What a task's data says for a medium of the bundle: the address under which it is (or will be) served."""

    def head(self, name: str, size: int = 65_536) -> bytes:
        """The first bytes, to tell by them what a file is."""
        with self.open(name) as file:
            return file.read(size)

    def read(self, name: str, *, at_most: int = 64 << 20) -> bytes:
        """A whole small file. Raises `Refused` (400) when it is larger than `at_most`."""
        if self.size(name) > at_most:
            raise refused(name, f"the file may have at most {at_most >> 20} MB")
        with self.open(name) as file:
            return file.read()

    def with_extension(self, *extensions: str) -> list[str]:
        return [name for name in self.names if extension_of(name) in extensions]

    @cached_property
    def media(self) -> list[str]:
        """The files that a task can show."""
        return [name for name in self.names if (kind := EXTENSIONS.get(extension_of(name))) is not None and kind.kind in MEDIA]

    def find_media(self, said: str) -> str | None:
        """The medium that a file of the bundle means by a path or a bare name: the same path, else the end of one, else the one of that name.

        None when there is none, or when two have that name.
        """
        said = said.replace("\\", "/").removeprefix("./").lstrip("/")
        if said in self._media_names:
            return said
        found = self._by_last_part.get(said.rsplit("/", 1)[-1], [])
        ends = [name for name in found if name.endswith("/" + said)]
        candidates = ends or found
        return candidates[0] if len(candidates) == 1 else None

    @cached_property
    def _media_names(self) -> frozenset[str]:
        return frozenset(self.media)

    @cached_property
    def _by_last_part(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for name in self.media:
            found.setdefault(name.rsplit("/", 1)[-1], []).append(name)
        return found


class Files(Bundle):
    """Files on this machine: `{path within the bundle: (what says where the file is, its address)}`."""

    def __init__(self, title: str, files: Mapping[str, tuple[Callable[[], Path], str]]) -> None:
        self.title = title
        self.files = dict(files)
        self.names = sorted(self.files, key=natural)

    def open(self, name: str) -> IO[bytes]:
        return self.files[name][0]().open("rb")

    def size(self, name: str) -> int:
        return self.files[name][0]().stat().st_size

    def address(self, name: str) -> str:
        return self.files[name][1]


class Archive(Bundle):
    """A ZIP archive. `address_of` says where a member is served once it is unpacked (`unpacking.py`); without it, its name stands for it.

    Raises `Refused` (400) for what is no archive or would do harm: too many members, one that unpacks to more than `MAX_RATIO` times its size,
    paths that lead out of it, encrypted members.
    """

    def __init__(self, path: Path, title: str, address_of: Callable[[str], str] | None = None) -> None:
        self.title = title
        self.address_of = address_of
        try:
            self._zip = zipfile.ZipFile(path)
        except (zipfile.BadZipFile, NotImplementedError, ValueError) as error:
            raise refused(title, f"this is not a ZIP archive that can be read ({error})") from None
        self._members: dict[str, zipfile.ZipInfo] = {}
        try:
            self._check(path.stat().st_size)
        except BaseException:
            self._zip.close()
            raise
        self.names = sorted(self._members, key=natural)

    def _check(self, packed: int) -> None:
        members = self._zip.infolist()
        if len(members) > MAX_MEMBERS:
            raise refused(self.title, f"an archive may hold at most {MAX_MEMBERS:,} files")
        unpacked = sum(member.file_size for member in members)
        if unpacked > SMALL and unpacked > MAX_RATIO * packed:
            raise refused(self.title, f"the archive would unpack to more than {MAX_RATIO} times its size")
        for member in members:
            name = member.filename.replace("\\", "/")
            parts = name.split("/")
            if name.startswith("/") or ".." in parts or re.match(r"[A-Za-z]:", name) or "\0" in name:
                raise refused(self.title, f"the archive holds a path that leads out of it: {name[:200]!r}")
            if member.is_dir() or any(part.startswith(".") or part == "__MACOSX" for part in parts):
                continue
            if stat.S_ISLNK(member.external_attr >> 16):
                raise refused(self.title, f"the archive holds a link instead of a file: {name[:200]!r}")
            if member.flag_bits & 1:
                raise refused(self.title, "the archive is encrypted. Pack it without a password")
            if member.compress_type not in SUPPORTED:
                raise refused(self.title, f"{name[:200]!r} is packed in a way that cannot be read. Pack it as an ordinary ZIP")
            if name in self._members:
                raise refused(self.title, f"the archive holds two files of one name: {name[:200]!r}")
            self._members[name] = member

    def open(self, name: str) -> IO[bytes]:
        try:
            member = self._zip.open(self._members[name])
        except (zipfile.BadZipFile, OSError):
            raise refused(self.title, f"{name[:200]!r} is damaged in the archive") from None
        return io.BufferedReader(_Member(self.title, name, member), 64 << 10)

    def size(self, name: str) -> int:
        return self._members[name].file_size

    def address(self, name: str) -> str:
        return self.address_of(name) if self.address_of is not None else name

    def close(self) -> None:
        self._zip.close()


class _Member(io.RawIOBase):
    """A member being unpacked: what is wrong with the archive on the way is its owner's mistake, not ours."""

    def __init__(self, title: str, name: str, member: IO[bytes]) -> None:
        self._title, self._name, self._member = title, name, member

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        try:
            piece = self._member.read(len(buffer))
        except (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, OSError):
            raise refused(self._title, f"{self._name[:200]!r} is damaged in the archive") from None
        buffer[: len(piece)] = piece
        return len(piece)

    def close(self) -> None:
        self._member.close()
        super().close()


def natural(name: str) -> tuple[object, ...]:
    """A sort key under which numbers within names count as numbers."""
    return tuple((0, int(part), "") if part.isdecimal() else (1, 0, part) for part in re.split(r"([0-9]{1,18})", name))


def refused(name: str, why: str) -> Refused:
    return Refused("Validation error", 400, fields={"non_field_errors": [f"{name}: {why}"]})
