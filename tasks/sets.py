"""Sets of rows in SQL: one parameter for any number of ids, the same on both databases.

Beside a set of ids, `+project_id = %s` (with the sign) keeps SQLite from walking through the whole project: it cannot know how small the set is.
"""

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


def lock_project(project_id: int) -> None:
    """Let nobody else change the project's tasks and annotations until the transaction ends.

    Every change of many rows begins with it. Changes of one task hold a shared lock on the project first, so that nobody waits in a circle.
    """
    if connection.vendor == "postgresql":
        rows("SELECT id FROM projects_project WHERE id = %s FOR UPDATE", [project_id])
