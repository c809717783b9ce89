"""A recount in plain Python, written without a look at how the operations count: what every counter of a project should be."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

from projects.models import Project, ResultCount
from tasks.models import Annotation, Draft, Prediction, Task

COUNTERS = (
    "task_number", "finished_task_number", "total_annotations_number", "useful_annotation_number", "num_tasks_with_annotations",
    "ground_truth_number", "skipped_annotations_number", "total_predictions_number",
)  # fmt: skip


def stored(project_id: int) -> dict[str, Any]:
    project = Project.objects.get(pk=project_id)
    return {
        **{name: getattr(project, name) for name in COUNTERS},
        "columns": json.loads(project.data_columns),
        "results": {
            (row.from_name, row.to_name, row.type, row.label): (row.annotations, row.drafts)
            for row in ResultCount.objects.filter(project_id=project_id)
            if row.annotations or row.drafts
        },
        "tasks": {
            task.pk: (task.total_annotations, task.cancelled_annotations, task.total_predictions, task.is_labeled, task.uncertainty)
            for task in Task.objects.filter(project_id=project_id)
        },
    }


def counted(project_id: int) -> dict[str, Any]:
    project = Project.objects.get(pk=project_id)
    tasks = list(Task.objects.filter(project_id=project_id))
    annotations = list(Annotation.objects.filter(task__in=tasks))
    predictions = list(Prediction.objects.filter(task__in=tasks))
    useful = [row for row in annotations if not row.was_cancelled and not row.ground_truth and row.result is not None]
    state = {}
    for task in tasks:
        mine = [row for row in annotations if row.task_id == task.pk]
        answers = (
            mine if project.skip_queue == "IGNORE_SKIPPED" else [row for row in mine if not row.was_cancelled and row.result is not None]
        )
        people = {row.completed_by_id or f"nobody {row.pk}" for row in answers}
        guesses = [row for row in predictions if row.task_id == task.pk]
        scores = [row.score for row in guesses if row.score is not None and (row.model_version or "") == (project.model_version or "")]
        skipped = sum(row.was_cancelled for row in mine)
        state[task.pk] = (len(mine) - skipped, skipped, len(guesses), len(people) >= task.overlap, min(scores, default=None))
    return {
        "task_number": len(tasks),
        "finished_task_number": sum(row[3] for row in state.values()),
        "total_annotations_number": sum(not row.was_cancelled for row in annotations),
        "useful_annotation_number": len(useful),
        "num_tasks_with_annotations": len({row.task_id for row in useful}),
        "ground_truth_number": sum(row.ground_truth for row in annotations),
        "skipped_annotations_number": sum(row.was_cancelled for row in annotations),
        "total_predictions_number": len(predictions),
        "columns": dict(Counter(key for task in tasks for key in json.loads(task.data))),
        "results": _results(annotations, list(Draft.objects.filter(task__in=tasks))),
        "tasks": state,
    }


def _results(annotations: list[Annotation], drafts: list[Draft]) -> dict[tuple[str, str, str, str], tuple[int, int]]:
    counts: Counter[tuple[Any, ...]] = Counter()
    for place, rows in ((0, annotations), (1, drafts)):
        for owner in rows:
            for row in json.loads(owner.result or "[]"):
                if "from_name" not in row:
                    continue
                triple = (row["from_name"], row["to_name"], row["type"])
                counts[(*triple, "", place)] += 1
                for label in row["value"].get(row["type"], []):
                    counts[(*triple, label, place)] += 1
    return {key[:4]: (counts[(*key[:4], 0)], counts[(*key[:4], 1)]) for key in counts}


def assert_counters_right(project: Project) -> None:
    assert stored(project.pk) == counted(project.pk)
