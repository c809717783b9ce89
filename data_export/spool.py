"""A list that is written long before it is sent: its items as JSON text, on disk once they are many."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from types import TracebackType
from typing import Any

from core.rawjson import dump_json

IN_MEMORY = 4 << 20  # bytes
PIECE = 256 << 10


class Spool:
    """`add` items in order, then read `pieces`: the items with a separator between them, without brackets."""

    def __init__(self, separator: bytes = b",") -> None:
        self._separator = separator
        self.count = 0
        self.size = 0
        self._file = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 - lives as long as the spool

    def __enter__(self) -> Spool:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._file.close()

    def add(self, item: Any) -> None:
        self.size += self._file.write((self._separator if self.count else b"") + dump_json(item))
        self.count += 1

    def pieces(self) -> Iterator[bytes]:
        self._file.seek(0)
        while piece := self._file.read(PIECE):
            yield piece
