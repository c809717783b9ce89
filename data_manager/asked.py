"""What requests to the data manager name: a project, a view, a selection."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from core.actor import Actor
from core.errors import not_found
from core.requests import dict_body, integer
from data_manager.models import View
from data_manager.operators import wrong
from data_manager.queries import get_view, query_of_view
from projects.models import Project
from projects.queries import get_project


def project_of(actor: Actor, request: HttpRequest) -> Project:
    """The project of `?project=`. Raises 404 when it is missing or not the actor's to see."""
    project_id = integer(request.GET.get("project"), "project")
    if project_id is None or not project_id > 0:
        raise not_found("Name a project: ?project=<id>.")
    return get_project(actor, project_id)


def project_or_view(actor: Actor, request: HttpRequest) -> tuple[Project, View | None]:
    """The view of `?view=` with its project, or the project of `?project=`. Raises 404, and 400 when they do not belong together."""
    view_id = integer(request.GET.get("view"), "view")
    if not view_id:
        return project_of(actor, request), None
    view = get_view(actor, view_id)
    wanted = integer(request.GET.get("project"), "project")
    if wanted is not None and wanted != view.project_id:
        raise wrong(f"View {view_id} belongs to another project.")
    return view.project, view


def said_by(actor: Actor, project: Project, request: HttpRequest) -> dict[str, Any]:
    """The body of a request about a selection. A view that it names says what is selected, and wins over the body's own filters."""
    body = dict_body(request)
    view_id = integer(request.GET.get("view") or body.get("view"), "view")
    if not view_id:
        return body
    view = get_view(actor, view_id)
    if view.project_id != project.pk:
        raise wrong(f"View {view_id} belongs to another project.")
    return {**body, "filters": None, "ordering": None, **query_of_view(view)}
