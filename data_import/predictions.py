"""Predictions for tasks that are there already: `POST …/import/predictions`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
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
MOST_REFUSED = 10_000


@dataclass
class Imported:
    """`refused` names the items that were not written, each with what is wrong: the first `MOST_REFUSED` of `refused_count`."""

    created: int = 0
    refused: list[dict[str, Any]] = field(default_factory=list)
    refused_count: int = 0


def import_predictions(actor: Actor, project: Project, path: Path) -> Imported:
    """Write the predictions of a JSON list of `{task, result, score, model_version}` that are right, and say what is wrong with the others.

    Raises `Refused` (400) with what is wrong with which item when none is right.
    """
    intake = Intake(actor, project)
    found = Imported()
    bad: set[int] = set()
    number = 0
    for items in _chunks(path):
        known = set(project.tasks.filter(pk__in={task for item in items if (task := _task(item)) is not None}).values_list("pk", flat=True))
        for item in items:
            try:
                _read(intake, item, known)
            except ItemRefused as refused:
                bad.add(number)
                if len(found.refused) < MOST_REFUSED:
                    task = item.get("task") if isinstance(item, dict) else None
                    found.refused.append({"item": number, "task": task, "errors": refused.messages})
            number += 1
    found.refused_count = len(bad)
    if bad and len(bad) == number:
        messages = [f"Error at item {row['item']}: {message}" for row in found.refused for message in row["errors"]]
        raise invalid(non_field_errors=messages[:MAX_MESSAGES])
    everything = (item for items in _chunks(path) for item in items)
    found.created = add_predictions(actor, project, (_read(intake, item, None) for n, item in enumerate(everything) if n not in bad))
    return found


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
