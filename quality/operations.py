"""Keeping the pairs of a project's tasks: read off their annotations anew whenever those change."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from itertools import combinations
from typing import Any

from core.rawjson import read_json
from quality.metrics import agreement
from quality.models import Pair
from tasks.sets import ids, rows, run

MOST_PEOPLE = 50  # of one task; the pairs grow with the square


def measure(project_id: int, tasks: Iterable[int]) -> int:
    """Compare the annotations of these tasks of a project, within the caller's transaction; returns how many pairs there are now."""
    wanted = ids(tasks)
    run(f"DELETE FROM quality_pair WHERE task_id IN ({wanted.text})", wanted.params)
    weights_text = rows("SELECT control_weights FROM projects_project WHERE id = %s", [project_id])
    weights = read_json(weights_text[0][0]) if weights_text else {}
    made: defaultdict[int, dict[int, tuple[list[Any], bool]]] = defaultdict(dict)
    for task, user, result, truth in rows(
        f"""SELECT a.task_id, a.completed_by_id, a.result, a.ground_truth FROM tasks_annotation a JOIN tasks_task t ON t.id = a.task_id
            WHERE a.task_id IN ({wanted.text}) AND +a.project_id = %s AND NOT a.was_cancelled AND a.completed_by_id IS NOT NULL
              AND a.result IS NOT NULL AND t.total_annotations > 1 ORDER BY a.id""",
        [*wanted.params, project_id],
    ):
        made[task][user] = (read_json(result), bool(truth))  # a person's last word
    pairs = [
        Pair(
            project_id=project_id,
            task_id=task,
            first_user=first,
            second_user=second,
            first_truth=answers[first][1],
            second_truth=answers[second][1],
            score=agreement(answers[first][0], answers[second][0], weights),
        )
        for task, answers in made.items()
        for first, second in combinations(sorted(answers)[:MOST_PEOPLE], 2)
    ]
    Pair.objects.bulk_create(pairs, batch_size=1_000)
    return len(pairs)


def forget(tasks: Iterable[int]) -> None:
    """The pairs of tasks that were deleted."""
    wanted = ids(tasks)
    run(f"DELETE FROM quality_pair WHERE task_id IN ({wanted.text})", wanted.params)
