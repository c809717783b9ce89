"""`/api/projects/{id}/export`: the formats, and a project's tasks as one streamed file."""

from __future__ import annotations

import secrets
from dataclasses import replace

from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils import timezone

from core.errors import invalid
from core.requests import boolean, id_list, json_response
from core.routing import actor_of
from data_export.filters import view_condition
from data_export.formats import Options
from data_export.listing import listing
from data_export.operations import note_export
from data_export.queries import Selection
from data_export.task_text import WHOLE
from data_export.writers import FORMATS
from projects.queries import get_project


def formats(request: HttpRequest, project_id: int) -> HttpResponse:
    """Those that fit the project first; `?all=true` names those too that Label Studio does not have."""
    project = get_project(actor_of(request), project_id)
    return json_response(listing(project, own=boolean(request.GET.get("all"), "all", False) or False))


def export(request: HttpRequest, project_id: int) -> HttpResponseBase:
    """`exportType` (or `export_type`) of `formats`; `download_all_tasks`; `ids` and `view` narrow; `interpolate_key_frames` tells every frame of a
    video's regions; `raw=1` switches the guard against formulas
    off; `download_resources` decides whether files are fetched from other addresses."""
    actor = actor_of(request)
    project = get_project(actor, project_id)
    name = request.GET.get("exportType") or request.GET.get("export_type") or "JSON"
    found = FORMATS.get(name)
    if found is None:
        raise invalid(exportType=f'There is no export format "{name[:50]}". Formats are: {", ".join(FORMATS)}.')
    if not found.fits(project):
        raise invalid(exportType=f"The labeling set-up of this project cannot be exported as {name}.")
    key_frames = bool(boolean(request.GET.get("interpolate_key_frames"), "interpolate_key_frames"))
    ids = id_list(request, "ids")
    selection = Selection(
        project,
        all_tasks=boolean(request.GET.get("download_all_tasks"), "download_all_tasks", False) or False,
        ids=sorted(set(ids)) if ids is not None else None,
        where=view_condition(actor, project, request.GET.get("view")),
        shape=replace(WHOLE, key_frames=key_frames),
    )
    options = Options(
        raw=boolean(request.GET.get("raw"), "raw", False) or False,
        download_resources=boolean(request.GET.get("download_resources"), "download_resources"),
    )
    note_export(actor, project, name, tasks=len(ids) if ids is not None else None)
    file = found.file(selection, options)
    filename = f"project-{project.pk}-at-{timezone.now():%Y-%m-%d-%H-%M}-{secrets.token_hex(4)}.{file.extension}"
    return StreamingHttpResponse(
        file.pieces,
        content_type=file.content_type,
        headers={"Content-Disposition": f'attachment; filename="{filename}"', "filename": filename},
    )
