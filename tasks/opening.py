"""Opening a task that no prediction is stored for, in a project that shows what a connected model says.

The task is shown at once; the model is asked beside it. A room below registers who does that.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from core.actor import Actor
from projects.models import Project

PENDING = "predictions_pending"  # the key that says in a task: a model is being asked, look again in a moment

# Takes who opens, the task as the API shows it, and how many seconds may be waited; returns the predictions to show if they came in time.
Asked = Callable[[Actor, dict[str, Any], float], list[dict[str, Any]]]
_asked: list[Asked] = []


def on_opening(asked: Asked) -> None:
    if asked not in _asked:
        _asked.append(asked)


def asks_model(project: Project, predictions: list[dict[str, Any]]) -> bool:
    """Whether opening a task with these predictions asks a model."""
    return not predictions and bool((project.live_model and project.show_collab_predictions) or project.evaluate_predictions_automatically)


def opened(actor: Actor, task: dict[str, Any], *, wait: float = 0.0) -> dict[str, Any]:
    """The task, with predictions when they came within `wait` seconds. Call it outside a transaction: it may go over the network."""
    if not task.get(PENDING):
        return task
    for asked in _asked:
        if predictions := asked(actor, task, wait):
            return {name: value for name, value in task.items() if name != PENDING} | {
                "predictions": predictions,
                "total_predictions": task["total_predictions"] + len(predictions),
            }
    return task
