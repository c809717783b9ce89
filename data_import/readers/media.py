"""Images, sound, video, PDF: the file is one task, which holds its address."""

from __future__ import annotations

from collections.abc import Iterator

from data_import.file_types import EXTENSIONS, MEDIA
from data_import.readers.source import UNDEFINED, Item, Reader


class MediaFile(Reader):
    extensions = tuple(extension for extension, file_type in EXTENSIONS.items() if file_type.kind in MEDIA)

    def items(self) -> Iterator[Item]:
        yield None, {"data": {UNDEFINED: self.source.url}}
