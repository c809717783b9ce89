"""JSON (one object, or a list of them) and JSON Lines."""

from __future__ import annotations

from collections.abc import Iterator

from core.rawjson import JSONRefused, read_json
from data_import.json_stream import json_items
from data_import.readers.dataset import Mistake
from data_import.readers.source import Item, Reader, unreadable


class JSONDocument(Reader):
    extensions = ("json",)

    def items(self) -> Iterator[Item]:
        with self.source.path.open("rb") as file:
            try:
                for line, text in json_items(file):
                    try:
                        yield line, read_json(text)
                    except JSONRefused as error:
                        yield line, Mistake(str(error))
            except JSONRefused as error:
                raise unreadable(self.source, str(error)) from None


class JSONLines(JSONDocument):
    """One task per line. The same scanner: a line break between two items is white space to it."""

    extensions = ("jsonl",)
