"""Starting a training: by hand, or after every so many annotations."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone

from core.actor import Actor
from core.events.models import Event
from core.events.record import record
from core.permissions import Role
from ml.models import MLBackend
from ml.operations.checking import CHECK_EVERY
from ml.operations.connecting import make_webhook
from ml.queries import get_backend

KINDS = frozenset({"annotation.created", "annotation.deleted", "task.created", "task.deleted"})


def train(actor: Actor, backend_id: int) -> MLBackend:
    """Tell the model to train: by its webhook, after what it has not heard of yet. Raises 404."""
    backend = get_backend(actor, backend_id)
    with transaction.atomic():
        _start(actor, backend)
    return backend


def train_when_enough(events: Sequence[Event]) -> None:
    """Start a training where the project has passed another multiple of its number of annotations. (An event consumer: rows only.)"""
    projects = {event.project_id for event in events if event.project_id is not None}
    rows = MLBackend.objects.filter(project_id__in=projects, project__min_annotations_to_start_training__gt=0, project__deleted_at=None)
    for backend in rows.select_related("project"):
        every, count = backend.project.min_annotations_to_start_training, backend.project.total_annotations_number
        if count // every > backend.trained_at_count // every:
            _start(_in_the_name_of(backend), backend)
        elif count < backend.trained_at_count:  # some were deleted
            MLBackend.objects.filter(pk=backend.pk).update(trained_at_count=count)


def _start(actor: Actor | None, backend: MLBackend) -> None:
    now = timezone.now()
    webhook = backend.webhook if actor is None else make_webhook(actor, backend)
    if webhook is None:
        return  # the webhook was deleted and nobody is left who could make it anew: training by hand does
    MLBackend.objects.filter(pk=backend.pk).update(trained_at_count=backend.project.total_annotations_number)
    MLBackend.objects.filter(pk=backend.pk, state=MLBackend.State.CONNECTED).update(
        state=MLBackend.State.TRAINING, state_since=now, next_check_at=now + CHECK_EVERY
    )
    organization = backend.project.organization_id
    record("model.training_started", actor, organization=organization, project=backend.project_id, ids=[backend.pk], webhook=webhook.pk)
    backend.refresh_from_db(fields=["state", "state_since", "trained_at_count"])


def _in_the_name_of(backend: MLBackend) -> Actor | None:
    """The project's own rule asked for it, in the name of who connected the model."""
    if backend.created_by_id is None:
        return None
    return Actor(backend.created_by_id, "", backend.project.organization_id, Role.MANAGER, scheme="worker")
