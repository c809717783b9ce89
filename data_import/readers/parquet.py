"""Parquet: each row is a task, its columns are the data keys; one row group after the other."""

from __future__ import annotations

import math
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from uuid import UUID

from core.errors import Refused
from core.rawjson import JSONRefused, read_json
from data_import.readers.dataset import Mistake
from data_import.readers.source import Item, Reader, unreadable

if TYPE_CHECKING:
    pass

ROWS = 500  # of one batch
# Columns that a task as a whole has; as text they are its JSON.
OF_A_TASK = ("data", "annotations", "predictions", "drafts", "meta")


class ParquetTable(Reader):
    """A table with a column `data` holds whole tasks, as an export writes them; any other one holds bare data."""

    extensions = ("parquet",)

    def items(self) -> Iterator[Item]:
        pyarrow, parquet = _pyarrow()
        try:
            with parquet.ParquetFile(self.source.path) as file:
                number = 0
                for group in range(file.num_row_groups):
                    for batch in file.iter_batches(batch_size=ROWS, row_groups=[group]):
                        for row in batch.to_pylist():
                            number += 1
                            yield number, _task(row)
        except (pyarrow.ArrowException, OSError, EOFError) as error:
            raise unreadable(self.source, f"this is not a Parquet file that can be read ({error})") from None


def _pyarrow() -> tuple[Any, Any]:
    try:
        import pyarrow
        import pyarrow.parquet
    except ImportError:
        raise Refused("Reading Parquet needs pyarrow on the server: pip install labelspace[parquet]", 400) from None
    return pyarrow, pyarrow.parquet


def _task(row: dict[str, Any]) -> dict[str, Any] | Mistake:
    try:
        plain = {name: _plain(value, name) for name, value in row.items()}
        if "data" not in plain:
            return {"data": plain}
        for name in OF_A_TASK:
            if isinstance(plain.get(name), str):
                plain[name] = read_json(plain[name])
    except (ValueError, JSONRefused) as error:
        return Mistake(str(error))
    return {name: value for name, value in plain.items() if value is not None}


def _plain(value: Any, name: str) -> Any:
    """A cell as JSON can hold it. Raises ValueError for bytes."""
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, timedelta):
        return value.total_seconds()
    if isinstance(value, Decimal | UUID):
        return str(value)
    if isinstance(value, dict):
        return {str(key): _plain(inner, name) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(inner, name) for inner in value]
    raise ValueError(f'the column "{name}" holds {type(value).__name__}, which a task cannot: give addresses of files instead')
