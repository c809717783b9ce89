"""What reads connected models."""

from __future__ import annotations

from django.db.models import QuerySet

from core.actor import Actor
from core.errors import not_found
from ml.models import MLBackend
from projects.models import Project


def list_backends(actor: Actor, project: int | None = None, *, interactive: bool | None = None) -> QuerySet[MLBackend]:
    """Those of a project, or of all that the actor sees; oldest first."""
    found = MLBackend.objects.visible_to(actor).order_by("pk")
    if project is not None:
        found = found.filter(project_id=project)
    return found if interactive is None else found.filter(is_interactive=interactive)


def get_backend(actor: Actor, backend_id: int) -> MLBackend:
    """With its project. Raises 404 for a model that is not there or not the actor's to see."""
    backend = MLBackend.objects.visible_to(actor).select_related("project").filter(pk=backend_id).first()
    if backend is None:
        raise not_found()
    return backend


def shown_version(project: Project, title: str) -> str | None:
    """The version of predictions that a model of this title answers with; None when the project has no such model."""
    backend = project.ml_backends.filter(title=title).order_by("pk").first()
    return None if backend is None else backend.model_version or backend.title


def predictor_of(project: Project) -> MLBackend | None:
    """The model that is asked about the project's tasks: the one that annotators are shown, else the first that is not interactive."""
    rows = list(project.ml_backends.order_by("pk"))
    chosen = [row for row in rows if project.live_model and row.title == project.live_model]
    return next(iter([*chosen, *(row for row in rows if not row.is_interactive), *rows]), None)


def assistant_of(project: Project) -> MLBackend | None:
    """The interactive model that helps while somebody labels."""
    return project.ml_backends.filter(is_interactive=True).order_by("pk").first()
