"""Large files, as the real `hf_xet` client stores them in a folder (`casUrl: local://…`).

The folder holds shards (which file consists of which segments, with its SHA-256) and xorbs (the bytes). Only the list of files of a shard is
read here; `hf_xet` itself puts the bytes together again.
"""

from __future__ import annotations

import struct
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

VERIFICATION, METADATA = 1 << 31, 1 << 30
END = b"\xff" * 32
EMPTY = "0" * 64  # the hash of an empty file, which is in no shard


@dataclass(frozen=True)
class XetFile:
    hash: str
    size: int
    sha256: str | None


class XetStore:
    def __init__(self, folder: Path, endpoint: str) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder, self.endpoint = folder, endpoint
        self._seen: set[Path] = set()
        self._files: dict[str, XetFile] = {}
        self._bytes: dict[str, bytes] = {}

    @property
    def address(self) -> str:
        return f"local://{self.folder}"

    def add(self, data: bytes) -> str:
        """Put bytes into the store past any client; returns their hash."""
        import hf_xet

        if not data:
            return EMPTY
        with hf_xet.XetSession().new_upload_commit(**self._access("write")) as commit:
            handle = commit.start_upload_bytes(data)
        return str(handle.result().xet_info.hash)

    def _access(self, way: str) -> dict[str, Any]:
        return {
            "token_refresh_url": f"{self.endpoint}/api/__xet__/xet-{way}-token",
            "token_refresh_headers": {"authorization": "Bearer hf_test"},
            "custom_headers": {},
            "progress_callback": None,
        }

    def _all(self) -> dict[str, XetFile]:
        for shard in self.folder.glob("**/shards/*.mdb"):
            if shard not in self._seen:
                self._files |= {file.hash: file for file in _files_of(shard.read_bytes())}
                self._seen.add(shard)
        return self._files

    def size(self, xet_hash: str) -> int:
        found = self._all().get(xet_hash)
        return found.size if found else 0

    def with_sha256(self, sha256: str) -> XetFile | None:
        return next((file for file in self._all().values() if file.sha256 == sha256), None)

    def read(self, xet_hash: str) -> bytes:
        import hf_xet

        if xet_hash == EMPTY:
            return b""
        if xet_hash not in self._bytes:
            with tempfile.TemporaryDirectory() as folder:
                path = Path(folder) / "file"
                with hf_xet.XetSession().new_file_download_group(**self._access("read")) as group:
                    group.start_download_file(hf_xet.XetFileInfo(xet_hash, self.size(xet_hash)), str(path))
                self._bytes[xet_hash] = path.read_bytes()
        return self._bytes[xet_hash]


def _files_of(shard: bytes) -> Iterator[XetFile]:
    at = 48  # after the header
    while shard[at : at + 32] != END:
        file_hash, (flags, segments) = shard[at : at + 32], struct.unpack_from("<II", shard, at + 32)
        at += 48
        size = sum(struct.unpack_from("<I", shard, at + 48 * index + 36)[0] for index in range(segments))
        at += 48 * segments * (2 if flags & VERIFICATION else 1)
        sha256 = None
        if flags & METADATA:
            sha256 = _hexadecimal(shard[at : at + 32])
            at += 48
        yield XetFile(_hexadecimal(file_hash), size, sha256)


def _hexadecimal(raw: bytes) -> str:
    """32 bytes as xet prints them: four little-endian words."""
    return "".join(f"{word:016x}" for word in struct.unpack("<4Q", raw))
