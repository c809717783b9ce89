"""Keeping a model's state: what the worker finds when it asks for a sign of life."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from core.events.record import record
from ml.models import MLBackend
from projects.models import Project
from tasks.counters import set_uncertainty

CHECK_EVERY = timedelta(minutes=1)
LOOKED_AT = timedelta(seconds=5)  # a state that somebody looks at is asked anew when it is older
PATIENCE = timedelta(minutes=1)  # how long nobody waits for a model that did not answer in time


def note_state(backend: MLBackend, state: str, error: str = "", version: str | None = None) -> None:
    """What was found just now. A change of state is an event; a new version becomes what the project shows, when it shows this model."""
    now = timezone.now()
    with transaction.atomic():
        row = MLBackend.objects.select_for_update().filter(pk=backend.pk).first()
        if row is None or row.url != backend.url:
            return  # disconnected or changed meanwhile
        changes: dict[str, object] = {"checked_at": now, "error_message": error}
        if row.state != state:
            changes |= {"state": state, "state_since": now}
            kind = "model.reachable" if state == MLBackend.State.CONNECTED else "model.unreachable"
            if {row.state, state} != {MLBackend.State.CONNECTED, MLBackend.State.TRAINING}:
                record(kind, None, organization=row.project.organization_id, project=row.project_id, ids=[row.pk], error=error)
        if state == MLBackend.State.CONNECTED:
            changes["patience_until"] = now
        if version and row.auto_update and version != row.model_version:
            changes["model_version"] = version
            note_version(row, version)
        MLBackend.objects.filter(pk=row.pk).update(**changes)


def note_version(backend: MLBackend, version: str) -> None:
    """The model answers with this version now. In the transaction of that change."""
    shown = Project.objects.filter(pk=backend.project_id, live_model=backend.title).exclude(model_version=version)
    if shown.update(model_version=version):
        set_uncertainty(backend.project_id, version)


def lose_patience(backend: MLBackend) -> None:
    """It did not answer in time: for a while nobody waits for it."""
    MLBackend.objects.filter(pk=backend.pk).update(patience_until=timezone.now() + PATIENCE)


def look_again(backends: Iterable[MLBackend]) -> None:
    """Somebody looks at these: the worker asks those soon whose state is not fresh."""
    now = timezone.now()
    stale = [row.pk for row in backends if row.state != MLBackend.State.TRAINING and _is_old(row) and row.next_check_at > now]
    if stale:
        MLBackend.objects.filter(pk__in=stale).update(next_check_at=now)


def _is_old(backend: MLBackend) -> bool:
    return backend.checked_at is None or timezone.now() - backend.checked_at > LOOKED_AT
