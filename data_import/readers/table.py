"""CSV and TSV: the first row names the data keys, each further row is a task."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from functools import cached_property
from itertools import islice
from typing import Any

import orjson

from data_import.readers.dataset import Mistake
from data_import.readers.source import Item, Reader, unreadable

MAX_CELL = 64 << 20
SEPARATORS = ",;\t|"
WHOLE = re.compile(r"-?(?:0|[1-9][0-9]{0,14})")
DECIMAL = re.compile(r"-?(?:0|[1-9][0-9]{0,14})\.[0-9]{1,15}")

csv.field_size_limit(MAX_CELL)


class CSVTable(Reader):
    """Comma-separated values; the separator is the one of , ; tab and | that the first line holds most of.

    A column becomes numbers when every cell that is not empty is a number written the way JSON would write it (so 007 and 1.50 stay text, and
    writing the file again gives the same cells).
    """

    extensions = ("csv",)
    tasks_list = True

    def items(self) -> Iterator[Item]:
        names, numbers = self.names, self.number_columns
        for line, cells in self._rows():
            if len(cells) > len(names):
                yield line, Mistake(f"the row has {len(cells)} cells, but the first line names {len(names)} columns")
                continue
            data: dict[str, Any] = dict(zip(names, cells, strict=False))
            for name in names[len(cells) :]:
                data[name] = ""
            for index in numbers:
                cell = data[names[index]]
                if cell:
                    data[names[index]] = float(cell) if "." in cell else int(cell)
            yield line, {"data": data}

    @cached_property
    def separator(self) -> str:
        with self.source.path.open(encoding=self.source.encoding, errors="replace") as file:
            first = re.sub(r'"[^"]*"', "", file.readline(1 << 20))
        return max(SEPARATORS, key=first.count)

    @cached_property
    def names(self) -> list[str]:
        """The columns, from the first line. Raises `Refused` when two have the same name."""
        first = next(islice(self._rows(header=True), 1), None)
        if first is None:
            raise unreadable(self.source, "the file is empty")
        names = [name.strip() or f"column {position}" for position, name in enumerate(first[1], 1)]
        doubles = sorted({name for name in names if names.count(name) > 1})
        if doubles:
            raise unreadable(self.source, f"the first line names a column twice: {', '.join(doubles)}")
        return names

    @cached_property
    def number_columns(self) -> list[int]:
        open_columns = dict.fromkeys(range(len(self.names)), False)  # index: whether a number was seen
        for _line, cells in self._rows():
            for index in list(open_columns):
                cell = cells[index] if index < len(cells) else ""
                if not cell:
                    continue
                if is_number(cell):
                    open_columns[index] = True
                else:
                    del open_columns[index]
            if not open_columns:
                break
        return [index for index, seen in open_columns.items() if seen]

    def _rows(self, *, header: bool = False) -> Iterator[tuple[int, list[str]]]:
        """(line from 1, cells) of the rows that are not blank, without the first unless `header`."""
        with self.source.path.open(encoding=self.source.encoding, errors="replace", newline="") as file:
            rows = csv.reader(file, delimiter=self.separator, strict=True)
            line = 1
            try:
                for cells in rows:
                    if cells:
                        if header:
                            yield line, cells
                        header = True
                    line = rows.line_num + 1
            except csv.Error as error:
                raise unreadable(self.source, f"line {line}: {error}") from None


class TSVTable(CSVTable):
    extensions = ("tsv",)

    @cached_property
    def separator(self) -> str:
        return "\t"


def is_number(cell: str) -> bool:
    """Whether JSON would write this number with exactly these characters."""
    return (WHOLE.fullmatch(cell) is not None and cell != "-0") or (
        DECIMAL.fullmatch(cell) is not None and orjson.dumps(float(cell)).decode() == cell
    )
