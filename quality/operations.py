"""Keeping the pairs of a project's tasks: read off their annotations anew whenever those change."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from itertools import combinations
from typing import Any

import labeling
from core.rawjson import read_json
from quality.metrics import agreement
from quality.models import LabelPairs, Pair
from tasks.sets import IdSet, ids, rows, run

MOST_PEOPLE = 50  # of one task; the pairs grow with the square


def measure(project_id: int, tasks: Iterable[int]) -> int:
    """Compare the annotations of these tasks of a project, within the caller's transaction; returns how many pairs there are now."""
    wanted = ids(tasks)
    _clear(wanted)
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
    pairs: list[Pair] = []
    labels: list[LabelPairs] = []
    for task, answers in made.items():
        compared = list(combinations(sorted(answers)[:MOST_PEOPLE], 2))
        pairs += [
            Pair(
                project_id=project_id,
                task_id=task,
                first_user=first,
                second_user=second,
                first_truth=answers[first][1],
                second_truth=answers[second][1],
                score=agreement(answers[first][0], answers[second][0], weights),
            )
            for first, second in compared
        ]
        given, agreed = _label_counts({user: answer for user, (answer, _truth) in answers.items()}, compared)
        labels += [
            LabelPairs(project_id=project_id, task_id=task, label=label, agreed=agreed[label], given=given[label])
            for label in sorted(given)
        ]
    Pair.objects.bulk_create(pairs, batch_size=1_000)
    LabelPairs.objects.bulk_create(labels, batch_size=1_000)
    return len(pairs)


def _label_counts(answers: dict[int, list[Any]], compared: list[tuple[int, int]]) -> tuple[Counter[str], Counter[str]]:
    """(pairs of whom one gave the label, pairs of whom both did) by label."""
    labels = {user: {label for row in result for label in labeling.labels_of(row)} for user, result in answers.items()}
    given: Counter[str] = Counter()
    agreed: Counter[str] = Counter()
    for first, second in compared:
        given.update(labels[first] | labels[second])
        agreed.update(labels[first] & labels[second])
    return given, agreed


def forget(tasks: Iterable[int]) -> None:
    """The pairs of tasks that were deleted."""
    _clear(ids(tasks))


def _clear(tasks: IdSet) -> None:
    for table in ("quality_pair", "quality_labelpairs"):
        run(f"DELETE FROM {table} WHERE task_id IN ({tasks.text})", tasks.params)
