"""One flat row per annotation: what JSON_MIN and the tables have in common (§2.11 of the API)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from core.rawjson import read_json
from data_export.queries import Tasks


@dataclass(frozen=True)
class FlatRow:
    """`data` is JSON text. `answers` maps control names to plain answers. Without annotation the last five are None and `answers` is empty."""

    task: int
    data: str
    answers: dict[str, Any]
    annotator: int | None = None
    annotation: int | None = None
    created_at: Any = None
    updated_at: Any = None
    lead_time: float | None = None


def flat_rows(selection: Tasks) -> Iterator[list[FlatRow]]:
    """Rows in lists, a chunk of tasks each: one per annotation that is not skipped, newest first; one without answer for a task that has no
    annotations at all; none for a task that was only skipped."""
    for chunk in selection.chunks():
        rows = []
        for task in chunk.tasks:
            annotations = chunk.annotations.get(task[0])
            if not annotations:
                rows.append(FlatRow(task[0], task[1], {}))
                continue
            for row in annotations:
                if not row[4]:
                    rows.append(FlatRow(task[0], task[1], answers(row[3]), row[2], row[1], row[6], row[7], row[8]))
        yield rows


def answers(result: str | None) -> dict[str, Any]:
    """{control: answer} of a result's JSON text.

    A single choice or text answer is itself; several choices are `{"choices": […]}`; anything else is the list of the rows' values, each with
    the size of its object when the row says it. Relations belong to no control and are left out.
    """
    rows = read_json(result) if result else None
    return answers_of(rows if isinstance(rows, list) else [])


def answers_of(rows: list[Any]) -> dict[str, Any]:
    """As `answers`, of the rows themselves."""
    by_control: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        if isinstance(row, dict) and isinstance(row.get("from_name"), str) and isinstance(row.get("value"), dict):
            by_control[row["from_name"]].append(row)
    return {name: _answer(rows) for name, rows in by_control.items()}


def _answer(rows: list[dict[str, Any]]) -> Any:
    values = []
    for row in rows:
        value = dict(row["value"])
        for size in ("original_width", "original_height"):
            if size in row:
                value[size] = row[size]
        values.append(value)
    only = values[0]
    if len(values) == 1 and rows[0].get("type") in ("choices", "textarea"):
        key = "choices" if rows[0]["type"] == "choices" else "text"
        said = only.get(key)
        if len(only) == 1 and isinstance(said, list):
            return said[0] if len(said) == 1 else only if key == "choices" else said
        if len(only) == 1 and isinstance(said, str):
            return said
    return values
