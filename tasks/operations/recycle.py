"""Into the recycle bin: rows that are deleted move there, and what is made or changed is noted, in the transaction of the change."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any
from zlib import crc32

from django.db import connection, models
from django.utils import timezone

from core.actor import Actor
from core.database import column_time, insert_rows
from core.rawjson import json_text
from tasks.models import RecycleChange
from tasks.recycled import KEPT_FOR, mirrored
from tasks.result_counts import ResultChanges
from tasks.sets import IdSet, rows, run

COUNTS = ("tasks", "annotations", "drafts", "predictions")
RESULTS_AT_ONCE = 200


def open_entry(actor: Actor, project_id: int, kind: str, **details: Any) -> int:
    """A new entry of the recycle bin; returns its id. What is put into it is counted with `count`."""
    now = timezone.now()
    found = rows(
        """INSERT INTO tasks_recycleentry (project_id, kind, details, tasks, annotations, drafts, predictions, created_by_id, created_at, expires_at)
           VALUES (%s, %s, %s, 0, 0, 0, 0, %s, %s, %s) RETURNING id""",
        [project_id, kind, json_text(details), actor.user_id, column_time(now), column_time(now + KEPT_FOR)],
    )
    return int(found[0][0])


def count(entry: int, **numbers: int) -> None:
    """Add to what an entry says it holds: `count(entry, tasks=3)`."""
    named = {name: number for name, number in numbers.items() if number}
    if named:
        run(f"UPDATE tasks_recycleentry SET {', '.join(f'{name} = {name} + %s' for name in named)} WHERE id = %s", [*named.values(), entry])


def move_away(entry: int | None, model: type[models.Model], column: str, which: IdSet) -> int:
    """Delete the rows whose `column` is among `which` and keep them with the entry (without one they are gone); returns how many."""
    table, mirror, columns = names_of(model)
    where = f"{column} IN ({which.text})"
    if entry is None:
        return run(f"DELETE FROM {table} WHERE {where}", which.params)
    # A row that was deleted before and came back: its old copy says nothing any more.
    run(f"DELETE FROM {mirror} WHERE id IN (SELECT id FROM {table} WHERE {where})", which.params)
    run(f"INSERT INTO {mirror} (entry_id, {columns}) SELECT %s, {columns} FROM {table} WHERE {where}", [entry, *which.params])
    return run(f"DELETE FROM {table} WHERE {where}", which.params)


def names_of(model: type[models.Model]) -> tuple[str, str, str]:
    """(table, its mirror, their common columns) for SQL."""
    columns = ", ".join(f'"{field.column}"' for field in model._meta.concrete_fields)
    return f'"{model._meta.db_table}"', f'"{mirrored(model)._meta.db_table}"', columns


def note(entry: int, project_id: int, what: str, found: Iterable[tuple[int, int | None, str | None]]) -> None:
    """Keep how rows were: (id, stamp, former) of each."""
    insert_rows(
        RecycleChange,
        ("project_id", "entry_id", "what", "row_id", "stamp", "former"),
        [(project_id, entry, what, row_id, stamp, former) for row_id, stamp, former in found],
    )


def note_all(entry: int | None, project_id: int, what: str, select: str, params: Sequence[Any]) -> None:
    """As `note`, of what a SELECT of (id, stamp, former) finds; without an entry nothing is kept."""
    if entry is None:
        return
    run(
        f"""INSERT INTO tasks_recyclechange (project_id, entry_id, what, row_id, stamp, former)
            SELECT %s, %s, %s, found.row_id, found.stamp, found.former FROM ({select}) AS found""",
        [project_id, entry, what, *params],
    )


def stamp_of(text: str | None) -> int:
    """Tells whether a text is still the same."""
    return crc32((text or "").encode())


def note_parents(entry: int | None, project_id: int, column: str, gone: IdSet) -> None:
    """Annotations that name one of these predictions or annotations as their parent lose it, and get it back with the entry."""
    what = column.removesuffix("_id")
    note_all(
        entry,
        project_id,
        what,
        f"SELECT id AS row_id, CAST(NULL AS bigint) AS stamp, CAST({column} AS {text_type()}) AS former FROM tasks_annotation WHERE {column} IN ({gone.text})",
        gone.params,
    )
    run(f"UPDATE tasks_annotation SET {column} = NULL WHERE {column} IN ({gone.text})", gone.params)


def text_type() -> str:
    return "varchar" if connection.vendor == "postgresql" else "text"


def count_results(results: ResultChanges, table: str, column: str, which: IdSet, by: int) -> None:
    """Count the results of many annotations or drafts in or out, reading a few at a time however large they are."""
    add = results.draft if table.endswith("draft") else results.annotation
    for (result,) in stream(f"SELECT result FROM {table} WHERE {column} IN ({which.text}) AND result IS NOT NULL", which.params):
        add(result, by)


def stream(sql: str, params: Sequence[Any]) -> Iterator[tuple[Any, ...]]:
    """Rows one after the other, `RESULTS_AT_ONCE` in memory. Inside a transaction."""
    with connection.chunked_cursor() as cursor:
        cursor.execute(sql, params)
        while found := cursor.fetchmany(RESULTS_AT_ONCE):
            yield from found
