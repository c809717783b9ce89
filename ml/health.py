"""The worker asks each model for a sign of life once a minute, so that pages and lists never have to."""

from __future__ import annotations

from django.utils import timezone

from ml import wire
from ml.models import MLBackend, MLToken
from ml.operations.checking import CHECK_EVERY, note_state
from ml.tokens import expires_soon, token_of


def check_due() -> bool:
    """Check one model whose turn it is; returns whether there was one."""
    now = timezone.now()
    due = MLBackend.objects.filter(next_check_at__lte=now, project__deleted_at=None).order_by("next_check_at")
    for pk in list(due.values_list("pk", flat=True)[:4]):
        if MLBackend.objects.filter(pk=pk, next_check_at__lte=now).update(next_check_at=now + CHECK_EVERY):
            backend = MLBackend.objects.select_related("project").filter(pk=pk).first()
            if backend is not None:
                check(backend)
            return True
    return False


def check(backend: MLBackend) -> None:
    """Ask for a sign of life, and set the model up anew where it may have forgotten us or may have a new version."""
    version = None
    try:
        wire.check_health(backend)
        forgot = backend.state == MLBackend.State.DISCONNECTED or backend.state == MLBackend.State.ERROR
        token = MLToken.objects.filter(backend=backend).order_by("-pk").first()
        if forgot or backend.auto_update or expires_soon(token):
            version = wire.set_up(backend, token_of(backend))
    except wire.ModelTrouble as trouble:
        note_state(backend, MLBackend.State.DISCONNECTED if trouble.silent else MLBackend.State.ERROR, str(trouble))
    else:
        note_state(backend, MLBackend.State.CONNECTED, "", version)
