"""Flat rows as a table whose columns have types: what Parquet files and data sets for Hugging Face are made of.

Types are found in a first reading, rows written in a second: neither holds more than a chunk.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from core.errors import Refused
from core.rawjson import dump_json, read_json
from data_export.queries import Tasks
from data_export.writers.flat import FlatRow, flat_rows

if TYPE_CHECKING:
    import pyarrow

OWN = {
    "id": "int64",
    "annotation_id": "int64",
    "annotator": "int64",
    "created_at": "string",
    "updated_at": "string",
    "lead_time": "float64",
}
WHOLE = 2**63


@dataclass(frozen=True)
class Columns:
    """Column → type: int64, float64, bool or string, in the names of data sets for Hugging Face."""

    types: dict[str, str]

    @classmethod
    def of(cls, tasks: Tasks) -> Columns:
        found: dict[str, str] = {}
        for rows in flat_rows(tasks):
            for row in rows:
                for name, value in cells(row).items():
                    if value is not None and name not in OWN and (kind := _kind(value)) != (known := found.get(name)):
                        found[name] = kind if known is None else "float64" if {kind, known} == {"int64", "float64"} else "string"
        names = [*dict.fromkeys(["id", *tasks.data_columns(), *tasks.control_names(), *found, *OWN])]
        return cls({name: OWN.get(name) or found.get(name, "string") for name in names})

    def value(self, name: str, value: Any) -> Any:
        """A value as its column holds it: what is no plain value, and what does not fit the others, is JSON text."""
        kind = self.types[name]
        if value is None or kind == _kind(value):
            return value if isinstance(value, str | int | float | bool | None) else dump_json(value).decode()
        return float(value) if kind == "float64" else dump_json(value).decode()

    def pieces(self, tasks: Tasks) -> Iterator[bytes]:
        """The bytes of a Parquet file of the rows."""
        import pyarrow.parquet

        schema = self.schema()
        sink = io.BytesIO()
        with pyarrow.parquet.ParquetWriter(_Passing(sink), schema, compression="zstd") as writer:
            for rows in flat_rows(tasks):
                told = [cells(row) for row in rows]
                table = {name: [self.value(name, row.get(name)) for row in told] for name in self.types}
                writer.write_table(pyarrow.Table.from_pydict(table, schema=schema))
                yield sink.getvalue()
                sink.seek(0)
                sink.truncate()
        yield sink.getvalue()

    def schema(self) -> pyarrow.Schema:
        import pyarrow

        return pyarrow.schema([(name, getattr(pyarrow, "bool_" if kind == "bool" else kind)()) for name, kind in self.types.items()])


class _Passing(io.RawIOBase):
    """A file that is only written to and knows how far it is, whatever has been taken away meanwhile."""

    def __init__(self, sink: io.BytesIO) -> None:
        self._sink, self._written = sink, 0

    def writable(self) -> bool:
        return True

    def write(self, piece: Any) -> int:
        self._written += self._sink.write(piece)
        return len(piece)

    def tell(self) -> int:
        return self._written


def need_pyarrow() -> None:
    """Raises `Refused` (400) when the library for Parquet is not installed."""
    try:
        import pyarrow.parquet  # noqa: F401
    except ImportError:
        raise Refused("Parquet needs the pyarrow package on the server: pip install 'labelspace[parquet]'.", 400) from None


def cells(row: FlatRow) -> dict[str, Any]:
    """A row's values by column; a key of the data that is named like another column is `_data_<key>`."""
    data = read_json(row.data)
    taken = {*OWN, *row.answers}
    told = {f"_data_{key}" if key in taken else key: value for key, value in data.items()} | row.answers
    told["id"] = row.task
    if row.annotation is not None:
        told |= {"annotation_id": row.annotation, "annotator": row.annotator, "lead_time": row.lead_time}
        told |= {"created_at": _time(row.created_at), "updated_at": _time(row.updated_at)}
    return told


def _time(moment: Any) -> Any:
    return moment if isinstance(moment, str | None) else moment.strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _kind(value: Any) -> str:
    if isinstance(value, bool):
        return "bool"
    if isinstance(value, int):
        return "int64" if -WHOLE <= value < WHOLE else "string"
    return "float64" if isinstance(value, float) else "string"
