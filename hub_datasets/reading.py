"""Rows of Parquet files on the Hub, read in ranges: neither a file nor a dataset is ever here whole."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from core.errors import Refused, invalid
from hub_datasets.columns import Column, columns_of
from hub_datasets.hub import Hub

BATCH = 500


@contextmanager
def parquet(hub: Hub, repo: str, revision: str, path: str) -> Iterator[Any]:
    """The open file. Raises 400 when it is none, or pyarrow is not installed."""
    pyarrow, module = need_pyarrow()
    with hub.opened(repo, revision, path) as file:
        try:
            with module.ParquetFile(file) as opened:
                yield opened
        except pyarrow.ArrowInvalid as error:
            raise invalid(dataset=f"{path} is not a Parquet file that can be read ({error}).") from None


def head(hub: Hub, repo: str, revision: str, path: str, rows: int) -> tuple[list[Column], list[dict[str, Any]]]:
    """The columns of a file and its first rows, without media."""
    with parquet(hub, repo, revision, path) as file:
        columns = columns_of(file.schema_arrow)
        batch = next(file.iter_batches(batch_size=rows, columns=leaves(columns)), None)
        return columns, batch.to_pylist()[:rows] if batch is not None else []


def rows_of(file: Any, columns: Sequence[Column], skip: int) -> Iterator[tuple[int, dict[str, Any]]]:
    """(number in the file, row) behind the first `skip` rows; whole row groups before them are not read."""
    number = 0
    for group in range(file.num_row_groups):
        size = file.metadata.row_group(group).num_rows
        if number + size <= skip:
            number += size
            continue
        for batch in file.iter_batches(batch_size=BATCH, row_groups=[group], columns=leaves(columns)):
            for row in batch.to_pylist():
                if number >= skip:
                    yield number, row
                number += 1


def medium(file: Any, column: str, number: int) -> Iterator[tuple[int, dict[str, Any]]]:
    """(number, {bytes, path}) of the rows of the row group that holds a row."""
    first = 0
    for group in range(file.num_row_groups):
        size = file.metadata.row_group(group).num_rows
        if number < first + size:
            for batch in file.iter_batches(batch_size=16, row_groups=[group], columns=[column]):
                for row in batch.to_pylist():
                    yield first, row[column] or {}
                    first += 1
            return
        first += size


def leaves(columns: Sequence[Column]) -> list[str]:
    return [leaf for column in columns for leaf in column.leaves]


def need_pyarrow() -> tuple[Any, Any]:
    try:
        import pyarrow
        import pyarrow.parquet
    except ImportError:
        raise Refused("Datasets of the Hub need pyarrow on the server: pip install 'labelspace[parquet]'.", 400) from None
    return pyarrow, pyarrow.parquet
