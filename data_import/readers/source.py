"""A file to read tasks from, and what readers yield."""

from __future__ import annotations

import codecs
from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, ClassVar

from core.errors import Refused
from data_import.file_types import EXTENSIONS, UNKNOWN, FileType, extension_of

UNDEFINED = "$undefined$"  # stands for the first data key of the labeling config, as in Label Studio
PIECE = 1 << 20

# (line of the file from 1, or None where lines mean nothing; the item: a task with `data`, or its bare data)
Item = tuple[int | None, Any]


@dataclass(frozen=True)
class Source:
    """A file on this machine. `name` is what its owner calls it, `url` where tasks find it when it is stored as an upload."""

    path: Path
    name: str
    url: str = ""

    @property
    def extension(self) -> str:
        return extension_of(self.name)

    @property
    def file_type(self) -> FileType:
        return EXTENSIONS.get(self.extension, UNKNOWN)

    @cached_property
    def encoding(self) -> str:
        """UTF-8 or UTF-16 by its mark, UTF-8 when the whole file is that, else Windows-1252 (what spreadsheets save in the West)."""
        with self.path.open("rb") as file:
            head = file.read(4)
            if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
                return "utf-16"
            file.seek(0)
            decoder = codecs.getincrementaldecoder("utf-8")("strict")
            try:
                while piece := file.read(PIECE):
                    decoder.decode(piece)
                decoder.decode(b"", final=True)
            except UnicodeDecodeError:
                return "cp1252"
        return "utf-8-sig"


class Reader(ABC):
    """One format. `extensions` are lower case without dot; `tasks_list` says that each row of the file could be a task, or the file as a whole."""

    extensions: ClassVar[tuple[str, ...]]
    tasks_list: ClassVar[bool] = False

    def __init__(self, source: Source) -> None:
        self.source = source

    @abstractmethod
    def items(self) -> Iterator[Item]:
        """The items in order; may be called again. Raises `Refused` (400) where the file cannot be read on."""


def unreadable(source: Source, why: str) -> Refused:
    return Refused("Validation error", 400, fields={"non_field_errors": [f"{source.name}: {why}"]})
