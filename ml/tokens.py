"""The token that a connected model gets with `/setup`: a kind of its own, scoped to its project, expiring."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from core.actor import Actor
from core.permissions import Role
from core.secrets import SecretUnreadable, decrypt, digest, encrypt, new_token
from ml.models import MLBackend, MLToken
from projects.models import Project

PREFIX = "lsml_"
PURPOSE = "model token"
LIFE = timedelta(days=1)
RENEW_BEFORE = LIFE / 2  # a model is set up anew while its token still lives for so long


def new_model_token(project: Project, user_id: int, backend: MLBackend | None = None) -> tuple[MLToken, str]:
    """(the row, the token itself). Expired ones of the project go."""
    now = timezone.now()
    MLToken.objects.filter(project=project, expires_at__lt=now).delete()
    text = PREFIX + new_token()
    row = MLToken.objects.create(
        project=project,
        backend=backend,
        user_id=user_id,
        digest=digest(text),
        encrypted=encrypt(text, PURPOSE),
        created_at=now,
        expires_at=now + LIFE,
    )
    return row, text


def token_of(backend: MLBackend) -> str:
    """The backend's token; a new one when the last would expire soon."""
    row = MLToken.objects.filter(backend=backend).order_by("-pk").first()
    if row is not None and not expires_soon(row):
        try:
            return decrypt(row.encrypted, PURPOSE)
        except SecretUnreadable:  # SECRET_KEY was changed: the model gets a new one
            row.delete()
    user_id = backend.created_by_id or backend.project.created_by_id
    if user_id is None:
        return ""  # whoever connected it is gone for good: the model works, but is not let in
    return new_model_token(backend.project, user_id, backend)[1]


def expires_soon(row: MLToken | None) -> bool:
    return row is None or row.expires_at - timezone.now() < RENEW_BEFORE


def actor_of_token(text: str) -> Actor | None:
    """Who a model is: it sees its project as a manager does, and may do what core/permissions.py says of models."""
    row = (
        MLToken.objects.filter(digest=digest(text), expires_at__gt=timezone.now(), project__deleted_at=None, user__is_active=True)
        .select_related("user")
        .values("user_id", "user__email", "project_id", "project__organization_id")
        .first()
    )
    if row is None:
        return None
    return Actor(
        user_id=row["user_id"],
        email=row["user__email"],
        organization_id=row["project__organization_id"],
        role=Role.MANAGER,
        scheme="model",
        project_id=row["project_id"],
    )
