"""Statements that may take only so long."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from django.db import OperationalError, connection, transaction

from core.errors import Refused

if TYPE_CHECKING:
    from data_manager.query import TaskQuery

STEPS = 10_000  # of SQLite's machine, between two looks at the clock: about half a millisecond
# What a query with a regular expression may take, in seconds: RE2's language runs in linear time, PostgreSQL's engine need not.
PATTERN_SECONDS = 5.0

_deadlines = threading.local()


class TookTooLong(Exception):
    """A statement was ended before it was done."""


@contextmanager
def patience(query: TaskQuery) -> Iterator[None]:
    """What runs a query of a client's. Raises `Refused` (400) for one whose regular expression keeps the database busy."""
    if not query.has_pattern:
        yield
        return
    try:
        with at_most(PATTERN_SECONDS):
            yield
    except TookTooLong:
        raise Refused(
            f"Searching by this regular expression takes longer than {PATTERN_SECONDS:g} seconds. Narrow it with another filter first.", 400
        ) from None


@contextmanager
def at_most(seconds: float) -> Iterator[None]:
    """End a statement (read-only) of the block that takes longer, with `TookTooLong`. Inside of another such block the earlier end counts."""
    outer: float | None = getattr(_deadlines, "ends", None)
    ends = time.monotonic() + seconds
    if outer is not None:
        ends = min(ends, outer)
    _deadlines.ends = ends
    try:
        with _postgresql(ends, outer) if connection.vendor == "postgresql" else _sqlite(ends, outer):
            yield
    finally:
        _deadlines.ends = outer


@contextmanager
def _sqlite(ends: float, outer: float | None) -> Iterator[None]:
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
        raw.set_progress_handler(None if outer is None else lambda: time.monotonic() > outer, 0 if outer is None else STEPS)


@contextmanager
def _postgresql(ends: float, outer: float | None) -> Iterator[None]:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT set_config('statement_timeout', %s, true)", [_left(ends)])
            yield
            cursor.execute("SELECT set_config('statement_timeout', %s, true)", ["0" if outer is None else _left(outer)])
    except OperationalError as error:
        if "statement timeout" in str(error):
            raise TookTooLong from error
        raise


def _left(ends: float) -> str:
    return f"{max(1, int((ends - time.monotonic()) * 1000))}ms"
