"""Statements that may take only so long."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import OperationalError, connection, transaction

STEPS = 10_000  # of SQLite's machine, between two looks at the clock: about half a millisecond


class TookTooLong(Exception):
    """A statement was ended before it was done."""


@contextmanager
def at_most(seconds: float) -> Iterator[None]:
    """End a statement (read-only) of the block that takes longer, with `TookTooLong`."""
    if connection.vendor == "postgresql":
        with _postgresql(seconds):
            yield
        return
    ends = time.monotonic() + seconds
    connection.ensure_connection()
    raw = connection.connection
    raw.set_progress_handler(lambda: time.monotonic() > ends, STEPS)
    try:
        yield
    except OperationalError as error:
        if "interrupted" in str(error):
            raise TookTooLong from error
        raise
    finally:
        raw.set_progress_handler(None, 0)


@contextmanager
def _postgresql(seconds: float) -> Iterator[None]:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT set_config('statement_timeout', %s, true)", [f"{max(1, int(seconds * 1000))}ms"])
            yield
            cursor.execute("SELECT set_config('statement_timeout', '0', true)")
    except OperationalError as error:
        if "statement timeout" in str(error):
            raise TookTooLong from error
        raise
