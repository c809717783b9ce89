"""The import page; the files go to the API, one by one."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from core.routing import actor_of
from projects.queries import config_of, get_project
from web.project_page import render_project


def import_data(request: HttpRequest, project_id: int) -> HttpResponse:
    project = get_project(actor_of(request), project_id)
    return render_project(request, "web/project/import.html", project, "import", variables=config_of(project).data_keys)
