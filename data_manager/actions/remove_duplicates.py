"""Of tasks with the same data the first one stays; the others' annotations move to it."""

from __future__ import annotations

from array import array
from hashlib import blake2b
from typing import Any

import orjson
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.actor import Actor
from core.database import column_time
from data_manager.actions.action import Action
from data_manager.actions.work import PIECE, Work
from tasks.counters import keep_counters
from tasks.operations.delete import delete_set
from tasks.operations.recycle import note, note_all, stream, text_type
from tasks.operations.reverse import change_versions, move_annotations, record_moved
from tasks.sets import IdSet, ids, lock_project, rows, run


def _perform(work: Work) -> dict[str, Any]:
    """What is a duplicate is found anew after an interruption: those removed by then are gone."""
    duplicates, firsts = _found(work)
    for start in range(0, len(duplicates), PIECE):
        piece = dict(zip(duplicates[start : start + PIECE], firsts[start : start + PIECE], strict=True))
        with work.step():
            lock_project(work.project.pk)
            _move(work, piece)
            work.counts["removed"] += delete_set(work.actor, work.project, sorted(piece), work.entry())
    number = work.counts["removed"]
    return work.answer(number, f"Removed {number} tasks", response_code=200)


def _found(work: Work) -> tuple[array[int], array[int]]:
    """(duplicates, the task that stays of each): two arrays of numbers, however many tasks there are."""
    selected = work.selection.sql
    if connection.vendor == "sqlite":
        connection.ensure_connection()
        connection.connection.create_function("same_data", 1, same_data, deterministic=True)
        key = "same_data(t.data)"
    else:
        key = "md5(t.data::jsonb::text)"
    duplicates, firsts = array("q"), array("q")
    with transaction.atomic():
        for task, first in stream(
            f"""SELECT id, first FROM (SELECT t.id, MIN(t.id) OVER (PARTITION BY {key}) AS first FROM tasks_task t WHERE t.id IN ({selected.text})) AS same
                WHERE id <> first ORDER BY id""",
            selected.params,
        ):
            duplicates.append(task)
            firsts.append(first)
    return duplicates, firsts


def same_data(text: str) -> bytes:
    """Equal for texts that are equal as JSON, whatever the order of keys."""
    return blake2b(orjson.dumps(orjson.loads(text), option=orjson.OPT_SORT_KEYS), digest_size=16).digest()


def _move(work: Work, piece: dict[int, int]) -> None:
    named = ids(piece)
    entry, project = work.entry(), work.project.pk
    homes = rows(f"SELECT id, task_id FROM tasks_annotation WHERE task_id IN ({named.text}) ORDER BY id", named.params)
    if not homes:
        return
    moved = ids(row[0] for row in homes)
    # Their predictions stay with the task that goes; undone, the annotations find them again.
    note_all(
        entry,
        project,
        "parent_prediction",
        f"""SELECT id AS row_id, CAST(NULL AS bigint) AS stamp, CAST(parent_prediction_id AS {text_type()}) AS former
            FROM tasks_annotation WHERE id IN ({moved.text}) AND parent_prediction_id IS NOT NULL""",
        moved.params,
    )
    run(f"UPDATE tasks_annotation SET parent_prediction_id = NULL WHERE id IN ({moved.text})", moved.params)
    note(entry, project, "moved", ((pk, piece[task], str(task)) for pk, task in homes))
    by_home: dict[int, list[int]] = {}
    for pk, task in homes:
        by_home.setdefault(piece[task], []).append(pk)
    with keep_counters(work.project, ids([*piece, *by_home])):
        for home, annotations in by_home.items():
            move_annotations(ids(annotations), home)
    record_moved(work.actor, work.project, [pk for pk, _task in homes], {*piece, *by_home})
    work.counts["moved"] += len(homes)
    _leave_one_truth(work, entry, list(by_home))


def _leave_one_truth(work: Work, entry: int, homes: list[int]) -> None:
    """A task has one ground truth: that of the first annotation."""
    named = ids(homes)
    extra = ids(
        row[0]
        for row in rows(
            f"""SELECT id FROM (SELECT id, MIN(id) OVER (PARTITION BY task_id) AS first FROM tasks_annotation
                WHERE ground_truth AND task_id IN ({named.text})) AS truths WHERE id <> first""",
            named.params,
        )
    )

    def change(which: IdSet, actor: Actor) -> None:
        run(
            f"UPDATE tasks_annotation SET ground_truth = FALSE, version = version + 1, updated_by_id = %s, updated_at = %s WHERE id IN ({which.text})",
            [actor.user_id, column_time(timezone.now()), *which.params],
        )

    change_versions(work.actor, work.project, extra, "updated", change)
    stamps = rows(f"SELECT id, version FROM tasks_annotation WHERE id IN ({extra.text})", extra.params)
    note(entry, work.project.pk, "version", ((pk, version, None) for pk, version in stamps))


REMOVE_DUPLICATES = Action(
    "remove_duplicates",
    _("Remove duplicated tasks"),
    95,
    "tasks.delete",
    _perform,
    text=_("Of selected tasks with the same data the first stays, and gets the annotations of the others. For 30 days this can be undone."),
    counts=("tasks",),
    danger=True,
    undo=True,
    reload=True,
)
