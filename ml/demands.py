"""Predictions for tasks that somebody opens: the model is asked beside it, and nobody has to wait for it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone

from core.actor import Actor
from ml import wire
from ml.models import Demand, MLBackend
from ml.operations.asking import ask_about
from ml.operations.checking import lose_patience
from ml.operations.predicting import store
from ml.payloads import tasks_for_model
from ml.queries import predictor_of
from ml.wire import ModelTrouble
from projects.models import Project
from tasks.render import prediction_json, select_predictions

TOGETHER = 10  # tasks that the worker asks about at once
LEASE = timedelta(minutes=5)


def asked_on_opening(actor: Actor, task: dict[str, Any], wait: float) -> list[dict[str, Any]]:
    """The model's predictions when they come within `wait` seconds; else the worker asks, and they are there a little later."""
    project = Project.objects.get(pk=task["project"])
    backend = predictor_of(project)
    if backend is None:
        return []
    alive = backend.state in (MLBackend.State.CONNECTED, MLBackend.State.TRAINING) and backend.patience_until <= timezone.now()
    if alive and wait:
        try:
            answer = ask_about(backend, task["id"], timeout=wait)
        except ModelTrouble as trouble:
            if not trouble.silent:
                return []  # it has answered, and that is no use: asking again says the same
        else:
            if store(backend, {task["id"]: answer}):
                return []
            version = answer.model_version
            return [
                prediction_json(row)
                for row in select_predictions(
                    "p.task_id = %s AND p.model_id = %s AND COALESCE(p.model_version, '') = %s", [task["id"], backend.pk, version]
                )
            ]
    now = timezone.now()
    Demand.objects.bulk_create(
        [Demand(backend=backend, project=project, task_id=task["id"], created_at=now, due_at=now)], ignore_conflicts=True
    )
    return []


def answer_demands() -> bool:
    """Ask one model about some of the tasks that people have opened; returns whether there were any."""
    now = timezone.now()
    first = Demand.objects.filter(due_at__lte=now).order_by("due_at", "pk").first()
    if first is None:
        return False
    together = list(Demand.objects.filter(backend=first.backend_id, due_at__lte=now).order_by("due_at", "pk")[:TOGETHER])
    mine = [row for row in together if Demand.objects.filter(pk=row.pk, due_at=row.due_at).update(due_at=now + LEASE)]
    backend = MLBackend.objects.select_related("project").filter(pk=first.backend_id).first()
    if backend is not None and mine:
        _answer(backend, [row.task_id for row in mine])
    Demand.objects.filter(pk__in=[row.pk for row in mine]).delete()
    return True


def _answer(backend: MLBackend, wanted: list[int]) -> None:
    tasks = tasks_for_model(backend.project_id, wanted)
    try:
        store(backend, dict(zip(tasks, wire.predict(backend, list(tasks.values())), strict=True)))
    except ModelTrouble as trouble:
        if trouble.silent:
            lose_patience(backend)
            return
        for number, task in tasks.items():
            try:
                store(backend, {number: wire.predict(backend, [task])[0]})
            except ModelTrouble:
                continue
