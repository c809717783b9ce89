"""Plain text: each line that is not empty is a task."""

from __future__ import annotations

from collections.abc import Iterator

from data_import.readers.source import UNDEFINED, Item, Reader


class TextLines(Reader):
    extensions = ("txt",)
    tasks_list = True

    def items(self) -> Iterator[Item]:
        with self.source.path.open(encoding=self.source.encoding, errors="replace") as file:
            for number, line in enumerate(file, 1):
                text = line.rstrip("\n")
                if text.strip():
                    yield number, {"data": {UNDEFINED: text}}
