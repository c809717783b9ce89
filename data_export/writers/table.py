"""CSV and TSV: one line per annotation, columns in alphabetical order."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from functools import partial
from typing import Any

from django.utils.translation import gettext_lazy as _

from core.rawjson import dump_json, read_json
from data_export.formats import Format, Options
from data_export.queries import Tasks
from data_export.writers.flat import FlatRow, flat_rows

FIXED = ("annotation_id", "annotator", "created_at", "id", "lead_time", "updated_at")
# What spreadsheets run as a formula: = @ tab return, and + - unless a number follows.
FORMULA = re.compile(r"[=@\t\r]|[+-](?!\d+([.,]\d+)*([eE][+-]?\d+)?%?\s*$)")


def write(selection: Tasks, options: Options, *, separator: str) -> Iterator[bytes]:
    """Text is quoted, numbers are not; lists and objects are JSON text. A data column named like another one becomes `_data_<name>`."""
    answers = sorted(selection.control_names())
    taken = {*FIXED, *answers}
    columns = {key: f"_data_{key}" if key in taken else key for key in selection.data_columns()}
    names = sorted({*columns.values(), *taken})
    guard = (lambda cell: cell) if options.raw else guarded
    buffer = io.StringIO()
    table = csv.writer(buffer, delimiter=separator, quoting=csv.QUOTE_NONNUMERIC, lineterminator="\n")
    table.writerow([guard(name) for name in names])
    for rows in flat_rows(selection):
        for row in rows:
            values = _values(row, columns)
            table.writerow([guard(cell(values.get(name))) for name in names])
        yield buffer.getvalue().encode()
        buffer.seek(0)
        buffer.truncate()
    yield buffer.getvalue().encode()


def _values(row: FlatRow, columns: dict[str, str]) -> dict[str, Any]:
    values = {columns.get(key, key): value for key, value in read_json(row.data).items()}
    values |= row.answers
    values["id"] = row.task
    if row.annotation is not None:
        values |= {
            "annotator": row.annotator,
            "annotation_id": row.annotation,
            "created_at": _time(row.created_at),
            "updated_at": _time(row.updated_at),
            "lead_time": row.lead_time,
        }
    return values


def _time(moment: Any) -> Any:
    return moment if isinstance(moment, str | None) else moment.strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def cell(value: Any) -> str | int | float:
    """A value as a cell: text and numbers as they are, nothing as "", the rest as JSON."""
    if value is None:
        return ""
    if isinstance(value, str) or (isinstance(value, int | float) and not isinstance(value, bool)):
        return value
    return dump_json(value).decode()


def guarded(value: str | int | float) -> str | int | float:
    """A cell that no spreadsheet runs (rule F5 of docs/security.md): text that would be a formula gets a leading apostrophe."""
    return f"'{value}" if isinstance(value, str) and FORMULA.match(value) else value


CSV = Format("CSV", "CSV", _("A table with a line per annotation."), "csv", "text/csv; charset=utf-8", partial(write, separator=","))
TSV = Format(
    "TSV",
    "TSV",
    _("A table with a line per annotation, separated by tabs."),
    "tsv",
    "text/tab-separated-values; charset=utf-8",
    partial(write, separator="\t"),
)
