"""How each kind of change that the recycle bin keeps is reversed: a few thousand rows at a time, in the caller's transaction.

A row that somebody has changed since is left as it is, and its note stays in the bin.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.db import connection
from django.utils import timezone

from core.actor import Actor
from core.database import column_time
from core.events.record import record
from core.rawjson import json_text, read_json
from projects.models import Project
from projects.operations import update_project
from tasks.columns import change_columns
from tasks.counters import keep_counters
from tasks.operations.delete import delete_annotations
from tasks.operations.recycle import count_results, stamp_of
from tasks.operations.versions import keep_versions
from tasks.result_counts import ResultChanges
from tasks.sets import IdSet, ids, rows, run

if TYPE_CHECKING:
    from tasks.models import RecycleEntry

Change = tuple[int, int, int | None, str | None]  # id, row, stamp, former


@dataclass
class Reversed:
    """`changes` are done with and leave the bin; `numbers` say how much was put right."""

    changes: list[int]
    numbers: Counter[str] = field(default_factory=Counter)


Reversal = Callable[[Actor, Project, "RecycleEntry", Sequence[Change]], Reversed]


def _made(actor: Actor, project: Project, _entry: RecycleEntry, changes: Sequence[Change]) -> Reversed:
    """Annotations that were made go away."""
    named = ids(row for _pk, row, _stamp, _former in changes)
    live = dict(rows(f"SELECT id, version FROM tasks_annotation WHERE id IN ({named.text})", named.params))
    untouched = [row for _pk, row, stamp, _former in changes if live.get(row) == stamp]
    number = delete_annotations(actor, project, untouched, recycle=False) if untouched else 0
    return Reversed([pk for pk, row, stamp, _former in changes if live.get(row, stamp) == stamp], Counter(removed=number))


def _version(actor: Actor, project: Project, _entry: RecycleEntry, changes: Sequence[Change]) -> Reversed:
    """Annotations get the state back that they had before; what they were is one version more."""
    named = ids(row for _pk, row, _stamp, _former in changes)
    live = dict(rows(f"SELECT id, version FROM tasks_annotation WHERE id IN ({named.text})", named.params))
    back = [row for _pk, row, stamp, _former in changes if live.get(row) == stamp]
    change_versions(actor, project, ids(back), "restored", _former_states)
    return Reversed([pk for pk, row, stamp, _former in changes if live.get(row, stamp) == stamp], Counter(annotations=len(back)))


def _former_states(back: IdSet, actor: Actor) -> None:
    length = "json_array_length(v.result)"
    run(
        f"""UPDATE tasks_annotation SET result = v.result, result_count = CASE WHEN v.result IS NULL THEN 0 ELSE {length} END,
                was_cancelled = v.was_cancelled, ground_truth = v.ground_truth, lead_time = v.lead_time, version = tasks_annotation.version + 1,
                updated_by_id = %s, updated_at = %s
            FROM tasks_annotationversion v
            WHERE v.annotation_id = tasks_annotation.id AND v.version = tasks_annotation.version - 1 AND tasks_annotation.id IN ({back.text})""",
        [actor.user_id, column_time(timezone.now()), *back.params],
    )


def change_versions(actor: Actor, project: Project, which: IdSet, reason: str, change: Callable[[IdSet, Actor], None]) -> None:
    """Change annotations set-wise: their states become versions, `change` writes the new ones (raising `version`), counters follow."""
    affected = ids(row[0] for row in rows(f"SELECT DISTINCT task_id FROM tasks_annotation WHERE id IN ({which.text})", which.params))
    results = ResultChanges()
    count_results(results, "tasks_annotation", "id", which, -1)
    with keep_counters(project, affected):
        keep_versions(actor, which, reason)
        change(which, actor)
    count_results(results, "tasks_annotation", "id", which, 1)
    results.save(project.pk, locked=False)


def _text(table: str) -> Reversal:
    """The result of a draft or prediction."""

    def reverse(_actor: Actor, project: Project, _entry: RecycleEntry, changes: Sequence[Change]) -> Reversed:
        named = ids(row for _pk, row, _stamp, _former in changes)
        live = dict(rows(f"SELECT id, result FROM {table} WHERE id IN ({named.text})", named.params))
        results, done, number = ResultChanges(), [], 0
        for pk, row, stamp, former in changes:
            if row in live and stamp_of(live[row]) != stamp:
                continue
            done.append(pk)
            if row in live:
                run(f"UPDATE {table} SET result = %s WHERE id = %s", [former, row])
                number += 1
                if table == "tasks_draft":
                    results.draft(live[row], -1)
                    results.draft(former)
        results.save(project.pk, locked=False)
        return Reversed(done, Counter({table.removeprefix("tasks_") + "s": number}))

    return reverse


def _data(actor: Actor, project: Project, entry: RecycleEntry, changes: Sequence[Change]) -> Reversed:
    """One key of the tasks' data: `former` is the JSON of its value, null when there was none."""
    key = read_json(entry.details)["field"]
    named = ids(row for _pk, row, _stamp, _former in changes)
    live = dict(rows(f"SELECT id, data FROM tasks_task WHERE id IN ({named.text})", named.params))
    done: list[int] = []
    written: list[tuple[int, str]] = []
    gone = 0
    for pk, row, stamp, former in changes:
        data = read_json(live[row]) if row in live else None
        if data is not None and (key not in data or stamp_of(json_text(data[key])) != stamp):
            continue
        done.append(pk)
        if data is None:
            continue
        if former is None:
            del data[key]
            gone += 1
        else:
            data[key] = read_json(former)
        written.append((row, json_text(data)))
    write_data(actor, written)
    change_columns(project.pk, {key: -gone})
    return Reversed(done, Counter(tasks=len(written)))


def write_data(actor: Actor, written: Sequence[tuple[int, str]]) -> None:
    """Give tasks (id, data in JSON) new data, in a few statements. The caller has locked the project and keeps `data_columns`."""
    moment = column_time(timezone.now())
    cast = "::json" if connection.vendor == "postgresql" else ""
    for start in range(0, len(written), 500):
        piece = written[start : start + 500]
        values = " UNION ALL ".join(["SELECT %s AS id, %s AS data"] * len(piece))
        run(
            f"""UPDATE tasks_task SET data = n.data{cast}, updated_by_id = %s, updated_at = %s
                FROM ({values}) AS n WHERE tasks_task.id = n.id""",
            [actor.user_id, moment, *(value for pair in piece for value in pair)],
        )


def _moved(actor: Actor, project: Project, _entry: RecycleEntry, changes: Sequence[Change]) -> Reversed:
    """Annotations that were moved to another task (`stamp`) go back to theirs."""
    homes = {row: int(former or 0) for _pk, row, _stamp, former in changes}
    named, tasks = ids(homes), ids(homes.values())
    live = dict(rows(f"SELECT id, task_id FROM tasks_annotation WHERE id IN ({named.text})", named.params))
    there = {row[0] for row in rows(f"SELECT id FROM tasks_task WHERE id IN ({tasks.text})", tasks.params)}
    back = [row for _pk, row, stamp, _former in changes if live.get(row) == stamp and homes[row] in there]
    with keep_counters(project, ids([*there, *live.values()])):
        by_home: dict[int, list[int]] = {}
        for row in back:
            by_home.setdefault(homes[row], []).append(row)
        for home, moved in by_home.items():
            move_annotations(ids(moved), home)
    record_moved(actor, project, back, {*there, *live.values()})
    done = {*back, *(row for row in homes if row not in live)}
    return Reversed([pk for pk, row, _stamp, _former in changes if row in done], Counter(moved=len(back)))


def move_annotations(which: IdSet, task_id: int) -> None:
    """Give annotations, their former states and the drafts of changes to them to another task. The caller keeps the counters."""
    run(f"UPDATE tasks_annotation SET task_id = %s WHERE id IN ({which.text})", [task_id, *which.params])
    run(f"UPDATE tasks_draft SET task_id = %s WHERE annotation_id IN ({which.text})", [task_id, *which.params])
    run(f"UPDATE tasks_annotationversion SET task_id = %s WHERE annotation_id IN ({which.text})", [task_id, *which.params])


def record_moved(actor: Actor, project: Project, annotations: Sequence[int], tasks: set[int]) -> None:
    """Say that annotations have moved between these tasks, so that what follows tasks and annotations looks at both ends."""
    if annotations:
        record("annotation.moved", actor, project=project.pk, ids=annotations, tasks=sorted(tasks))


def _pointer(table: str, column: str, target: str) -> Reversal:
    """A column that was emptied because what it named was deleted. What is still in the bin is waited for; what is gone for good is forgotten."""

    def reverse(_actor: Actor, _project: Project, _entry: RecycleEntry, changes: Sequence[Change]) -> Reversed:
        named = ids(pk for pk, _row, _stamp, _former in changes)
        run(
            f"""UPDATE {table} SET {column} = CAST(c.former AS bigint) FROM tasks_recyclechange c
                WHERE c.id IN ({named.text}) AND c.row_id = {table}.id AND {table}.{column} IS NULL
                AND EXISTS (SELECT 1 FROM tasks_{target} x WHERE x.id = CAST(c.former AS bigint))""",
            named.params,
        )
        wanted = ids(int(former or 0) for _pk, _row, _stamp, former in changes)
        waiting = {row[0] for row in rows(f"SELECT id FROM tasks_deleted{target} WHERE id IN ({wanted.text})", wanted.params)}
        return Reversed([pk for pk, _row, _stamp, former in changes if int(former or 0) not in waiting])

    return reverse


def _given(_actor: Actor, _project: Project, _entry: RecycleEntry, changes: Sequence[Change]) -> Reversed:
    """Tasks that were given to people are theirs no more."""
    named = ids(row for _pk, row, _stamp, _former in changes)
    tasks = ids(row[0] for row in rows(f"SELECT task_id FROM tasks_assignment WHERE id IN ({named.text})", named.params))
    number = run(f"DELETE FROM tasks_assignment WHERE id IN ({named.text})", named.params)
    mark_assigned(tasks)
    return Reversed([change[0] for change in changes], Counter(assignments=number))


def mark_assigned(tasks: IdSet) -> None:
    """Say on tasks whether they are given to anybody."""
    run(
        f"UPDATE tasks_task SET is_assigned = EXISTS (SELECT 1 FROM tasks_assignment g WHERE g.task_id = tasks_task.id) WHERE id IN ({tasks.text})",
        tasks.params,
    )


# What was made goes before rows come back; the rest after.
BEFORE = ("made", "given")
REVERSALS: dict[str, Reversal] = {
    "made": _made,
    "given": _given,
    "moved": _moved,
    "version": _version,
    "draft": _text("tasks_draft"),
    "prediction": _text("tasks_prediction"),
    "data": _data,
    "parent_prediction": _pointer("tasks_annotation", "parent_prediction_id", "prediction"),
    "parent_annotation": _pointer("tasks_annotation", "parent_annotation_id", "annotation"),
    "lease": _pointer("tasks_lease", "annotation_id", "annotation"),
}


def reverse_entry(actor: Actor, project: Project, entry: RecycleEntry) -> None:
    """What an entry changed of the project itself: its labeling set-up, unless somebody has changed that since."""
    details: dict[str, Any] = read_json(entry.details)
    if "config" in details:
        project.refresh_from_db()
        if stamp_of(project.label_config) == details["config_stamp"]:
            update_project(actor, project.pk, {"label_config": details["config"]})
