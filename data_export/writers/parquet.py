"""PARQUET: a typed table with a row per annotation, for pandas, Polars, DuckDB and Spark."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from data_export.formats import ExportedFile, Format, Options
from data_export.queries import Tasks
from data_export.typed_table import Columns, need_pyarrow

CONTENT_TYPE = "application/vnd.apache.parquet"


def write(selection: Tasks, options: Options) -> Iterator[bytes]:
    return Columns.of(selection).pieces(selection)


def choose(selection: Tasks, options: Options) -> ExportedFile:
    need_pyarrow()
    return ExportedFile("parquet", CONTENT_TYPE, write(selection, options))


PARQUET = Format(
    "PARQUET", "Parquet", _("A typed table with a line per annotation, for data tools."), "parquet", CONTENT_TYPE, write, choose=choose
)
