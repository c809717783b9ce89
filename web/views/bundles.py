"""Whole projects: into one file, doubled, and brought from a file."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from core.errors import Refused
from core.jobs.models import Job
from core.rawjson import read_json
from core.routing import actor_of
from durability.bundle.api import LONGEST_TITLE, finish, received_form
from durability.bundle.operations import bring_bundle, copy_whole, make_bundle
from durability.bundle.queries import bundle_json, bundles_of
from projects.queries import get_project
from web.project_fields import field_errors
from web.root import api_url
from web.views.settings import render_settings


def bundle(request: HttpRequest, project_id: int) -> HttpResponse:
    """A project's bundles, and a copy of it on this server."""
    actor = actor_of(request)
    project = get_project(actor, project_id)
    if request.method == "POST":
        if request.POST.get("do") == "copy":
            return _brought(request, finish(copy_whole(actor, project, request.POST.get("title", "").strip()[:LONGEST_TITLE])))
        finish(make_bundle(actor, project))
        return redirect("settings-bundle", project_id=project_id)
    rows = [_shown(job) for job in bundles_of(actor, project)]
    return render_settings(request, project, "bundle", rows=rows, running=any(row["status"] == "in_progress" for row in rows))


def create(request: HttpRequest) -> HttpResponse:
    """A project of a bundle that somebody sends."""
    errors: dict[str, str] = {}
    title = request.POST.get("title", "").strip()[:LONGEST_TITLE]
    if request.method == "POST":
        try:
            received = received_form(request)
            try:
                job = bring_bundle(actor_of(request), received, title)
            finally:
                received.forget()
            return _brought(request, finish(job))
        except Refused as refused:
            errors = field_errors(refused)
    return render(request, "web/create_bundle.html", {"errors": errors, "title": title}, status=400 if errors else 200)


def _brought(request: HttpRequest, job: Job) -> HttpResponse:
    """The project when it is there already, else the page of its job."""
    if job.status != Job.Status.DONE:
        return redirect("job-page", job_id=job.pk)
    messages.success(request, _("Everything is here: tasks, answers with their history, and files."))
    return redirect("project-page", project_id=read_json(job.result)["project"])


def _shown(job: Job) -> dict[str, Any]:
    return {
        **bundle_json(job),
        "by": job.created_by,
        "url": api_url(f"projects/{job.project_id}/bundles/{job.pk}/download"),
    }
