"""Predictions for tasks that are there already: `POST …/import/predictions`."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from core.actor import Actor
from core.errors import invalid
from data_import.intake import Intake, ItemRefused
from data_import.readers.json_document import JSONDocument
from data_import.readers.source import Source
from data_import.reading import MAX_MESSAGES
from projects.models import Project
from tasks.operations.bulk import NewPrediction
from tasks.operations.bulk_predictions import add_predictions

CHUNK = 1_000


def import_predictions(actor: Actor, project: Project, path: Path) -> int:
    """Write the predictions of a JSON list of `{task, result, score, model_version}`; returns how many.

    Raises `Refused` (400) with what is wrong with which item, and then none has been written.
    """
    intake = Intake(actor, project)
    messages: list[str] = []
    number = 0
    for items in _chunks(path):
        known = set(project.tasks.filter(pk__in={task for item in items if (task := _task(item)) is not None}).values_list("pk", flat=True))
        for item in items:
            try:
                _read(intake, item, known)
            except ItemRefused as refused:
                messages += [f"Error at item {number}: {message}" for message in refused.messages]
            number += 1
        if len(messages) >= MAX_MESSAGES:
            break
    if messages:
        raise invalid(non_field_errors=messages[:MAX_MESSAGES])
    return add_predictions(actor, project, (_read(intake, item, None) for items in _chunks(path) for item in items))


def _chunks(path: Path) -> Iterator[list[Any]]:
    items = (item for _line, item in JSONDocument(Source(path, "body.json")).items())
    while chunk := list(islice(items, CHUNK)):
        yield chunk


def _task(item: Any) -> int | None:
    task = item.get("task") if isinstance(item, dict) else None
    return task if isinstance(task, int) and not isinstance(task, bool) and 0 < task < 2**63 else None


def _read(intake: Intake, item: Any, known: set[int] | None) -> tuple[int, NewPrediction]:
    task = _task(item)
    if task is None:
        raise ItemRefused(['an item is like {"task": 1, "result": [...], "score": 0.5, "model_version": "v1"}'])
    if known is not None and task not in known:
        raise ItemRefused([f"there is no task {task} in this project"])
    prediction = intake.prediction(item)
    if prediction.score is not None and not 0 <= prediction.score <= 1:
        raise ItemRefused(["the score is a number from 0 to 1"])
    return task, prediction
