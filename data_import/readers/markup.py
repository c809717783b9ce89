"""HTML and XML: the whole document is one task."""

from __future__ import annotations

from collections.abc import Iterator

from data_import.readers.source import UNDEFINED, Item, Reader, unreadable

MAX_DOCUMENT = 64 << 20


class MarkupDocument(Reader):
    extensions = ("htm", "html", "xml")

    def items(self) -> Iterator[Item]:
        if self.source.path.stat().st_size > MAX_DOCUMENT:
            raise unreadable(self.source, f"a document may have at most {MAX_DOCUMENT >> 20} MB")
        yield None, {"data": {UNDEFINED: self.source.path.read_text(encoding=self.source.encoding, errors="replace")}}
