"""A project's data page, and where its bare address leads."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from core.requests import integer
from core.routing import actor_of
from projects.queries import config_of, get_project
from web.datamanager_context import datamanager_context
from web.project_page import render_project


def project(request: HttpRequest, project_id: int) -> HttpResponse:
    """To the data for those who may browse it, to labeling for the others."""
    actor = actor_of(request)
    get_project(actor, project_id)
    return redirect("data-page" if actor.may("tasks.list") else "label-page", project_id=project_id)


def data(request: HttpRequest, project_id: int) -> HttpResponse:
    """The table of tasks. `?task=` and `?labeling=1`, as Label Studio's links have them, lead to the labeling view."""
    actor = actor_of(request)
    found = get_project(actor, project_id)
    task_id = integer(request.GET.get("task"), "task", least=1)
    if task_id is not None:
        return redirect("task-page", project_id=project_id, task_id=task_id)
    if request.GET.get("labeling") == "1" or not actor.may("tasks.list"):
        return redirect("label-page", project_id=project_id)
    return render_project(request, "web/project/data.html", found, "data", datamanager=datamanager_context(actor, found, config_of(found)))
