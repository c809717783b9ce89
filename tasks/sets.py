"""Sets of rows in SQL: one parameter for any number of ids, the same on both databases."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection

from core.rawjson import json_text


@dataclass(frozen=True)
class IdSet:
    """SQL that selects ids (for `id IN (…)`), with its parameters."""

    text: str
    params: tuple[Any, ...] = ()


def ids(values: Iterable[int]) -> IdSet:
    """The ids themselves, as one parameter."""
    listed = sorted(set(values))
    if connection.vendor == "postgresql":
        return IdSet("SELECT unnest(%s::bigint[])", (listed,))
    return IdSet("SELECT value FROM json_each(%s)", (json_text(listed),))


def all_tasks(project_id: int) -> IdSet:
    return IdSet("SELECT id FROM tasks_task WHERE project_id = %s", (project_id,))


def run(sql: str, params: Sequence[Any] = ()) -> int:
    """Execute one statement; returns how many rows it changed."""
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return int(cursor.rowcount)


def rows(sql: str, params: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
    """The rows that a statement returns."""
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return list(cursor.fetchall())


def lock_tasks(tasks: IdSet) -> list[int]:
    """Lock tasks until the transaction ends, in the order of their ids so that two who lock many cannot wait for each other; returns their ids."""
    lock = " FOR UPDATE" if connection.vendor == "postgresql" else ""
    return [row[0] for row in rows(f"SELECT id FROM tasks_task WHERE id IN ({tasks.text}) ORDER BY id{lock}", tasks.params)]
