"""The rows that an import did not take, as a file to download: streamed, however many there are."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from itertools import islice

from core.rawjson import dump_json
from data_import.models import ProjectImport, RefusedRow

COLUMNS = ("row", "file", "line", "reason")
ROWS = 1_000


def as_csv(row: ProjectImport) -> Iterator[bytes]:
    """A table with the columns `row` (from 1, over all files of the import), `file`, `line` and `reason`."""
    yield b"\xef\xbb\xbf" + _lines([COLUMNS])  # the mark by which spreadsheets know UTF-8
    rows = _rows(row)
    while some := list(islice(rows, ROWS)):
        yield _lines(some)


def as_json(row: ProjectImport) -> Iterator[bytes]:
    """A list of `{row, file, line, reason}`."""
    separator = b"["
    for one in _rows(row):
        yield separator + dump_json(dict(zip(COLUMNS, one, strict=True)))
        separator = b",\n"
    yield b"[]" if separator == b"[" else b"]"


KINDS = {"csv": as_csv, "json": as_json}


def _rows(row: ProjectImport) -> Iterator[tuple[int, str, int | None, str]]:
    found = RefusedRow.objects.filter(import_id=row.pk).order_by("number")
    return found.values_list("number", "file", "line", "reason").iterator(chunk_size=ROWS)


def _lines(rows: object) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows(rows)  # type: ignore[arg-type]
    return text.getvalue().encode("utf-8", "replace")
