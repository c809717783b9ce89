"""Numbers that are worked out when somebody asks, on the newest answers: agreement with what models predict."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from core.rawjson import read_json
from projects.models import Project
from quality.metrics import agreement
from tasks.sets import rows

NEWEST = 5_000  # annotations that are looked at: reading them takes a second, whatever the size of the project


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
