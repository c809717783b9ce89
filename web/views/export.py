"""The export page: a file at once; snapshots that stay, in any format; what was taken out before."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from core.actor import Actor
from core.errors import Refused, not_found
from core.jobs.models import Job
from core.requests import integer
from core.routing import actor_of
from data_export import operations
from data_export.filters import read_options
from data_export.jobs import finish
from data_export.models import ConvertedFormat, Export
from data_export.queries import exports_of, get_export, history, jobs_of, status_of
from data_export.writers import FORMATS
from data_manager.queries import list_views
from projects.models import Project
from projects.queries import get_project
from web.project_page import render_project
from web.root import api_url

SHOWN = 25
KEEP_DAYS = (7, 30, 365)


def export(request: HttpRequest, project_id: int) -> HttpResponse:
    actor = actor_of(request)
    project = get_project(actor, project_id)
    if request.method == "POST":
        try:
            messages.success(request, _act(actor, project, request))
        except Refused as refused:
            if refused.status not in (400, 403):
                raise
            messages.error(request, refused.sentence)
        return redirect(f"{reverse('export-page', kwargs={'project_id': project.pk})}#snapshots")
    exports = exports_of(actor, project, most=SHOWN)
    jobs = jobs_of(exports)
    fitting = [format for format in FORMATS.values() if format.fits(project)]
    snapshots = [_shown(actor, project, one, jobs, [format.name for format in fitting]) for one in exports]
    return render_project(
        request,
        "web/project/export.html",
        project,
        "export",
        formats=fitting,
        export_url=api_url(f"projects/{project.pk}/export"),
        views=[(view.pk, view.title) for view in list_views(actor, project)],
        keep_days=KEEP_DAYS,
        may_push=actor.may("storages.view"),
        snapshots=snapshots,
        running=any(one["running"] for one in snapshots),
        history=[{"title": _title(one.export_type), "who": one.who, "created_at": one.created_at} for one in history(actor, project)],
    )


def _act(actor: Actor, project: Project, request: HttpRequest) -> str:
    """Do what a form of the page asks for; returns what to say. Raises `Refused`."""
    do = request.POST.get("do", "")
    if do == "create":
        return _create(actor, project, request)
    found = get_export(actor, project, integer(request.POST.get("snapshot"), "snapshot", least=1) or 0)
    if do == "delete":
        operations.delete_snapshot(actor, found)
        return _("Deleted the snapshot.")
    if do == "cancel":
        operations.cancel_snapshot(actor, found)
        return _("Cancelled.")
    if do == "convert":
        converted = operations.convert_snapshot(actor, found, request.POST.get("format", ""))
        finish(converted.job_id, found.task_number)
        return _("The snapshot is made into another format.")
    raise not_found()


def _create(actor: Actor, project: Project, request: HttpRequest) -> str:
    said = {
        "task_filter_options": {
            "view": request.POST.get("view") or None,
            "only_with_annotations": "labelled" in request.POST,
        },
        "annotation_filter_options": {"usual": True, "ground_truth": True, "skipped": "skipped" in request.POST},
        "serialization_options": {name: {"only_id": name not in request.POST} for name in ("drafts", "predictions")},
    }
    days = integer(request.POST.get("keep_days"), "keep_days", least=1, most=3650)
    made = operations.create_snapshot(
        actor,
        project,
        read_options(actor, project, said),
        title=request.POST.get("title", "").strip()[:2048],
        said=said,
        keep=timedelta(days=days) if days else None,
        formats=tuple(name for name in request.POST.getlist("formats") if name != "JSON"),
    )
    finish(made.job_id, project.task_number)
    return _("The snapshot is being made.") if project.task_number else _("The snapshot is empty: the project has no tasks.")


def _shown(actor: Actor, project: Project, one: Export, jobs: dict[int, Job], fitting: list[str]) -> dict[str, Any]:
    """A snapshot as its row shows it."""
    status, job = status_of(one, jobs), jobs.get(one.job_id or 0)
    address = api_url(f"projects/{project.pk}/exports/{one.pk}/download")
    converted = sorted(one.converted_formats.all(), key=lambda row: row.pk)
    files = [_file(row, row.export_type, jobs, f"{address}?exportType={row.export_type}") for row in converted]
    taken = {"JSON", *(row.export_type for row in converted if status_of(row, jobs) != "failed")}
    return {
        "export": one,
        "status": status,
        "job": job,
        "running": "in_progress" in (status, *(file["status"] for file in files)),
        "files": [_file(one, "JSON", jobs, f"{address}?exportType=JSON"), *files],
        "left": [(name, FORMATS[name].title) for name in fitting if name not in taken],
        "may_delete": one.created_by_id == actor.user_id or actor.may("tasks.delete"),
    }


def _file(row: Export | ConvertedFormat, name: str, jobs: dict[int, Job], address: str) -> dict[str, Any]:
    job = jobs.get(row.job_id or 0)
    return {
        "title": _title(name),
        "url": address,
        "status": status_of(row, jobs),
        "size": row.size,
        "job": job,
        "error": job.error if job is not None else "",
    }


def _title(name: str) -> str:
    return FORMATS[name].title if name in FORMATS else name
