"""Tasks as a model gets them: as Label Studio's API shows a task, with annotations and predictions. Three statements, however many."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tasks.render import annotation_json, prediction_json, select_annotations, select_predictions, select_tasks, task_json
from tasks.sets import ids


def tasks_for_model(project_id: int, wanted: Sequence[int]) -> dict[int, dict[str, Any]]:
    """The tasks of the project among `wanted`, by id, in order of id."""
    named = ids(wanted)
    found = {row[0]: task_json(row) for row in select_tasks(f"t.project_id = %s AND t.id IN ({named.text})", [project_id, *named.params])}
    annotations: dict[int, list[Any]] = {pk: [] for pk in found}
    predictions: dict[int, list[Any]] = {pk: [] for pk in found}
    present = ids(found)
    for row in select_annotations(f"a.task_id IN ({present.text})", present.params):
        shown = annotation_json(row)
        annotations[shown["task"]].append(shown)
    for row in select_predictions(f"p.task_id IN ({present.text})", present.params):
        shown = prediction_json(row)
        predictions[shown["task"]].append(shown)
    return {pk: {**task, "annotations": annotations[pk], "predictions": predictions[pk]} for pk, task in sorted(found.items())}
