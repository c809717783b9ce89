"""Asking a model: about many tasks by a job, about one while somebody waits."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db.models import Max, Min
from django.utils.translation import gettext as _

from core.actor import Actor
from core.errors import Refused, not_found
from core.jobs.models import Job
from core.jobs.operations import enqueue
from data_manager.actions.selection import Selection
from ml import wire
from ml.models import MLBackend
from ml.operations.checking import lose_patience
from ml.payloads import tasks_for_model
from ml.queries import get_backend
from ml.wire import ModelTrouble, Predicted

# Seconds that a person's request waits for a model, at most, and how many requests of a web process may wait at once: the others must go on.
LONGEST = 60.0
AT_ONCE = 3
_waiting = threading.BoundedSemaphore(AT_ONCE)


def predict_tasks(actor: Actor, backend: MLBackend, selection: Selection | None = None, *, batch: int | None = None) -> Job:
    """Start the job that asks the model about these tasks of its project (all when None)."""
    count = backend.project.task_number if selection is None else selection.count()
    return enqueue(
        actor,
        "ml.predict",
        _("Predictions of %(title)s") % {"title": backend.title},
        project=backend.project_id,
        parameters={"backend": backend.pk, "selection": None if selection is None else selection.said, "batch": batch},
        total=count,
    )


@contextmanager
def a_place() -> Iterator[bool]:
    """Whether this request may wait for a model now."""
    taken = _waiting.acquire(blocking=False)
    try:
        yield taken
    finally:
        if taken:
            _waiting.release()


def ask_about(backend: MLBackend, task_id: int, context: Any = None, *, timeout: float | None = None) -> Predicted:
    """What the model says about one task, now; nothing is stored. Raises `ModelTrouble`."""
    tasks = tasks_for_model(backend.project_id, [task_id])
    if not tasks:
        raise not_found()
    seconds = min(timeout or backend.timeout or LONGEST, LONGEST)
    with a_place() as free:
        if not free:
            raise ModelTrouble(_("The model is busy with others. Try again in a moment."), silent=True)
        try:
            [answer] = wire.predict(backend, [tasks[task_id]], context=context, timeout=seconds)
        except ModelTrouble as trouble:
            if trouble.silent:
                lose_patience(backend)
            raise
    if isinstance(answer, ModelTrouble):
        raise answer
    return answer


def ask_interactively(actor: Actor, backend_id: int, task_id: int, context: Any) -> Predicted:
    """What the model makes of what the annotator has drawn. Raises 404 for a task of another project, and `ModelTrouble`."""
    return ask_about(get_backend(actor, backend_id), task_id, context)


def test_request(actor: Actor, backend_id: int) -> tuple[int, Predicted]:
    """(a random task of the project, what the model says about it). Raises 400 for a project without tasks, and `ModelTrouble`."""
    import random

    backend = get_backend(actor, backend_id)
    ends = backend.project.tasks.aggregate(first=Min("pk"), last=Max("pk"))
    if ends["first"] is None:
        raise Refused(_("The project has no tasks: import some, then the model can be tried."), 400)
    at = random.randint(ends["first"], ends["last"])
    task = backend.project.tasks.filter(pk__gte=at).order_by("pk").values_list("pk", flat=True)[0]
    return task, ask_about(backend, task)
