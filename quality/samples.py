"""Numbers that are worked out when somebody asks, on the newest answers: agreement label by label, and with what models predict."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import combinations, groupby
from typing import Any

import labeling
from core.rawjson import read_json
from projects.models import Project
from quality.metrics import agreement
from tasks.sets import rows

NEWEST = 5_000  # annotations that are looked at: reading them takes a second, whatever the size of the project


def label_agreement(project: Project) -> dict[str, float]:
    """{label: of the pairs of people of whom one gave the label to a task, the share of those where both did}."""
    both: defaultdict[str, int] = defaultdict(int)
    either: defaultdict[str, int] = defaultdict(int)
    for people in _answers_by_task(project):
        for first, second in combinations(people.values(), 2):
            for label in first | second:
                either[label] += 1
                both[label] += label in first and label in second
    return {label: both[label] / number for label, number in sorted(either.items())}


def _answers_by_task(project: Project) -> Iterator[dict[int, set[str]]]:
    """The labels that each person gave to a task, task by task; a person's last word counts."""
    found = rows(
        """SELECT task_id, completed_by_id, result FROM (
               SELECT a.id, a.task_id, a.completed_by_id, a.result FROM tasks_annotation a JOIN tasks_task t ON t.id = a.task_id
               WHERE a.project_id = %s AND NOT a.was_cancelled AND a.result IS NOT NULL AND a.completed_by_id IS NOT NULL AND t.total_annotations > 1
               ORDER BY a.id DESC LIMIT %s) newest
           ORDER BY task_id, id""",
        [project.pk, NEWEST],
    )
    for _task, answers in groupby(found, key=lambda row: row[0]):
        yield {user: _labels(read_json(result)) for _same, user, result in answers}


def _labels(result: Iterable[Any]) -> set[str]:
    return {label for row in result if isinstance(row, dict) for label in labeling.labels_of(row)}


def prediction_agreement(project: Project, version: str | None, users: Iterable[int] | None = None) -> dict[int, float]:
    """{person: mean agreement of their annotations with what this version of a model predicts}; of everybody when `users` is None."""
    scores: defaultdict[int, list[float]] = defaultdict(list)
    for user, score, _truth in _compared(project, version):
        scores[user].append(score)
    wanted = scores.keys() if users is None else users
    return {user: sum(scores[user]) / len(scores[user]) for user in wanted if scores.get(user)}


def version_agreement(project: Project, version: str, *, truth: bool) -> float | None:
    """Mean agreement of a model's version with all annotators, or with the ground truth; None where there is nothing to compare."""
    scores = [score for _user, score, is_truth in _compared(project, version) if is_truth or not truth]
    return sum(scores) / len(scores) if scores else None


def _compared(project: Project, version: str | None) -> Iterator[tuple[int, float, bool]]:
    weights = read_json(project.control_weights)
    chosen, params = ("AND p.model_version = %s", [version]) if version else ("", [])
    found = rows(
        f"""SELECT a.completed_by_id, a.result, p.result, a.ground_truth FROM (
               SELECT id, task_id, completed_by_id, result, ground_truth FROM tasks_annotation
               WHERE project_id = %s AND NOT was_cancelled AND result IS NOT NULL AND completed_by_id IS NOT NULL ORDER BY id DESC LIMIT %s) a
           JOIN tasks_prediction p ON p.task_id = a.task_id {chosen} ORDER BY a.id, p.id""",
        [project.pk, NEWEST, *params],
    )
    for user, answer, guess, truth in found:
        yield user, agreement(read_json(answer), read_json(guess), weights), bool(truth)
