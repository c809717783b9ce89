"""Writing one key of the data of many tasks, so that it can be undone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _

from core.errors import invalid
from core.rawjson import JSONRefused, json_text, read_json
from data_manager.actions.work import Work
from data_manager.columns import MAX_KEY
from tasks.columns import change_columns
from tasks.operations.recycle import count, note, stamp_of
from tasks.operations.reverse import write_data
from tasks.sets import ids, lock_project, rows

AT_ONCE = 500  # tasks in memory
ABSENT = object()


def field_name(value: Any, name: str) -> str:
    """A data key that a client names. Raises 400."""
    if not isinstance(value, str) or not value.strip() or len(value) > MAX_KEY or "\0" in value:
        raise invalid(**{name: _("Name the field.")})
    return value.strip()


def write_field(work: Work, key: str, value_of: Callable[[int, dict[str, Any], int], Any]) -> int:
    """Give every task of the selection a value under `key`; returns how many changed.

    `value_of` gets the task's id, its data and its place in the selection (from 0); `ABSENT` leaves the task as it is.
    """

    def act(tasks: list[int]) -> None:
        lock_project(work.project.pk)
        for start in range(0, len(tasks), AT_ONCE):
            _write(work, key, value_of, tasks[start : start + AT_ONCE], work.counts["tasks"] + start)

    work.each(act)
    return work.counts["changed"]


def _write(work: Work, key: str, value_of: Callable[[int, dict[str, Any], int], Any], tasks: list[int], place: int) -> None:
    named = ids(tasks)
    written: list[tuple[int, str]] = []
    notes: list[tuple[int, int | None, str | None]] = []
    new = 0
    found = rows(f"SELECT id, data FROM tasks_task WHERE id IN ({named.text}) ORDER BY id", named.params)
    for number, (task, text) in enumerate(found, place):
        data = read_json(text)
        value = value_of(task, data, number)
        if value is ABSENT or (key in data and data[key] == value):
            continue
        new += key not in data
        notes.append((task, stamp_of(json_text(value)), json_text(data[key]) if key in data else None))
        data[key] = value
        try:
            written.append((task, json_text(data)))
        except JSONRefused as error:
            raise invalid(value=str(error)) from None
    if not written:
        return
    entry = work.entry(field=key, about=key[:100])
    note(entry, work.project.pk, "data", notes)
    count(entry, tasks=len(written))
    write_data(work.actor, written)
    change_columns(work.project.pk, {key: new})
    work.counts["changed"] += len(written)
