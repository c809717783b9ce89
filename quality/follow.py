"""What measures agreement follows: annotations made, changed and deleted, tasks imported with answers and deleted."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from core.events.models import Event
from core.jobs.operations import enqueue
from core.rawjson import read_json
from quality.jobs import KIND
from quality.operations import forget, measure
from tasks.sets import ids, rows

KINDS = frozenset(
    {
        "annotation.created",
        "annotation.updated",
        "annotation.restored",
        "annotation.deleted",
        "annotation.moved",
        "task.created",
        "task.deleted",
    }
)
AT_ONCE = 200  # tasks measured while events are handed out; more are a job


def follow(events: Sequence[Event]) -> None:
    """(Runs in the transaction of the event cursor: once for each.)"""
    changed: defaultdict[int, set[int]] = defaultdict(set)
    for event in events:
        if event.project_id is None:
            continue
        named: list[int] = read_json(event.ids)
        meta = read_json(event.meta)
        if event.kind == "task.deleted":
            forget(named)
        elif event.kind == "task.created":
            if meta.get("range") and _answered(event.project_id, named):
                _later(event, named[0], named[1])
        elif meta.get("task"):
            changed[event.project_id].add(int(meta["task"]))
        elif meta.get("tasks"):
            changed[event.project_id] |= set(meta["tasks"])
        else:
            changed[event.project_id] |= _tasks_of(named)
    for project, tasks in changed.items():
        listed = sorted(tasks)
        for start in range(0, len(listed), AT_ONCE):
            measure(project, listed[start : start + AT_ONCE])


def _tasks_of(annotations: list[int]) -> set[int]:
    wanted = ids(annotations)
    found = rows(f"SELECT task_id FROM tasks_annotation WHERE id IN ({wanted.text})", wanted.params)
    found += rows(f"SELECT task_id FROM tasks_annotationversion WHERE annotation_id IN ({wanted.text})", wanted.params)
    return {task for (task,) in found}


def _answered(project: int, span: list[int]) -> bool:
    """Whether any of the imported tasks came with answers of several people."""
    return bool(
        rows(
            "SELECT 1 FROM tasks_task WHERE project_id = %s AND id BETWEEN %s AND %s AND total_annotations > 1 LIMIT 1",
            [project, span[0], span[-1]],
        )
    )


def _later(event: Event, first: int, last: int) -> None:
    enqueue(
        None, KIND, "Compare annotations", project=event.project_id, parameters={"project": event.project_id, "first": first, "last": last}
    )
