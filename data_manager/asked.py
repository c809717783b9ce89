"""What requests to the data manager name: a project, a view, a selection."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from core.actor import Actor
from core.errors import not_found
from core.requests import dict_body, integer
from projects.models import Project
from projects.queries import get_project


def project_of(actor: Actor, request: HttpRequest) -> Project:
    """The project of `?project=`. Raises 404 when it is missing or not the actor's to see."""
    project_id = integer(request.GET.get("project"), "project")
    if project_id is None or not project_id > 0:
        raise not_found("Name a project: ?project=<id>.")
    return get_project(actor, project_id)


def said_by(actor: Actor, project: Project, request: HttpRequest) -> dict[str, Any]:
    """The body of a request about a selection."""
    return dict_body(request)
