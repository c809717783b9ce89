"""The export page: a format, which tasks, one button."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from core.routing import actor_of
from data_export.writers import FORMATS
from projects.queries import get_project
from web.project_page import render_project
from web.root import api_url


def export(request: HttpRequest, project_id: int) -> HttpResponse:
    project = get_project(actor_of(request), project_id)
    return render_project(
        request,
        "web/project/export.html",
        project,
        "export",
        formats=[format for format in FORMATS.values() if format.fits(project)],
        export_url=api_url(f"projects/{project.pk}/export"),
    )
