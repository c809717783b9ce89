"""Import formats. To add one: a file beside this one with a class like `source.Reader`, and its name in `READERS`."""

from __future__ import annotations

from data_import.readers.json_document import JSONDocument, JSONLines
from data_import.readers.markup import MarkupDocument
from data_import.readers.media import MediaFile
from data_import.readers.source import UNDEFINED, Item, Reader, Source
from data_import.readers.table import CSVTable, TSVTable
from data_import.readers.text import TextLines

READERS: tuple[type[Reader], ...] = (JSONDocument, JSONLines, CSVTable, TSVTable, TextLines, MarkupDocument, MediaFile)

BY_EXTENSION: dict[str, type[Reader]] = {extension: reader for reader in READERS for extension in reader.extensions}


def reader_of(source: Source, *, as_list: bool = True) -> Reader:
    """The reader for a file. `as_list` false: a table or text is one task that holds the file's address (time series, for one).

    Raises KeyError for an extension that is not in the table; uploads have been checked against it.
    """
    reader = BY_EXTENSION[source.extension]
    return MediaFile(source) if reader.tasks_list and not as_list else reader(source)


__all__ = ["BY_EXTENSION", "READERS", "UNDEFINED", "Item", "Reader", "Source", "reader_of"]
