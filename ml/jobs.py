"""Asking a model about many tasks: in batches, again after a failure, stopped and gone on at any batch, with a report of what failed and why."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from core.errors import Refused
from core.jobs.run import JobRun, stopping
from data_manager.actions.selection import read_selection
from ml import wire
from ml.models import MLBackend
from ml.operations.predicting import Answers, store
from ml.payloads import tasks_for_model
from ml.wire import ModelTrouble

BATCH = 20
MOST_IN_A_BATCH = 1_000
MOST_FAILURES = 1_000  # that the report names one by one
# A model that does not answer at all is asked again after so many seconds, before the job is given up (it can be run again from there).
WAITS = (1.0, 5.0, 15.0, 30.0)


def predict(run: JobRun) -> dict[str, Any]:
    """parameters: `backend`, `batch`, and `selection` (filters and selected items as the data page says them; None for all of the project)."""
    report: dict[str, Any] = run.cursor or {"after": 0, "predicted": 0, "failed": 0, "failures": []}
    while True:
        # Read again for each batch: its address, its version or the labeling set-up may have changed.
        backend = MLBackend.objects.select_related("project").filter(pk=run.parameters["backend"], project__deleted_at=None).first()
        if backend is None:
            raise Refused(_("The model was disconnected."))
        batch = _next_batch(run, backend, report["after"])
        if not batch:
            return {name: report[name] for name in ("predicted", "failed", "failures")}
        for last, missing, answers in _asked(backend, batch):
            with run.step():
                refused = {**dict.fromkeys(missing, _("There is no such task in the project.")), **store(backend, answers)}
                report["after"] = last
                report["predicted"] += len(answers) + len(missing) - len(refused)
                report["failed"] += len(refused)
                room = MOST_FAILURES - len(report["failures"])
                report["failures"] += [{"task": task, "error": error} for task, error in sorted(refused.items())[:room]]
                run.cursor, run.done = report, report["predicted"] + report["failed"]


def _next_batch(run: JobRun, backend: MLBackend, after: int) -> list[int]:
    size = min(int(run.parameters.get("batch") or BATCH), MOST_IN_A_BATCH)
    if (said := run.parameters.get("selection")) is not None:
        return read_selection(backend.project, said, explicit=False).after(after, size)
    return list(backend.project.tasks.filter(pk__gt=after).order_by("pk").values_list("pk", flat=True)[:size])


def _asked(backend: MLBackend, batch: list[int]) -> Iterator[tuple[int, list[int], Answers]]:
    """(last task of the part, tasks that are not there, answers), for the whole batch or, where that does not work, for each task."""
    tasks = tasks_for_model(backend.project_id, batch)
    missing = [task for task in batch if task not in tasks]
    if not tasks:
        yield batch[-1], missing, {}
        return
    try:
        yield batch[-1], missing, dict(zip(tasks, _answers(backend, list(tasks.values())), strict=True))
        return
    except ModelTrouble as trouble:
        if len(tasks) == 1:
            yield batch[-1], missing, dict.fromkeys(tasks, trouble)
            return
    for number in batch:
        if number not in tasks:
            yield number, [number], {}
            continue
        try:
            yield number, [], {number: _answers(backend, [tasks[number]])[0]}
        except ModelTrouble as trouble:
            yield number, [], {number: trouble}


def _answers(backend: MLBackend, tasks: list[Any]) -> list[wire.Predicted | ModelTrouble]:
    """Raises `ModelTrouble` when the model is alive but has no answer to these, `Refused` when it is gone for longer than we wait."""
    trouble: ModelTrouble | None = None
    for wait in (*WAITS, None):
        try:
            return wire.predict(backend, tasks)
        except ModelTrouble as error:
            if not error.silent or _is_alive(backend):
                raise
            trouble = error
        if wait is None or stopping.is_set():
            break
        time.sleep(wait)
    raise Refused(_("The model stopped answering. Run the job again to go on from here. %(trouble)s") % {"trouble": trouble})


def _is_alive(backend: MLBackend) -> bool:
    try:
        wire.check_health(backend)
    except ModelTrouble:
        return False
    return True
