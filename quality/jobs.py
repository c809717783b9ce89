"""Comparing the annotations of many tasks, set by set."""

from __future__ import annotations

from typing import Any

from core.jobs.registry import JobKind, register
from core.jobs.run import JobRun
from quality.operations import measure
from tasks.sets import rows

KIND = "quality.measure"
TASKS_PER_STEP = 200


def measure_range(run: JobRun) -> dict[str, Any]:
    """The tasks from `first` to `last` of a project; from the cursor on."""
    project, last = run.parameters["project"], run.parameters["last"]
    pairs = 0
    while True:
        after = run.cursor if run.cursor is not None else run.parameters["first"] - 1
        found = rows(
            f"SELECT id FROM tasks_task WHERE project_id = %s AND id > %s AND id <= %s AND total_annotations > 1 ORDER BY id LIMIT {TASKS_PER_STEP}",
            [project, after, last],
        )
        if not found:
            return {"tasks": run.done, "pairs": pairs}
        with run.step():
            pairs += measure(project, [pk for (pk,) in found])
            run.cursor = found[-1][0]
            run.done += len(found)


def register_jobs() -> None:
    register(JobKind(KIND, measure_range))
