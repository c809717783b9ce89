"""`/api/projects/{id}/exports`: snapshots, made by jobs; short ones are done before the answer."""

from __future__ import annotations

from datetime import timedelta
from pathlib import PurePosixPath
from typing import Any, BinaryIO, cast

from django.core.files.storage import default_storage
from django.http import HttpRequest, HttpResponse, HttpResponseBase

from core.errors import invalid, not_found
from core.requests import boolean, dict_body, integer, json_response
from core.routing import actor_of
from data_export import operations
from data_export.filters import read_options
from data_export.jobs import finish
from data_export.models import ConvertedFormat, Export
from data_export.queries import export_json, exports_of, get_export, jobs_of
from data_import.serving import serve_open
from projects.queries import get_project

LONGEST_DAYS = 3650
TYPES = {"json": "application/json", "csv": "text/csv", "tsv": "text/tab-separated-values", "zip": "application/zip"}
ASKED = ("task_filter_options", "annotation_filter_options", "serialization_options")


def exports(request: HttpRequest, project_id: int) -> HttpResponse:
    """GET: the newest 100. POST makes one: `title`, the options of `filters`, and `keep_days` (kept until deleted without it)."""
    actor = actor_of(request)
    project = get_project(actor, project_id)
    if request.method == "GET":
        rows = exports_of(actor, project)
        jobs = jobs_of(rows)
        return json_response([export_json(row, jobs) for row in rows])
    body = dict_body(request)
    title = body.get("title") or ""
    if not isinstance(title, str) or len(title) > 2048:
        raise invalid(title="Ensure this field has no more than 2048 characters.")
    days = integer(body.get("keep_days"), "keep_days", least=1, most=LONGEST_DAYS)
    said = {name: body.get(name) for name in ASKED}
    options = read_options(actor, project, body)
    options["key_frames"] = options["key_frames"] or bool(boolean(request.GET.get("interpolate_key_frames"), "interpolate_key_frames"))
    export = operations.create_snapshot(actor, project, options, title=title, said=said, keep=timedelta(days=days) if days else None)
    finish(export.job_id, project.task_number)
    export = get_export(actor, project, export.pk)
    return json_response({**export_json(export, jobs_of([export])), **said}, 201)


def one_export(request: HttpRequest, project_id: int, export_id: int) -> HttpResponse:
    actor = actor_of(request)
    export = get_export(actor, get_project(actor, project_id), export_id)
    if request.method == "DELETE":
        operations.delete_snapshot(actor, export)
        return HttpResponse(status=204)
    return json_response(export_json(export, jobs_of([export])))


def convert(request: HttpRequest, project_id: int, export_id: int) -> HttpResponse:
    """`export_type` names the format; `download_resources` fetches the tasks' files from other addresses."""
    actor = actor_of(request)
    export = get_export(actor, get_project(actor, project_id), export_id)
    body = dict_body(request)
    name = body.get("export_type")
    if not isinstance(name, str) or not name:
        raise invalid(export_type="This field is required.")
    fetch = boolean(body.get("download_resources"), "download_resources")
    converted = operations.convert_snapshot(actor, export, name, download_resources=fetch)
    finish(converted.job_id, export.task_number)
    return json_response({"export_type": name, "converted_format": converted.pk})


def download(request: HttpRequest, project_id: int, export_id: int) -> HttpResponseBase:
    """The file, in the format of `exportType` (JSON); ranges of it too. 404 until it is there."""
    actor = actor_of(request)
    export = get_export(actor, get_project(actor, project_id), export_id)
    if not export.file:
        raise not_found("Export is not completed")
    name = request.GET.get("exportType") or request.GET.get("export_type") or "JSON"
    found: Export | ConvertedFormat | None = export
    if name != "JSON":
        found = export.converted_formats.filter(export_type=name).exclude(file="").first()
        if found is None:
            raise not_found(f"{name[:50]} format is not converted yet. POST to …/exports/{export.pk}/convert first.")
    operations.note_export(actor, export.project, name, tasks=None)
    return send(request, found)


def send(request: HttpRequest, found: Any) -> HttpResponseBase:
    """A stored file as an attachment. Raises 404 when the storage has lost it."""
    try:
        file = default_storage.open(found.file)
    except FileNotFoundError:
        raise not_found() from None
    name = PurePosixPath(found.file).name
    headers = {
        "Content-Type": TYPES.get(name.rpartition(".")[2], "application/octet-stream"),
        "Content-Disposition": f'attachment; filename="{name}"',
        "filename": name,
        "Cache-Control": "private, no-store",
    }
    return serve_open(request, cast(BinaryIO, file), found.size, headers, etag=found.md5)
