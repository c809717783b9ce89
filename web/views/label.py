"""The labeling views: the stream of tasks that wait for me, and one task opened from a list."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from core.errors import not_found
from core.routing import actor_of
from projects.queries import get_project
from tasks.opening import opened
from tasks.operations.leases import lease_next
from tasks.queries import task_details
from web.editor_context import editor_context
from web.project_page import render_project
from web.queries import done_today


def stream(request: HttpRequest, project_id: int) -> HttpResponse:
    """The next task of the queue, handed to the person before the page is sent, so that the editor need not ask for it."""
    actor = actor_of(request)
    project = get_project(actor, project_id)
    if request.GET.get("of") == "selection":  # the browser knows which tasks, and asks for them
        return render(
            request, "web/project/label.html", {"project": project, "editor_context": editor_context(actor, project, "stream", None)}
        )
    task = lease_next(actor, project_id)
    if task is None:
        left = project.task_number - project.finished_task_number
        return render_project(request, "web/project/finished.html", project, "label", today=done_today(actor, project), left=left)
    task = opened(actor, task)
    return render(request, "web/project/label.html", {"project": project, "editor_context": editor_context(actor, project, "stream", task)})


def quick(request: HttpRequest, project_id: int, task_id: int) -> HttpResponse:
    """One task with its annotations, without taking it from the queue. Raises 404 for a task of another project."""
    actor = actor_of(request)
    project = get_project(actor, project_id)
    task = task_details(actor, task_id)
    if task["project"] != project.pk:
        raise not_found()
    task = opened(actor, task)
    return render(request, "web/project/label.html", {"project": project, "editor_context": editor_context(actor, project, "quick", task)})
